"""The workers themselves: keeps the fast lane manned, replaces the dead, starts their parent again when it dies."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campuskg.errors import CampuskgError
from campuskg.store.workers.frames import Reply
from campuskg.store.workers.job import Job, Worker
from campuskg.store.workers.limits import COLD, PoolLimits
from campuskg.store.workers.link import Events, NurseryLink
from campuskg.store.workers.process import Process

_NEWS = 0.5  # seconds that the news of how a worker died may take
_PAUSES = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds between attempts that fail
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hearers:
    """Whom to tell: of a worker at hand, of a reply, of a job whose worker died (with its exit code; None: not its fault)."""

    idle: Callable[[], None]
    reply: Callable[[Worker, Reply], None]
    died: Callable[[Job, int | None], None]


class Crew:
    """All workers of one pool and their parent."""

    def __init__(self, loader: str, args: Mapping[str, object], limits: PoolLimits, hearers: Hearers) -> None:
        """Prepare; nothing runs yet."""
        self._limits = limits
        self._hearers = hearers
        self._events = Events(self._born, self._died, self._lost, self._prepared)
        self._what = (loader, args, limits, self._events)
        self._link = NurseryLink(*self._what)
        self._all: dict[int, Worker] = {}
        self._fast: set[Worker] = set()
        self._idle: list[Worker] = []
        self._dying: dict[int, tuple[Job, asyncio.TimerHandle]] = {}
        self._ordered = 0
        self._misses = 0
        self._revival: asyncio.Task[None] | None = None
        self._stopped = False
        self._news = asyncio.Event()
        self.stage = COLD
        """What the workers born now can do."""
        self.failure: CampuskgError | None = None
        """Why no later stage will be reached."""

    async def start(self) -> None:
        """Start the parent and order the first workers."""
        await self._link.start()
        self._refill()

    def stop(self) -> None:
        """Kill everything."""
        self._stopped = True
        if self._revival is not None:
            self._revival.cancel()
        for _, timer in self._dying.values():
            timer.cancel()
        for worker in list(self._all.values()):
            worker.end()
        self._all.clear()
        self._idle.clear()
        self._link.close()
        self._tell()  # whoever waits shall hear that it is over

    async def reach(self, stage: int) -> None:
        """Wait until workers are of *stage*; raises what went wrong while they were prepared."""
        while self.stage < stage and not self._stopped:
            if self.failure is not None:
                raise self.failure.with_traceback(None)
            await self._news.wait()

    def _tell(self) -> None:
        """Wake up all who wait for a stage."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def idle(self) -> int:
        """Return how many workers are at hand."""
        return len(self._idle)

    @property
    def pids(self) -> dict[str, list[int]]:
        """Return the process ids, for tests and the health page."""
        return {"nursery": [self._link.pid] if self._link.pid else [], "workers": sorted(self._all)}

    def take(self) -> Worker:
        """Take a worker at hand."""
        return self._idle.pop()

    def give_back(self, worker: Worker) -> None:
        """Put *worker* at hand again after a job."""
        self._misses = 0
        if worker.stage < self.stage:
            self.dismiss(worker)
        else:
            self._idle.append(worker)

    def leave_fast(self, worker: Worker) -> None:
        """Let *worker* out of the fast lane, and fill its place."""
        self._fast.discard(worker)
        self._refill()

    def dismiss(self, worker: Worker) -> None:
        """Kill *worker* and fill its place."""
        self._forget(worker)
        self._refill()

    def _forget(self, worker: Worker) -> None:
        worker.end()
        self._all.pop(worker.process.pid, None)
        self._fast.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)

    def _refill(self) -> None:
        missing = self._limits.fast_workers - len(self._fast) - self._ordered
        if missing > 0 and self._link.alive and not self._stopped:
            self._ordered += missing
            self._link.fork(missing)

    def _born(self, process: Process, sock: socket.socket) -> None:
        self._ordered -= 1
        worker = Worker(process, sock, self._limits.answer_bytes, self._hearers.reply, self._gone)
        worker.stage = self.stage
        self._all[process.pid] = worker
        self._fast.add(worker)
        self._idle.append(worker)
        self._hearers.idle()

    def _prepared(self, stage: int, failure: CampuskgError | None) -> None:
        """Replace the workers at hand by those of the new stage; those at work are replaced after their job."""
        self.failure = failure
        if failure is not None:
            _log.error("the workers cannot be prepared: %s", failure)
            self._tell()
            return
        self.stage = stage
        self._tell()
        for worker in list(self._idle):
            self._forget(worker)
        self._refill()

    def _gone(self, worker: Worker) -> None:
        """Take note of a worker that closed its socket without being told to."""
        self._forget(worker)
        job = worker.job
        if job is None or worker.unread:
            self._misses += 1
        loop = asyncio.get_running_loop()
        pause = _PAUSES[min(self._misses, len(_PAUSES) - 1)]
        loop.call_later(pause, self._refill)
        if job is None:
            return
        if worker.unread or not self._link.alive:
            self._hearers.died(job, None)
        elif worker.status is not None:
            self._hearers.died(job, worker.status)
        else:
            pid = worker.process.pid
            self._dying[pid] = (job, loop.call_later(_NEWS, self._died, pid, -signal.SIGKILL))

    def _died(self, pid: int, status: int) -> None:
        """Take note of how a worker died; its socket may close before or after."""
        if pid in self._dying:
            job, timer = self._dying.pop(pid)
            timer.cancel()
            self._hearers.died(job, status)
        elif pid in self._all:
            self._all[pid].status = status

    def _lost(self, link: NurseryLink) -> None:
        """Start the parent again; jobs that died with it were not at fault."""
        _log.warning("the parent of the workers died; starting it again")
        self._ordered = 0
        self.stage, self.failure = COLD, None
        dying, self._dying = self._dying, {}
        for job, timer in dying.values():
            timer.cancel()
            self._hearers.died(job, None)
        if not self._stopped and link is self._link:
            self._revival = asyncio.get_running_loop().create_task(self._revive())

    async def _revive(self) -> None:
        attempt = 0
        while not self._stopped:
            self._link = NurseryLink(*self._what)
            try:
                await self._link.start()
            except (CampuskgError, OSError) as error:
                _log.error("the parent of the workers does not start: %s", error)
                attempt += 1
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
            else:
                self._refill()
                return
