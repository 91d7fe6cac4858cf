"""The pool's side of a question that a worker has for the outside: it is put, and the answer goes back to the worker."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from campuskg.errors import CampuskgError, InternalFault
from campuskg.store.workers.failures import described
from campuskg.store.workers.frames import Reply, packed
from campuskg.store.workers.job import Job, Worker

Outside = Callable[[Mapping[str, Any], float], Awaitable[Reply]]
"""Answers a question within so many seconds; raises CampuskgError."""

_LEAST = 0.05
_log = logging.getLogger(__name__)


class Errands:
    """The questions under way."""

    def __init__(self, outside: Outside) -> None:
        """Put them to *outside*."""
        self._outside = outside
        self._under_way: set[asyncio.Task[None]] = set()

    def run(self, job: Job, worker: Worker, asked: Mapping[str, Any]) -> None:
        """Put what *worker* asks for *job*; the time that the answer takes counts as computing time of the worker."""
        worker.wait()
        task = asyncio.get_running_loop().create_task(self._one(job, worker, asked))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def stop(self) -> None:
        """Ask no more."""
        for task in self._under_way:
            task.cancel()

    async def _one(self, job: Job, worker: Worker, asked: Mapping[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        try:
            reply = await self._outside(asked, max((job.deadline or now + job.timeout) - now, _LEAST))
            frame = packed(reply.meta, reply.body)
        except CampuskgError as error:
            frame = packed({"error": described(error)})
        except Exception as error:  # noqa: BLE001  whatever it is, the worker waits for an answer
            _log.exception("a question to the outside failed")
            frame = packed({"error": described(InternalFault("internal", said=type(error).__name__))})
        if job.worker is worker:  # else it was stopped meanwhile
            worker.hear(frame)
