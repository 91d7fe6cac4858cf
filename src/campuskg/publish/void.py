"""A release described in VoID (https://www.w3.org/TR/void/): sizes, classes, properties, layers, links to other datasets."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact, expand
from campuskg.release.layers import LAYERS, graph_name

_LINKS: Final = tuple(map(expand, ("skos:exactMatch", "skos:closeMatch", "owl:sameAs")))
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_TARGETS: Final = {
    "insee": "http://id.insee.fr/",
    "wikidata": "http://www.wikidata.org/entity/",
    "ror": "https://ror.org/",
}
"""The datasets that things of ours are linked to: name of the link set, and what their IRIs begin with."""


def void(dataset: ox.NamedNode, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
    """Yield the description of *dataset*, whose merged default graph *quads* make up.

    Every count is of distinct triples or nodes of that merged graph, as a query over the dataset gives it.
    """
    quads = list(quads)
    triples = {quad.triple for quad in quads}
    yield from _sizes(dataset, triples)
    yield from _partitions(dataset, triples)
    layers = Counter(quad.graph_name for quad in quads)
    for layer in LAYERS:
        subset = _part(dataset, layer)
        yield ox.Triple(dataset, _node("void:subset"), subset)
        yield ox.Triple(subset, _node("rdf:type"), _node("void:Dataset"))
        yield _count(subset, "void:triples", layers[graph_name(layer)])
    yield from _link_sets(dataset, triples)


def _sizes(dataset: ox.NamedNode, triples: set[ox.Triple]) -> Iterator[ox.Triple]:
    subjects = {t.subject for t in triples}
    types = {t.object for t in triples if t.predicate == _TYPE}
    entities = {s for s in subjects if isinstance(s, ox.NamedNode) and s.value.startswith(BASE_IRI + "id/")}
    yield ox.Triple(dataset, _node("rdf:type"), _node("void:Dataset"))
    yield _count(dataset, "void:triples", len(triples))
    yield _count(dataset, "void:entities", len(entities))
    yield _count(dataset, "void:distinctSubjects", len(subjects))
    yield _count(dataset, "void:distinctObjects", len({t.object for t in triples}))
    yield _count(dataset, "void:properties", len({t.predicate for t in triples}))
    yield _count(dataset, "void:classes", len(types))
    yield ox.Triple(dataset, _node("void:uriSpace"), ox.Literal(BASE_IRI + "id/"))
    spaces = {_space(t.predicate.value) for t in triples}
    for space in sorted(spaces):
        yield ox.Triple(dataset, _node("void:vocabulary"), ox.NamedNode(space))


def _partitions(dataset: ox.NamedNode, triples: set[ox.Triple]) -> Iterator[ox.Triple]:
    classes = Counter(t.object for t in triples if t.predicate == _TYPE)
    properties = Counter(t.predicate for t in triples)
    for kind, counts, number in (("class", classes, "entities"), ("property", properties, "triples")):
        for term, count in sorted(counts.items(), key=lambda item: str(item[0])):
            if isinstance(term, ox.NamedNode):
                part = _part(dataset, f"{kind}-{_slug(term.value)}")
                yield ox.Triple(dataset, _node(f"void:{kind}Partition"), part)
                yield ox.Triple(part, _node(f"void:{kind}"), term)
                yield _count(part, f"void:{number}", count)


def _link_sets(dataset: ox.NamedNode, triples: set[ox.Triple]) -> Iterator[ox.Triple]:
    for name, space in _TARGETS.items():
        counts = Counter(
            t.predicate
            for t in triples
            if t.predicate.value in _LINKS and isinstance(t.object, ox.NamedNode) and t.object.value.startswith(space)
        )
        for predicate, count in sorted(counts.items(), key=str):
            links, target = _part(dataset, f"links-{name}-{_slug(predicate.value)}"), _part(dataset, f"target-{name}")
            yield ox.Triple(links, _node("rdf:type"), _node("void:Linkset"))
            yield ox.Triple(dataset, _node("void:subset"), links)
            yield ox.Triple(links, _node("void:linkPredicate"), predicate)
            yield ox.Triple(links, _node("void:subjectsTarget"), dataset)
            yield ox.Triple(links, _node("void:objectsTarget"), target)
            yield _count(links, "void:triples", count)
            yield ox.Triple(target, _node("rdf:type"), _node("void:Dataset"))
            yield ox.Triple(target, _node("void:uriSpace"), ox.Literal(space))


def _part(dataset: ox.NamedNode, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{dataset.value}#{name}")


def _slug(iri: str) -> str:
    """Return a fragment for *iri*: its compact name, where it has one."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in compact(iri))


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _count(subject: ox.NamedNode, predicate: str, value: int) -> ox.Triple:
    return ox.Triple(subject, _node(predicate), ox.Literal(value))


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
