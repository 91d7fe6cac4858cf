"""The pool of workers: gives each query a locked-in process, two lanes, a time, and a sure end.

For the server's event loop, which never parses a query itself. Every query starts in the fast lane; one that goes on
computing is moved to the slow lane and its place is filled at once, so that heavy queries never hold up light ones.
"""

import asyncio
import logging
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Literal

from campuskg.errors import CampuskgError
from campuskg.store.workers.crew import Crew, Hearers
from campuskg.store.workers.errands import Errands, Outside
from campuskg.store.workers.failures import PoolBusy, QueryTimedOut, QueryTooBig, WorkerLost, rebuilt
from campuskg.store.workers.frames import Reply, packed
from campuskg.store.workers.job import Job, Worker
from campuskg.store.workers.limits import MEBIBYTE, WARM, PoolLimits
from campuskg.store.workers.slow import HeavyQueries, SlowLane
from campuskg.store.workers.waiting import WaitingLine

_TICK = 0.05
_HARDLY_BEGUN = 0.05
_SHARED_PLACES = 3  # with fewer, none is kept back
_log = logging.getLogger(__name__)


class Pool:
    """Runs tasks in workers, for one event loop."""

    def __init__(
        self, loader: str, args: Mapping[str, object], limits: PoolLimits | None = None, outside: Outside | None = None
    ) -> None:
        """Prepare workers whose parent calls *loader* (``package.module:function``); *outside* answers what they ask."""
        self.limits = limits or PoolLimits()
        self._crew = Crew(loader, args, self.limits, Hearers(self._pump, self._replied, self._bereft))
        self._waiting = WaitingLine()
        self._slow = SlowLane(self.limits.slow_workers, self.limits.parked)
        self._heavy = HeavyQueries(self.limits.remembered)
        self._errands = None if outside is None else Errands(outside)
        self._at_work: set[Job] = set()
        self._clients: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = True

    async def start(self) -> None:
        """Load and start; raises WorkersUnsafe, or what the loader raised."""
        await self._crew.start()
        self._loop = asyncio.get_running_loop()
        self._stopped = False

    async def warm(self) -> None:
        """Wait until the workers can do everything; raises what went wrong while they were prepared."""
        await self._crew.reach(WARM)

    async def stop(self) -> None:
        """Kill all workers; queries under way end with WorkerLost."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        for job in [*self._at_work, *self._slow.parked]:
            self._fail(job, WorkerLost())
        while (waiting := self._waiting.pop(self._clients, sys.maxsize)) is not None:
            self._fail(waiting, WorkerLost())
        if self._errands is not None:
            self._errands.stop()
        self._crew.stop()

    async def run(
        self,
        task: Mapping[str, object],
        *,
        client: str = "",
        lane: Literal["fast", "page"] = "fast",
        timeout: float | None = None,  # noqa: ASYNC109  the limit is the worker's, not the awaiting task's
        key: str = "",
        needs: int = WARM,
    ) -> Reply:
        """Have *task* done for *client*; a ``page`` goes before other queries.

        A task waits for the stage of preparation that it *needs*, all of it where nothing is said.

        A task that turns out heavy is remembered by its *key* (by the whole task without one) and starts in the slow
        lane the next time: the normalised text of a query makes a good key.

        Raises QueryTimedOut, QueryTooBig, AnswerTooBig, PoolBusy, WorkerLost or what the handler raised. Cancelling the
        call kills its worker.
        """
        if self._crew.stage < needs:
            await self._crew.reach(needs)
        if self._stopped:
            raise WorkerLost
        frame = packed(task)
        limit = self.limits.timeout if timeout is None else timeout
        job = Job(frame, client, lane == "page", limit, hash(key or frame), self._loop.create_future(), self._loop.time())
        self._admit(job)
        try:
            return await job.future
        except asyncio.CancelledError:
            self._end(job)
            raise

    @property
    def load(self) -> dict[str, int]:
        """Return how many jobs are where."""
        return {
            "waiting": len(self._waiting),
            "working": len(self._at_work),
            "slow": len(self._slow.at_work),
            "parked": len(self._slow.parked),
        }

    @property
    def pids(self) -> dict[str, list[int]]:
        """Return the process ids, for tests and the health page."""
        return self._crew.pids

    def _admit(self, job: Job) -> None:
        if job.key in self._heavy:
            job.deadline = job.asked + job.timeout
            self._park(job)
        elif len(self._waiting) >= self.limits.queue and not self._crew.idle:
            raise PoolBusy(self._patience())
        else:
            self._waiting.push(job)
        self._pump()
        self._watch()

    def _pump(self) -> None:
        """Give work to every worker at hand, and the free places of the slow lane to parked jobs."""
        while (job := self._slow.resume(idle=self._crew.idle > 0)) is not None:
            if job.worker is None:
                self._begin(job, slow=True)
            else:
                job.worker.lane = "slow"
                job.worker.go_on()
        while idle := self._crew.idle:
            # the last worker at hand is kept from a client that has all the others
            places = self.limits.fast_workers
            most = places - 1 if idle == 1 and places >= _SHARED_PLACES else sys.maxsize
            if (job := self._waiting.pop(self._clients, most)) is None:
                break
            self._begin(job)

    def _begin(self, job: Job, *, slow: bool = False) -> None:
        worker = self._crew.take()
        if slow:
            worker.lane = "slow"
            worker.process.yield_to_others()
            self._crew.leave_fast(worker)
        job.begun = self._loop.time()
        if job.deadline is None:
            job.deadline = job.begun + job.timeout
        self._at_work.add(job)
        self._clients[job.client] += 1
        worker.give(job)

    def _replied(self, worker: Worker, reply: Reply) -> None:
        job, meta = worker.job, reply.meta
        if job is None:  # it speaks unasked
            self._crew.dismiss(worker)
            return
        if self._errands is not None and "ask" in meta:
            self._errands.run(job, worker, meta["ask"])
            return
        slow = worker.lane != "fast"
        if slow and worker.cpu() > self.limits.heavy_cpu:
            self._heavy.add(job.key)
        worker.job = job.worker = None
        if trace := meta.get("trace"):
            _log.error("a task failed in a worker: %s", trace)
        if "error" in meta:
            self._fail(job, rebuilt(meta["error"]))
        else:
            self._leave(job)
            if not job.future.done():
                job.future.set_result(Reply(meta.get("reply", {}), reply.body))
        if slow or meta.get("retire"):
            self._crew.dismiss(worker)
        else:
            self._crew.give_back(worker)
        self._pump()

    def _bereft(self, job: Job, status: int | None) -> None:
        """Decide about a job whose worker died with exit code *status*; None when the job is not to blame."""
        job.worker = None
        if status == -signal.SIGKILL and self._loop.time() - job.begun < _HARDLY_BEGUN:
            status = None  # killed from outside while it was at hand, or nearly so
        if status is None and not job.retried and not self._stopped:
            self._leave(job)
            job.retried = True
            job.asked = self._loop.time()
            self._waiting.push(job, first=True)
        elif status in (None, -signal.SIGKILL):
            self._fail(job, WorkerLost())
        else:
            self._heavy.add(job.key)
            self._fail(job, QueryTooBig(self.limits.memory_mib))
        self._pump()
        self._watch()

    def _leave(self, job: Job) -> None:
        """Take *job* off all lists."""
        if job in self._at_work:
            self._at_work.remove(job)
            self._clients[job.client] -= 1
            if not self._clients[job.client]:
                del self._clients[job.client]
        else:
            self._waiting.remove(job)
        self._slow.remove(job)

    def _fail(self, job: Job, error: CampuskgError) -> None:
        self._leave(job)
        if not job.future.done():
            job.future.set_exception(error)

    def _end(self, job: Job, error: CampuskgError | None = None) -> None:
        """Kill the worker of *job*, if it has one, and tell whoever waits for it."""
        if error is None:
            self._leave(job)
        else:
            self._fail(job, error)
        if (worker := job.worker) is not None:
            worker.job = job.worker = None
            self._crew.dismiss(worker)
        self._pump()

    def _park(self, job: Job) -> None:
        victim = self._slow.park(job)
        if victim is not None:
            if victim.worker is not None:
                self._heavy.add(victim.key)
            self._end(victim, PoolBusy(self._patience()))

    def _patience(self) -> float:
        """Return after how many seconds a place is likely to be free."""
        now = self._loop.time()
        return max(1.0, min((job.deadline or now) - now for job in self._at_work)) if self._at_work else 1.0

    def _watch(self) -> None:
        if self._timer is None and not self._stopped:
            self._timer = self._loop.call_later(_TICK, self._tick)

    def _tick(self) -> None:
        """Look after the jobs under way; goes on only while there are any."""
        self._timer = None
        now = self._loop.time()
        for job in list(self._at_work):
            if job.deadline is not None and now >= job.deadline:
                self._heavy.add(job.key)
                self._end(job, QueryTimedOut(job.timeout))
            elif job.worker is not None and job.worker.lane == "fast" and job.worker.cpu() > self.limits.fast_cpu:
                self._demote(job, job.worker)
            elif job.worker is not None and job.worker.lane == "slow" and self._slow.parked:
                self._take_turns(job, job.worker)
        for job in [job for job in self._slow.parked if job.deadline is not None and now >= job.deadline]:
            self._end(job, PoolBusy(self._patience()))  # it never got a worker
        while late := [job for job in self._waiting if now - job.asked >= self.limits.queue_wait]:
            for job in late:
                self._end(job, PoolBusy(self._patience()))
        self._weigh()
        if self._at_work or self._slow.parked or len(self._waiting):
            self._watch()

    def _demote(self, job: Job, worker: Worker) -> None:
        """Move *job* to the slow lane, or park it before; its place in the fast lane is filled at once."""
        job.cpu = worker.cpu()
        worker.process.yield_to_others()
        self._crew.leave_fast(worker)
        if self._slow.free and not self._slow.parked:
            worker.lane = "slow"
            self._slow.at_work.add(job)
        else:
            worker.lane = "parked"
            worker.stop()
            self._park(job)
            self._pump()

    def _take_turns(self, job: Job, worker: Worker) -> None:
        """Stop *job* after its turn in the slow lane and let the one go on that has run least."""
        used = worker.cpu()
        if used - job.cpu < self.limits.turn:
            return
        job.cpu = used
        if min(parked.cpu for parked in self._slow.parked) < used:
            worker.lane = "parked"
            worker.stop()
            self._slow.swap(job)
            self._pump()

    def _weigh(self) -> None:
        """Kill the largest query when all together hold too much memory."""
        held = {job: job.worker.process.growth() for job in self._at_work if job.worker is not None and job.worker.lane != "fast"}
        if sum(held.values()) > self.limits.total_memory_mib * MEBIBYTE:
            largest = max(held, key=lambda job: held[job])
            self._heavy.add(largest.key)
            self._end(largest, QueryTooBig(self.limits.memory_mib))
