"""A request as the handlers see it: decoded once, checked once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie

from campuskg.errors import Lang
from campuskg.server.negotiation import preferred_language


@dataclass(eq=False)
class Request:
    """One HTTP request, for a route's handler.

    *path* is decoded; *query* keeps the order and the repetitions of the query string, decoded; *headers* have lower-case
    names; *params* are the parts that the route's pattern named; *client* is the peer's address; *gone* ends when it hangs up.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    gone: Callable[[], Awaitable[None]] | None = None

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the first value of the query-string parameter *name*."""
        return next((value for key, value in self.query if key == name), default)

    def all(self, name: str) -> list[str]:
        """Return every value of the query-string parameter *name*."""
        return [value for key, value in self.query if key == name]

    @property
    def accept(self) -> str | None:
        """The Accept header, None when there is none."""
        return self.headers.get("accept")

    @cached_property
    def lang(self) -> Lang:
        """The reader's language: ``?lang=``, then the cookie ``lang``, then Accept-Language, then French."""
        for asked in (self.get("lang"), self._cookie("lang")):
            if asked in ("fr", "en"):
                return "fr" if asked == "fr" else "en"
        return preferred_language(self.headers.get("accept-language"))

    @property
    def remembered(self) -> list[tuple[str, str]]:
        """The header that keeps the language which ``?lang=`` chose, for the pages to come; none when nothing was chosen.

        The scripts of the pages write the same cookie, for a page that came from a cache: it must stay open to them.
        """
        chosen = self.get("lang") in ("fr", "en")
        return [("set-cookie", f"lang={self.lang}; Path=/; Max-Age=31536000; SameSite=Lax")] if chosen else []

    def _cookie(self, name: str) -> str | None:
        try:
            morsel = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return None
        return morsel.value if morsel else None
