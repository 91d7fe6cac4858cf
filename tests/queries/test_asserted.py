"""Asserted and golden answers: what an edit of the data changes is named, query by query."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.errors import Text
from campuskg.queries import Answer, Query, catalogue
from campuskg.queries.asserted import changed_answer, check_answer
from campuskg.release import Release, build, open_release
from campuskg.store import Rows
from queries import golden

XSD = "http://www.w3.org/2001/XMLSchema#"
ROWS = Rows(
    ("thing", "code", "amount", "text"),
    [
        (
            ox.NamedNode("https://w3id.org/cmq/id/campus/msi"),
            ox.NamedNode("https://w3id.org/cmq/scheme/rank/normal"),
            ox.Literal("9000.50", datatype=ox.NamedNode(XSD + "decimal")),
            ox.Literal("07"),
        )
    ],
)


def _codes(answer: Answer) -> list[str]:
    return [p.code for p in check_answer(Query("q", Text("?", "?"), "SELECT ?x {}", answer=answer), ROWS)]


@pytest.mark.parametrize(
    "wanted",
    [
        {"thing": "campus/msi"},
        {"thing": "https://w3id.org/cmq/id/campus/msi", "code": "rk:normal"},
        {"amount": "9000.5", "text": "07"},
        {},
    ],
)
def test_rows_are_written_short(wanted: dict[str, str]) -> None:
    assert _codes(Answer(1, (wanted,))) == []


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (Answer(2), ["answer-rows"]),
        (Answer(1, ({"thing": "campus/itip"},)), ["answer-row-missing"]),
        (Answer(1, ({"thing": "campus/msi", "amount": "9001"},)), ["answer-row-missing"]),
        (Answer(1, ({"text": "7"},)), ["answer-row-missing"]),
        (Answer(0, ({"thing": "x"}, {"code": "y"})), ["answer-rows", "answer-row-missing", "answer-row-missing"]),
        (Answer(None), []),
    ],
)
def test_what_no_longer_holds(answer: Answer, codes: list[str]) -> None:
    assert _codes(answer) == codes


def test_a_graph_counts_its_triples() -> None:
    triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"))
    query = Query("q", Text("?", "?"), "CONSTRUCT WHERE {}", form="CONSTRUCT", answer=Answer(1))
    assert check_answer(query, [triple, triple]) == []
    assert [p.code for p in check_answer(query, [])] == ["answer-rows"]
    (problem,) = changed_answer(query, [triple], [])
    assert problem.params == {"added": 1, "removed": 0}


def test_every_answer_is_the_golden_one(release: Release) -> None:
    changed = golden.changed(release)
    assert changed == [], "an answer changed: read it, then `python tests/queries/golden.py --write`"
    assert {path.stem for path in golden.FOLDER.glob("*.csv")} == set(catalogue())


def test_an_edit_names_exactly_the_queries_whose_answers_change(
    root: Path, release_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One amount of one funding is edited in a copy of the graph."""
    from campuskg.cli import main

    graph = Path(shutil.copytree(root / "graph", tmp_path / "graph"))
    file = graph / "campuses" / "itip.yaml"
    text = file.read_text(encoding="utf-8")
    funding = "funder: organisation/michelin-blanzy, beneficiary: campus/itip, fundingKind: fkind:apprenticeship-tax"
    old = f"{funding}, fundingStage: stage:granted, grantedAmount: 9000"
    assert text.count(old) == 1
    file.write_text(text.replace(old, old + "1"), encoding="utf-8")
    build(tmp_path / "edited", folder=graph)
    edited = open_release(tmp_path / "edited")
    expected = golden.changed(edited)
    assert "funding-by-funder" in expected
    assert "programme-funders" not in expected
    assert len(expected) < len(catalogue())
    with pytest.raises(SystemExit) as stopped:
        main(["query", "check", "--release", str(tmp_path / "edited"), "--against", str(release_dir)])
    said = capsys.readouterr().err
    assert stopped.value.code == 1
    named = {line.split(".rq:")[0].rpartition("/")[2] for line in said.splitlines() if "[answer-changed]" in line}
    assert named == set(expected)
