"""The ontology and its data agree with the real axioms of the vocabularies they build on.

The stubs in campus.ttl only declare the external terms. Here they are replaced by the stored
vocabularies themselves, so a domain, a disjointness or a key of ORG, FOAF, PROV... that our
modelling contradicts shows up as an inconsistency, with the smallest set of clashing axioms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from owl.tools import (
    ONTOLOGY,
    PREFIXES,
    Verdict,
    axioms,
    ontology_files,
    reason,
    store_of,
    triples,
    vocabulary_files,
    with_assertions,
    write_graph,
)

OURS = "https://w3id.org/cmq/ontology#"
GRAPHS = {f"https://w3id.org/cmq/graph/{name}" for name in ("facts", "sources", "vocabulary", "inferred")}
REIFICATION = {f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("subject", "predicate", "object")}
VOCABULARIES = (
    "org.ttl",
    "foaf.ttl",
    "prov-o.owl",
    "frapo.ttl",
    "elm.ttl",
    "oa.ttl",
    "locn.ttl",
    "cpov.ttl",
    "skos.rdf",
)
TRAP_VOCABULARIES = ("org.ttl", "foaf.ttl", "prov-o.owl")  # enough for the traps, and faster


@dataclass(frozen=True)
class Trap:
    """A modelling mistake: harmless setting, the step too far, and the terms that must clash."""

    reason: str
    setting: str
    mistake: str
    clash: tuple[str, ...]


TRAPS = {
    "person heads a collaboration": Trap(
        "org:headOf makes the head a member, and all members of a collaboration are organisations",
        "ex:network a org:OrganizationalCollaboration . ex:woman a foaf:Person .",
        "ex:woman org:headOf ex:network .",
        ("org#headOf", "org#OrganizationalCollaboration", "foaf/0.1/Person"),
    ),
    "change event derived from a passage": Trap(
        "org:ChangeEvent is a prov:Activity, prov:wasDerivedFrom holds between prov:Entity",
        "ex:merger a org:ChangeEvent . ex:passage a cmq:Passage .",
        "ex:merger prov:wasDerivedFrom ex:passage .",
        ("prov#wasDerivedFrom", "org#ChangeEvent"),
    ),
    "project aligned to the VIVO project": Trap(
        "VIVO puts agents under the continuants of BFO and projects under its processes",
        # VIVO is not stored: these are the axioms of its release that matter here
        """bfo:0000002 a owl:Class ; owl:disjointWith bfo:0000003 .
           bfo:0000003 a owl:Class .
           bfo:0000004 a owl:Class ; rdfs:subClassOf bfo:0000002 .
           bfo:0000015 a owl:Class ; rdfs:subClassOf bfo:0000003 .
           foaf:Agent rdfs:subClassOf bfo:0000004 .
           vivo:Project a owl:Class ; rdfs:subClassOf bfo:0000015 .
           ex:project a cmq:Project .""",
        "cmq:Project rdfs:subClassOf vivo:Project .",
        ("ontology#Project", "core#Project", "foaf/0.1/Agent"),
    ),
    "person participates": Trap(
        "the range of cmq:participant is an organisation, disjoint with persons",
        "ex:part a cmq:Participation . ex:woman a foaf:Person .",
        "ex:part cmq:participant ex:woman .",
        ("ontology#participant", "foaf/0.1/Person"),
    ),
    "two organisations share an identifier": Trap(
        "org:identifier is a key of org:Organization: the same value makes them one thing",
        """ex:university a org:Organization ; org:identifier "130029713" ; owl:differentFrom ex:institute .
           ex:institute a org:Organization .""",
        'ex:institute org:identifier "130029713" .',
        ("HasKey", "org#identifier"),
    ),
}


@pytest.fixture(scope="module")
def schema() -> ox.Store:
    """Axioms of the ontology and of every vocabulary it builds on."""
    return axioms([*vocabulary_files(*VOCABULARIES), ONTOLOGY / "campus.ttl"])


@pytest.fixture(scope="module")
def verdicts(schema: ox.Store, release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """HermiT on the ontology, on a build, on all trap settings together, and on each trap; one JVM."""
    folder = tmp_path_factory.mktemp("consistency")
    files = {"ontology": write_graph(schema, folder / "ontology.ttl")}
    ground = axioms([*vocabulary_files(*TRAP_VOCABULARIES), ONTOLOGY / "campus.ttl"])
    settings = [each.setting for each in TRAPS.values()]
    files["settings"] = write_graph(_plus(ground, *settings), folder / "settings.ttl")
    for number, (name, trap) in enumerate(TRAPS.items()):
        store = _plus(ground, trap.setting, trap.mistake)
        files[name] = write_graph(store, folder / f"trap-{number}.ttl")
    released = list(_released(release_dir))
    assert released, "no triple in the graphs of the build"
    files["release"] = write_graph(with_assertions(schema, [*_code_lists(), *released]), folder / "release.ttl")
    return reason(files, classes=["ontology"])


def test_ontology_is_consistent(verdicts: dict[str, Verdict]) -> None:
    """Ontology and vocabularies have a model in which every class of ours can have members."""
    found = verdicts["ontology"]
    assert found.consistent, "\n".join(found.clash)
    ours = [each for each in found.unsatisfiable if each.startswith(OURS)]
    assert not ours, "no thing can belong to these classes:\n" + "\n".join(ours)


def test_trap_settings_are_harmless(verdicts: dict[str, Verdict]) -> None:
    """Without the mistakes nothing clashes: the traps fail for their own reason only."""
    assert verdicts["settings"].consistent, "\n".join(verdicts["settings"].clash)


@pytest.mark.parametrize("name", TRAPS)
def test_trap_is_inconsistent(verdicts: dict[str, Verdict], name: str) -> None:
    """Each known mistake is caught, and the clash is the one that the design explains."""
    trap, found = TRAPS[name], verdicts[name]
    assert not found.consistent, trap.reason
    clash = "\n".join(found.clash)
    assert [each for each in trap.clash if each not in clash] == [], f"{trap.reason}\n{clash}"


def test_release_is_consistent(verdicts: dict[str, Verdict]) -> None:
    """Facts, sources, code lists and shortcuts of a build hold together with all axioms."""
    found = verdicts["release"]
    assert found.consistent, "\n".join(found.clash)


def test_no_fact_escapes_the_reasoner(release_dir: Path) -> None:
    """Every property used in a build is declared, and used with the kind of value declared."""
    store = store_of(each for path in ontology_files() for each in triples(path))
    graph = ox.NamedNode("urn:data")
    released = _released(release_dir)
    store.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, graph) for each in released)
    query = """SELECT DISTINCT ?p ?kind WHERE { GRAPH <urn:data> { ?s ?p ?o }
        BIND(IF(isLiteral(?o), "literal", "thing") AS ?kind)
        FILTER(!STRSTARTS(STR(?p), STR(rdf:)) && !STRSTARTS(STR(?p), STR(rdfs:)))
        FILTER(!STRSTARTS(STR(?p), STR(owl:)))
        FILTER NOT EXISTS { ?p a owl:AnnotationProperty }
        FILTER NOT EXISTS { ?p a owl:ObjectProperty FILTER(!isLiteral(?o)) }
        FILTER NOT EXISTS { ?p a owl:DatatypeProperty FILTER(isLiteral(?o)) } }"""
    _expect_none(_rows(store, query), "undeclared, or declared for the other kind of value")


def test_stubs_agree_with_their_vocabulary() -> None:
    """No stub calls a datatype property what its own vocabulary calls an object property."""
    stubs = store_of(triples(ONTOLOGY / "campus.ttl"))
    real = axioms(vocabulary_files(*VOCABULARIES))
    query = """SELECT ?term ?kind WHERE {
        VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:Class } ?term a ?kind }"""
    declared = _rows(real, query)
    known = {term for term, _ in declared}
    wrong = [row for row in _rows(stubs, query) if row[0] in known and row not in declared]
    _expect_none(wrong, "their own vocabulary declares them otherwise")


def test_restated_axioms_are_true() -> None:
    """What campus.ttl repeats about external terms is what their vocabularies say."""
    store = axioms(vocabulary_files(*VOCABULARIES))
    ours = axioms([ONTOLOGY / "campus.ttl"])
    graph = ox.NamedNode("urn:ours")
    store.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, graph) for each in ours)
    query = """SELECT ?s ?o WHERE { GRAPH <urn:ours> { ?s ?p ?o }
        FILTER(?p IN (rdfs:subClassOf, rdfs:subPropertyOf, rdfs:domain, rdfs:range, owl:inverseOf))
        FILTER(isIRI(?s) && isIRI(?o) && !STRSTARTS(STR(?s), STR(cmq:)) && ?o != owl:Thing)
        FILTER NOT EXISTS { ?s ?p ?o }
        FILTER NOT EXISTS { ?s (rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass)+ ?o }
        FILTER NOT EXISTS { ?s rdfs:subPropertyOf+ ?o } }"""
    _expect_none(_rows(store, query), "not said by their vocabulary")


def _expect_none(rows: list[tuple[str, str]], complaint: str) -> None:
    """Fail with one line per row."""
    assert not rows, f"{complaint}:\n" + "\n".join(" ".join(row) for row in rows)


def _rows(store: ox.Store, query: str) -> list[tuple[str, str]]:
    """The two columns of a query, as sorted pairs of plain strings."""
    found = store.query(PREFIXES + query)
    assert isinstance(found, ox.QuerySolutions)
    return sorted((str(row[0]), str(row[1])) for row in found)


def _plus(schema: ox.Store, *turtle: str) -> ox.Store:
    """A copy of the axioms with hand-written Turtle added."""
    store = ox.Store()
    store.bulk_extend(schema)
    names = """PREFIX bfo: <http://purl.obolibrary.org/obo/BFO_>
    PREFIX ex: <https://example.org/>
    PREFIX vivo: <http://vivoweb.org/ontology/core#>\n"""
    for each in turtle:
        store.extend(ox.parse(PREFIXES + names + each, format=ox.RdfFormat.TURTLE))
    return store


def _code_lists() -> Iterator[ox.Triple]:
    """Concepts of the code lists and the loose alignments."""
    for path in [*ontology_files()[1:], ONTOLOGY / "alignments.ttl"]:
        yield from triples(path)


def _released(folder: Path) -> Iterator[ox.Triple]:
    """What a build asserts, without the reified copies that claims make of it."""
    for quad in ox.parse(path=str(folder / "dataset.nq"), format=ox.RdfFormat.N_QUADS):
        graph = quad.graph_name
        named = isinstance(graph, ox.NamedNode) and graph.value in GRAPHS
        if named and quad.predicate.value not in REIFICATION:
            yield ox.Triple(quad.subject, quad.predicate, quad.object)
