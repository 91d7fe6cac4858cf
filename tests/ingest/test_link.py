"""Matching: identifiers first, names with reasons, nothing decided in silence; measured on the graph's own schools."""

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pyoxigraph as ox
import pytest
import yaml

from campuskg.errors import ProblemsFound
from campuskg.ingest.link import Thing, as_yaml, curated, imported, link
from campuskg.ingest.link.compare import alike_names
from campuskg.ontology import expand
from campuskg.release import Release
from campuskg.store import MemoryStore

ID = "https://w3id.org/cmq/id/organisation/"


def thing(slug: str, *names: str, kind: str = "lycee", commune: str = "25056", **identifiers: str) -> Thing:
    """Return an organisation with these names."""
    made = Thing(ID + slug, names[0], set(names), communes={commune} if commune else set(), kinds={kind})
    for name, value in identifiers.items():
        made.identifiers[name].add(value)
    return made


HAAG = thing("lycee-jules-haag", "Lycée Jules Haag", uai="0250011B")
HUGO = thing("lycee-victor-hugo", "Lycée Victor Hugo (Besançon)", uai="0250007X")
COLLEGE = thing("college-victor-hugo", "Collège Victor Hugo", kind="college")
KNOWN = [HAAG, HUGO, COLLEGE]


def decided(new: Thing, known: list[Thing] = KNOWN) -> list[tuple[str, str]]:
    """Return what is proposed."""
    return [(one.curated.id.partition("/")[2], one.decision) for one in link([new], known)]


def test_an_identifier_is_enough() -> None:
    assert decided(thing("x-1", "Tout autre nom", uai="0250011B", commune="")) == [("lycee-jules-haag", "accept")]


def test_a_name_in_its_town_is_accepted_with_reasons() -> None:
    found = link([thing("x-1", "LYCEE GENERAL ET TECHNOLOGIQUE JULES HAAG")], KNOWN)
    assert [(one.curated, one.decision) for one in found] == [(HAAG, "accept")]
    assert [reason.en for reason in found[0].reasons][1:] == ["same town", "same type"]


def test_two_identifiers_make_two_schools() -> None:
    assert decided(thing("x-1", "Lycée Jules Haag", uai="0250007X")) == [("lycee-victor-hugo", "accept")]
    assert decided(thing("x-1", "Lycée Jules Haag", uai="0251711Z")) == [("lycee-jules-haag", "reject")]


def test_the_type_and_the_town_count() -> None:
    assert decided(thing("x-1", "Collège Jules Haag", kind="college")) == []
    assert decided(thing("x-1", "Lycée Victor Hugo", commune="75103")) == [("lycee-victor-hugo", "unsure")]


def test_a_shared_legal_person_is_not_enough() -> None:
    known = [thing("iut", "IUT de Besançon", kind="higher", siren="938106564")]
    assert decided(thing("x-1", "UFR Santé", kind="higher", siren="938106564"), known) == [("iut", "unsure")]


def test_two_of_one_file_for_one_school_are_doubtful() -> None:
    found = link([thing("x-1", "Lycée Jules Haag"), thing("x-2", "LYCEE JULES HAAG")], [HAAG])
    assert [one.decision for one in found] == ["unsure", "unsure"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Collège Rameau", "COLLEGE JEAN PHILIPPE RAMEAU", True),
        ("Lycée Victor Hugo", "Lycée Victor Bérard", False),
        ("UB", "UBFC", False),
    ],
)
def test_names(one: str, other: str, alike: bool) -> None:  # noqa: FBT001  a column of the table
    assert (alike_names(one, other) >= 0.9) is alike


def test_the_file_can_be_read_back() -> None:
    links = link([thing("x-1", 'Lycée "Jules Haag": annexe'), thing("x-2", "Victor Hugo")], KNOWN)
    read = yaml.safe_load(as_yaml(links, "fr", release="abc", files={"a.nt": "12"}))
    assert [entry["decision"] for entry in read["links"]] == [one.decision for one in links]
    assert all(entry["reviewed"] is False and entry["because"] for entry in read["links"])
    assert yaml.safe_load(as_yaml([], "en", release="abc", files={}))["links"] == []


def test_same_answer_whatever_the_order(release: Release) -> None:
    known = curated(release)
    news = [one.without_identifiers() for one in known[:60]]
    assert as_yaml(link(news, known), "fr", release="", files={}) == as_yaml(
        link(news[::-1], known[::-1]), "fr", release="", files={}
    )


def test_what_is_no_triples_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("nonsense\n")
    with pytest.raises(ProblemsFound, match="link-triples"):
        imported([file])


def benchmark(root: Path, name: str = "link") -> ModuleType:
    """Return the measure of ``benchmarks/link.py``, or of another."""
    spec = importlib.util.spec_from_file_location(f"{name}_benchmark", root / "benchmarks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_precision_and_recall_by_name_alone(root: Path, extracts: Path, release: Release, tmp_path: Path) -> None:
    measure, known = benchmark(root), curated(release)
    bare, gold = [one.without_identifiers() for one in known], measure.truth(extracts)
    parts = [
        measure.score(link([one.without_identifiers() for one in news], bare), news, known, gold)
        for news in measure.imports(extracts, tmp_path).values()
    ]
    whole = measure.total(parts)
    assert whole["toFind"] >= 75
    assert whole["precision"] >= 0.98
    assert whole["recall"] >= 0.85


def test_bodies_that_no_rule_was_made_with(root: Path, extracts: Path) -> None:
    """Two of the lists of ``benchmarks/link_held_out.py``; the script measures all of them."""
    measure = benchmark(root, "link_held_out")
    wanted = (("lycees-geo", "ips-lycees"), ("esr-2023", "esr-2025"))
    found = measure.registers(extracts, [name for pair in wanted for name in pair])
    tuned, parts = measure.tuned_on(extracts), []
    for one, other in wanted:
        news = [thing for thing in found[one] if measure.side(thing, tuned, measure.SEED) == "held out"]
        parts.append(measure.measured(news, found[other]))
    whole = measure.total(parts)
    assert whole["toFind"] >= 140
    assert whole["precision"] >= 0.98
    assert whole["recall"] >= 0.85


def test_what_came_in_with_an_import_is_not_matched_with_itself() -> None:
    base = "https://w3id.org/cmq/id/"
    row, proof, activity = f"{ID}annuaire-1", f"{base}passage/annuaire/1", f"{base}activity/import-annuaire"
    store = MemoryStore(
        ox.Quad(ox.NamedNode(s), ox.NamedNode(expand(p)), o, ox.DefaultGraph())
        for s, p, o in (
            (row, "skos:prefLabel", ox.Literal("Lycée Haag", language="fr")),
            (row, "cmq:sourcePassage", ox.NamedNode(proof)),
            (proof, "prov:wasGeneratedBy", ox.NamedNode(activity)),
            (HAAG.iri, "skos:prefLabel", ox.Literal("Lycée Haag", language="fr")),
        )
    )
    assert [one.iri for one in curated(SimpleNamespace(store=store))] == [HAAG.iri]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        ("Université Rennes 1", "Université Rennes 2", 0.5),
        ("Université de Rennes", "Université Rennes 2", 0.85),
        ("Université de Lille", "Université catholique de Lille", 0.89),
        ("Lycée V. Hugo", "Lycée Victor Hugo", 1.0),
        ("LYC PROF VICTOR HUGO", "Lycée professionnel Victor Hugo", 1.0),
    ],
)
def test_numbers_common_words_initials_and_abbreviations(one: str, other: str, most: float) -> None:
    towns = frozenset({"rennes", "lille"})
    alike = alike_names(one, other, towns)
    assert alike <= most
    assert (alike >= 0.9) is (most == 1.0)
