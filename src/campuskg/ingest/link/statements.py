"""Accepted links as triples, with who decided, when, by what rule: what ``campuskg build --links`` adds to a release.

A link is ``skos:exactMatch``, as those to ROR and INSEE are: the two records stay apart, each with its own names, dates and
sources, and a data set can be taken out again; ``owl:sameAs`` would make one thing of them. The link is a claim like any other:
its passage is the entry of the file that the reviewers left, fixed by its digest. The terms of the decision are those of SSSOM
(https://w3id.org/sssom/), the standard for sets of mappings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.errors import ProblemsFound, Text
from campuskg.ingest.link.reviewed import Entry, Review, contradictions
from campuskg.ontology import CMQ, expand
from campuskg.release.layers import ID, claim_iri, graph_name

_SSSOM: Final = "https://w3id.org/sssom/"
_REVIEWED: Final = ox.NamedNode("https://w3id.org/semapv/vocab/MappingReview")
_RULES: Final[Mapping[str, Text]] = {
    "same-uai": Text("même UAI", "same UAI"),
    "same-ror": Text("même ROR", "same ROR"),
    "same-siret": Text("même SIRET", "same SIRET"),
    "same-siren": Text("même SIREN et nom semblable", "same SIREN and a like name"),
    "same-wikidata": Text("même Wikidata et nom semblable", "same Wikidata and a like name"),
    "name": Text("nom, lieu et type semblables", "like name, place and type"),
}


def link_quads(reviews: Sequence[Review]) -> list[str]:
    """Return the N-Quads of the accepted links of *reviews*, sorted; ProblemsFound when they contradict each other."""
    if problems := contradictions(reviews):
        raise ProblemsFound(problems)
    quads = {f"{quad} .\n" for review in reviews for quad in _quads(review)}
    return sorted(quads)


def _quads(review: Review) -> Iterator[ox.Quad]:
    accepted = review.accepted
    if not accepted:
        return
    document = f"links-{review.sha256[:12]}"
    for entry in accepted:
        link = ox.Triple(ox.NamedNode(ID + entry.curated), _node("skos:exactMatch"), ox.NamedNode(ID + entry.imported))
        passage = ox.NamedNode(f"{ID}passage/{document}/{entry.lines[0]}-{entry.lines[1]}")
        yield ox.Quad(link.subject, link.predicate, link.object, graph_name("facts"))
        yield from _in("claims", _claim(claim_iri(link), link, entry, passage))
        yield from _in("sources", _passage(passage, document, entry))
    yield from _in("sources", _document(document, review, accepted))


def _in(layer: str, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    return (ox.Quad(s, p, o, graph_name(layer)) for s, p, o in triples)


def _claim(claim: ox.NamedNode, link: ox.Triple, entry: Entry, passage: ox.NamedNode) -> Iterator[ox.Triple]:
    yield ox.Triple(claim, _node("rdf:type"), CMQ.Claim)
    yield ox.Triple(claim, _node("rdf:type"), _node("rdf:Statement"))
    yield ox.Triple(claim, _node("rdf:subject"), link.subject)
    yield ox.Triple(claim, _node("rdf:predicate"), link.predicate)
    yield ox.Triple(claim, _node("rdf:object"), link.object)
    yield ox.Triple(claim, CMQ.rank, _node("rk:normal"))
    yield ox.Triple(claim, CMQ.sourcePassage, passage)
    yield ox.Triple(claim, _sssom("mapping_justification"), _REVIEWED)
    yield ox.Triple(claim, _sssom("mapping_date"), ox.Literal(entry.date, datatype=_node("xsd:date")))
    yield ox.Triple(claim, _sssom("reviewer_label"), ox.Literal(entry.by))
    if entry.score:
        yield ox.Triple(claim, _sssom("confidence"), ox.Literal(entry.score, datatype=_node("xsd:decimal")))
    rule = _RULES.get(entry.rule, Text("décidé à la main", "decided by hand"))
    yield ox.Triple(claim, _node("skos:note"), ox.Literal(rule.fr, language="fr"))
    yield ox.Triple(claim, _node("skos:note"), ox.Literal(rule.en, language="en"))


def _passage(passage: ox.NamedNode, document: str, entry: Entry) -> Iterator[ox.Triple]:
    yield ox.Triple(passage, _node("rdf:type"), CMQ.Passage)
    yield ox.Triple(passage, _node("oa:hasSource"), ox.NamedNode(f"{ID}document/{document}"))
    yield ox.Triple(passage, _node("prov:wasGeneratedBy"), ox.NamedNode(f"{ID}activity/review-{document}"))
    for term, line in zip((CMQ.startLine, CMQ.endLine), entry.lines, strict=True):
        yield ox.Triple(passage, term, ox.Literal(str(line), datatype=_node("xsd:integer")))


def _document(name: str, review: Review, accepted: Sequence[Entry]) -> Iterator[ox.Triple]:
    document, activity = ox.NamedNode(f"{ID}document/{name}"), ox.NamedNode(f"{ID}activity/review-{name}")
    yield ox.Triple(document, _node("rdf:type"), CMQ.SourceDocument)
    yield from _named(document, Text("Rapprochements relus, ", "Reviewed links, "), review.name)
    yield ox.Triple(document, _node("dcterms:identifier"), ox.Literal(review.name))
    yield ox.Triple(document, CMQ.sha256, ox.Literal(review.sha256))
    yield ox.Triple(document, _node("dcterms:issued"), ox.Literal(max(e.date for e in accepted), datatype=_node("xsd:date")))
    for role in sorted({entry.by for entry in accepted}):
        yield ox.Triple(document, _node("dcterms:publisher"), ox.Literal(role))
    yield ox.Triple(activity, _node("rdf:type"), _node("prov:Activity"))
    yield from _named(activity, Text("Relecture de ", "Review of "), review.name)
    yield ox.Triple(activity, _node("prov:used"), document)


def _named(thing: ox.NamedNode, words: Text, name: str) -> Iterator[ox.Triple]:
    for lang, text in (("fr", words.fr), ("en", words.en)):
        yield ox.Triple(thing, _node("skos:prefLabel"), ox.Literal(text + name, language=lang))


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _sssom(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SSSOM + name)
