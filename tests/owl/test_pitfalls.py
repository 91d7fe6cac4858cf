"""The ontology falls into no known pitfall of ontology design.

Each file of ``pitfalls/`` asks one question; any row is a violation. The P files follow the
catalogue of OOPS!, the OM, URI and VOC files the checks that FOOPS! makes on a file, the TERM
files the metadata that documentation tools expect of a term. ``waivers.toml`` lists what is
accepted and why. The second half plants each pitfall in a copy of the ontology and demands that
its query finds it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SKOS, VANN, DefinedNamespaceMeta
from rdflib.term import Node

from owl.tools import ONTOLOGY, PREFIXES, STANDARDS, store_of, triples

FOLDER = Path(__file__).parent / "pitfalls"
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.rq"))}
IMPORTANCE = {"critical", "important", "minor"}
ANY = "*"

KNOWN = ox.NamedNode("urn:x-check:known")
ALIGNMENTS = ox.NamedNode("urn:x-check:alignments")
# complete lists of terms: closed namespaces of rdflib, and stored vocabularies when at hand
CLOSED: tuple[DefinedNamespaceMeta, ...] = (DCTERMS, FOAF, ORG, PROV, QB, SKOS, VANN)
STORED = {
    "http://purl.org/cerif/frapo/": "frapo.ttl",
    "http://data.europa.eu/snb/model/elm/": "elm.ttl",
    "http://www.w3.org/ns/oa#": "oa.ttl",
    "http://www.w3.org/ns/locn#": "locn.ttl",
    "http://www.w3.org/ns/dcat#": "dcat3.ttl",
    "https://w3id.org/cerif2/": "cerif2-core.ttl",
}

CMQ = "https://w3id.org/cmq/ontology#"
HEADER = URIRef("https://w3id.org/cmq/ontology")
SCHEMA = "https://schema.org/"

Row = tuple[str, str]
Pattern = tuple[Node | None, Node | None, Node | None]


@dataclass(frozen=True)
class Waiver:
    """One accepted violation."""

    pitfall: str
    term: str
    reason: str

    def covers(self, pitfall: str, term: str) -> bool:
        """Whether a row of this query about this term is accepted."""
        return self.pitfall == pitfall and self.term in {ANY, term}


@dataclass(frozen=True)
class Plant:
    """A change of the ontology that makes a pitfall, and the term that its query must name."""

    term: str | None
    add: str = ""
    remove: tuple[Pattern, ...] = ()


def _waivers() -> list[Waiver]:
    """The accepted violations."""
    table = tomllib.loads((FOLDER / "waivers.toml").read_text(encoding="utf-8"))
    return [Waiver(**each) for each in table["waiver"]]


WAIVERS = _waivers()


def _known_terms() -> set[tuple[str, str]]:
    """Every term of the vocabularies at hand, with its namespace."""
    found = {(str(namespace[name]), str(namespace)) for namespace in CLOSED for name in namespace.__annotations__}
    for namespace, name in STORED.items():
        if (STANDARDS / name).is_file():
            subjects = {each.subject for each in triples(STANDARDS / name)}
            terms = {each.value for each in subjects if isinstance(each, ox.NamedNode)}
            found |= {(term, namespace) for term in terms if term.startswith(namespace)}
    return found


@pytest.fixture(scope="module")
def context() -> list[ox.Quad]:
    """What the queries know besides the ontology: terms of others, and the loose matches."""
    defined_by = ox.NamedNode(str(RDFS.isDefinedBy))
    known = [
        ox.Quad(ox.NamedNode(term), defined_by, ox.NamedNode(namespace), KNOWN) for term, namespace in sorted(_known_terms())
    ]
    matches = [
        ox.Quad(each.subject, each.predicate, each.object, ALIGNMENTS)
        for each in triples(ONTOLOGY / "alignments.ttl")
        if each.predicate.value.startswith(str(SKOS)) and each.predicate.value.endswith("Match")
    ]
    return [*known, *matches]


@pytest.fixture(scope="module")
def store(context: list[ox.Quad]) -> ox.Store:
    """The ontology as it is."""
    found = store_of(triples(ONTOLOGY / "campus.ttl"))
    found.extend(context)
    return found


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The ontology as a graph to copy and spoil."""
    return Graph().parse(ONTOLOGY / "campus.ttl", format="turtle")


def _rows(store: ox.Store, pitfall: str) -> list[Row]:
    """Term and detail of each violation that a query finds."""
    found = store.query(QUERIES[pitfall])
    assert isinstance(found, ox.QuerySolutions)
    names = [each.value for each in found.variables]
    assert names == ["term", "detail"], "a pitfall query selects ?term ?detail"
    return sorted((_text(row[0]), _text(row[1])) for row in found)


def _text(term: object) -> str:
    """An IRI or a string without its marks."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)


@pytest.mark.parametrize("pitfall", QUERIES)
def test_ontology_avoids_pitfall(store: ox.Store, pitfall: str) -> None:
    """No violation but the waived ones."""
    rows = _rows(store, pitfall)
    left = [row for row in rows if not any(each.covers(pitfall, row[0]) for each in WAIVERS)]
    title = QUERIES[pitfall].splitlines()[0].removeprefix("# ")
    assert not left, f"{title}\n" + "\n".join(" : ".join(row) for row in left)


@pytest.mark.parametrize("waiver", WAIVERS, ids=lambda each: f"{each.pitfall} {each.term}")
def test_waiver_is_needed(store: ox.Store, waiver: Waiver) -> None:
    """A waiver explains itself and still covers something."""
    assert waiver.pitfall in QUERIES, "no such query"
    assert len(waiver.reason.split()) > 5, "say why"
    rows = _rows(store, waiver.pitfall)
    assert any(waiver.covers(waiver.pitfall, term) for term, _ in rows), "stale: delete this waiver"


def test_waivers_do_not_overlap() -> None:
    """One reason per violation."""
    keys = [(each.pitfall, each.term) for each in WAIVERS]
    assert len(set(keys)) == len(keys)
    general = {each.pitfall for each in WAIVERS if each.term == ANY}
    assert not [each for each in WAIVERS if each.pitfall in general and each.term != ANY]


@pytest.mark.parametrize("pitfall", QUERIES)
def test_query_says_what_it_looks_for(pitfall: str) -> None:
    """The first two lines name the pitfall and its importance."""
    first, second, *_ = QUERIES[pitfall].splitlines()
    code, _, _ = pitfall.partition("-")
    assert re.match(rf"# {code}: \w.{{20}}", first)
    assert second.removeprefix("# importance: ") in IMPORTANCE


# --- every query finds the pitfall when it is there -------------------------------------------


def _header(predicate: URIRef) -> tuple[Pattern, ...]:
    """All values of one property of the ontology itself."""
    return ((HEADER, predicate, None),)


def _of_campus(predicate: URIRef) -> tuple[Pattern, ...]:
    """All values of one property of a class."""
    return ((URIRef(CMQ + "Campus"), predicate, None),)


def _term(name: str) -> str:
    """The IRI of a term of ours."""
    return CMQ + name


STATUS = URIRef("http://purl.org/ontology/bibo/status")
TERM_STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
CAMPUS = _term("Campus")
PLANTED = _term("planted")
PLANTED_CLASS = _term("Planted")
ONTOLOGY_IRI = str(HEADER)

PLANTS: dict[str, tuple[Plant, ...]] = {
    "OM1-title": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.title)),),
    "OM1-description": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.description)),),
    "OM1-version-iri": (Plant(ONTOLOGY_IRI, remove=_header(OWL.versionIRI)),),
    "OM1-creator": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.creator)),),
    "OM1-namespace-uri": (
        Plant(ONTOLOGY_IRI, remove=_header(VANN.preferredNamespaceUri)),
        Plant(
            ONTOLOGY_IRI,
            'o: vann:preferredNamespaceUri "https://example.org/other#" .',
            _header(VANN.preferredNamespaceUri),
        ),
    ),
    "OM2-prefix": (Plant(ONTOLOGY_IRI, remove=_header(VANN.preferredNamespacePrefix)),),
    "OM2-version-info": (
        Plant(ONTOLOGY_IRI, remove=_header(OWL.versionInfo)),
        Plant(ONTOLOGY_IRI, 'o: owl:versionInfo "99.0.0" .', _header(OWL.versionInfo)),
    ),
    "OM2-created": (
        Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.created)),
        Plant(ONTOLOGY_IRI, 'o: dcterms:created "long ago" .', _header(DCTERMS.created)),
    ),
    "OM2-citation": (
        Plant(
            ONTOLOGY_IRI,
            remove=_header(DCTERMS.bibliographicCitation) + _header(URIRef(SCHEMA + "citation")),
        ),
    ),
    "OM2-contributor": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.contributor)),),
    "OM2-prior-version": (
        Plant(ONTOLOGY_IRI, remove=_header(OWL.priorVersion)),
        Plant(
            ONTOLOGY_IRI,
            "o: owl:versionIRI <https://w3id.org/cmq/ontology/9.0.0> ;\n"
            "  owl:priorVersion <https://w3id.org/cmq/ontology/9.0.0> .",
            _header(OWL.priorVersion) + _header(OWL.versionIRI),
        ),
    ),
    "OM3-publisher": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.publisher)),),
    "OM3-status": (Plant(ONTOLOGY_IRI, remove=_header(STATUS)),),
    "OM3-source": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.source)),),
    "OM3-issued": (
        Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.issued)),
        Plant(ONTOLOGY_IRI, 'o: dcterms:issued "1999-01-01"^^xsd:date .', _header(DCTERMS.issued)),
    ),
    "OM4-licence-iri": (
        Plant(ONTOLOGY_IRI, 'o: dcterms:license "CC BY 4.0" .', _header(DCTERMS.license)),
        Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.license)),
    ),
    "P04-unconnected": (
        Plant(PLANTED_CLASS, "cmq:Planted a owl:Class ; rdfs:subClassOf owl:Thing ."),
        Plant(PLANTED, "cmq:planted a owl:ObjectProperty ."),
    ),
    "P06-cycle": (
        Plant(CAMPUS, "cmq:Campus rdfs:subClassOf cmq:Campus ."),
        Plant(_term("Lycee"), "cmq:Lycee rdfs:subClassOf cmq:Planted . cmq:Planted rdfs:subClassOf cmq:Lycee ."),
        Plant(PLANTED, "cmq:planted rdfs:subPropertyOf cmq:funder . cmq:funder rdfs:subPropertyOf cmq:planted ."),
    ),
    "P08-no-annotation": (
        Plant(CAMPUS, remove=_of_campus(RDFS.label)),
        Plant(CAMPUS, remove=_of_campus(SKOS.definition)),
        Plant(PLANTED, 'cmq:planted a owl:AnnotationProperty ; rdfs:label "x"@en .'),
    ),
    "P10-no-disjointness": (
        Plant(PLANTED_CLASS, "cmq:Planted a owl:Class ; rdfs:subClassOf skos:Concept ."),
        Plant(CAMPUS, remove=((None, OWL.members, None), (None, OWL.disjointWith, None))),
    ),
    "P11-no-domain-or-range": (
        Plant(PLANTED, "cmq:planted a owl:ObjectProperty ; rdfs:range cmq:Campus ."),
        Plant(PLANTED, "cmq:planted a owl:DatatypeProperty ; schema:domainIncludes cmq:Campus ."),
    ),
    "P13-no-inverse": (Plant(PLANTED, "cmq:planted a owl:ObjectProperty ."),),
    "P19-several-domains-or-ranges": (
        Plant(PLANTED, "cmq:planted rdfs:domain cmq:Campus , cmq:Project ."),
        Plant(_term("funder"), "cmq:funder rdfs:range cmq:Campus , cmq:Project ."),
    ),
    "P22-naming": (
        Plant(_term("planted_class"), "cmq:planted_class a owl:Class ."),
        Plant(_term("Planted"), "cmq:Planted a owl:ObjectProperty ."),
        Plant(_term("planted-value"), "cmq:planted-value a owl:DatatypeProperty ."),
    ),
    "P24-recursive-definition": (
        Plant(CAMPUS, "cmq:Campus owl:equivalentClass [ owl:unionOf ( cmq:Campus cmq:Project ) ] ."),
        Plant(
            PLANTED,
            """cmq:planted rdfs:domain [ a owl:Restriction ; owl:onProperty cmq:planted ;
               owl:someValuesFrom owl:Thing ] .""",
        ),
    ),
    "P32-same-label": (
        Plant(CAMPUS, 'cmq:Campus rdfs:label "twin"@en . cmq:Zone a owl:Class ; rdfs:label "Twin"@en .'),
        Plant(
            PLANTED,
            """cmq:planted a owl:ObjectProperty ; rdfs:label "jumelle"@fr .
               cmq:zone a owl:DatatypeProperty ; rdfs:label "jumelle"@fr .""",
        ),
    ),
    "P34-untyped-class": (
        Plant(PLANTED_CLASS, "cmq:Campus rdfs:subClassOf cmq:Planted ."),
        Plant("https://example.org/Thing", "cmq:funder schema:rangeIncludes <https://example.org/Thing> ."),
        Plant(PLANTED_CLASS, "<https://example.org/one> a cmq:Planted ."),
        Plant(str(FOAF.Person), remove=((FOAF.Person, RDF.type, None),)),
    ),
    "P35-untyped-property": (
        Plant(PLANTED, 'cmq:Campus cmq:planted "value" .'),
        Plant(PLANTED, "cmq:funder rdfs:subPropertyOf cmq:planted ."),
        Plant(str(SKOS.definition), remove=((SKOS.definition, RDF.type, None),)),
    ),
    "P36-file-extension": (
        Plant(_term("Planted.owl"), r"cmq:Planted\.owl a owl:Class ."),
        Plant(ONTOLOGY_IRI + "/9.ttl", "o: owl:versionIRI <https://w3id.org/cmq/ontology/9.ttl> ."),
    ),
    "P38-no-ontology-declaration": (
        Plant(str(OWL.Ontology), remove=_header(RDF.type)),
        Plant("https://example.org/second", "<https://example.org/second> a owl:Ontology ."),
    ),
    "P39-ambiguous-namespace": (
        Plant(None, "[] a owl:Ontology .", _header(RDF.type)),
        Plant("urn:second", "<urn:second> a owl:Ontology ."),
        Plant(ONTOLOGY_IRI + "/extra#Planted", "<https://w3id.org/cmq/ontology/extra#Planted> a owl:Class ."),
    ),
    "P40-hijacked-namespace": (
        Plant(str(ORG.Role), "org:Role rdfs:subClassOf cmq:Campus ."),
        Plant(str(ORG.linkedTo), "org:linkedTo a owl:SymmetricProperty ."),
        Plant(str(FOAF.Document), "foaf:Document rdfs:isDefinedBy o: ."),
    ),
    "P40-unknown-term": (
        Plant(str(ORG) + "Invented", "org:Invented a owl:Class ."),
        Plant(str(DCTERMS) + "titel", "dcterms:titel a owl:AnnotationProperty ."),
    ),
    "P41-no-licence": (Plant(ONTOLOGY_IRI, remove=_header(DCTERMS.license)),),
    "TERM-defined-by": (Plant(CAMPUS, remove=_of_campus(RDFS.isDefinedBy)),),
    "TERM-example": (Plant(CAMPUS, remove=_of_campus(VANN.example)),),
    "TERM-status": (Plant(CAMPUS, remove=_of_campus(TERM_STATUS)),),
    "URI1-scheme": (
        Plant("http://example.org/Planted", "<http://example.org/Planted> rdfs:isDefinedBy o: ."),
        Plant("urn:cmq:1", "o: owl:versionIRI <urn:cmq:1> ."),
    ),
    "URI2-version-iri-differs": (
        Plant(ONTOLOGY_IRI, "o: owl:versionIRI o: ."),
        Plant(
            ONTOLOGY_IRI,
            "o: owl:versionIRI <https://w3id.org/cmq/ontology/9.0.0> ;\n"
            "  owl:priorVersion <https://w3id.org/cmq/ontology/9.0.0> .",
        ),
    ),
    "VOC1-metadata-reuse": (Plant(ONTOLOGY_IRI, "o: a owl:Ontology .", ((HEADER, None, None),)),),
    "VOC2-term-reuse": (
        Plant(
            ONTOLOGY_IRI,
            remove=tuple((None, each, None) for each in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)),
        ),
    ),
    "VOC3-label": (
        Plant(CAMPUS, 'cmq:Campus rdfs:label "Campus"@en .', _of_campus(RDFS.label)),
        Plant(PLANTED, 'cmq:planted a owl:DatatypeProperty ; rdfs:label ""@fr , "planted"@en .'),
    ),
    "VOC4-definition": (Plant(CAMPUS, 'cmq:Campus skos:definition "Un campus."@fr .', _of_campus(SKOS.definition)),),
}
TURTLE = f"""{PREFIXES}
PREFIX dcterms: <{DCTERMS}>
PREFIX o: <{HEADER}>
PREFIX schema: <{SCHEMA}>
PREFIX skos: <{SKOS}>
PREFIX vann: <{VANN}>
"""
CASES = [(pitfall, number) for pitfall, plants in PLANTS.items() for number in range(len(plants))]


def test_every_query_is_tried() -> None:
    """Each query has at least one planted pitfall, and each plant a query."""
    assert set(PLANTS) == set(QUERIES)


@pytest.mark.parametrize(("pitfall", "number"), CASES)
def test_query_finds_planted_pitfall(graph: Graph, context: list[ox.Quad], pitfall: str, number: int) -> None:
    """The query names the term that was spoilt; nothing but a waiver hides it from the test above."""
    plant = PLANTS[pitfall][number]
    rows = _rows(_with_context(_spoilt(graph, plant), context), pitfall)
    assert rows
    assert plant.term is None or plant.term in {term for term, _ in rows}


def _spoilt(graph: Graph, plant: Plant) -> Graph:
    """A copy with the pitfall planted."""
    copy = Graph()
    copy += graph
    for pattern in plant.remove:
        copy.remove(pattern)
    return copy.parse(data=TURTLE + plant.add, format="turtle")


def _with_context(graph: Graph, context: Iterable[ox.Quad]) -> ox.Store:
    """The graph in a store, beside what the queries know of the world."""
    store = ox.Store()
    store.load(graph.serialize(format="ntriples", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    store.extend(context)
    return store
