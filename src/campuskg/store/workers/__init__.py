"""Isolated workers: queries are parsed and run only in processes that can reach nothing and can be killed.

``Pool`` is for a server's event loop. Its parent of workers (``nursery``) loads a dataset once and forks a worker
whenever one is needed, so that the dataset is shared and a killed worker is replaced in milliseconds.
"""

from campuskg.store.answer import AnswerTooBig
from campuskg.store.workers.failures import PoolBusy, QueryTimedOut, QueryTooBig, WorkerLost, WorkersUnsafe
from campuskg.store.workers.frames import Reply
from campuskg.store.workers.isolated import IsolatedStore
from campuskg.store.workers.limits import PoolLimits
from campuskg.store.workers.pool import Pool

__all__ = [
    "AnswerTooBig",
    "IsolatedStore",
    "Pool",
    "PoolBusy",
    "PoolLimits",
    "QueryTimedOut",
    "QueryTooBig",
    "Reply",
    "WorkerLost",
    "WorkersUnsafe",
]
