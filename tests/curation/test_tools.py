"""The curators' small tools: coverage, search, scaffold."""

import re
from pathlib import Path

import pytest

from campuskg.curation import LineState, coverage_html, find_text, measure_coverage, scaffold
from campuskg.errors import UsageProblem
from campuskg.graph import load_curated
from campuskg.graph.yaml_source import parse_yaml
from conftest import Curate

CITING = """
- id: organisation/essai
  type: Organisation
  label: Essai
  src: [gbm-2022:51, gbm-2022:57-59]
"""


def test_coverage_marks_cited_and_blank_lines(curated: Curate) -> None:
    folder = curated({"a.yaml": CITING})
    coverage = next(c for c in measure_coverage(load_curated(folder), folder) if c.source.id == "gbm-2022")
    cited = [number for number, state in enumerate(coverage.states, 1) if state is LineState.CITED]
    assert cited == [51, 57, 59]
    assert coverage.states[57] is LineState.BLANK
    assert 0 < coverage.share() < 0.05
    assert coverage.gaps()[0].lines > 50


def test_coverage_page_is_self_contained_and_names_every_section(curated: Curate) -> None:
    folder = curated({"a.yaml": CITING})
    found = measure_coverage(load_curated(folder), folder)
    for lang in ("fr", "en"):
        page = coverage_html(found, lang)  # type: ignore[arg-type]  # two literals
        assert "<script" not in page
        assert not re.search(r'(src|href)="', page)
        assert page.count('role="img"') == sum(len(c.sections) for c in found)


def test_find_ignores_case_and_accents_and_names_the_record(curated: Curate) -> None:
    folder = curated({"a.yaml": CITING.replace("Essai", "Élève Ingénieur")})
    (hit,) = find_text("eleve INGENIEUR", folder)
    assert (hit.place.line, hit.place.column, hit.record) == (4, 10, "organisation/essai")
    assert list(find_text("rien de tel", folder)) == []


@pytest.mark.parametrize("class_name", ["lycee", "Project", "event", "organisation"])
def test_a_new_record_is_yaml_with_a_free_id(class_name: str, root: Path) -> None:
    (record,) = parse_yaml(scaffold(class_name, "L'École : « Vauban » #1"), "new").value
    assert isinstance(record, dict)
    assert record["label"] == "L'École : « Vauban » #1"
    assert re.fullmatch(r"[a-z]+/l-ecole-vauban-1", str(record["id"]))
    assert (root / "graph").is_dir()


def test_a_taken_id_gets_a_number() -> None:
    (record,) = parse_yaml(scaffold("Lycee", "Lycée Jules Haag"), "new").value
    assert isinstance(record, dict)
    assert record["id"] == "organisation/lycee-jules-haag-2"


def test_an_unknown_class_is_refused_with_near_names() -> None:
    with pytest.raises(UsageProblem) as refused:
        scaffold("lycé", "x")
    assert "Lycee" in refused.value.say("fr")
