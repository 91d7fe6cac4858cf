"""Content codings: whether an answer is compressed, by the Accept-Encoding header (RFC 9110, section 12.5.3)."""

import asyncio
import gzip
from dataclasses import replace
from functools import lru_cache
from typing import Final, Literal

from campuskg.server.limits import KIB, MIB
from campuskg.server.problem import Refusal
from campuskg.server.response import Response

Coding = Literal["identity", "gzip", "only-gzip", "none"]
"""What a client takes: plain answers rather, gzip rather, nothing but gzip, neither."""

_WORTH: Final = KIB
_BESIDE: Final = 64 * KIB  # bytes from which compression is done beside the event loop
_LARGE: Final = MIB
_LEVEL, _FAST_LEVEL = 5, 1
_SUFFIX: Final = "-gzip"
_MOST: Final = 32
_COMPRESSIBLE: Final = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/linkset+json",
    "application/n-",
    "application/vnd.oai.openapi+json",
    "application/problem+json",
    "application/rdf+xml",
    "application/sparql-",
    "application/trig",
    "application/xml",
    "application/yaml",
    "image/svg+xml",
)


@lru_cache(maxsize=256)
def accepted(header: str | None) -> Coding:
    """Return what an Accept-Encoding *header* asks for; no header, or an empty one, asks for plain answers.

    >>> [accepted(h) for h in (None, "gzip, br", "gzip;q=0.2, identity;q=0.5", "gzip, identity;q=0", "br, *;q=0")]
    ['identity', 'gzip', 'identity', 'only-gzip', 'none']
    """
    weights: dict[str, float] = {}
    for element in (header or "").lower().split(",", _MOST)[:_MOST]:
        name, _, parameter = element.partition(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameter)
    other = weights.get("*")
    zipped = weights.get("gzip", other or 0.0)
    plain = weights.get("identity", 0.0 if other == 0 else None)
    if plain == 0:
        return "only-gzip" if zipped else "none"
    return "gzip" if zipped and zipped >= (plain or 0.0) else "identity"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


async def coded(response: Response, coding: Coding, header: str | None = None) -> Response:
    """Return *response* in the *coding* that the client's *header* asked for; Refusal (406) when it takes none.

    Compressed and plain answers have their own ETag. A long answer is compressed beside the event loop, which goes on.
    """
    if not _may_be_coded(response):
        return response
    varied = _varied(response.headers)
    response = response if varied is response.headers else replace(response, headers=varied)
    if coding == "none" and response.status == 200:  # noqa: PLR2004  an error is said in any case
        raise Refusal(406, "request-coding", asked=(header or "")[:200])
    size = len(response.body)
    if coding in ("identity", "none") or (size < _WORTH and coding == "gzip") or not size:
        return response
    level = _FAST_LEVEL if size > _LARGE else _LEVEL
    body = (
        await asyncio.to_thread(gzip.compress, response.body, level, mtime=0)
        if size > _BESIDE
        else gzip.compress(response.body, level, mtime=0)
    )
    headers = [(name, with_suffix(value) if name == "etag" else value) for name, value in response.headers]
    return replace(response, headers=[*headers, ("content-encoding", "gzip")], body=body)


def _may_be_coded(response: Response) -> bool:
    """Tell whether the bytes of *response* are text that nobody compressed yet."""
    media = response.header("content-type") or ""
    return media.startswith(_COMPRESSIBLE) and response.file is None and response.header("content-encoding") is None


def _varied(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    vary = ", ".join(value for name, value in headers if name == "vary")
    if "accept-encoding" in vary.lower():
        return headers
    return [*(pair for pair in headers if pair[0] != "vary"), ("vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]


def with_suffix(etag: str) -> str:
    """Return the ETag of the compressed form.

    >>> with_suffix('"a"')
    '"a-gzip"'
    """
    return f'{etag[:-1]}{_SUFFIX}"'


def without_suffix(etag: str) -> str:
    """Return the ETag of the plain form.

    >>> without_suffix('"a-gzip"'), without_suffix('"a"')
    ('"a"', '"a"')
    """
    return etag.removesuffix(f'{_SUFFIX}"') + '"' if etag.endswith(f'{_SUFFIX}"') else etag
