"""The slow lane: a few places at the lowest priority, and a bounded park of stopped queries before it."""

from collections import Counter, OrderedDict

from campuskg.store.workers.job import Job


class SlowLane:
    """Who is at work in the slow lane and who is parked before it."""

    def __init__(self, places: int, park: int) -> None:
        """Allow *places* at work and *park* waiting."""
        self._places = places
        self._park = park
        self.at_work: set[Job] = set()
        self.parked: list[Job] = []

    @property
    def free(self) -> bool:
        """Tell whether a place is free."""
        return len(self.at_work) < self._places

    def park(self, job: Job) -> Job | None:
        """Let *job* wait for a place; return the one that must go because the park is full, perhaps *job* itself.

        A client with many parked gives way to one with fewer, and anybody gives way to a page.
        """
        self.parked.append(job)
        if len(self.parked) <= self._park:
            return None
        held = Counter(parked.client for parked in self.parked)
        victim = max(reversed(self.parked), key=lambda parked: (not parked.page, held[parked.client]))
        self.parked.remove(victim)
        return victim

    def swap(self, job: Job) -> None:
        """Let *job* make room for a parked one, and wait itself; the park may be fuller by it for that moment."""
        self.at_work.discard(job)
        self.parked.append(job)

    def resume(self, *, idle: bool) -> Job | None:
        """Take a parked job into a free place: pages first, then the client with least at work, then the one that ran least.

        One that has no worker yet is taken only when a worker is *idle*.
        """
        if not self.parked or not self.free:
            return None
        held = Counter(job.client for job in self.at_work)
        able = [job for job in self.parked if job.worker is not None or idle]
        if not able:
            return None
        job = min(able, key=lambda parked: (not parked.page, held[parked.client], parked.cpu))
        self.parked.remove(job)
        self.at_work.add(job)
        return job

    def remove(self, job: Job) -> None:
        """Forget *job*."""
        self.at_work.discard(job)
        if job in self.parked:
            self.parked.remove(job)


class HeavyQueries:
    """Remembers the queries that were heavy, so that they do not pass through the fast lane again."""

    def __init__(self, most: int) -> None:
        """Remember the *most* recent."""
        self._most = most
        self._keys: OrderedDict[int, None] = OrderedDict()

    def __contains__(self, key: int) -> bool:
        """Tell whether the query with *key* was heavy."""
        return key in self._keys

    def add(self, key: int) -> None:
        """Remember *key*."""
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
