"""The headers that every response carries: safety, CORS, and nothing about our software's versions."""

from typing import Final

from campuskg.server.coding import without_suffix
from campuskg.server.response import Response

CONTENT_SECURITY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_EXPOSED: Final = "Allow, Campuskg-Truncated, Content-Disposition, Content-Language, ETag, Link, Location, Retry-After"
_ALWAYS: Final = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", _EXPOSED),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("server", "campuskg"),
)
_DEFAULT_VARY: Final = "Accept"
_HTML: Final = "text/html"
_SVG: Final = "image/svg+xml"
_DRAWING: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""A drawing is a document too when it is opened by itself: it shows, and runs nothing."""


def dressed(response: Response) -> Response:
    """Return *response* with the headers of every response; those that it already has stay as they are."""
    names = {name for name, _ in response.headers}
    response.headers += [(name, value) for name, value in _ALWAYS if name not in names]
    if "vary" not in names:
        response.headers.append(("vary", _DEFAULT_VARY))
    if "cache-control" not in names:
        response.headers.append(("cache-control", "public, max-age=0, must-revalidate" if response.keep else "no-store"))
    media = response.header("content-type") or ""
    if "content-security-policy" not in names and media.startswith((_HTML, _SVG)):
        response.headers.append(("content-security-policy", CONTENT_SECURITY if media.startswith(_HTML) else _DRAWING))
    return response


def options(allowed: tuple[str, ...]) -> Response:
    """Return the answer to OPTIONS: what the path allows, also for a browser that asks before a cross-origin request."""
    methods = ", ".join(allowed)
    return Response(
        204,
        [
            ("allow", methods),
            ("access-control-allow-methods", methods),
            ("access-control-allow-headers", "Accept, Accept-Language, Content-Type, If-None-Match, X-Requested-With"),
            ("access-control-max-age", "86400"),
            ("vary", "Origin"),
        ],
    )


def matches(if_none_match: str, etag: str) -> bool:
    """Tell whether an If-None-Match header names *etag*, of whichever coding, by the weak comparison (RFC 9110, section 13.1.2).

    >>> matches('W/"a", "b"', '"b"'), matches('"b-gzip"', '"b"'), matches("*", '"b"'), matches('"c"', '"b"')
    (True, True, True, False)
    """
    if if_none_match.strip() == "*":
        return True
    held = [without_suffix(part.strip().removeprefix("W/")) for part in if_none_match.split(",")]
    return without_suffix(etag) in held
