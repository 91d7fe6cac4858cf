"""The parameters of a request, checked: nothing unknown, nothing twice, numbers that are numbers."""

from collections.abc import Collection

from campuskg.errors import nearest
from campuskg.server.problem import Refusal
from campuskg.server.request import Request

_SHOWN = 80
_DIGITS = 6


def only(request: Request, *names: str, many: Collection[str] = ()) -> None:
    """Refuse (400) a parameter that is none of *names*, and one that comes twice though it is not among *many*."""
    seen: set[str] = set()
    for name, _ in request.query:
        if name not in names:
            known = nearest(name, names) or ", ".join(names)
            raise Refusal(400, "parameter-unknown", name=name[:_SHOWN], known=known)
        if name in seen and name not in many:
            raise Refusal(400, "parameter-many", name=name, limit=1)
        seen.add(name)
    lang = request.get("lang")
    if lang is not None and lang not in ("fr", "en"):
        raise Refusal(400, "parameter-code", name="lang", value=lang[:_SHOWN], known="fr, en")


def whole(request: Request, name: str, usual: int, *, most: int) -> int:
    """Return the whole number between 1 and *most* in the parameter *name*, *usual* when it is not there."""
    value = request.get(name)
    if value is None or value == "":
        return usual
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS and 1 <= int(value) <= most):
        raise Refusal(400, "request-number", name=name, value=value[:_SHOWN], most=most)
    return int(value)


def flag(request: Request, name: str) -> bool:
    """Return whether the parameter *name* says yes (1, true) or no (0, false, absent)."""
    value = (request.get(name) or "0").lower()
    if value not in ("0", "1", "true", "false"):
        raise Refusal(400, "parameter-code", name=name, value=value[:_SHOWN], known="0, 1")
    return value in ("1", "true")
