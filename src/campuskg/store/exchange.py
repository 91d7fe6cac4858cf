"""One HTTP exchange with a SPARQL service: bounded in time and in bytes, tried again only when that can help."""

import contextlib
import email.utils
import http.client
import io
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from campuskg.store.credentials import Credentials
from campuskg.store.deadline import Deadline, HttpsWithin, HttpWithin
from campuskg.store.failures import RemoteFailed, plain_words

MIB: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_SAID: Final = 4096
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5
_NEARLY: Final = 0.1  # a socket's time-out may come a moment before the end that it was set for
# The server says: not now (RFC 9110, sections 15.6.3 to 15.6.5). A 4xx is the caller's and is never tried again.
_NOT_NOW: Final = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: seconds to connect, seconds for the whole call, bytes of an answer, tries and pauses."""

    connect: float = 10.0
    total: float = 60.0
    answer: int = 64 * MIB
    retries: int = 3
    pause: float = 0.5
    longest_pause: float = 20.0
    watched: bool = True
    """Whether a thread watches the end; without one, each wait on the socket has its own: for a process that must fork."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What the service answered: status, media type without parameters, body, headers."""

    status: int
    media: str
    body: bytes
    headers: Mapping[str, str]


class Exchange:
    """Sends requests to one service, for the stores and the loader; says what went wrong in the reader's words."""

    def __init__(self, url: str, *, credentials: Credentials | None = None, limits: Limits | None = None) -> None:
        """Talk to *url* with *credentials*, within *limits*. Raises RemoteFailed for an address that is not HTTP."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise RemoteFailed("remote-url", url=parts.hostname or parts.path)
        self.url = url
        self.shown = f"{parts.scheme}://{parts.netloc}{parts.path}"  # without the query, which may hold a key
        self.limits = limits or Limits()
        self._credentials = credentials or Credentials()
        self._logins = threading.local()  # what a login remembers is not shared between threads

    def __repr__(self) -> str:
        """Return the address only: never the credentials."""
        return f"{type(self).__name__}({self.shown!r})"

    def send(
        self, request: urllib.request.Request, *, allowed: frozenset[int] = frozenset(), seconds: float | None = None
    ) -> HttpAnswer:
        """Return the answer to *request*, within *seconds* where they are fewer: 2xx, or *allowed*. Raises RemoteFailed."""
        within = self.limits.total if seconds is None else min(seconds, self.limits.total)
        with Deadline(within, watched=self.limits.watched) as deadline:
            self._introduce(request, deadline)
            for number in range(self.limits.retries + 1):
                last = number == self.limits.retries
                wait: float | None = None
                try:
                    answer = self._once(request, deadline)
                    if answer.status < 300 or answer.status in allowed:  # noqa: PLR2004  2xx: success
                        return answer
                    if answer.status not in _NOT_NOW or last:
                        raise self._refusal(answer)
                    wait = _asked_pause(answer.headers.get("retry-after", ""))
                except (OSError, http.client.HTTPException) as error:
                    self._check(deadline, error)
                    if last:
                        raise self._failed("remote-unreachable", said=_reason(error)) from error
                self._pause(number, wait, deadline)
        raise AssertionError  # the loop ends by return or raise

    def _introduce(self, request: urllib.request.Request, deadline: Deadline) -> None:
        """Log in by a request without body before the first large one, which would be refused while it is on its way."""
        if self._credentials.user and isinstance(request.data, bytes) and len(request.data) > _CHUNK and not self._introduced():
            self._logins.introduced = True
            with contextlib.suppress(OSError, http.client.HTTPException):  # the request itself will say what is wrong
                self._once(urllib.request.Request(request.full_url, method="HEAD"), deadline)  # noqa: S310  checked in __init__

    def _introduced(self) -> bool:
        return getattr(self._logins, "introduced", False)

    def _pause(self, number: int, asked: float | None, deadline: Deadline) -> None:
        """Wait before the next try: what the service asked, else twice as long each time, spread so that callers part."""
        spread = self.limits.pause * 2**number * (0.5 + random.random())  # noqa: S311  not for secrets
        pause = min(spread if asked is None else asked, self.limits.longest_pause)
        if pause >= deadline.left():
            raise self._failed("remote-timeout", limit=deadline.seconds)
        time.sleep(pause)

    def _check(self, deadline: Deadline, error: Exception | None = None) -> None:
        if deadline.passed or deadline.left() <= _NEARLY:
            raise self._failed("remote-timeout", limit=deadline.seconds) from error

    def _once(self, request: urllib.request.Request, deadline: Deadline) -> HttpAnswer:
        opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.ProxyHandler(), HttpWithin(deadline), HttpsWithin(deadline), *self._login()):
            opener.add_handler(handler)
        fresh = request
        for _ in range(_MOST_REDIRECTS):
            with opener.open(fresh, timeout=min(self.limits.connect, max(deadline.left(), 0.001))) as response:
                where = response.headers.get("location", "")
                if response.status not in _REDIRECTS or not where:
                    return self._read(response, deadline)
                fresh = self._redirected(fresh, urljoin(fresh.full_url, where))
        raise self._failed("remote-redirects", count=_MOST_REDIRECTS)

    def _login(self) -> Sequence[urllib.request.BaseHandler]:
        if not hasattr(self._logins, "handlers"):
            self._logins.handlers = self._credentials.handlers(self.url)
        handlers: Sequence[urllib.request.BaseHandler] = self._logins.handlers
        return handlers

    def _redirected(self, request: urllib.request.Request, target: str) -> urllib.request.Request:
        """Return the same request for *target* on the same host; credentials and queries are shown to nobody else."""
        old, new = urlsplit(request.full_url), urlsplit(target)
        upgrade = old.scheme == "http" and new.scheme == "https" and old.port is None and new.port is None
        same = (old.scheme, old.port) == (new.scheme, new.port) or upgrade
        if old.hostname != new.hostname or not same:
            raise self._failed("remote-redirect", target=f"{new.scheme}://{new.netloc}")
        return urllib.request.Request(target, request.data, dict(request.header_items()), method=request.get_method())  # noqa: S310  checked above

    def _read(self, response: Any, deadline: Deadline) -> HttpAnswer:  # noqa: ANN401  urllib's response type is private
        most = self.limits.answer if response.status < 300 else _SAID  # noqa: PLR2004
        held = io.BytesIO()
        while held.tell() <= most:
            chunk = response.read1(_CHUNK)
            self._check(deadline)
            if not chunk:
                break
            held.write(chunk)
        announced = response.headers.get("content-length", "")
        if response.status < 300 and held.tell() > most:  # noqa: PLR2004
            raise self._failed("remote-too-big", limit=most // MIB if most >= MIB else f"{most / MIB:.3f}")
        if response.status < 300 and announced.isdigit() and held.tell() < int(announced):  # noqa: PLR2004
            raise http.client.IncompleteRead(b"", int(announced) - held.tell())
        media = response.headers.get_content_type() if "content-type" in response.headers else ""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(response.status, media, held.getvalue()[:most], headers)

    def _refusal(self, answer: HttpAnswer) -> RemoteFailed:
        said = plain_words(answer.body, answer.media)
        if answer.status in (401, 403):
            return self._failed("remote-login", status=answer.status)
        code = "remote-query-refused" if answer.status == 400 else "remote-status"  # noqa: PLR2004
        return self._failed(code, status=answer.status, said=said)

    def _failed(self, code: str, **params: object) -> RemoteFailed:
        return RemoteFailed(code, url=self.shown, **params)


def _asked_pause(value: str) -> float | None:
    """Return the seconds that a Retry-After asks for, by number or by date (RFC 9110, section 10.2.3).

    >>> _asked_pause("3"), _asked_pause("soon")
    (3.0, None)
    """
    if value.strip().isdigit():
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((then - datetime.now(UTC)).total_seconds(), 0.0) if then.tzinfo else None


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return text or type(inner).__name__
