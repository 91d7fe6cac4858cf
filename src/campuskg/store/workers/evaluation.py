"""The plainest task of a worker: one query over one dataset, for programs that want an isolated engine and no server."""

import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from campuskg.store.answer import AnswerLimits
from campuskg.store.engine import Term
from campuskg.store.guard import DEFAULT_LIMITS, GuardLimits, inspect
from campuskg.store.memory import MemoryStore
from campuskg.store.workers.frames import Reply

_ROWS = "application/sparql-results+json"
_GRAPH = "application/n-triples"
_ANY = GuardLimits(*(sys.maxsize,) * 4, services=None)


_TERM = "<urn:x> <urn:x> {} ."


class Evaluator:
    """Answers ``{"query": text, "media": type, "bindings": {name: N-Triples term}, "prefixes": {…}}``."""

    def __init__(self, store: MemoryStore, cap: int) -> None:
        """Query *store*; answers have up to *cap* bytes."""
        self._store = store
        self._limits = AnswerLimits(cap)

    def __call__(self, task: dict[str, Any]) -> Reply:
        """Run one task. Without a media type, rows come as JSON and graphs as N-Triples, and the meta says which."""
        bindings = {name: _term(text) for name, text in task.get("bindings", {}).items()}
        media = task.get("media") or (_GRAPH if inspect(task["query"], _ANY).form in ("CONSTRUCT", "DESCRIBE") else _ROWS)
        answer = self._store.serialize(
            task["query"], media, bindings=bindings, prefixes=task.get("prefixes", {}), limits=self._limits
        )
        return Reply({"media": media}, answer.body)


def _term(text: str) -> Term:
    quad = next(iter(ox.parse(_TERM.format(text), format=ox.RdfFormat.N_TRIPLES)))
    term: Term = quad.object
    return term


def load(nquads: str, cap: int, *, guarded: bool = True) -> Evaluator:
    """Load the N-Quads file *nquads*, in the parent of the workers; without guard the sandbox alone protects."""
    store = MemoryStore(guard=DEFAULT_LIMITS if guarded else None)
    store.load(Path(nquads))
    return Evaluator(store, cap)
