"""The ontology stays inside OWL 2 DL and OWL 2 RL, so that any reasoner can read it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from owl.tools import PREFIXES, PROFILES, check_profiles, ontology_files, store_of, triples, write_graph

Report = dict[str, dict[str, list[str]]]

MISTAKES = {
    "xsd:date as a range is outside the OWL 2 datatype map": (
        "DL",
        "INSERT DATA { cmq:planted a owl:DatatypeProperty ; rdfs:range xsd:date }",
    ),
    "a class of the rdf: namespace is reserved": (
        "DL",
        "INSERT DATA { cmq:Planted a owl:Class ; rdfs:subClassOf rdf:Statement }",
    ),
    "a property is either an object or a datatype property": (
        "DL",
        "INSERT DATA { cmq:amount a owl:ObjectProperty }",
    ),
    "a union cannot be a superclass in RL": (
        "RL",
        """INSERT DATA { cmq:Planted a owl:Class ; rdfs:subClassOf
           [ a owl:Class ; owl:unionOf ( cmq:Campus cmq:Project ) ] }""",
    ),
    "owl:Thing cannot be a superclass in RL": (
        "RL",
        "INSERT DATA { cmq:Planted a owl:Class ; rdfs:subClassOf owl:Thing }",
    ),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Violations in the ontology with its code lists, and in one copy per planted mistake."""
    folder = tmp_path_factory.mktemp("profile")
    merged = [each for path in ontology_files() for each in triples(path)]
    files = {"ontology": write_graph(store_of(merged), folder / "ontology.ttl")}
    for number, (reason, (_, update)) in enumerate(MISTAKES.items()):
        store = store_of(merged)
        store.update(PREFIXES + update)
        files[reason] = write_graph(store, folder / f"mistake-{number}.ttl")
    return check_profiles(files)


@pytest.mark.parametrize("profile", PROFILES)
def test_ontology_is_in_profile(report: Report, profile: str) -> None:
    """No axiom leaves the profile; the message names those that do."""
    violations = report["ontology"][profile]
    assert not violations, "\n".join(violations)


@pytest.mark.parametrize("reason", MISTAKES)
def test_mistake_leaves_profile(report: Report, reason: str) -> None:
    """The check sees each mistake that the design warns of."""
    profile = MISTAKES[reason][0]
    new = set(report[reason][profile]) - set(report["ontology"][profile])
    assert new, reason


def test_merge_keeps_blank_nodes_apart(tmp_path: Path) -> None:
    """Two files with the same blank node label describe two different things."""
    files = [tmp_path / "a.ttl", tmp_path / "b.ttl"]
    for path in files:
        path.write_text('_:x <https://example.org/p> "v" .\n', encoding="utf-8")
    subjects = {each.subject for path in files for each in triples(path)}
    assert len(subjects) == len(files)
    assert all(isinstance(each, ox.BlankNode) for each in subjects)
