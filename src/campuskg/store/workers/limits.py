"""Every limit of the workers, named, for operators: shown by the server and by the errors that they cause."""

from dataclasses import asdict, dataclass

MEBIBYTE = 1024 * 1024
COLD = 0
"""The stage of a worker that has the dataset and nothing of what the handler prepares."""
WARM = 1_000
"""The stage of a worker that has all of it."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """What one query, one client and the whole pool may use. Times are in seconds."""

    timeout: float = 10.0
    """Wall clock of one query from its start, time parked included."""
    memory_mib: int = 512
    """What one worker may allocate beyond the dataset that it shares with the others."""
    total_memory_mib: int = 1024
    """What all workers together may hold beyond the shared dataset; the largest query goes first."""
    answer_bytes: int = 16 * MEBIBYTE
    """Size of one answer; it is sent whole or refused."""
    fast_workers: int = 4
    """Queries at work in the fast lane."""
    fast_cpu: float = 0.1
    """Processor time after which a query leaves the fast lane."""
    slow_workers: int = 2
    """Queries at work in the slow lane, at the lowest priority."""
    turn: float = 0.5
    """Processor time of a turn in the slow lane, while others are parked before it; the one that ran least goes next."""
    parked: int = 8
    """Slow queries that may wait, stopped, for a place in the slow lane."""
    queue: int = 256
    """Queries that may wait for a place in the fast lane."""
    queue_wait: float = 10.0
    """How long a query may wait there."""
    recycle_mib: int = 32
    """A worker that grew by more during a query is replaced after it."""
    remembered: int = 1024
    """Queries remembered as heavy: the next time they start in the slow lane."""
    heavy_cpu: float = 1.0
    """Processor time that makes a query heavy; so does dying or running out of time."""
    service_allow: tuple[str, ...] = ()
    """Addresses that SERVICE may call; while there are any, workers may open connections."""
    reads: tuple[str, ...] = ()
    """Folders whose files workers may read, as a store on disk needs; never write."""
    allow_unsafe: bool = False
    """Whether to go on where the system cannot lock the workers in."""

    def as_json(self) -> dict[str, object]:
        """Return name -> value, for the process that makes the workers and for the page of limits."""
        return asdict(self)
