"""The guard: tokens by the grammar, limits by name, no valid query refused, no time lost on any text."""

import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.store import GuardLimits, QueryRefused, inspect
from campuskg.store.tokens import tokens


def code(sparql: str, services: tuple[str, ...] = ()) -> str:
    try:
        return inspect(sparql, GuardLimits(services=services)).form
    except QueryRefused as refused:
        return refused.code


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("PREFIX select: <urn:x> BASE <urn:ask> # ASK\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("describe <urn:x>", "DESCRIBE"),
        ("ASK{}", "ASK"),
        ('VERSION "1.2" SELECT * {}', "SELECT"),
        ("INSERT DATA { <a> <b> <c> }", "UPDATE"),
        ("PREFIX a: <b> WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "UPDATE"),
        ("LOAD <x>", "UPDATE"),
        ("", ""),
        ("hello", "?"),
        ("{ SELECT * {} }", ""),
    ],
)
def test_the_form(sparql: str, form: str) -> None:
    assert code(sparql) == form


@pytest.mark.parametrize(
    ("sparql", "named"),
    [
        ("SELECT * FROM <g> { }", True),
        ("SELECT * from\nnamed <g> { }", True),
        ("CONSTRUCT { ?s ?p ?o } FROM <g> WHERE { ?s ?p ?o }", True),
        ("SELECT ?from { ?from from:from 'FROM', <FROM>, _:FROM, 'x'@from } # FROM", False),
    ],
)
def test_the_dataset_clause(sparql: str, *, named: bool) -> None:
    assert inspect(sparql).dataset is named


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT *\n\n{ }# x", "SELECT * { }"),
        ("SELECT # {\r\n * { ?s ?p 'a  # b' }", "SELECT * { ?s ?p 'a  # b' }"),
        ("ASK { ?s <a#b> '''x\n# y''' }", "ASK  {\t?s <a#b> '''x\n# y''' }"),
    ],
)
def test_texts_that_mean_the_same_come_out_equal(one: str, other: str) -> None:
    assert inspect(one).text == inspect(other).text


@pytest.mark.parametrize(
    "pair", [("SELECT * { ?s ?p 'a b' }", "SELECT * { ?s ?p 'a  b' }"), ("ASK { ?s ?p '#a' }", "ASK { ?s ?p '#b' }")]
)
def test_texts_that_differ_stay_different(pair: tuple[str, str]) -> None:
    assert inspect(pair[0]).text != inspect(pair[1]).text


@pytest.mark.parametrize(
    ("sparql", "expected"),
    [
        ("SELECT * { " + "{" * 70 + "}" * 71, "query-too-deep"),
        ("SELECT (" + "(" * 70 + "1" + ")" * 70 + " AS ?x) {}", "query-too-deep"),
        ("SELECT (" + "1+" * 1001 + "1 AS ?x) {}", "query-too-many-operators"),
        ("SELECT (1" + "+1" * 1001 + " AS ?x) {}", "query-too-many-operators"),
        ("SELECT * { FILTER(" + "!" * 1001 + "?x) }", "query-too-many-operators"),
        ("SELECT * { ?s " + "<p>/" * 1001 + "<p> ?o }", "query-too-many-operators"),
        ("SELECT * { " + "?s ?p ?o . " * 201 + "}", "query-too-many-clauses"),
        ("SELECT * { ?s ?p " + ", ".join(["?o"] * 210) + "}", "query-too-many-clauses"),
        ("SELECT * { " + "FILTER(1=1) " * 201 + "}", "query-too-many-clauses"),
        ("SELECT * {} #" + "x" * 131_072, "query-too-long"),
        ("SELECT * {} #" + "é" * 70_000, "query-too-long"),
        ("SELECT * { VALUES ?x { " + "-5 " * 2000 + "} }", "SELECT"),
        ("SELECT * { VALUES ?x { " + '"2020-01-01"^^<urn:date> ' * 2000 + "} }", "SELECT"),
        ("SELECT * { FILTER(?x IN (" + "1, " * 2000 + "1)) }", "SELECT"),
    ],
)
def test_limits(sparql: str, expected: str) -> None:
    assert code(sparql) == expected


@pytest.mark.parametrize(
    ("sparql", "expected"),
    [
        ("SELECT * { SERVICE <urn:a> {} }", "SELECT"),
        ("PREFIX a: <urn:> SELECT * { SERVICE SILENT a:a {} }", "SELECT"),
        ("SELECT * { SERVICE <urn:\\u0061> {} }", "SELECT"),
        ("SELECT * { SERVICE <urn:b> {} }", "query-service"),
        ("SELECT * { SERVICE <urn:a> {} SERVICE ?x {} }", "query-service"),
        ("BASE <urn:> SELECT * { SERVICE <a> {} }", "query-service"),
        ("PREFIX a: <urn:b> PREFIX a: <urn:> SELECT * { SERVICE a:a {} }", "query-service"),
        ("SELECT * { SERVICE a:a {} }", "query-service"),
        ("SELECT * { SERVICE", "query-service"),
    ],
)
def test_only_listed_services_pass(sparql: str, expected: str) -> None:
    assert code(sparql, ("urn:a",)) == expected


def parses(sparql: str) -> bool:
    try:
        ox.Store().query(sparql, base_iri="http://example.org/")
    except SyntaxError:
        return False
    except (RuntimeError, OSError, ValueError):
        pass  # what is wrong is found later
    return True


def test_no_query_of_the_w3c_suite_is_refused(sources_folder: Path | None) -> None:
    suite = sources_folder and sources_folder / "standards" / "w3c-sparql11"
    if not suite or not suite.is_dir():
        pytest.skip("the W3C test suite is not at hand")
    seen = 0
    for path in sorted(suite.rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        assert "".join(token.text for token in tokens(text)) == text
        if "SERVICE" in text:
            continue
        if not parses(text):
            continue
        plain = re.sub(r"#.*|<[^>]*>", " ", text)
        wanted = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", plain, re.IGNORECASE)
        found = inspect(text)
        assert wanted is not None
        assert found.form == wanted[1].upper(), path
        assert parses(found.text), path
        seen += 1
    assert seen > 300


PIECES = ["'", '"', "'''", '"""', "<", ">", "{", "}", "(", ")", "#", "\n", "\\", "\\u0041", "\\U0001F600", " ", ".", "a", "é",
          ":", "?x", "SERVICE", "SELECT", "_:", "@", "1", "e", "-", "^^", "|", "\x00", "\ud800", "%41",
          "\u0300", "²"]  # fmt: skip


def test_any_text_is_read_to_its_end() -> None:
    chance = random.Random(4)  # noqa: S311  a seed, not a secret
    for _ in range(3000):
        text = "".join(chance.choices(PIECES, k=chance.randrange(40)))
        assert "".join(token.text for token in tokens(text)) == text
        code(text)


@pytest.mark.parametrize(
    "piece",
    ["a-", "<a", ".", '"', "'''", "\\u", '"a\n', "{", "a.1", " ", "#", "#\n", "1e", "<", '"""a', "@a-", ":%", "a:b.", "^", "\\"],
)
def test_the_number_of_steps_grows_with_the_text_only(piece: str) -> None:
    """Such a text would take hours if any terminal looked ahead to the end each time."""
    text = piece * (200_000 // len(piece))
    assert sum(len(token.text) for token in tokens(text)) == len(text)


def test_service_is_never_overlooked() -> None:
    """Whatever the engine takes for a SERVICE clause, the guard has seen."""
    chance = random.Random(5)  # noqa: S311
    parts = [
        "?a<?b",
        "'x'",
        '"\\u0022"',
        "<urn:a#b>",
        "#c\n",
        "a:b.",
        "a:b\\.c",
        "FILTER(?a<?b&&?c>?d)",
        "'''y'''",
        "BIND(1 AS ?z)",
        ".",
        "?s ?p ?o .",
    ]
    called = 0
    for _ in range(2000):
        inside = " ".join(chance.choices(parts, k=chance.randrange(5)))
        after = "".join(chance.choices(["}", " ", "'x'", "#\n"], k=2))
        text = f"PREFIX a: <urn:> SELECT * {{ {inside} SERVICE <http://127.0.0.1:9/> {{ }} {after} }}"
        try:
            list(ox.Store().query(text))
        except SyntaxError:
            continue
        except OSError:
            called += 1
            assert code(text) == "query-service", text
    assert called > 10
