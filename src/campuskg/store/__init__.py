"""One interface to query engines: Oxigraph in this process, in isolated workers (``store.workers``), or a remote service."""

from campuskg.store.answer import Answer, AnswerLimits, AnswerTooBig, Dataset
from campuskg.store.engine import Engine, GraphStore, Rows
from campuskg.store.guard import GuardLimits, Inspected, inspect
from campuskg.store.memory import MemoryStore
from campuskg.store.refusal import QueryRefused

__all__ = [
    "Answer",
    "AnswerLimits",
    "AnswerTooBig",
    "Dataset",
    "Engine",
    "GraphStore",
    "GuardLimits",
    "Inspected",
    "MemoryStore",
    "QueryRefused",
    "Rows",
    "inspect",
]
