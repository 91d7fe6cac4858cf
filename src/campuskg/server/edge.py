"""The first and the last to see a request: ready answers at once, limits, the route, the error as an answer.

What is ready leaves from the thread of the HTTP server, all else from one coroutine a request, on one event loop.
"""

import asyncio
import re
from collections.abc import Coroutine, Mapping, Sequence
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote, urlsplit

from campuskg.errors import CampuskgError
from campuskg.server.app import App, ClientGone, weight
from campuskg.server.coding import accepted, coded
from campuskg.server.headers import dressed, matches, options
from campuskg.server.journal import Journal
from campuskg.server.limits import KIB
from campuskg.server.negotiation import preferred_language
from campuskg.server.problem import Refusal, problem_response, refusal
from campuskg.server.protocol import decode_form
from campuskg.server.ranges import ranged
from campuskg.server.request import Request
from campuskg.server.response import Response, length, redirect

_KEYS: Final = frozenset(("accept", "accept-language", "cookie", "accept-encoding"))
"""The request headers that a kept answer may depend on."""
_UNUSUAL: Final = frozenset(("content-length", "transfer-encoding", "content-encoding", "x-forwarded-for"))
"""Headers that send a request the long way round."""
_READING: Final = ("GET", "HEAD")
_IN_QUERY: Final = "%&=+/?:@!$'()*,;"
"""What a query string may hold as it is, besides letters, digits and ``-._~`` (RFC 3986, section 3.4)."""
_ADDED: Final = re.compile("utm_[a-z]+|fbclid|gclid|msclkid|mtm_[a-z]+")
"""Parameters that newsletters and social networks add to whatever address they pass on: they ask for nothing."""
_CLOSED: Final = 499
_OLD: Final = ("1", "1.0")

_Key = tuple[str | None, ...]


class Edge:
    """Answers every request of the HTTP server."""

    def __init__(self, app: App, journal: Journal, proxies: frozenset[str] = frozenset()) -> None:
        """Answer with *app*; *proxies* are peers whose X-Forwarded-For is believed."""
        self._app = app
        self._ready = app.ready
        self._metrics = app.metrics
        self._journal = journal
        self._proxies = proxies

    def begin(self, scope: Any, protocol: Any) -> Coroutine[Any, Any, None] | None:  # noqa: ANN401  the server's own types are opaque
        """Send the answer that is ready for a request, or return what will answer it; called from the server's own thread."""
        headers: list[tuple[str, str]] = scope.headers.items()
        key = _key(scope, headers)
        kept = self._ready.get(key) if key is not None else None
        if kept is None or self._journal.on:  # a line for each request is written in the event loop
            return self._answered(scope, protocol, headers, key, kept)
        self._metrics.ready(kept.status)
        _send(_conditional(kept, headers), scope, protocol)
        return None

    async def _answered(
        self,
        scope: Any,  # noqa: ANN401
        protocol: Any,  # noqa: ANN401
        headers: Sequence[tuple[str, str]],
        key: _Key | None,
        kept: Response | None,
    ) -> None:
        """Answer one request in the event loop, with *kept* if that is ready."""
        start = perf_counter()
        if kept is None:
            response = await self._coded(scope, protocol, headers)
            self._metrics.made(response.status, perf_counter() - start)
            if response.keep and response.status == 200 and key is not None and self._ready.limit:  # noqa: PLR2004  only good answers
                self._ready.put(key, response, weight(response) + sum(len(part or "") for part in key))
        else:
            response = kept
            self._metrics.ready(response.status)
        response = _conditional(response, headers)
        _send(response, scope, protocol)
        if self._journal.on:
            self._journal.request(scope, response, perf_counter() - start, ready=kept is not None)

    async def _coded(self, scope: Any, protocol: Any, headers: Sequence[tuple[str, str]]) -> Response:  # noqa: ANN401
        """Return the answer to a request that is not ready, in the coding that the client takes."""
        known = _merged(headers)
        response = await self._answer(scope, protocol, headers, known)
        asked = known.get("accept-encoding") or None
        try:
            return await coded(response, accepted(asked), asked)
        except Refusal as refused:
            said = problem_response(refused, known.get("accept"), _language(scope, known), self._app.base)
            return await coded(dressed(said), "identity")

    async def _answer(
        self,
        scope: Any,  # noqa: ANN401
        protocol: Any,  # noqa: ANN401
        headers: Sequence[tuple[str, str]],
        known: Mapping[str, str],
    ) -> Response:
        """Return the answer to a request that is not ready."""
        try:
            self._check(scope, headers, known)
            request = Request(scope.method, scope.path, (), known, client=self._client(scope, known))
            return dressed(ranged(await self._dispatch(request, scope, protocol), scope.method, known))
        except ClientGone:
            return Response(_CLOSED)
        except CampuskgError as error:
            problem = refusal(error)
        except Exception as error:  # noqa: BLE001  whatever it is, the visitor gets an answer and no traceback
            self._journal.fault(error)
            problem = Refusal(500, "server-fault")
        return dressed(problem_response(problem, known.get("accept"), _language(scope, known), self._app.base))

    async def _dispatch(self, request: Request, scope: Any, protocol: Any) -> Response:  # noqa: ANN401
        route, params, allowed = self._app.routes.find(request.path, request.method)
        if request.method == "OPTIONS" and (allowed or request.path == "*"):
            return options(allowed or ("GET", "HEAD", "OPTIONS"))
        if route is None:
            if allowed:
                raise Refusal(
                    405, "request-method", {"allow": ", ".join(allowed)}, method=request.method[:20], allowed=", ".join(allowed)
                )
            return self._without_slash(request, scope.query_string)
        request.query = [pair for pair in decode_form(scope.query_string) if not _ADDED.fullmatch(pair[0])]
        request.params = params
        request.gone = protocol.client_disconnect
        if request.method == "POST":
            request.body = await self._body(request.headers, protocol)
        return await route.handler(request, self._app)

    def _without_slash(self, request: Request, query: str) -> Response:
        """Send on who added a slash to an address of ours; Refusal (404) for any other path that nobody answers."""
        bare = request.path.rstrip("/")
        if request.method not in _READING or self._app.routes.find(bare, request.method)[0] is None:
            raise Refusal(404, "request-path", path=request.path[:200])
        root = urlsplit(self._app.base).path.rstrip("/")
        return redirect(root + quote(bare) + (f"?{quote(query, safe=_IN_QUERY)}" if query else ""), 308)

    def _check(self, scope: Any, headers: Sequence[tuple[str, str]], known: Mapping[str, str]) -> None:  # noqa: ANN401
        """Refuse what no client has a reason to send (reliability of HTTP framing: RFC 9112, sections 3.2 and 6)."""
        limits = self._app.limits
        hosts = [name for name, _ in headers].count("host")
        if hosts > 1 or (hosts == 0 and scope.http_version not in _OLD and not scope.authority):
            raise Refusal(400, "request-host")
        if "transfer-encoding" in known and "content-length" in known:
            raise Refusal(400, "request-framing", {"connection": "close"})
        if len(scope.path) + len(scope.query_string) > limits.url * KIB:
            raise Refusal(414, "request-url", limit=limits.url)
        if length(headers) + 4 * len(headers) > limits.headers * KIB:
            raise Refusal(431, "request-headers", limit=limits.headers)
        if known.get("content-encoding", "identity") != "identity":
            raise Refusal(415, "request-encoding", {"accept-encoding": "identity"})
        if "\x00" in scope.path:
            raise Refusal(400, "request-path", path=scope.path.replace("\x00", "%00")[:200])

    async def _body(self, headers: Mapping[str, str], protocol: Any) -> bytes:  # noqa: ANN401
        """Return the body, never more of it than the limit and never later than its time."""
        limit = self._app.limits.body * KIB
        announced = headers.get("content-length", "")
        too_big = Refusal(413, "request-body", {"connection": "close"}, limit=self._app.limits.body)
        if announced.isdigit() and int(announced[:18]) > limit:
            raise too_big
        parts: list[bytes] = []
        received = 0
        try:
            async with asyncio.timeout(self._app.limits.body_seconds):
                async for part in protocol:
                    received += len(part)
                    if received > limit:
                        raise too_big
                    parts.append(part)
        except TimeoutError as error:
            seconds = f"{self._app.limits.body_seconds:g}"
            raise Refusal(408, "request-slow", {"connection": "close"}, limit=seconds) from error
        return b"".join(parts)

    def _client(self, scope: Any, headers: Mapping[str, str]) -> str:  # noqa: ANN401
        """Return the address that limits count by: the peer's, or the one that a trusted proxy names."""
        peer: str = scope.client.rsplit(":", 1)[0]
        if peer not in self._proxies:
            return peer
        chain = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
        return next((address for address in reversed(chain) if address not in self._proxies), peer)[:64]


def _key(scope: Any, headers: Sequence[tuple[str, str]]) -> _Key | None:  # noqa: ANN401
    """Return what a ready answer is kept under; None for a request that must go the long way round."""
    if scope.method not in _READING:
        return None
    found: dict[str, str] = {}
    hosts = 0
    for name, value in headers:
        if name == "host":
            hosts += 1
        elif name in _KEYS:
            if name in found:
                return None
            found[name] = value
        elif name in _UNUSUAL:
            return None
    if hosts != 1:
        return None
    coding = accepted(found["accept-encoding"]) if "accept-encoding" in found else "identity"
    return (scope.path, scope.query_string, found.get("accept"), found.get("accept-language"), found.get("cookie"), coding)


def _send(response: Response, scope: Any, protocol: Any) -> None:  # noqa: ANN401
    """Hand *response* to the server."""
    if response.status in (204, 304):
        protocol.response_empty(response.status, response.headers)
    elif response.part is not None and response.file is not None:
        protocol.response_file_range(response.status, response.headers, str(response.file), *response.part)
    elif response.file is not None and scope.method != "HEAD":
        protocol.response_file(response.status, response.headers, str(response.file))
    else:
        protocol.response_bytes(response.status, response.headers, response.body)


def _merged(headers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Return *headers* by name; a list that comes in several lines is one list (RFC 9110, section 5.3)."""
    known = dict(headers)
    if len(known) < len(headers):
        known.clear()
        for name, value in headers:
            known[name] = f"{known[name]}, {value}" if name in known and name != "host" else value
    return known


def _conditional(response: Response, headers: Sequence[tuple[str, str]]) -> Response:
    """Return a 304 for a client that already has this answer (RFC 9110, section 13.1.2)."""
    if response.status not in (200, 206):
        return response
    asked = [value for name, value in headers if name == "if-none-match"]
    etag = response.header("etag") if asked else None
    return response.not_modified() if etag and matches(", ".join(asked), etag) else response


def _language(scope: Any, headers: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return the reader's language even when the request could not be read whole."""
    try:
        return Request(scope.method, scope.path, decode_form(scope.query_string), headers).lang
    except CampuskgError:
        return preferred_language(headers.get("accept-language"))
