"""Counts of a release, per layer, class and property."""

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact
from campuskg.release.layers import ID

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def statistics(quads: Iterable[ox.Quad]) -> dict[str, dict[str, int]]:
    """Return counts: quads by layer; nodes by class and triples by property over what we state (``/id/`` nodes)."""
    layers: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    nodes: set[str] = set()
    for quad in quads:
        layers[quad.graph_name.value.removeprefix(BASE_IRI + "graph/") if isinstance(quad.graph_name, ox.NamedNode) else ""] += 1
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if not subject.startswith(ID):
            continue
        nodes.add(subject)
        if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
            classes[quad.object.value] += 1
        else:
            properties[quad.predicate.value] += 1
    return {
        "layers": dict(sorted(layers.items())),
        "classes": _named(classes),
        "properties": _named(properties),
        "totals": {"quads": sum(layers.values()), "nodes": len(nodes)},
    }


def _named(counts: Counter[str]) -> dict[str, int]:
    """Return *counts* by compact name, sorted."""
    return dict(sorted((compact(iri), number) for iri, number in counts.items()))
