"""The metadata: DCAT-AP by its official shapes, VoID by queries."""

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from campuskg.publish.dcat import Dump, Publication, catalogue
from campuskg.publish.void import void
from campuskg.release import Release, open_release, turtle
from campuskg.store import MemoryStore

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "standards" / "shapes"
PUBLICATION = Publication(
    digest="ab" * 32,
    date="2026-11-21",
    base="https://example.org/cmq/",
    dumps=(Dump("dataset.nq", 10, "cd" * 32), Dump("dataset.nt.gz", 5, "ef" * 32)),
    endpoint="https://example.org/cmq/sparql",
    period=("2008-01-01", "2026-12-31"),
)
pytestmark = pytest.mark.filterwarnings(
    "ignore:Dataset.:DeprecationWarning", "ignore:ConjunctiveGraph:DeprecationWarning"
)  # pySHACL
VOID = "PREFIX void: <http://rdfs.org/ns/void#> "


def as_rdflib(triples: list[ox.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=turtle(triples), format="turtle")


@pytest.mark.parametrize("name", ["dcat-ap-3.0.1.ttl", "dcat-ap-3.0.1-recommended.ttl"])
def test_the_catalogue_conforms_to_the_official_shapes(name: str) -> None:
    if not (SHAPES / name).is_file():
        pytest.skip("the official DCAT-AP shapes are not at hand")
    graph = as_rdflib(list(catalogue(PUBLICATION)))
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES / name), advanced=True)
    assert conforms, text


def test_the_shapes_are_awake() -> None:
    """The same validation refuses a catalogue without its title: the run above is no empty success."""
    if not SHAPES.is_dir():
        pytest.skip("the official DCAT-AP shapes are not at hand")
    title = "http://purl.org/dc/terms/title"
    graph = as_rdflib([t for t in catalogue(PUBLICATION) if t.predicate.value != title])
    conforms, _, _ = pyshacl.validate(graph, shacl_graph=str(SHAPES / "dcat-ap-3.0.1.ttl"))
    assert not conforms


@pytest.fixture(scope="module")
def release(release_dir: Path) -> Release:
    """Return the release as it is published: the quotations at hand are no part of the dataset."""
    return open_release(release_dir, quotations=False)


@pytest.fixture(scope="module")
def described(release: Release) -> MemoryStore:
    triples = void(PUBLICATION.dataset, release.store)
    return MemoryStore(ox.Quad(t.subject, t.predicate, t.object) for t in triples)


def values(store: MemoryStore, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(term.value if term else "" for term in row) for row in store.select(query).rows)


COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "entities": 'SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), "https://w3id.org/cmq/id/")) }',
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_size_equals_the_count_by_query(described: MemoryStore, release: Release, name: str) -> None:
    stated = values(described, f"{VOID} SELECT ?n {{ <{PUBLICATION.dataset.value}> void:{name} ?n }}")
    assert stated == values(release.store, COUNTS[name])


def test_the_partitions_equal_the_counts_by_query(described: MemoryStore, release: Release) -> None:
    stated = values(described, f"{VOID} SELECT ?c ?n {{ ?d void:classPartition ?p . ?p void:class ?c ; void:entities ?n }}")
    assert stated == values(release.store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    stated = values(described, f"{VOID} SELECT ?q ?n {{ ?d void:propertyPartition ?p . ?p void:property ?q ; void:triples ?n }}")
    by_query = "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } GROUP BY ?p"
    assert stated == values(release.store, by_query)


def test_the_layers_and_the_links_are_counted(described: MemoryStore, release: Release) -> None:
    query = f"{VOID} SELECT ?n {{ <{PUBLICATION.dataset.value}#facts> void:triples ?n }}"
    facts = "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/cmq/graph/facts> { ?s ?p ?o } }"
    assert values(described, query) == values(release.store, facts)
    links = values(described, f"{VOID} SELECT ?l ?n {{ ?l a void:Linkset ; void:triples ?n ; void:linkPredicate ?p }}")
    assert {iri.partition("#links-")[2].partition("-")[0] for iri, _ in links} >= {"insee", "wikidata"}
    assert all(int(count) > 0 for _, count in links)
