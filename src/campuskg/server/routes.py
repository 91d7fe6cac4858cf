"""Which handler answers which path: a table, matched without the file system."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from campuskg.server.request import Request
from campuskg.server.response import Response

if TYPE_CHECKING:
    from campuskg.server.app import App

Handler = Callable[[Request, "App"], Awaitable[Response]]

# One path segment: what identifiers of the graph and file names are made of; never a leading dot, so never "..".
_SEGMENT: Final = r"[\w][\w.~-]*"


@dataclass(frozen=True)
class Route:
    """One line of the table: methods, a pattern such as ``/queries/{name}``, and who answers.

    ``{name}`` stands for one segment, ``{name:path}`` for one or more. GET brings HEAD with it; OPTIONS is answered by the
    edge for every route.
    """

    methods: tuple[str, ...]
    pattern: str
    handler: Handler

    def regex(self) -> str:
        """Return the pattern as a regular expression with named groups."""

        def part(match: re.Match[str]) -> str:
            many = f"(?:/{_SEGMENT})*" if match[2] else ""
            return f"(?P<{match[1]}>{_SEGMENT}{many})"

        return re.sub(r"\\\{(\w+)(:path)?\\\}", part, re.escape(self.pattern).replace(r"\:", ":"))

    @property
    def allowed(self) -> tuple[str, ...]:
        """The methods, HEAD and OPTIONS included, for the Allow header."""
        head = ("HEAD",) if "GET" in self.methods else ()
        return (*self.methods, *head, "OPTIONS")


class RouteTable:
    """All routes, for the edge."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Compile *routes*; the first that matches answers."""
        self._routes: Sequence[tuple[re.Pattern[str], Route]] = [(re.compile(r.regex()), r) for r in routes]

    def find(self, path: str, method: str) -> tuple[Route | None, Mapping[str, str], tuple[str, ...]]:
        """Return the route for *path* and *method*, the named parts, and the methods that *path* knows."""
        allowed: list[str] = []
        wanted = "GET" if method == "HEAD" else method
        for regex, route in self._routes:
            match = regex.fullmatch(path)
            if match is None:
                continue
            if wanted in route.methods:
                return route, match.groupdict(), route.allowed
            allowed += [m for m in route.allowed if m not in allowed]
        return None, {}, tuple(allowed)
