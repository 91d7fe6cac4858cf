"""An engine for programs without an event loop: the interface of the in-memory store, each query in a worker of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import pyoxigraph as ox

from campuskg.store.engine import Engine, Rows, Term
from campuskg.store.workers.frames import Reply
from campuskg.store.workers.limits import PoolLimits
from campuskg.store.workers.pool import Pool

_LOADER = "campuskg.store.workers.evaluation:load"
_T = TypeVar("_T")


class IsolatedStore(Engine):
    """A read-only dataset whose queries cannot harm this process; to be used as a context manager."""

    def __init__(self, nquads: Path, limits: PoolLimits | None = None, *, guarded: bool = True) -> None:
        """Load the N-Quads file into the parent of the workers; raises WorkersUnsafe, MissingInput."""
        limits = limits or PoolLimits()
        args = {"nquads": str(nquads), "cap": limits.answer_bytes, "guarded": guarded}
        self.guarded = guarded
        self.pool = Pool(_LOADER, args, limits)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="isolated-store", daemon=True)
        self._thread.start()
        try:
            self._wait(self.pool.start())
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Kill the workers."""
        self.close()

    def close(self) -> None:
        """Kill the workers; the store answers no more."""
        if not self._loop.is_closed():
            self._wait(self.pool.stop())
            self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[object, object, _T]) -> _T:
        """Run *work* in the loop; an interrupt here cancels it there, which kills its worker."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            with contextlib.suppress(RuntimeError):
                future.cancel()
            raise

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query; *prefixes* are known without declaration."""
        terms = {name: str(term) for name, term in (bindings or {}).items()}
        return _read(self._wait(self.pool.run({"query": sparql, "bindings": terms, "prefixes": dict(prefixes or {})})))


def _read(reply: Reply) -> Rows | bool | Sequence[ox.Triple]:
    if reply.meta["media"] == "application/n-triples":
        return [quad.triple for quad in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)]
    parsed = ox.parse_query_results(reply.body, ox.QueryResultsFormat.JSON)
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    return Rows.of(parsed)
