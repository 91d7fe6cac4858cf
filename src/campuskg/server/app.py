"""What handlers share: the workers, the limits, the caches, the tables."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from campuskg.errors import CampuskgError
from campuskg.server.cache import Cache
from campuskg.server.limits import MIB, Limits
from campuskg.server.metrics import Metrics
from campuskg.server.request import Request
from campuskg.server.response import Response, length
from campuskg.server.routes import Handler, RouteTable
from campuskg.server.tasks import needs
from campuskg.store.guard import DEFAULT_LIMITS, GuardLimits
from campuskg.store.workers.limits import COLD

if TYPE_CHECKING:
    from campuskg.store.workers import Pool, Reply

_COUNTING: Final = 60.0
_HALF: Final = 2
_HARDLY: Final = 0.05
"""Seconds that a task may take before anybody looks whether its client is still there."""


class ClientGone(CampuskgError):
    """The client hung up: its query was stopped and nobody waits for an answer."""

    def say(self, lang: str) -> str:  # noqa: ARG002  never shown
        """Return nothing: there is no reader."""
        return ""


class _Watched:
    """Ends the present task of the event loop with ClientGone when the client hangs up within the block.

    Watching a connection costs as much as the rest of a small query, so that it begins only with what lasts.
    """

    def __init__(self, gone: Callable[[], Awaitable[object]] | None) -> None:
        """Watch for the end of *gone*, if there is such a thing."""
        self._gone = gone
        self._watching: asyncio.Future[object] | None = None
        self._hung_up = False

    def __enter__(self) -> None:
        """Begin in a while."""
        if self._gone is not None:
            self._task = asyncio.current_task()
            self._timer = asyncio.get_running_loop().call_later(_HARDLY, self._watch, self._gone)

    def _watch(self, gone: Callable[[], Awaitable[object]]) -> None:
        self._watching = asyncio.ensure_future(gone())
        self._watching.add_done_callback(self._end)

    def _end(self, watching: "asyncio.Future[object]") -> None:
        if self._task is not None and not watching.cancelled():
            self._hung_up = True
            self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Watch no more."""
        if self._gone is None:
            return
        self._timer.cancel()
        task, self._task = self._task, None
        if self._watching is not None:
            self._watching.cancel()
        if self._hung_up and kind is asyncio.CancelledError and task is not None:
            task.uncancel()
            raise ClientGone


@dataclass(eq=False)
class App:
    """The running server, for the handlers.

    *base* is the public address without a slash at its end: the only source of absolute links. *digest* identifies the
    data. *release* is the manifest of the release, None for a plain RDF file. *folder* is that of the release. *guard* is
    what a query's text may hold. *kept* are the digests of the earlier releases that answer too. Once *counted*, *graphs*
    counts the triples of each named graph, *triples* the distinct ones of their union.
    """

    pool: "Pool"
    limits: Limits
    base: str
    digest: str
    routes: RouteTable
    hooks: Mapping[str, Handler] = field(default_factory=dict)
    release: Mapping[str, Any] | None = None
    folder: Path | None = None
    guard: GuardLimits = DEFAULT_LIMITS
    graphs: Mapping[str, int] = field(default_factory=dict)
    triples: int = 0
    counted: bool = False
    kept: frozenset[str] = frozenset()
    ready: Cache[Response] = field(init=False)
    answers: Cache[Response] = field(init=False)
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        """Make the two caches: by request (a hit costs microseconds) and by what was asked (more requests hit)."""
        self.ready = Cache(self.limits.cache * MIB // _HALF)
        self.answers = Cache(self.limits.cache * MIB // _HALF)

    async def count(self) -> None:
        """Have the triples counted, if nobody did yet: that takes longer than the server takes to start."""
        if not self.counted:
            reply = await self.pool.run({"task": "graphs"}, lane="page", timeout=_COUNTING, needs=COLD)
            self.graphs, self.triples, self.counted = reply.meta["graphs"], reply.meta["union"], True

    async def run(
        self,
        task: str,
        request: Request,
        *,
        lane: Literal["fast", "page"] = "page",
        timeout: float | None = None,  # noqa: ASYNC109  the workers keep it
        **args: object,
    ) -> "Reply":
        """Run *task* of the table of tasks in a worker for the client of *request*; it is stopped when the client hangs up.

        *lane* is ``page`` for what we wrote (catalogue queries, pages), ``fast`` for what a visitor wrote. Raises a
        CampuskgError that the edge turns into an answer.
        """
        given: dict[str, object] = {"task": task, **args}
        with _Watched(request.gone):
            return await self.pool.run(given, client=request.client, lane=lane, timeout=timeout, needs=needs(given))

    def keep(self, key: Hashable, response: Response, size: int) -> None:
        """Keep *response* for whoever asks the same; *size* is that of the *key*."""
        if self.answers.limit:
            self.answers.put(key, response, size + weight(response))


def weight(response: Response) -> int:
    """Return the bytes that *response* takes in a cache."""
    return len(response.body) + 100 * len(response.headers) + length(response.headers)
