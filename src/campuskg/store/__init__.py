"""One interface to query engines. For now one engine: Oxigraph in this process, over a release held in memory."""

from campuskg.store.memory import MemoryStore, QueryRefused, Rows

__all__ = ["MemoryStore", "QueryRefused", "Rows"]
