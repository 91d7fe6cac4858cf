"""The named-graph layers of a release, made from curated statements."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.graph import Curated, Locator, Source, Statement
from campuskg.ontology import CMQ, expand, vocabulary_files

ID: Final = BASE_IRI + "id/"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DATE: Final = ox.NamedNode(_XSD + "date")

LAYERS: Final = ("facts", "claims", "sources", "vocabulary", "inferred")


@cache
def graph_name(layer: str) -> ox.NamedNode:
    """Return the name of the graph of *layer*."""
    return ox.NamedNode(f"{BASE_IRI}graph/{layer}")


def node(name: str) -> ox.NamedNode:
    """Return the node of a compact name such as ``rdf:type``."""
    return ox.NamedNode(expand(name))


def layer_quads(curated: Curated, *, with_claims: bool = True) -> list[ox.Quad]:
    """Return the quads of the layers facts, claims, sources and vocabulary; claims may be left out, to check a file quickly."""
    quads = [ox.Quad(s, p, o, graph_name("facts")) for s, p, o in facts(curated.statements)]
    if with_claims:
        quads += [ox.Quad(s, p, o, graph_name("claims")) for s, p, o in claims(curated.statements)]
    quads += [ox.Quad(s, p, o, graph_name("sources")) for s, p, o in sources(curated)]
    quads += [ox.Quad(s, p, o, graph_name("vocabulary")) for s, p, o in vocabulary()]
    return quads


def facts(statements: Sequence[Statement]) -> list[ox.Triple]:
    """Return the triples of best rank: a deprecated claim is left out, and so is a normal one beside a preferred one."""
    preferred: set[tuple[str, str]] = set()
    deprecated: set[ox.Triple] = set()
    for statement in statements:
        if statement.reified and statement.rank == "rk:preferred":
            preferred.add((str(statement.triple.subject), statement.triple.predicate.value))
        if statement.reified and statement.rank == "rk:deprecated":
            deprecated.add(statement.triple)
    found: dict[ox.Triple, None] = {}
    for statement in statements:
        key = (str(statement.triple.subject), statement.triple.predicate.value)
        demoted = statement.reified and (
            statement.triple in deprecated or (key in preferred and statement.rank != "rk:preferred")
        )
        if not demoted:
            found[statement.triple] = None
    return list(found)


def claim_iri(triple: ox.Triple) -> ox.NamedNode:
    """Return the IRI of the claim of *triple*: the same triple is the same claim in every release."""
    return ox.NamedNode(f"{ID}claim/{hashlib.sha256(str(triple).encode()).hexdigest()[:16]}")


def claims(statements: Iterable[Statement]) -> Iterable[ox.Triple]:
    """Yield the reified claims, one per distinct triple, with all passages that prove it."""
    grouped: defaultdict[ox.Triple, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.reified:
            grouped[statement.triple].append(statement)
    for triple, group in grouped.items():
        claim = claim_iri(triple)
        yield ox.Triple(claim, node("rdf:type"), CMQ.Claim)
        yield ox.Triple(claim, node("rdf:type"), node("rdf:Statement"))
        yield ox.Triple(claim, node("rdf:subject"), triple.subject)
        yield ox.Triple(claim, node("rdf:predicate"), triple.predicate)
        yield ox.Triple(claim, node("rdf:object"), triple.object)
        ranked = next((s for s in group if s.rank != "rk:normal"), group[0])
        yield ox.Triple(claim, CMQ.rank, node(ranked.rank))
        if ranked.reason:
            yield ox.Triple(claim, CMQ.rankReason, ox.Literal(ranked.reason, language="fr"))
        for locator in dict.fromkeys(loc for s in group for loc in s.evidence):
            yield ox.Triple(claim, CMQ.sourcePassage, ox.NamedNode(ID + locator.iri))


def sources(curated: Curated) -> Iterable[ox.Triple]:
    """Yield the source documents, the curation that read each, and the passages cited."""
    locators = dict.fromkeys(loc for s in curated.statements for loc in s.evidence)
    for source in curated.sources.values():
        yield from _document(source)
    for locator in locators:
        yield from _passage(locator, curated.sources)


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(_XSD + "integer"))


def _document(source: Source) -> Iterable[ox.Triple]:
    document = ox.NamedNode(ID + source.iri)
    yield ox.Triple(document, node("rdf:type"), CMQ.SourceDocument)
    for lang, title in (("fr", source.title), ("en", source.title_en)):
        yield ox.Triple(document, node("skos:prefLabel"), ox.Literal(title, language=lang))
    yield ox.Triple(document, node("dcterms:identifier"), ox.Literal(source.file or source.id))
    if source.sha256:
        yield ox.Triple(document, CMQ.sha256, ox.Literal(source.sha256))
    if source.lines:
        yield ox.Triple(document, CMQ.lineCount, _integer(source.lines))
    if source.publisher:
        yield ox.Triple(document, node("dcterms:publisher"), ox.Literal(source.publisher))
    if source.license:
        yield ox.Triple(document, node("dcterms:license"), ox.Literal(source.license))
    if source.issued:
        kind = _DATE if source.issued.count("-") == 2 else ox.NamedNode(_XSD + "gYear")  # noqa: PLR2004
        yield ox.Triple(document, node("dcterms:issued"), ox.Literal(source.issued, datatype=kind))
    if source.curated:
        activity = ox.NamedNode(f"{ID}activity/curation-{source.id}")
        yield ox.Triple(activity, node("rdf:type"), node("prov:Activity"))
        yield ox.Triple(activity, node("skos:prefLabel"), ox.Literal(f"Curation de « {source.id} »", language="fr"))
        yield ox.Triple(activity, node("skos:prefLabel"), ox.Literal(f"Curation of '{source.id}'", language="en"))
        yield ox.Triple(activity, node("prov:used"), document)
        yield ox.Triple(activity, node("dcterms:date"), ox.Literal(source.curated, datatype=_DATE))


def _passage(locator: Locator, registry: Mapping[str, Source]) -> Iterable[ox.Triple]:
    passage = ox.NamedNode(ID + locator.iri)
    source = registry[locator.source]
    yield ox.Triple(passage, node("rdf:type"), CMQ.Passage)
    yield ox.Triple(passage, node("oa:hasSource"), ox.NamedNode(ID + source.iri))
    if source.curated:
        yield ox.Triple(passage, node("prov:wasGeneratedBy"), ox.NamedNode(f"{ID}activity/curation-{source.id}"))
    if locator.row:
        yield ox.Triple(passage, CMQ.rowKey, ox.Literal(locator.row))
        return
    start, end = source.starts[locator.first - 1], source.starts[locator.last]
    yield ox.Triple(passage, CMQ.startLine, _integer(locator.first))
    yield ox.Triple(passage, CMQ.endLine, _integer(locator.last))
    for name, offset in (("oa:start", start), ("oa:end", end)):
        number = ox.Literal(str(offset), datatype=ox.NamedNode(_XSD + "integer"))
        yield ox.Triple(passage, node(name), number)


def vocabulary() -> Iterable[ox.Triple]:
    """Yield the vocabulary; axioms that need blank nodes (disjoint classes) stay in the ontology file alone."""
    for path in vocabulary_files():
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
                yield quad.triple
