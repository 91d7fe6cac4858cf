"""The curated graph itself: complete, without silent merges, with its contradictions and identifiers."""

import csv
import re
from pathlib import Path

import pyoxigraph as ox
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
    """Of the verified rows that name a thing of the graph, at least 95 % have an identifier there.

    A row whose label adds an option or a successor in brackets names another thing, and is left out.
    """
    if sources_folder is None:
        pytest.skip("the verified identifiers are not at hand")
    with (sources_folder / "data" / "identifiers.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t")
            if row["confidence"] == "high" and not re.search(r"[\[(]", row["label"])
        ]
    values = {quad.object.value for quad in release.store.quads() if isinstance(quad.object, ox.Literal)}
    named = [row for row in rows if _identifiers(row) and release.names.find(row["label"])]
    missing = sorted(row["label"] for row in named if not values & _identifiers(row))
    assert len(missing) <= 0.05 * len(named), missing


def _identifiers(row: dict[str, str]) -> set[str]:
    keys = ["uai", "siren", "ror", "wikidata", "rncp"]
    keys += ["insee_code"] if row["type"] in ("commune", "departement", "region") else []
    return {row[key] for key in keys if row[key]}
