"""A response as the handlers give it; the edge adds what every response carries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"

# What RFC 9110 asks of a 304, besides what the answer itself would have carried.
_KEPT_IN_304: Final = ("etag", "vary", "cache-control", "content-location", "access-control-allow-origin")


@dataclass(eq=False, slots=True)
class Response:
    """Status, headers (lower-case names) and body; *keep* lets a 200 into the cache of ready answers.

    Keep only what depends on nothing but the release, the URL and the headers Accept, Accept-Language and Cookie.
    """

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    keep: bool = False
    file: Path | None = None
    """A file that is sent instead of the body; its length is among the headers."""
    part: tuple[int, int] | None = None
    """The bytes of the file that are sent, the second bound excluded; None for all."""

    def header(self, name: str) -> str | None:
        """Return the first value of the header *name* (lower case)."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def not_modified(self) -> "Response":
        """Return the 304 that stands for this answer (RFC 9110, section 15.4.5)."""
        return Response(304, [(name, value) for name, value in self.headers if name in _KEPT_IN_304])


def length(headers: Sequence[tuple[str, str]]) -> int:
    """Return the number of characters of *headers*, names and values."""
    return sum(map(len, chain.from_iterable(headers)))


def answer(body: bytes, media: str, *, status: int = 200, etag: str | None = None, keep: bool = False) -> Response:
    """Return a response with *body* of the *media* type; *etag* without its quotation marks."""
    headers = [("content-type", media)]
    if etag:
        headers.append(("etag", f'"{etag}"'))
    return Response(status, headers, body, keep)


def json_answer(value: object, *, status: int = 200, etag: str | None = None, keep: bool = False) -> Response:
    """Return *value* as JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return answer(body, JSON, status=status, etag=etag, keep=keep)


def redirect(location: str, status: int = 303) -> Response:
    """Return a redirect to *location*: a path of ours, or an address from the configured base, never from a header."""
    return Response(status, [("location", location)])
