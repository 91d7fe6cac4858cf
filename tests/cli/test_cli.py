"""The command as its users meet it: words, forms, exit codes."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from rdflib import Graph, URIRef

from campuskg import __version__
from campuskg.cli import app, main
from campuskg.queries import catalogue
from campuskg.release import Release

pytestmark = pytest.mark.usefixtures("opened_once")
Run = Callable[..., tuple[int, str, str]]

NAME = "Lycée Jules Haag"
HAAG = "https://w3id.org/cmq/id/organisation/lycee-jules-haag"
ASK = "SELECT ?name { <%s> skos:prefLabel ?name }" % HAAG  # noqa: UP031  braces are SPARQL's
BUILD_TEXTS = Path(__file__).parents[1] / "graph" / "faults" / "texts"


def _commands() -> list[list[str]]:
    found: list[list[str]] = [[]]

    def walk(command: click.Command, path: list[str]) -> None:
        for name, child in getattr(command, "commands", {}).items():
            found.append([*path, name])
            walk(child, [*path, name])

    walk(app("fr"), [])
    return found


COMMANDS = _commands()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, release_dir: Path, tmp_path: Path) -> Run:
    """Return a function that runs the command, with the release at hand and an empty folder as working directory."""
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    empty = tmp_path / "vide"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def call(*arguments: str | Path, text: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        code = stopped.value.code
        assert isinstance(code, int)
        return code, out, err

    return call


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_in_both_languages(run: Run, path: list[str]) -> None:
    said = {}
    for lang in ("fr", "en"):
        code, said[lang], err = run(*path, "--help", "--lang", lang)
        assert (code, err) == (0, "")
        assert run(*path, "-h", f"--lang={lang}")[1] == said[lang]
    assert said["fr"] != said["en"]
    assert said["fr"].startswith("Usage : campuskg")
    assert said["en"].startswith("Usage: campuskg")
    assert run(*path, "--help")[1] == said["fr"]
    assert not re.search(r"\b(the|Show|of a)\b", said["fr"])
    assert not re.search(r"[«»]|\b(le|Montrer|Dossier)\b", said["en"])


def test_language_of_the_machine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert run("--help")[1].startswith("Usage: ")
    assert run("--help", "--lang", "fr")[1].startswith("Usage : ")


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"campuskg {__version__}\n", "")


def test_no_command_shows_the_help(run: Run) -> None:
    code, out, err = run()
    assert code in {0, 2}
    assert "Commandes" in out + err


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["shwo"], 2, "usage"),
        (["show"], 2, "usage"),
        (["show", "a", "b"], 2, "usage"),
        (["show", NAME, "--fromat", "json"], 2, "usage"),
        (["show", NAME, "--format", "xml"], 2, "usage"),
        (["--lang", "de", "stats"], 2, "usage"),
        (["stats", "--lang", "de"], 2, "usage"),
        (["show", "Lycée Jules Hag"], 2, "name-unknown"),
        (["show", "zzzz qqqq"], 2, "name-unknown"),
        (["sparql", "SELEC * { }"], 2, "query-syntax"),
        (["sparql", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"], 2, "query-service"),
        (["sparql", "ASK { ?s ?p ?o }", "--format", "ttl"], 2, "query-format"),
        (["sparql", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv"], 2, "query-format"),
        (["query", "run", "inconnue"], 2, "query-unknown"),
        (["query", "show", "inconnue"], 2, "query-unknown"),
        (["sparql", "absent.rq"], 3, "file-missing"),
        (["stats", "--release", "nulle-part"], 3, "release-missing"),
        (["show", NAME, "--release", "nulle-part"], 3, "release-missing"),
        (["sparql", "ASK {}", "--release", "nulle-part"], 3, "release-missing"),
        (["query", "run", next(iter(catalogue())), "--release", "nulle-part"], 3, "release-missing"),
        (["validate", "absent.yaml"], 3, "file-missing"),
        (["validate", "--graph", "nulle-part"], 3, "folder-missing"),
        (["validate", "--graph", "{small}", "--sources", "nulle-part"], 3, "folder-missing"),
        (["validate", "--graph", "{small}", "--sources", "."], 3, "sources-nothing"),
        (["build", "--graph", "nulle-part"], 3, "folder-missing"),
    ],
)
def test_failures(run: Run, small: Path, arguments: list[str], code: int, problem: str) -> None:
    arguments = [word.replace("{small}", str(small)) for word in arguments]
    said = {}
    for lang in ("fr", "en"):
        found, out, said[lang] = run(*arguments, "--lang", lang) if "--lang" not in arguments else run(*arguments)
        assert (found, out) == (code, "")
        assert said[lang].endswith(f"[{problem}]\n")
        assert not re.search(r"\{[a-z]+\}", said[lang].replace("{ }", ""))
    assert said["fr"] != said["en"] or "--lang" in arguments


def test_near_names_are_offered(run: Run) -> None:
    assert NAME in run("show", "Lycée Jules Hag")[2]
    assert "show" in run("shwo")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["stats", "--lang", "de"], ["--lang", "fr, en"]),
        (["show", NAME, "--format", "xml"], ["--format", "table, ttl"]),
        (["publish", "release"], ["--out"]),
        (["serve", "release", "--port", "99999"], ["--port", "0 ≤ … ≤ 65535"]),
    ],
)
def test_an_option_is_named_as_it_is_typed(run: Run, arguments: list[str], words: list[str]) -> None:
    code, _, said = run(*arguments)
    assert code == 2
    assert all(word in said for word in words), said


def test_the_catalogue_and_the_views_are_told_to_programs(run: Run) -> None:
    told = json.loads(run("query", "list", "--format", "json")[1])
    assert {one["name"] for one in told} == set(catalogue())
    one = json.loads(run("query", "show", "partners-of", "--format", "json")[1])
    assert one["parameters"][0]["name"] == "organisation"
    assert "SELECT" in one["sparql"]
    seen = json.loads(run("viz", "list", "--format", "json")[1])
    assert {"name", "title", "drawing", "query"} == set(seen[0])


def test_build_validate_show(run: Run, small: Path) -> None:
    code, out, err = run("build", "--graph", small, "--sources", BUILD_TEXTS, "--out", "sortie")
    assert (code, err) == (0, ""), "silent in a pipe"
    assert re.search(r"Empreinte [0-9a-f]{64}", out)
    assert run("validate", "--graph", small)[:2] == (0, "Aucun problème.\n")
    assert run("validate", "--graph", small, "--lang", "en")[:2] == (0, "No problem.\n")
    assert "BTS Essai" in run("show", "Lycée Vauban", "--release", "sortie")[1]
    assert "essai:3" in run("show", "Lycée Vauban", "--release", "sortie")[1]


def test_build_refuses_faulty_data(run: Run, small: Path) -> None:
    (small / "places.yaml").write_text("- id: place/x\n  type: Place\n  label: X\n", encoding="utf-8")
    for lang, words in (("fr", "erreur: "), ("en", "error: ")):
        code, out, err = run("build", "--graph", small, "--out", "sortie", "--lang", lang)
        assert (code, out) == (1, "")
        assert f"graph/places.yaml:1:3: {words}" in err
        assert not Path("sortie").exists()
    code, out, err = run("validate", "--graph", small, "--format", "json")
    problems = json.loads(out)
    assert code == 1
    assert ("missing-evidence", "graph/places.yaml", 1, 3) in {(p["code"], p["file"], p["line"], p["column"]) for p in problems}


def test_validate_one_file_speaks_of_that_file_only(run: Run, small: Path) -> None:
    (small / "a.yaml").write_text("- id: x\n", encoding="utf-8")
    (small / "b.yaml").write_text("- id: y\n", encoding="utf-8")
    code, _, err = run("validate", "--graph", small, small / "a.yaml")
    assert code == 1
    assert "graph/a.yaml:1:3" in err
    assert "b.yaml" not in err


def test_build_into_a_folder_of_others(run: Run, small: Path) -> None:
    Path("mes-notes").mkdir()
    Path("mes-notes/a.txt").write_text("à moi", encoding="utf-8")
    code, _, err = run("build", "--graph", small, "--out", "mes-notes")
    assert code == 2
    assert "[out-not-release]" in err
    assert Path("mes-notes/a.txt").read_text(encoding="utf-8") == "à moi"


def test_show_as_table(run: Run) -> None:
    _, fr, _ = run("show", NAME)
    _, en, _ = run("show", NAME, "--lang", "en")
    assert fr.startswith(f"{NAME}\n")
    assert HAAG in fr
    assert "[" in fr
    assert fr != en


def test_show_as_json(run: Run) -> None:
    (found,) = json.loads(run("show", NAME, "--format", "json")[1])
    assert (found["iri"], found["name"]) == (HAAG, NAME)
    assert all(fact["evidence"] for fact in found["facts"])


@pytest.mark.parametrize(("form", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_show_as_rdf(run: Run, form: str, parser: str) -> None:
    graph = Graph().parse(data=run("show", NAME, "--format", form)[1], format=parser)
    assert NAME in {str(o) for o in graph.objects(URIRef(HAAG), URIRef("http://www.w3.org/2004/02/skos/core#prefLabel"))}
    assert len(graph) > 10


def test_sparql_forms(run: Run, release: Release) -> None:
    assert NAME in run("sparql", ASK)[1]
    rows = list(csv.reader(io.StringIO(run("sparql", ASK, "--format", "csv")[1])))
    assert rows[0] == ["name"]
    assert [NAME] in rows
    answer = json.loads(run("sparql", ASK, "--format", "json")[1])
    assert answer["head"] == {"vars": ["name"]}
    assert {"type": "literal", "value": NAME, "xml:lang": "fr"} in [b["name"] for b in answer["results"]["bindings"]]
    assert json.loads(run("sparql", "ASK { ?s ?p ?o }", "--format", "json")[1])["boolean"] is True
    assert run("sparql", "ASK { ?s <urn:none> ?o }")[1].strip() in {"false", "non", "no", "False", "faux"}
    for form, parser in (("ttl", "turtle"), ("nt", "nt")):
        text = run("sparql", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?s = <{HAAG}>) }}", "--format", form)[1]
        assert len(Graph().parse(data=text, format=parser)) == len(
            {q.triple for q in release.store.quads() if str(q.subject) == f"<{HAAG}>"}
        )


def test_sparql_from_a_file_and_from_standard_input(run: Run) -> None:
    Path("q.rq").write_text(ASK, encoding="utf-8")
    direct = run("sparql", ASK)
    assert run("sparql", "q.rq") == direct
    assert run("sparql", "-", text=ASK) == direct


def test_catalogue(run: Run) -> None:
    for lang in ("fr", "en"):
        listed = run("query", "list", "--lang", lang)[1]
        assert all(name in listed for name in catalogue())


@pytest.mark.parametrize("name", list(catalogue())[:3])
def test_every_question_runs_in_every_form(run: Run, name: str) -> None:
    code, out, _ = run("query", "run", name)
    assert code == 0
    assert out.startswith(catalogue()[name].question.fr)
    rows = list(csv.DictReader(io.StringIO(run("query", "run", name, "--format", "csv")[1])))
    answer = json.loads(run("query", "run", name, "--format", "json")[1])
    assert len(rows) == len(answer["results"]["bindings"]) == catalogue()[name].answer.rows


def test_stats(run: Run, release: Release) -> None:
    counts = json.loads(run("stats", "--format", "json")[1])
    assert counts["digest"] == release.digest
    assert release.digest in run("stats")[1]


def test_csv_cells_hold_commas_quotes_and_line_breaks(run: Run) -> None:
    query = 'SELECT ?a ?b { VALUES (?a ?b) { ("x,y" "dit \\"oui\\"") ("deux\\nlignes" UNDEF) } }'
    rows = list(csv.reader(io.StringIO(run("sparql", query, "--format", "csv")[1], newline="")))
    assert sorted(rows[1:]) == [["deux\nlignes", ""], ["x,y", 'dit "oui"']]


def _start(*arguments: str, **options: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "campuskg", *arguments], **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ")
@pytest.mark.parametrize("arguments", [("sparql", "SELECT * { ?s ?p ?o }", "--format", "csv"), ("stats",)], ids=["once", "often"])
def test_a_closed_pipe_is_no_error(release_dir: Path, arguments: tuple[str, ...]) -> None:
    """``campuskg sparql … | head -1``, whether the command writes at once or in several goes."""
    process = _start(*arguments, "--release", str(release_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() in {0, 141, -13}
    assert err == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no file that is always full")
def test_an_output_that_is_full_is_said_in_words(release_dir: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = _start("stats", "--release", str(release_dir), "--lang", "en", stdout=full, stderr=subprocess.PIPE)
        _, err = process.communicate()
    assert process.returncode == 3
    assert err.endswith(b"[output-full]\n")


def test_standard_error_is_silent_in_a_pipe_and_output_is_utf8(release_dir: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONUTF8", "PYTHONIOENCODING"}}
    done = subprocess.run(
        [sys.executable, "-m", "campuskg", "show", NAME, "--release", str(release_dir)],
        capture_output=True,
        check=True,
        env={**environment, "LC_ALL": "C"},
    )
    assert done.stderr == b""
    assert NAME in done.stdout.decode("utf-8")
