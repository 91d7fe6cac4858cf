"""Running the rules to their fixed point."""

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.ontology import Rule
from campuskg.release.layers import graph_name
from campuskg.store import MemoryStore

_LINES: Final = "application/n-triples"


def infer(store: MemoryStore, rules: Sequence[Rule]) -> int:
    """Add to *store* what *rules* infer, in the layer ``inferred``, until nothing is new; return the number of triples.

    Answers are compared as lines, as the engine writes them: only what is new in a round becomes objects.
    """
    graph = graph_name("inferred")
    seen: set[bytes] = set()
    added = 0
    while True:
        found = {line for rule in rules for line in store.serialize(rule.sparql, _LINES).body.splitlines()} - seen
        seen |= found
        triples = (quad.triple for quad in ox.parse(b"\n".join(sorted(found)), format=ox.RdfFormat.N_TRIPLES))
        new = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples if not store.has_triple(t)]
        if not new:
            return added
        added += len(new)
        store.add(new)
