"""Both ends of the line by which locked-in workers ask one service: they have no network, and no say in where it leads.

The process that speaks HTTP puts the questions for them: to one address, with credentials that go nowhere else, queries
only, about the graphs of the release only, whatever a worker sends. What was answered is kept for all workers.
"""

import asyncio
import sys
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from campuskg.store.exchange import MIB, HttpAnswer
from campuskg.store.failures import RemoteFailed
from campuskg.store.guard import GuardLimits, inspect
from campuskg.store.refusal import QueryRefused
from campuskg.store.service import ABOUT_RELEASE, NO_GRAPH, RELEASE_GRAPHS, Ask, HttpService
from campuskg.store.workers import Reply, outside

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_ANY: Final = GuardLimits(*(sys.maxsize,) * 4)
"""No SERVICE; how large a query may be was decided before."""
_KEPT_HEADERS: Final = ("x-sparql-maxrows", "x-sql-state")
_FAILURES: Final = 3
_REST: Final = 5.0
"""Seconds for which a service that failed so often in a row is left alone."""


class Relayed:
    """The worker's end; in the process that makes the workers ready it asks by itself."""

    def __init__(self, direct: HttpService) -> None:
        """Ask *direct* where the network is at hand."""
        self._direct = direct

    @property
    def shown(self) -> str:
        """The address without what may be secret."""
        return self._direct.shown

    def ask(self, ask: Ask) -> HttpAnswer:
        """Return the answer; raises RemoteFailed."""
        if not outside.in_worker():
            return self._direct.ask(ask)
        reply = outside.put({"text": ask.text, "accept": ask.accept, "default": ask.default, "named": ask.named})
        return HttpAnswer(200, reply.meta["media"], reply.body, reply.meta["headers"])


class Relay:
    """The other end, on the event loop of the server."""

    def __init__(self, service: HttpService, *, threads: int = 8, kept: int = 64 * MIB) -> None:
        """Put questions to *service*, so many at a time; keep so many bytes of answers."""
        self._service = service
        self._threads = ThreadPoolExecutor(threads, "relay")
        self._answers = _Answers(kept)
        self._running: dict[Ask, asyncio.Future[HttpAnswer]] = {}
        self._failed = 0
        self._rests_until = 0.0

    async def __call__(self, asked: Mapping[str, Any], seconds: float) -> Reply:
        """Answer what a worker *asked*, within *seconds*; raises RemoteFailed, QueryRefused."""
        ask = _checked(asked)
        answer = self._answers.get(ask)
        if answer is None:
            answer = await self._shared(ask, seconds)
        return Reply(
            {"media": answer.media, "headers": {k: answer.headers[k] for k in _KEPT_HEADERS if k in answer.headers}}, answer.body
        )

    def close(self) -> None:
        """Ask no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _shared(self, ask: Ask, seconds: float) -> HttpAnswer:
        """Ask once for all who ask the same at the same time."""
        if time.monotonic() < self._rests_until:
            raise RemoteFailed("remote-resting", url=self._service.shown, seconds=_REST)
        running = self._running.get(ask)
        if running is None:
            running = asyncio.ensure_future(self._asked(ask, seconds))
            self._running[ask] = running
            running.add_done_callback(lambda done: (self._running.pop(ask, None), done.cancelled() or done.exception()))
        return await asyncio.shield(running)

    async def _asked(self, ask: Ask, seconds: float) -> HttpAnswer:
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._service.ask, ask, seconds)
        except RemoteFailed as error:
            self._failed = self._failed + 1 if error.code == "remote-unreachable" else 0
            if self._failed >= _FAILURES:
                self._failed, self._rests_until = 0, time.monotonic() + _REST
            raise
        self._failed = 0
        self._answers.put(ask, answer)
        return answer


class _Answers:
    """The last answers, up to a number of bytes: what a release says does not change."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._all: OrderedDict[Ask, HttpAnswer] = OrderedDict()

    def get(self, ask: Ask) -> HttpAnswer | None:
        answer = self._all.get(ask)
        if answer is not None:
            self._all.move_to_end(ask)
        return answer

    def put(self, ask: Ask, answer: HttpAnswer) -> None:
        size = len(answer.body) + len(ask.text)
        if size > self._most // 8 or ask in self._all:
            return
        self._all[ask] = answer
        self._held += size
        while self._held > self._most:
            gone, old = self._all.popitem(last=False)
            self._held -= len(old.body) + len(gone.text)


def _checked(asked: Mapping[str, Any]) -> Ask:
    """Return what a worker asked as a question; QueryRefused for what is no query or leaves the release."""
    ask = Ask(str(asked["text"]), str(asked["accept"]), tuple(asked["default"]), tuple(asked["named"]))
    if inspect(ask.text, _ANY).form not in _FORMS:
        raise QueryRefused("remote-form")
    if not ask.default or not ask.named or {*ask.default, *ask.named} - {*RELEASE_GRAPHS, ABOUT_RELEASE, NO_GRAPH}:
        raise QueryRefused("remote-form")
    if any(ord(letter) < ord(" ") for letter in ask.accept):
        raise QueryRefused("remote-form")
    return ask
