"""A release described in VoID (https://www.w3.org/TR/void/): sizes, classes, properties, layers, links to other datasets."""

from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact, expand
from campuskg.release.layers import LAYERS, graph_name
from campuskg.store import Engine

_LINKS: Final = tuple(map(expand, ("skos:exactMatch", "skos:closeMatch", "owl:sameAs")))
_FROM: Final = " ".join(f"FROM <{graph_name(layer).value}>" for layer in LAYERS)
"""What is published: the layers, without the quotations that a release at hand may hold."""
_TARGETS: Final = {
    "insee": "http://id.insee.fr/",
    "wikidata": "http://www.wikidata.org/entity/",
    "ror": "https://ror.org/",
}
"""The datasets that things of ours are linked to: name of the link set, and what their IRIs begin with."""


def void(dataset: ox.NamedNode, store: Engine) -> Iterator[ox.Triple]:
    """Yield the description of *dataset*, which *store* holds; the store counts, wherever it is.

    Every count is of distinct triples or nodes of the merged default graph, as a query over the dataset gives it.
    """
    properties = _counts(store, "?p (COUNT(*) AS ?n)", "{ SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } } GROUP BY ?p")
    classes = _counts(store, "?c (COUNT(DISTINCT ?s) AS ?n)", f"{{ ?s <{expand('rdf:type')}> ?c }} GROUP BY ?c")
    yield from _sizes(dataset, store, properties, classes)
    yield from _partitions(dataset, properties, classes)
    rows = store.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").dicts()
    layers = {row["g"]: int(row["n"]) for row in rows if "g" in row}
    for layer in LAYERS:
        subset = _part(dataset, layer)
        yield ox.Triple(dataset, _node("void:subset"), subset)
        yield ox.Triple(subset, _node("rdf:type"), _node("void:Dataset"))
        yield _count(subset, "void:triples", layers.get(graph_name(layer).value, 0))
    yield from _link_sets(dataset, store)


def _counts(store: Engine, wanted: str, where: str) -> Mapping[str, int]:
    """Return the number for each IRI that a query over the published layers gives."""
    rows = store.select(f"SELECT {wanted} {_FROM} WHERE {where}").rows
    return {term.value: int(number.value) for term, number in rows if isinstance(term, ox.NamedNode) and number is not None}


def _number(store: Engine, wanted: str, where: str = "{ ?s ?p ?o }") -> int:
    found = store.select(f"SELECT (COUNT(DISTINCT {wanted}) AS ?n) {_FROM} WHERE {where}").rows[0][0]
    return int(found.value) if found is not None else 0


def _sizes(
    dataset: ox.NamedNode, store: Engine, properties: Mapping[str, int], classes: Mapping[str, int]
) -> Iterator[ox.Triple]:
    ours = BASE_IRI + "id/"
    yield ox.Triple(dataset, _node("rdf:type"), _node("void:Dataset"))
    yield _count(dataset, "void:triples", sum(properties.values()))
    yield _count(dataset, "void:entities", _number(store, "?s", f'{{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ours}")) }}'))
    yield _count(dataset, "void:distinctSubjects", _number(store, "?s"))
    yield _count(dataset, "void:distinctObjects", _number(store, "?o"))
    yield _count(dataset, "void:properties", len(properties))
    yield _count(dataset, "void:classes", len(classes))
    yield ox.Triple(dataset, _node("void:uriSpace"), ox.Literal(ours))
    for space in sorted({_space(iri) for iri in properties}):
        yield ox.Triple(dataset, _node("void:vocabulary"), ox.NamedNode(space))


def _partitions(dataset: ox.NamedNode, properties: Mapping[str, int], classes: Mapping[str, int]) -> Iterator[ox.Triple]:
    for kind, counts, number in (("class", classes, "entities"), ("property", properties, "triples")):
        for iri, count in sorted(counts.items()):
            part = _part(dataset, f"{kind}-{_slug(iri)}")
            yield ox.Triple(dataset, _node(f"void:{kind}Partition"), part)
            yield ox.Triple(part, _node(f"void:{kind}"), ox.NamedNode(iri))
            yield _count(part, f"void:{number}", count)


def _link_sets(dataset: ox.NamedNode, store: Engine) -> Iterator[ox.Triple]:
    for name, space in _TARGETS.items():
        linked = f'VALUES ?p {{ {" ".join(f"<{iri}>" for iri in _LINKS)} }} ?s ?p ?o FILTER(STRSTARTS(STR(?o), "{space}"))'
        where = f"{{ SELECT DISTINCT ?s ?p ?o WHERE {{ {linked} FILTER(ISIRI(?o)) }} }} GROUP BY ?p"
        for iri, count in sorted(_counts(store, "?p (COUNT(*) AS ?n)", where).items()):
            links, target = _part(dataset, f"links-{name}-{_slug(iri)}"), _part(dataset, f"target-{name}")
            yield ox.Triple(links, _node("rdf:type"), _node("void:Linkset"))
            yield ox.Triple(dataset, _node("void:subset"), links)
            yield ox.Triple(links, _node("void:linkPredicate"), ox.NamedNode(iri))
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
