"""``campuskg query``: list, show, run, check."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from campuskg.cli import main
from campuskg.queries import catalogue, find_query

pytestmark = pytest.mark.usefixtures("opened_once")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, release_dir: Path, tmp_path: Path) -> Run:
    """Return a function that runs the command in an empty folder, with the release at hand."""
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["query", *arguments])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in out + err
        code = stopped.value.code
        assert isinstance(code, int)
        return code, out.decode("utf-8", "replace"), err.decode()

    return call


def test_list_by_theme_and_words(run: Run) -> None:
    money = run("list", "--tag", "money")[1]
    assert "programme-funders" in money
    assert "mandates-at-date" not in money
    assert "mandates-at-date" in run("list", "--search", "FONCTION datée")[1] + run("list", "--search", "who holds")[1]
    code, out, _ = run("list", "--search", "zzzz", "--lang", "en")
    assert (code, out) == (0, "No question matches.\n")
    code, _, err = run("list", "--tag", "mony", "--lang", "en")
    assert code == 2
    assert "money" in err


def test_show_tells_parameters_choices_and_columns(run: Run) -> None:
    said = {lang: run("show", "mandates-at-date", "--lang", lang)[1] for lang in ("fr", "en")}
    query = find_query("mandates-at-date")
    for lang in ("fr", "en"):
        assert said[lang].startswith(query.asked(lang))  # type: ignore[arg-type]
        assert "2021-12-01" in said[lang]
        assert "campus/ae  CMQ AgroÉquipements" in said[lang]
        assert said[lang].endswith(query.body)
    assert "… and" in said["en"]
    assert "#+" not in said["fr"]


def test_show_sparql_alone_runs_as_it_is(run: Run) -> None:
    assert run("show", "programme-funders", "--sparql")[1] == find_query("programme-funders").body


def test_show_without_a_release(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUSKG_RELEASE", "nowhere")
    code, out, _ = run("show", "mandates-at-date")
    assert code == 0
    assert "campus/ae" not in out


def test_run_with_parameters(run: Run) -> None:
    arguments = ("run", "mandates-at-date", "--param", "date=01/09/2021", "--param", "organisation=itip")
    code, out, _ = run(*arguments)
    assert code == 0
    assert "Date : 1er septembre 2021" in out
    assert "Sébastien Ernd" in out
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv")[1])))
    assert {row["organisation"] for row in rows} == {"https://w3id.org/cmq/id/campus/itip"}
    several = run("run", "mandates-at-date", "--param", "organisation=itip", "--param", "organisation=msi", "--format", "json")[1]
    found = {b["organisation"]["value"] for b in json.loads(several)["results"]["bindings"]}
    assert found <= {"https://w3id.org/cmq/id/campus/itip", "https://w3id.org/cmq/id/campus/msi"}


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "ttl", "md", "table"])
def test_run_into_a_file_of_that_form(run: Run, form: str, tmp_path: Path) -> None:
    path = tmp_path / f"answer.{form}"
    assert run("run", "programme-funders", "--out", str(path)) == (0, "", "")
    data = path.read_bytes()
    if form == "xlsx":
        assert openpyxl.load_workbook(path).worksheets[0].max_row == 4
    else:
        assert "9" in data.decode()
    assert run("run", "programme-funders", "--out", str(tmp_path / "other"), "--format", form)[0] == 0
    assert (tmp_path / "other").read_bytes() == data


def test_run_with_evidence(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("run", "programme-funders", "--evidence", "--format", "csv")[1])))
    assert all(row["evidence"].startswith("gbm-2022:") for row in rows)


def test_an_empty_answer_says_that_the_sources_are_silent(run: Run) -> None:
    code, out, _ = run("run", "campus-members", "--param", "campus=tourisme-et-innovation-lille")
    assert code == 0
    code, out, _ = run("run", "mandates-at-date", "--param", "date=1950-01-01", "--param", "organisation=fb")
    assert code == 0
    assert "n'en disent rien" in out


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["run", "mandates-at-date", "--param", "date"], 2, "parameter-pair"),
        (["run", "mandates-at-date", "--param", "dat=2021-01-01"], 2, "parameter-unknown"),
        (["run", "mandates-at-date", "--param", "date=2021"], 2, "parameter-date"),
        (["run", "mandates-at-date", "--param", "organisation=zzz"], 2, "parameter-entity"),
        (["run", "mandates-at-date", "--param", "date=2021-01-01", "--param", "date=2022-01-01"], 2, "parameter-many"),
        (["run", "mandates-at-date", "--out", "no/where.csv"], 3, "file-unwritable"),
        (["list", "--tag", "zzz"], 2, "tag-unknown"),
    ],
)
def test_failures(run: Run, arguments: list[str], code: int, problem: str) -> None:
    for lang in ("fr", "en"):
        found, out, err = run(*arguments, "--lang", lang)
        assert (found, out) == (code, "")
        assert err.endswith(f"[{problem}]\n")


def test_check_is_quiet_when_all_answers_hold(run: Run, release_dir: Path) -> None:
    code, out, err = run("check", "--against", str(release_dir), "--lang", "en")
    assert (code, err) == (0, "")
    assert out == f"{len(catalogue())} questions, no difference.\n"


def test_check_names_the_questions_whose_answer_no_longer_holds(run: Run, small: Path, tmp_path: Path) -> None:
    from campuskg.release import build

    build(tmp_path / "small", folder=small)
    code, out, err = run("check", "--release", str(tmp_path / "small"))
    assert (code, out) == (1, "")
    assert "queries/catalogue/programme-funders.rq:1:1: erreur: La question donne 0 ligne(s), et non 3." in err
    assert "[answer-row-missing]" in err
