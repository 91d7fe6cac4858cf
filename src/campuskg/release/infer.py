"""Running the rules to their fixed point."""

from collections.abc import Sequence

import pyoxigraph as ox

from campuskg.ontology import Rule
from campuskg.release.layers import graph_name
from campuskg.store import MemoryStore


def infer(store: MemoryStore, rules: Sequence[Rule]) -> int:
    """Add to *store* what *rules* infer, in the layer ``inferred``, until nothing is new; return the number of triples."""
    graph = graph_name("inferred")
    added = 0
    while True:
        new: dict[ox.Triple, None] = {}
        for rule in rules:
            for triple in store.construct(rule.sparql):
                if triple not in new and not store.has_triple(triple):
                    new[triple] = None
        if not new:
            return added
        added += len(new)
        store.add(ox.Quad(s, p, o, graph) for s, p, o in new)
