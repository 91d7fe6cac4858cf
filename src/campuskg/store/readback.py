"""Reading a graph back from a remote store, whole or in slices, to know whether it holds what was sent."""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from campuskg.store.engine import Rows
from campuskg.store.failures import RemoteFailed
from campuskg.store.fingerprint import Fingerprints, fingerprints
from campuskg.store.remote import RemoteStore
from campuskg.store.spelling import quoted

_DEEPEST: Final = 6


class GraphReader:
    """Reads the named graphs of one service."""

    def __init__(self, store: RemoteStore, *, slice_size: int = 20_000) -> None:
        """Read from *store*, in answers of about *slice_size* triples at most."""
        self._store = store
        self._size = slice_size

    def names(self) -> frozenset[str]:
        """Return the names of all graphs that hold a triple."""
        rows = self._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        return frozenset(row[0].value for row in rows.rows if row[0] is not None)

    def count(self, graph: str) -> int:
        """Return the number of triples in *graph*."""
        return self._parts(graph, "", 0).get("", 0)

    def fingerprints(self, graph: str) -> Fingerprints:
        """Return both fingerprints of *graph*."""
        total = Fingerprints()
        for triples in self._slices(graph, "", self.count(graph)):
            total += fingerprints(triples)
        return total

    def _slices(self, graph: str, prefix: str, count: int) -> Iterator[Iterable[ox.Triple]]:
        """Yield the triples of a slice, cut finer while it is too large or the service does not give all of it.

        A slice is the subjects whose MD5 begins with *prefix*: unlike LIMIT and OFFSET it needs no order, which services
        refuse to make of a large graph, and no state between requests.
        """
        if count <= self._size or len(prefix) == _DEEPEST:
            triples = self._triples(graph, prefix) if count else []
            if len(triples) >= count:
                yield triples
                return
        if len(prefix) == _DEEPEST:
            raise RemoteFailed("push-unreadable", graph=graph, count=count)
        wanted = max(math.ceil(math.log(max(count / self._size, 2), 16)), 1)
        for part, inside in self._parts(graph, prefix, min(len(prefix) + wanted, _DEEPEST)).items():
            yield from self._slices(graph, part, inside)

    def _parts(self, graph: str, prefix: str, length: int) -> dict[str, int]:
        """Return how many triples each slice of a slice has, for prefixes of *length* digits; one number for no length."""
        if not length:
            rows = self._rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {_pattern(graph, prefix)} }}")
            total = rows.rows[0][0] if rows.rows else None
            return {"": int(total.value) if total is not None else 0}
        part = f"BIND(SUBSTR(MD5(STR(?s)), 1, {length}) AS ?part)"
        rows = self._rows(f"SELECT ?part (COUNT(*) AS ?n) WHERE {{ {_pattern(graph, prefix)} {part} }} GROUP BY ?part")
        return {row[0].value: int(row[1].value) for row in rows.rows if row[0] is not None and row[1] is not None}

    def _triples(self, graph: str, prefix: str) -> list[ox.Triple]:
        rows = self._rows(f"SELECT ?s ?p ?o WHERE {{ {_pattern(graph, prefix)} }}")
        return [ox.Triple(s, p, o) for s, p, o in rows.rows]  # type: ignore[arg-type]  # None only in broken answers

    def _rows(self, sparql: str) -> Rows:
        return self._store.select(sparql)


def _pattern(graph: str, prefix: str) -> str:
    slice_of = f' FILTER(STRSTARTS(MD5(STR(?s)), "{prefix}"))' if prefix else ""
    return f"GRAPH {quoted(graph)} {{ ?s ?p ?o }}{slice_of}"
