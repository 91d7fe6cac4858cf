"""``campuskg analyse``, ``campuskg path`` and ``campuskg gaps``."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from campuskg.analysis import REPORTS
from campuskg.cli import main
from campuskg.cli.results import as_csv, say

pytestmark = pytest.mark.usefixtures("opened_once")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, release_dir: Path) -> Run:
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    monkeypatch.setenv("COLUMNS", "140")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


def test_the_list_of_analyses(run: Run) -> None:
    code, out, _ = run("analyse", "--lang", "en")
    assert code == 0
    assert all(name in out for name in REPORTS)


def test_an_analysis_in_each_form(run: Run) -> None:
    code, table, _ = run("analyse", "funding")
    assert code == 0
    told = json.loads(run("analyse", "funding", "--format", "json")[1])
    assert told["analysis"] == "funding"
    assert told["title"] in table
    rows = list(csv.reader(io.StringIO(run("analyse", "funding", "--format", "csv", "--limit", "3", "--lang", "en")[1])))
    assert len(rows) == 4 <= told["count"] == len(told["results"])
    assert rows[0][-2:] == ["Sentence", "Evidence"]


def test_a_slip_in_the_name_is_met_with_a_suggestion(run: Run) -> None:
    code, out, err = run("analyse", "brides")
    assert (code, out) == (2, "")
    assert "bridges" in err


def test_path_tells_each_hop_with_its_proof(run: Run) -> None:
    code, out, _ = run("path", "lycée Jules Haag", "CMQ AGT", "-k", "2", "--lang", "en")
    assert code == 0
    assert out.count("From Lycée Jules Haag to ") == 2
    assert out.count("Evidence: ") == 6
    rows = list(csv.reader(io.StringIO(run("path", "ENSMM", "UTBM", "-k", "1", "--format", "csv")[1])))
    assert rows[1][:2] == ["1", "1"]


def test_path_avoids(run: Run) -> None:
    told = json.loads(run("path", "organisation/ensmm", "campus/agt", "--avoid", "CMQ MSI", "--format", "json")[1])
    assert all("https://w3id.org/cmq/id/campus/msi" not in path["nodes"] for path in told)
    assert all(hop["passages"] and hop["via"] for path in told for hop in path["hops"])


def test_no_path_says_why(run: Run) -> None:
    code, _, err = run("path", "ENSMM", "organisation/labomap", "--lang", "en")
    assert code == 1
    assert "has no documented partner" in err


def test_unknown_names_are_met_with_organisations_only(run: Run) -> None:
    code, _, err = run("path", "ENSMM", "lycée Jules Hag")
    assert code == 2
    assert "organisation/lycee-jules-haag" in err
    assert "project/" not in run("gaps", "--focus", "xyz")[2]


def test_gaps_with_the_options_of_a_planner(run: Run) -> None:
    code, out, _ = run("gaps", "--focus", "CMQ MSI", "--rule", "distance=2", "--km", "30", "--limit", "20")
    assert code == 0
    assert "20. " in out
    assert "21. " not in out
    assert "Preuve : " in out
    told = json.loads(run("gaps", "--limit", "3", "--format", "json", "--rule", "distance=2")[1])
    assert len(told) == 3
    for one in told:
        shares = sum(reason["weight"] * reason["value"] for reason in one["reasons"])
        assert 0 < one["score"] <= 1
        assert shares > 0
        assert all(reason["sentence"] in one["sentence"] for reason in one["reasons"])


def test_the_rules_are_told_with_their_weights(run: Run) -> None:
    out = run("gaps", "--rules", "--rule", "sector=7,5", "--km", "12", "--lang", "en")[1]
    assert "7.5" in out
    assert "within 12 km" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--rule", "distanse=1"], "rule-unknown"),
        (["--rule", "distance=much"], "rule-weight"),
        (["--rule", "distance=nan"], "rule-weight"),
        (["--rule", "distance"], "parameter-pair"),
        (["--km", "-3"], "rule-distance"),
    ],
)
def test_senseless_options_are_refused(run: Run, arguments: list[str], code: str) -> None:
    exit_code, out, err = run("gaps", *arguments)
    assert (exit_code, out) == (2, "")
    assert f"[{code}]" in err


def test_names_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mred\u202e\nb\u202f%")
    assert capsys.readouterr().out == "a [31mred \nb\u202f%\n"


def test_cells_never_compute() -> None:
    rows = [["=1+1", "+1", "-1", "@x", "\t=1", "fine, 'quoted'"]]
    told = list(csv.reader(io.StringIO(as_csv(list("abcdef"), rows))))[1]
    assert told == ["'=1+1", "'+1", "'-1", "'@x", "'\t=1", "fine, 'quoted'"]
