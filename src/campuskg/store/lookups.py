"""Looking up quads in a store that is elsewhere: what was seen is kept, and what will be looked up next comes along.

A page asks for a thing, for what points at it, for each of those, and for the passages that prove them: hundreds of
look-ups. One request for each would cost more than the page; fetched by neighbourhoods they are a handful.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.store.engine import Rows, Term
from campuskg.store.spelling import quoted

_PASSAGE: Final = ox.NamedNode(BASE_IRI + "ontology#sourcePassage")
_AT_ONCE: Final = 200
"""Things whose quads are fetched by one request."""
_AHEAD: Final = 1_000
"""Things that are fetched because something points at them; of a hub with more, none."""
_KEPT: Final = 50_000
"""Quads that are kept of what was looked up by subject."""
_MATCHED: Final = 100_000
"""Quads that are kept of what was looked up by predicate or by value."""
_WHOLE: Final = 40_000
"""Rows that are asked for at once; more come in slices."""


class Lookups:
    """The quads of one store, by what they hold."""

    def __init__(self, select: Callable[[str], Rows]) -> None:
        """Ask by *select*, which runs a SELECT."""
        self._select = select
        self._about: OrderedDict[ox.NamedNode, tuple[ox.Quad, ...]] = OrderedDict()
        self._held = 0
        self._matching: dict[tuple[str, ...], list[ox.Quad]] = {}
        self._room = _MATCHED

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""
        return self._once("?s", quoted(predicate), "?o")

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*; those of the passages that prove it come along."""
        if subject not in self._about:
            self.fetch((subject,))
        if subject not in self._about:  # what came along was so much that it had to go again
            return list(self.where(quoted(subject.value), "?p", "?o"))
        self._about.move_to_end(subject)
        return self._about[subject]

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*; what is said of their subjects comes along."""
        found = list(self._once("?s", "?p", quoted(node.value)))
        subjects = {quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode)}
        if len(subjects) <= _AHEAD:
            self.fetch(subjects)
        return found

    def _once(self, *parts: str) -> Iterable[ox.Quad]:
        """Return the quads that fit *parts*, while there is room for them kept for the next who asks."""
        if parts in self._matching:
            return self._matching[parts]
        found = self.where(*parts)
        first = list(islice(found, self._room))
        if len(first) == self._room:
            return chain(first, found)
        self._matching[parts] = first
        self._room -= len(first)
        return first

    def where(self, subject: str, predicate: str, value: str, graph: str = "?g") -> Iterator[ox.Quad]:
        """Yield the quads that fit: each part is a variable of that place or an IRI in angle brackets."""
        pattern = f"GRAPH {graph} {{ {subject} {predicate} {value} }}"
        parts = (subject, predicate, value, graph)
        wanted = " ".join(part for part in parts if part.startswith("?"))
        first = self._select(f"SELECT {wanted} WHERE {{ {pattern} }} LIMIT {_WHOLE + 1}")
        if len(first.rows) <= _WHOLE:
            yield from _quads(first, parts)
            return
        counted = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}").rows[0][0]
        digits = max(math.ceil(math.log(int(counted.value if counted else 0) / _WHOLE, 16)), 1)
        for number in range(16**digits):
            part = f'FILTER(STRSTARTS(MD5(STR({subject})), "{number:0{digits}x}"))'
            yield from _quads(self._select(f"SELECT {wanted} WHERE {{ {pattern} {part} }}"), parts)

    def fetch(self, nodes: Collection[Term | ox.Triple]) -> None:
        """Keep what is said of *nodes*, and then of the passages that prove them."""
        wanted = sorted({n for n in nodes if isinstance(n, ox.NamedNode) and n not in self._about}, key=str)
        passages: set[Term | ox.Triple] = set()
        for start in range(0, len(wanted), _AT_ONCE):
            passages |= self._fetch(wanted[start : start + _AT_ONCE])
        if passages:
            self.fetch(passages)

    def _fetch(self, nodes: Sequence[ox.NamedNode]) -> set[Term | ox.Triple]:
        """Fetch the quads of *nodes* by one request; return the passages that they name."""
        found: dict[ox.NamedNode, list[ox.Quad]] = {node: [] for node in nodes}
        if len(nodes) == 1:
            subject = quoted(nodes[0].value)
            rows, parts = self._select(f"SELECT ?p ?o ?g WHERE {{ GRAPH ?g {{ {subject} ?p ?o }} }}"), (subject, "?p", "?o", "?g")
        else:
            values = " ".join(quoted(node.value) for node in nodes)
            rows = self._select(f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}")
            parts = ("?s", "?p", "?o", "?g")
        for quad in _quads(rows, parts):
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.subject].append(quad)
        for node, quads in found.items():
            self._keep(node, tuple(quads))
        return {quad.object for quads in found.values() for quad in quads if quad.predicate == _PASSAGE}

    def _keep(self, node: ox.NamedNode, quads: tuple[ox.Quad, ...]) -> None:
        self._about[node] = quads
        self._held += len(quads) + 1
        while self._held > _KEPT and len(self._about) > _AT_ONCE:
            _, gone = self._about.popitem(last=False)
            self._held -= len(gone) + 1


def _quads(rows: Rows, parts: tuple[str, str, str, str]) -> Iterator[ox.Quad]:
    """Return *rows* as quads whose subject, predicate, object and graph are *parts*: variables, or IRIs in brackets."""
    places = [rows.variables.index(part[1:]) if part.startswith("?") else None for part in parts]
    fixed = [None if part.startswith("?") else ox.NamedNode(part[1:-1]) for part in parts]
    for row in rows.rows:
        s, p, o, g = (row[place] if place is not None else term for place, term in zip(places, fixed, strict=True))
        yield ox.Quad(s, p, o, g)  # type: ignore[arg-type]  # None only in broken answers
