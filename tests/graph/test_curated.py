"""The curated graph itself: complete, without silent merges, with its contradictions and identifiers."""

import csv
import re
from pathlib import Path

import pytest
from campuskg.curation import LONGEST_SILENCE, measure_coverage
from campuskg.graph import load_curated
from campuskg.queries import find_query
from campuskg.release import Release, validate
from campuskg.release.names import fold

CONTRADICTIONS = {
    ("ideathon", "114", "133"),
    ("Simonin", "2021-11-01", "2021-11-02"),
    ("Axe", "46", "47"),
    ("Axe", "26", "33"),
    ("Energy Tour", "2020", "2021"),
    ("Agro", "2021-07-27", "2021-08"),
    ("Talents", "plus de 90", "environ 90"),
    ("Talents", "plus de 130", "130"),
    ("Industrie", "8", "7"),
}


def test_no_problem_not_even_a_warning() -> None:
    assert [problem.say("en") for problem in validate()] == []


def test_no_long_silence_in_narrative_parts() -> None:
    gaps = [gap for coverage in measure_coverage(load_curated()) for gap in coverage.gaps(LONGEST_SILENCE)]
    assert [(gap.first, gap.last) for gap in gaps if gap.section.narrative] == []


@pytest.mark.parametrize(("thing", "one", "other"), sorted(CONTRADICTIONS))
def test_known_contradictions_are_listed_with_two_proofs(release: Release, thing: str, one: str, other: str) -> None:
    rows = release.store.select(find_query("contradictions").sparql).dicts()
    named = [row for row in rows if fold(thing) in fold(release.names.name(row["entity"], "fr"))]
    assert any({one, other} <= _shown(row, one, other) and row["lines1"] != row["lines2"] for row in named), named


def _shown(row: dict[str, str], *wanted: str) -> set[str]:
    return {word for word in wanted if word in row["value1"] or word in row["value2"]}


def test_identifiers_of_named_things_are_attached(release: Release, sources_folder: Path | None) -> None:
    """Of the verified rows whose whole name is a name in the graph, at least 95 % prove a fact there."""
    if sources_folder is None:
        pytest.skip("the verified identifiers are not at hand")
    with (sources_folder / "data" / "identifiers.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["confidence"] == "high" and _has_identifier(row)]
    cited = {q.object.value for q in release.store.matching("https://w3id.org/cmq/ontology#rowKey")}
    named = [row["label"] for row in rows if release.names.find(re.sub(r"\s*[(\[].*?[)\]]", "", row["label"]))]
    missing = sorted(label for label in named if label not in cited)
    assert len(missing) <= 0.05 * len(named), missing


def _has_identifier(row: dict[str, str]) -> bool:
    return any(row[key] for key in ("uai", "siren", "ror", "wikidata", "rncp", "insee_code"))
