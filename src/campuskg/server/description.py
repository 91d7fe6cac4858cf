"""The service description: what the endpoint is, in the vocabulary of SPARQL 1.1 Service Description, with its limits."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from campuskg.server.app import App

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
SCHEMA: Final = "https://schema.org/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_DCT: Final = "http://purl.org/dc/terms/"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_PREFIXES: Final = {"sd": SD, "void": VOID, "schema": SCHEMA, "rdfs": _RDFS, "dct": _DCT, "formats": _FORMATS}
_MEDIA: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
}


@lru_cache(maxsize=16)
def service(app: "App", media: str) -> bytes:
    """Return the description of *app*, whose triples are counted, as *media*."""
    return ox.serialize(triples(app), format=_MEDIA[media], prefixes=_PREFIXES) or b""


def triples(app: "App") -> Iterator[ox.Triple]:
    """Yield the description; every node has an IRI under the endpoint's, so that it can be linked to."""
    endpoint = f"{app.base}/sparql"
    this, dataset = ox.NamedNode(endpoint), ox.NamedNode(f"{endpoint}#dataset")
    yield _is(this, f"{SD}Service")
    yield _link(this, f"{SD}endpoint", endpoint)
    yield _link(this, f"{SD}supportedLanguage", f"{SD}SPARQL11Query")
    for name in _RESULT_FORMATS:
        yield _link(this, f"{SD}resultFormat", f"{_FORMATS}{name}")
    yield _link(this, f"{SD}feature", f"{SD}UnionDefaultGraph")
    yield _link(this, f"{SD}defaultDataset", dataset.value)
    for page in ("queries", "limits"):
        yield _link(this, f"{_RDFS}seeAlso", f"{app.base}/{page}")
    yield from _dataset(app, dataset)
    yield from _limits(app, this)


def _dataset(app: "App", dataset: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield the default dataset: its named graphs, and the default graph, which is their union."""
    yield _is(dataset, f"{SD}Dataset")
    yield ox.Triple(dataset, ox.NamedNode(f"{_DCT}identifier"), ox.Literal(app.digest))
    default = ox.NamedNode(f"{dataset.value}-default")
    yield _link(dataset, f"{SD}defaultGraph", default.value)
    yield _is(default, f"{SD}Graph")
    yield _count(default, app.triples)
    for number, (name, count) in enumerate(sorted(app.graphs.items()), 1):
        named, graph = ox.NamedNode(f"{dataset.value}-named-{number}"), ox.NamedNode(f"{dataset.value}-graph-{number}")
        yield _link(dataset, f"{SD}namedGraph", named.value)
        yield _is(named, f"{SD}NamedGraph")
        yield _link(named, f"{SD}name", name)
        yield _link(named, f"{SD}graph", graph.value)
        yield _is(graph, f"{SD}Graph")
        yield _count(graph, count)


def _limits(app: "App", this: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield the limits, as property values with their meanings in both languages."""
    for limit in app.limits.table():
        node = ox.NamedNode(f"{app.base}/limits#{limit.name}")
        yield _link(this, f"{SCHEMA}additionalProperty", node.value)
        yield _is(node, f"{SCHEMA}PropertyValue")
        yield ox.Triple(node, ox.NamedNode(f"{SCHEMA}propertyID"), ox.Literal(limit.name))
        yield ox.Triple(node, ox.NamedNode(f"{SCHEMA}value"), ox.Literal(limit.value))
        if limit.unit:
            yield ox.Triple(node, ox.NamedNode(f"{SCHEMA}unitText"), ox.Literal(limit.unit))
        for lang in ("fr", "en"):
            meaning = ox.Literal(getattr(limit.meaning, lang), language=lang)
            yield ox.Triple(node, ox.NamedNode(f"{SCHEMA}description"), meaning)


def _is(node: ox.NamedNode, kind: str) -> ox.Triple:
    return _link(node, f"{_RDF}type", kind)


def _link(node: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(predicate), ox.NamedNode(value))


def _count(graph: ox.NamedNode, count: int) -> ox.Triple:
    return ox.Triple(graph, ox.NamedNode(f"{VOID}triples"), ox.Literal(count))
