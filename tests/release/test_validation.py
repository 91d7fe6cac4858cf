"""Shapes and checks, with pySHACL as the oracle of shacl-rust."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.plugins.sparql import processor
from rdflib.term import Node

from campuskg.content import content
from campuskg.errors import Place, Severity, Text
from campuskg.graph import load_curated
from campuskg.ontology import rules, shape_messages, shape_targets, validate_shapes
from campuskg.ontology.shapes import shapes_turtle
from campuskg.queries import Query
from campuskg.release import Release, validation
from campuskg.release.infer import infer
from campuskg.release.layers import ID, layer_quads
from campuskg.release.validation import PlaceIndex, by_severity, check_problems, shape_problems
from campuskg.store import MemoryStore
from graph.faults.table import SHAPE_FAULTS
from graph.test_faults import plant

Found = set[tuple[str, str, str, str]]


def _ntriples(store: MemoryStore) -> str:
    return (ox.serialize({quad.triple for quad in store.quads()}, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _rust(ntriples: str) -> Found:
    return {_row(r.focus, r.path, r.component, _lexical(r.value)) for r in validate_shapes(ntriples)}


def _lexical(value: str) -> str:
    """Return the text of a term written as in N-Triples."""
    if not value:
        return ""
    (quad,) = ox.parse(f"<urn:s> <urn:p> {value} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, (ox.NamedNode, ox.Literal))
    return quad.object.value


def _row(focus: str, path: str, component: str, value: str) -> tuple[str, str, str, str]:
    """Return a result; pySHACL gives the focus as the value of a SPARQL constraint, shacl-rust none, and both may."""
    return focus, path, component, "" if component.startswith("SPARQL") and value == focus else value


def _python(ntriples: str) -> Found:
    data = Graph().parse(data=ntriples, format="nt")
    shapes = Graph().parse(data=shapes_turtle(), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none", inplace=True)
    assert isinstance(report, Graph)

    def text(result: Node, name: URIRef) -> str:
        value = report.value(result, name)
        assert not isinstance(value, BNode)
        return "" if value is None else str(value)

    return {
        _row(
            text(r, SH.focusNode),
            text(r, SH.resultPath),
            text(r, SH.sourceConstraintComponent).removeprefix(str(SH)),
            text(r, SH.value),
        )
        for r in report.objects(None, SH.result)  # not the details of a result
    }


def _dataset(folder: Path) -> MemoryStore:
    store = MemoryStore(layer_quads(load_curated(folder)))
    infer(store, rules())
    return store


def _parse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib prepare each constraint's query once: pySHACL has it parsed again for each of thousands of nodes."""
    parse, translate = processor.parseQuery, processor.translateQuery
    prepared: dict[str, object] = {}

    def once(text: str, base: object, namespaces: object) -> object:
        if text not in prepared:
            prepared[text] = translate(parse(text), base, namespaces)
        return prepared[text]

    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    monkeypatch.setattr(processor, "translateQuery", once)


@pytest.mark.thorough
def test_both_validators_accept_the_whole_project(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    _parse_once(monkeypatch)
    ntriples = _ntriples(release.store)
    assert _rust(ntriples) == set()
    assert _python(ntriples) == set()


def test_both_validators_find_the_same_planted_faults(small: Path) -> None:
    """All faults that do not touch the same text, in one dataset."""
    planted = 0
    for fault in SHAPE_FAULTS:
        before = {path: path.read_bytes() for path in small.glob("*.yaml")}
        try:
            plant(small, fault)
            assert not load_curated(small).problems
            planted += 1
        except AssertionError:  # an earlier fault changed that text
            for path, data in before.items():
                path.write_bytes(data)
    assert planted >= len(SHAPE_FAULTS) * 2 // 3
    ntriples = _ntriples(_dataset(small))
    found = _rust(ntriples)
    assert found == _python(ntriples)
    assert len(found) >= planted - 3  # two sums of one budget are one result
    kinds = {component for _, _, component, _ in found}
    assert {
        "ClassConstraintComponent",
        "MinCountConstraintComponent",
        "MaxCountConstraintComponent",
        "MinInclusiveConstraintComponent",
        "SPARQLConstraintComponent",
    } <= kinds


@pytest.mark.parametrize(
    "change",
    [
        ('"4"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"quatre"'),
        (
            "<https://w3id.org/cmq/scheme/participation-role/partner> <http://www.w3.org/2004/02/skos/core#inScheme>",
            "<https://w3id.org/cmq/scheme/participation-role/partner> <urn:x>",
        ),
        ('"2021-11-08"^^<http://www.w3.org/2001/XMLSchema#date>', '"2021-11-08"'),
        ('<https://w3id.org/cmq/ontology#untilPrecision> "month"', '<https://w3id.org/cmq/ontology#untilPrecision> "siècle"'),
        ('"0250011B"', '"x"'),
    ],
)
def test_both_validators_refuse_what_the_reader_would_stop(small: Path, change: tuple[str, str]) -> None:
    """Faults that curated files cannot hold, since they are refused earlier, planted in the triples."""
    ntriples = _ntriples(_dataset(small))
    assert change[0] in ntriples
    found = _rust(ntriples.replace(*change))
    assert found
    assert found == _python(ntriples.replace(*change))


def test_every_shape_speaks_both_languages() -> None:
    shapes = Graph().parse(data=shapes_turtle(), format="turtle")
    speaking = [*shapes.subjects(RDF.type, SH.PropertyShape), *shapes.subjects(SH.sparql, None)]
    messages = shape_messages()
    for shape in speaking:
        if isinstance(shape, URIRef):
            assert set(messages[str(shape)]) == {"fr", "en"}, shape


def test_shapes_that_target_a_property_are_known() -> None:
    targets = shape_targets()
    assert targets["https://w3id.org/cmq/shape/budget-income-sum"] == "https://w3id.org/cmq/ontology#totalIncome"
    assert all(iri.startswith("https://w3id.org/cmq/shape/") for iri in targets)


def test_sparql_constraints_have_a_property_to_point_at() -> None:
    shapes = Graph().parse(data=shapes_turtle(), format="turtle")
    for shape in shapes.subjects(SH.sparql, None):
        assert (shape, SH.targetSubjectsOf, None) in shapes or (shape, SH.targetClass, None) in shapes


def test_place_index_gives_the_most_exact_place(small: Path) -> None:
    places = PlaceIndex(load_curated(small))
    node = ID + "place/besancon"
    name = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert places.find(node, name, "Besançon") == Place("graph/places.yaml", 8, 10)
    assert places.find(node, name, "Autre") == Place("graph/places.yaml", 8, 10)
    assert (
        places.find(node, "urn:autre") == Place("graph/places.yaml", 6, 3 + len("id: "))
        or places.find(node, "urn:autre").line == 6
    )
    assert places.find("urn:inconnu") == Place("ontology/campus.ttl")


def test_a_row_of_a_check_is_a_problem_at_its_place(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"message": Text("Faux", "Wrong"), "mend": Text("Corriger", "Mend")}
    sparql = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?entity ?property ?value
    WHERE { VALUES ?property { skos:prefLabel } ?entity ?property ?value FILTER(STR(?value) = "Doubs") }"""
    made: Mapping[str, Query] = {"essai": Query("essai", Text("?", "?"), sparql, **words, severity=Severity.WARNING)}
    monkeypatch.setattr(validation, "checks", lambda: made)
    curated = load_curated(small)
    (problem,) = check_problems(MemoryStore(layer_quads(curated)), curated)
    assert problem.say("fr").startswith(
        "graph/places.yaml:3:10: avertissement: Faux. Contrôle « essai » : place/doubs · skos:prefLabel · Doubs. Corriger."
    )
    assert problem.say("en").startswith("graph/places.yaml:3:10: warning: Wrong. ")
    assert by_severity([problem]) == {"error": 0, "warning": 1}


def test_messages_name_shapes_by_their_short_name(small: Path) -> None:
    plant(small, SHAPE_FAULTS[0])
    curated = load_curated(small)
    (problem,) = shape_problems(_dataset(small), curated)
    assert "shape:Participation-participant" in problem.say("en")
    assert "https://" not in problem.say("en")


def test_shapes_files_are_read(root: Path) -> None:
    assert content("ontology") == root / "ontology"
    assert all(path.read_text(encoding="utf-8") in shapes_turtle() for path in (root / "ontology" / "shapes").glob("*.ttl"))
