"""Ready answers, the most recently used first, bounded by their bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

_PER_ENTRY = 400
"""What an entry costs beside its own bytes: the dictionary, the key and the header tuples (measured, rounded up)."""


class Cache(Generic[Value]):
    """A least-recently-used cache that never holds more than *limit* bytes; for several threads."""

    def __init__(self, limit: int) -> None:
        """Hold at most *limit* bytes; 0 holds nothing."""
        self.limit = limit
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def get(self, key: Hashable) -> Value | None:
        """Return the value kept for *key*, and mark it as just used."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep *value*, of *size* bytes with its key; the least recently used make room, what is over the limit is not kept."""
        size += _PER_ENTRY
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self.size -= old[1]
            if size > self.limit:
                return
            self._entries[key] = (value, size)
            self.size += size
            while self.size > self.limit:
                self.size -= self._entries.popitem(last=False)[1][1]
