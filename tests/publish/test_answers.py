"""Answers in every form: the same values each time, typed where the form has types, harmless where it has formulas."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace

from campuskg.errors import Lang, Text, UsageProblem
from campuskg.publish.answers import Answer, answer_query, empty_reason
from campuskg.publish.cite import bibtex, iso_690, permalink
from campuskg.publish.evidence import evidence, given_things
from campuskg.publish.formats import FORMS, render
from campuskg.publish.markdown import escaped
from campuskg.publish.spreadsheet import typed
from campuskg.queries import Column, Form, Query, find_query
from campuskg.release import Release
from campuskg.server.inside import RememberingStore
from campuskg.store import QueryRefused, Rows

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
MSI = ox.NamedNode("https://w3id.org/cmq/id/campus/msi")
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "a|b", "<b>x</b>", "http://x.example", "007"]
FORM_OF: dict[str, Form] = {"amount": "euro", "share": "percent", "day": "date", "year": "year", "count": "number", "gap": "days"}


def _literal(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


ROW: dict[str, ox.NamedNode | ox.Literal | None] = {
    "thing": MSI,
    "amount": _literal("15790.5", "decimal"),
    "share": _literal("57", "decimal"),
    "day": _literal("2021-09-01", "date"),
    "year": _literal("2021", "integer"),
    "count": _literal("1200", "integer"),
    "gap": _literal("31", "integer"),
    "dated": _literal("true", "boolean"),
    "text": ox.Literal("07"),
    "unknown": None,
}


@pytest.fixture
def answer(release: Release) -> Answer:
    return _answer(release, [tuple(ROW.values())])


def _answer(release: Release, rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]], lang: Lang = "fr") -> Answer:
    columns = {name: Column(name, Text(f"{name} fr", f"{name} en"), FORM_OF.get(name, "text")) for name in ROW}
    columns["gap"] = replace(columns["gap"], unit="j")
    query = Query("essai", Text("Quoi ?", "What?"), "#+ x: y\nSELECT ?thing {}\n", columns=columns, note=Text("Avis", "Notice"))
    return Answer(query, Rows(tuple(ROW), rows), release.names, lang, digest="ab" * 32, issued="2026-11-22")


def test_values_in_words(answer: Answer) -> None:
    assert answer.headings()[6] == "gap fr (j)"
    fr, en = answer.cells()[0], replace(answer, lang="en").cells()[0]
    assert fr[0] == "CMQ Microtechniques et Systèmes Intelligents"
    assert [cell.replace("\u202f", " ") for cell in fr[1:]] == [
        "15 790,5 €",
        "57,0 %",
        "1er septembre 2021",
        "2021",
        "1 200",
        "31",
        "oui",
        "07",
        "",
    ]
    assert en[1:] == ["€15,790.5", "57.0%", "1 September 2021", "2021", "1,200", "31", "yes", "07", ""]


def test_csv_is_sparql_csv(answer: Answer) -> None:
    text = render(answer, "csv").decode()
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [list(ROW), ["" if term is None else term.value for term in ROW.values()]]


@pytest.mark.parametrize("text", HOSTILE)
def test_machine_forms_keep_hostile_texts_as_they_are(release: Release, text: str) -> None:
    row = tuple(ox.Literal(text) if name == "text" else None for name in ROW)
    answer = _answer(release, [row])
    assert next(csv.DictReader(io.StringIO(render(answer, "csv").decode(), newline="")))["text"] == text
    assert json.loads(render(answer, "json"))["results"]["bindings"] == [{"text": {"type": "literal", "value": text}}]
    sheet = openpyxl.load_workbook(io.BytesIO(render(answer, "xlsx"))).worksheets[0]
    cell = sheet.cell(2, list(ROW).index("text") + 1)
    assert (cell.data_type, str(cell.value).replace("_x000D_", "\r"), cell.hyperlink) == ("s", text, None)


def test_json_is_sparql_results_json_and_nothing_else(answer: Answer) -> None:
    found = json.loads(render(answer, "json"))
    assert set(found) == {"head", "results"}
    assert found["head"] == {"vars": list(ROW)}
    (binding,) = found["results"]["bindings"]
    assert binding["thing"] == {"type": "uri", "value": MSI.value}
    assert binding["amount"] == {"type": "literal", "value": "15790.5", "datatype": XSD + "decimal"}
    assert "unknown" not in binding


@pytest.mark.parametrize("name", ["programme-funders", "mandates-at-date"])
def test_turtle_is_the_result_set_of_the_test_suites(release: Release, name: str) -> None:
    answer = answer_query(find_query(name), release.store, release.names, "en")
    graph = Graph().parse(data=render(answer, "ttl"), format="turtle")
    (result_set,) = graph.subjects(RDF.type, RS.ResultSet)
    assert {str(o) for o in graph.objects(result_set, RS.resultVariable)} == set(answer.rows.variables)
    solutions = list(graph.objects(result_set, RS.solution))
    assert {int(str(graph.value(s, RS["index"]))) for s in solutions} == set(range(1, len(answer.rows.rows) + 1))
    for solution in solutions:
        row = answer.rows.dicts()[int(str(graph.value(solution, RS["index"]))) - 1]
        bindings = list(graph.objects(solution, RS.binding))
        assert {str(graph.value(b, RS.variable)): str(graph.value(b, RS.value)) for b in bindings} == row


def test_markdown_is_a_table_whose_cells_cannot_break_it(release: Release) -> None:
    rows = [tuple(ox.Literal(text) if name == "text" else MSI if name == "thing" else None for name in ROW) for text in HOSTILE]
    lines = render(_answer(release, rows), "md").decode().splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == len(HOSTILE) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {len(ROW) + 1}
    assert "](https://w3id.org/cmq/id/campus/msi)" in table[2]
    assert not any(re.search(r"(?<!\\)<b>", line) for line in table)


@given(st.text(max_size=30))
def test_markdown_keeps_words_on_one_line(text: str) -> None:
    assert not re.search(r"[\n\r]|(?<!\\)(?:\\\\)*[|<]", escaped(text))


def test_workbook_has_typed_cells_and_says_what_it_is(answer: Answer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(answer, "xlsx")))
    rows, about = book.worksheets
    assert (rows.title, about.title) == ("Réponse", "À propos")
    cells = dict(zip(ROW, rows[2], strict=True))
    assert [cell.value for cell in rows[1]] == answer.headings()
    assert cells["thing"].value == "CMQ Microtechniques et Systèmes Intelligents"
    assert cells["thing"].hyperlink.target == MSI.value
    assert (cells["amount"].value, cells["share"].value) == (15790.5, 0.57)
    assert "€" in cells["amount"].number_format
    assert cells["share"].number_format.endswith("%")
    assert cells["day"].value == dt.datetime(2021, 9, 1)  # noqa: DTZ001  what the reader of workbooks gives
    assert (cells["year"].value, cells["count"].value, cells["dated"].value) == (2021, 1200, True)
    assert (cells["text"].value, cells["unknown"].value) == ("07", None)
    said = "\n".join(str(cell) for row in about.iter_rows(values_only=True) for cell in row)
    for part in ("Quoi ?", "Avis", "ab" * 32, "2026-11-22", "Licence Ouverte", iso_690(answer), "SELECT ?thing {}"):
        assert part in said


def test_workbook_bytes_depend_on_the_answer_alone(answer: Answer) -> None:
    first, second = render(answer, "xlsx"), render(answer, "xlsx")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {item.date_time[0] for item in book.infolist()} == {1980}
        assert b"2026-01-01T00:00:00Z" in book.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (_literal("1850-01-01", "date"), "1850-01-01"),
        (_literal("-0044-03-15", "date"), "-0044-03-15"),
        (_literal("12345678901234567", "integer"), "12345678901234567"),
        (_literal("INF", "double"), "INF"),
        (_literal("abc", "integer"), "abc"),
        (ox.Literal("12"), "12"),
    ],
)
def test_what_a_spreadsheet_cannot_hold_stays_text(term: ox.Literal, value: str) -> None:
    assert typed(term, "number") == value


def test_an_empty_answer_says_why(release: Release) -> None:
    query = find_query("mandates-at-date")
    values = {"date": [_literal("1900-01-01", "date")]}
    found = answer_query(query, release.store, release.names, "fr", values=values)
    empty = replace(found, result=Rows(found.rows.variables, []))
    assert "sources" in empty_reason(empty)
    assert "sources" in empty_reason(replace(empty, lang="en"))
    asserted = replace(query, answer=replace(query.answer, rows=0, empty=Text("Parce que.", "Because.")))
    assert empty_reason(replace(empty, query=asserted, values={})) == "Parce que."
    assert "Aucune" in render(empty, "md").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(render(empty, "xlsx"))).worksheets[0]
    assert sheet["A2"].value == empty_reason(empty)


def test_a_graph_has_turtle_only(release: Release) -> None:
    query = Query(
        "g", Text("?", "?"), "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { <" + MSI.value + "> } ?s ?p ?o }", form="CONSTRUCT"
    )
    answer = answer_query(query, release.store, release.names, "en")
    assert len(Graph().parse(data=render(answer, "ttl"), format="turtle")) == len(set(answer.triples))
    for form in set(FORMS) - {"ttl"}:
        with pytest.raises(UsageProblem):
            render(answer, form)
    with pytest.raises(QueryRefused):
        _ = answer.rows


def test_citations_name_query_parameters_release_and_date(release: Release) -> None:
    query = find_query("mandates-at-date")
    values = {"date": [_literal("2021-12-01", "date")], "organisation": [MSI]}
    date = release.date
    answer = answer_query(query, release.store, release.names, "fr", values=values, digest=release.digest, issued=date)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", date)
    for text in (iso_690(answer), bibtex(answer)):
        assert release.digest in text
        assert "1er décembre 2021" in text
        assert "CMQ Microtechniques" in text
        assert permalink(answer) in text
    assert permalink(answer).endswith("?date=2021-12-01&organisation=https%3A%2F%2Fw3id.org%2Fcmq%2Fid%2Fcampus%2Fmsi")
    assert iso_690(replace(answer, lang="en")) != iso_690(answer)
    entry = bibtex(answer)
    assert entry.startswith("@misc{campuskg:mandatesatdate")
    assert entry.count("{") == entry.count("}")


def test_evidence_is_what_the_lines_of_the_answer_say(release: Release) -> None:
    answer = answer_query(find_query("campus-members"), release.store, release.names, "fr")
    proofs = evidence(answer.rows, release.store, given_things(answer))
    for row, found in zip(answer.rows.dicts(), proofs, strict=True):
        assert row["lines"].replace("/", ":") in found, row


def test_evidence_of_a_row_is_not_that_of_another(release: Release) -> None:
    answer = answer_query(find_query("programme-funders"), release.store, release.names, "fr")
    proofs = evidence(answer.rows, release.store, given_things(answer))
    assert all(proofs)
    for row, found in zip(answer.rows.dicts(), proofs, strict=True):
        others = {other["lines"] for other in answer.rows.dicts()} - {row["lines"]}
        assert not {f"gbm-2022:{line}" for line in others} & set(found)
    shown = answer.with_evidence(proofs)
    assert shown.rows.variables[-1] == "evidence"
    assert shown.headings()[-1] == "Passages"
    assert shown.cells()[0][-1] == " ".join(proofs[0])


def test_evidence_is_the_same_where_it_is_kept_for_other_questions(release: Release) -> None:
    keeping = RememberingStore(release.store)
    for name in ("programme-funders", "campus-members", "activity-indicators", "project-participation", "campus-members"):
        answer = answer_query(find_query(name), release.store, release.names, "fr")
        assert evidence(answer.rows, keeping, given_things(answer)) == evidence(answer.rows, release.store, given_things(answer))


def test_evidence_of_nothing_is_nothing(release: Release) -> None:
    rows = Rows(("a", "b"), [(None, ox.Literal("x")), (ox.NamedNode("urn:x"), ox.NamedNode("urn:y"))])
    assert evidence(rows, release.store) == [(), ()]


def test_names_of_the_wheel_do_not_load_the_writer_of_workbooks(root: Path) -> None:
    source = (root / "src" / "campuskg" / "publish" / "formats.py").read_text(encoding="utf-8")
    assert not re.search(r"(?m)^(from|import) .*(spreadsheet|xlsxwriter)", source)
