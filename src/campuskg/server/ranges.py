"""A part of a file, for who goes on with a download (RFC 9110, section 14): one range of bytes, nothing more."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from campuskg.server.headers import matches
from campuskg.server.problem import Refusal
from campuskg.server.response import Response

_ONE: Final = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)
"""A single range; several at once, or another unit, are answered by the whole file (section 14.2)."""


def ranged(response: Response, method: str, headers: Mapping[str, str]) -> Response:
    """Return the part of the file of *response* that the Range header among *headers* asks for, or the whole of it.

    Refusal (416) for a part that the file does not have.
    """
    if response.file is None or response.status != 200:  # noqa: PLR2004  only good answers have parts
        return response
    whole = replace(response, headers=[*response.headers, ("accept-ranges", "bytes")])
    asked = _ONE.fullmatch(headers.get("range", ""))
    if asked is None or method != "GET" or not _same(headers.get("if-range"), response.header("etag")):
        return whole
    size = int(response.header("content-length") or 0)
    start, end = _bounds(asked, size)
    if start >= end:
        raise Refusal(416, "request-range", {"content-range": f"bytes */{size}"}, size=size)
    kept = [(name, value) for name, value in whole.headers if name != "content-length"]
    told = [("content-length", str(end - start)), ("content-range", f"bytes {start}-{end - 1}/{size}")]
    return replace(whole, status=206, headers=[*kept, *told], part=(start, end))


def _same(asked: str | None, etag: str | None) -> bool:
    """Tell whether what the client holds the beginning of is still what there is (section 13.1.5, no weak ETag)."""
    return asked is None or (etag is not None and asked.startswith('"') and matches(asked, etag))


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """Return the first byte of the range and the one after its last; nothing between them where the file has none of it."""
    if asked[3] is not None:
        return max(size - int(asked[3]), 0), size if int(asked[3]) else 0
    last = int(asked[2]) if asked[2] else size - 1
    return int(asked[1]), min(last, size - 1) + 1
