"""The catalogue as data, so that editors and agents of others can list it: SHACL executables.

The convention is that of the SIB collection (https://github.com/sib-swiss/sparql-examples): a ``sh:SPARQLExecutable`` with its
text, its prefixes (``sh:declare``), the question as ``rdfs:comment``, ``schema:keywords`` and the endpoint as ``schema:target``.
Parameters are ``sh:Parameter`` (https://www.w3.org/TR/shacl/#sparql-constraint-components-parameters).
"""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI, content
from campuskg.errors import Text
from campuskg.ontology import expand
from campuskg.queries.catalogue import catalogue, tags
from campuskg.queries.model import Parameter, Query

ENDPOINT: Final = BASE_IRI + "sparql"
PREFIXES: Final = BASE_IRI + "ontology/prefixes"
_FORMS: Final = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_DATATYPES: Final = {"date": "xsd:date", "integer": "xsd:integer", "amount": "xsd:decimal", "text": "xsd:string"}


def catalogue_triples(endpoint: str = ENDPOINT) -> list[ox.Triple]:
    """Return the description of every catalogue query and the prefix table, for readers who ask *endpoint*."""
    found = [triple for query in catalogue().values() for triple in query_triples(query, endpoint)]
    return [*found, *_prefix_table()]


def query_triples(query: Query, endpoint: str = ENDPOINT) -> Iterator[ox.Triple]:
    """Yield the description of one query."""
    subject = ox.NamedNode(f"{BASE_IRI}query/{query.name}")
    kind, text = _FORMS[query.form]
    yield _triple(subject, "rdf:type", _node("sh:SPARQLExecutable"))
    yield _triple(subject, "rdf:type", _node(kind))
    yield _triple(subject, text, ox.Literal(query.body))
    yield _triple(subject, "sh:prefixes", ox.NamedNode(PREFIXES))
    yield _triple(subject, "schema:target", ox.NamedNode(endpoint))
    yield _triple(subject, "dcterms:license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/"))
    yield from _words(subject, "rdfs:comment", query.question)
    yield from _words(subject, "dcterms:description", query.why)
    for tag in query.tags:
        yield from _words(subject, "schema:keywords", tags()[tag])
    for parameter in query.parameters.values():
        yield from _parameter(subject, parameter)


def _parameter(subject: ox.NamedNode, parameter: Parameter) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{subject.value}#{parameter.name}")
    yield _triple(subject, "sh:parameter", node)
    yield _triple(node, "rdf:type", _node("sh:Parameter"))
    # SHACL takes the local name of the path for the name of the variable.
    yield _triple(node, "sh:path", ox.NamedNode(f"{BASE_IRI}query/parameter#{parameter.name}"))
    yield _triple(node, "sh:optional", ox.Literal(parameter.optional))
    yield from _words(node, "sh:name", parameter.label)
    yield from _words(node, "sh:description", parameter.means)
    for term in parameter.default:
        if not isinstance(term, ox.BlankNode):
            yield _triple(node, "sh:defaultValue", term)
    if parameter.type in _DATATYPES:
        yield _triple(node, "sh:datatype", _node(_DATATYPES[parameter.type]))
        return
    yield _triple(node, "sh:nodeKind", _node("sh:IRI"))
    classes = parameter.classes or (expand("skos:Concept"),)
    # Several sh:class would all have to hold; any of several classes is said by schema:rangeIncludes.
    for iri in classes:
        yield _triple(node, "sh:class" if len(classes) == 1 else "schema:rangeIncludes", ox.NamedNode(iri))
    if parameter.scheme:
        yield _triple(node, "cmq:codeList", ox.NamedNode(parameter.scheme))


def _prefix_table() -> Iterator[ox.Triple]:
    for quad in ox.parse(path=content("ontology") / "prefixes.ttl", format=ox.RdfFormat.TURTLE):
        yield quad.triple


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _triple(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, _node(predicate), value)


def _words(subject: ox.NamedNode, predicate: str, words: Text) -> Iterator[ox.Triple]:
    for lang, text in words._asdict().items():
        if text:
            yield _triple(subject, predicate, ox.Literal(text, language=lang))
