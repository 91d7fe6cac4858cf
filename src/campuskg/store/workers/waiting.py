"""The line before the fast lane: pages first, then the clients in turn, those with least at work before the others."""

from collections import Counter, deque
from collections.abc import Iterator

from campuskg.store.workers.job import Job


class WaitingLine:
    """Jobs that wait for a worker, one line per client."""

    def __init__(self) -> None:
        """Start empty."""
        self._lines: dict[tuple[bool, str], deque[Job]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def __iter__(self) -> Iterator[Job]:
        """Return those at the heads of their lines: the ones that have waited longest."""
        return iter([line[0] for line in self._lines.values()])

    def push(self, job: Job, *, first: bool = False) -> None:
        """Let *job* wait; *first* in its line when it lost its worker through no fault of its own."""
        line = self._lines.setdefault((job.page, job.client), deque())
        if first:
            line.appendleft(job)
        else:
            line.append(job)
        self._count += 1

    def pop(self, at_work: Counter[str], most: int) -> Job | None:
        """Return the next job: of the clients with fewest *at_work*, the one whose turn is longest ago.

        A client with *most* at work or more has to wait, unless it asks for a page.
        """
        if not self._count:
            return None
        able = [key for key in self._lines if key[0] or at_work[key[1]] < most]
        if not able:
            return None
        chosen = min(able, key=lambda key: (not key[0], at_work[key[1]]))
        line = self._lines.pop(chosen)
        job = line.popleft()
        if line:
            self._lines[chosen] = line  # now last among equals
        self._count -= 1
        return job

    def remove(self, job: Job) -> None:
        """Take *job* out, if it waits."""
        key = (job.page, job.client)
        line = self._lines.get(key)
        if line is not None and job in line:
            line.remove(job)
            self._count -= 1
            if not line:
                del self._lines[key]
