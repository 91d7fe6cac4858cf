"""Serialised answers: each format reads back as the same answer, whole or cut, within its cap; datasets as asked for."""

import csv
import io
from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from campuskg.store import AnswerLimits, AnswerTooBig, Dataset, MemoryStore, QueryRefused
from campuskg.store.answer import GRAPH_FORMATS, RESULT_FORMATS, AnswerTooLong

P = ox.NamedNode("urn:p")
GRAPHS = [ox.NamedNode(f"urn:g{n}") for n in (1, 2)]
TERMS: Sequence[ox.NamedNode | ox.Literal | ox.BlankNode] = [
    ox.Literal("é\"'\\\n\r\t,;<&>"),
    ox.Literal("x", language="fr"),
    ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ox.Literal(7),
    ox.Literal(""),
    ox.NamedNode("urn:é?a=b&c"),
    ox.Literal("y", language="fr", direction=ox.BaseDirection.LTR),
]
ROWS = "SELECT ?o ?none { ?s <urn:p> ?o }"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore([ox.Quad(ox.NamedNode(f"urn:s{n}"), P, term, GRAPHS[n % 2]) for n, term in enumerate(TERMS)])


@pytest.mark.parametrize(
    "media", ["application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values"]
)
@pytest.mark.parametrize("rows", [None, 7])
def test_rows_come_back(store: MemoryStore, media: str, rows: int | None) -> None:
    answer = store.serialize(ROWS, media, limits=AnswerLimits(rows=rows))
    form = RESULT_FORMATS[media]
    back = ox.parse_query_results(answer.body, form)
    assert isinstance(back, ox.QuerySolutions)
    assert [v.value for v in back.variables] == ["o", "none"]
    assert {str(row["o"]) for row in back} == {str(term) for term in TERMS}
    assert answer.cut == ""


@pytest.mark.parametrize("rows", [None, 7])
def test_csv_comes_back(store: MemoryStore, rows: int | None) -> None:
    body = store.serialize(ROWS, "text/csv; charset=utf-8", limits=AnswerLimits(rows=rows)).body.decode()
    table = list(csv.reader(io.StringIO(body, newline="")))
    assert table[0] == ["o", "none"]
    assert {row[0] for row in table[1:]} == {term.value for term in TERMS}


@pytest.mark.parametrize("media", RESULT_FORMATS)
def test_the_first_rows_only(store: MemoryStore, media: str) -> None:
    for rows in range(1, len(TERMS)):
        answer = store.serialize(ROWS, media, limits=AnswerLimits(rows=rows, cut=True))
        assert answer.cut == f"rows={rows}"
        assert answer.body == store.serialize(f"{ROWS} LIMIT {rows}", media).body
        with pytest.raises(AnswerTooLong):
            store.serialize(ROWS, media, limits=AnswerLimits(rows=rows))
    whole = store.serialize(ROWS, media, limits=AnswerLimits(rows=len(TERMS), cut=True))
    assert (whole.body, whole.cut) == (store.serialize(ROWS, media).body, "")


SIGNS = '},{ "},{" \n</result> \r\n, "" \\'


@pytest.mark.parametrize("media", RESULT_FORMATS)
@pytest.mark.parametrize("variables", ["?a", "?a ?b", "?none"])
def test_values_that_look_like_the_ends_of_rows_do_not_count(media: str, variables: str) -> None:
    said = SIGNS.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    query = f'SELECT {variables} {{ VALUES ?a {{ {" ".join(map(str, range(400)))} }} BIND("{said}é" AS ?b) }}'
    store = MemoryStore()
    assert store.serialize(query, media, limits=AnswerLimits(rows=400)).cut == ""
    cut = store.serialize(query, media, limits=AnswerLimits(rows=399, cut=True))
    assert cut.cut == "rows=399"
    assert cut.body == store.serialize(f"{query} LIMIT 399", media).body


@pytest.mark.parametrize("media", RESULT_FORMATS)
def test_an_answer_cut_at_any_byte_is_the_beginning_of_it(media: str) -> None:
    query = 'SELECT ?a ?b { VALUES (?a ?b) { ("é\\n,\\"" "}{") (UNDEF "x") ("\\"\\"" UNDEF) } }'
    store = MemoryStore()
    beginnings = {store.serialize(f"{query} LIMIT {rows}", media).body for rows in range(4)}
    size = len(store.serialize(query, media).body)
    for room in range(len(min(beginnings, key=len)), size):
        answer = store.serialize(query, media, limits=AnswerLimits(room, cut=True))
        assert answer.body in beginnings, room
        assert answer.cut == f"bytes={room}"


def test_blank_nodes_and_triple_terms_are_written_too(store: MemoryStore) -> None:
    query = "SELECT ?b ?t { BIND(BNODE() AS ?b) BIND(<<( <urn:a> <urn:b> 'c' )>> AS ?t) }"
    for media in ("application/sparql-results+json", "application/sparql-results+xml"):
        body = store.serialize(query, media).body
        back = ox.parse_query_results(body, RESULT_FORMATS[media])
        assert isinstance(back, ox.QuerySolutions)
        row = next(back)
        assert isinstance(row["b"], ox.BlankNode)
        assert row["t"] == ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))


@pytest.mark.parametrize("media", RESULT_FORMATS)
def test_ask(store: MemoryStore, media: str) -> None:
    assert b"true" in store.serialize("ASK { ?s ?p ?o }", media).body


@pytest.mark.parametrize("media", GRAPH_FORMATS)
@pytest.mark.parametrize("rows", [None, 4, 2])
def test_graphs_come_back(store: MemoryStore, media: str, rows: int | None) -> None:
    query = "CONSTRUCT { ?s <urn:x/p> ?o } WHERE { ?s <urn:p> ?o FILTER(LANG(?o) != 'fr') }"
    answer = store.serialize(query, media, limits=AnswerLimits(rows=rows, cut=True))
    back = {str(quad.triple) for quad in ox.parse(answer.body, format=GRAPH_FORMATS[media])}
    whole = {str(triple) for triple in store.construct(query)}
    assert back == whole if rows != 2 else (back < whole and len(back) == 2)
    assert answer.cut == ("rows=2" if rows == 2 else "")
    with pytest.raises(AnswerTooLong):
        store.serialize("CONSTRUCT WHERE { ?s ?p ?o }", media, limits=AnswerLimits(rows=len(TERMS) - 1))


def test_the_cap(store: MemoryStore) -> None:
    size = len(store.serialize(ROWS, "text/csv").body)
    assert len(store.serialize(ROWS, "text/csv", limits=AnswerLimits(bytes_=size)).body) == size
    for query, media in ((ROWS, "text/csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")):
        with pytest.raises(AnswerTooBig, match="larger than 20 bytes"):
            store.serialize(query, media, limits=AnswerLimits(bytes_=20))
        with pytest.raises(AnswerTooBig):
            store.serialize(query, media, limits=AnswerLimits(bytes_=20, rows=5))
        assert store.serialize(query, media, limits=AnswerLimits(bytes_=40, cut=True)).cut == "bytes=40"


@pytest.mark.parametrize(
    ("query", "media"), [("ASK {}", "text/turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), (ROWS, "text/x")]
)
def test_a_format_of_another_form_is_refused(store: MemoryStore, query: str, media: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.serialize(query, media)
    assert refused.value.code == "query-format"


@pytest.mark.parametrize(
    ("query", "media"),
    [
        ("CONSTRUCT { <urn:a> <urn:b/1> 'x' } {}", "application/rdf+xml"),
        ("SELECT ('a\\u0001' AS ?x) {}", "application/sparql-results+xml"),
    ],
)
def test_what_xml_cannot_say_is_refused(store: MemoryStore, query: str, media: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.serialize(query, media)
    assert refused.value.code == "answer-not-xml"


@pytest.mark.parametrize(
    ("clause", "dataset", "expected"),
    [
        ("", Dataset(), {"1", "2", "3"}),
        ("", Dataset(union=False), {"3"}),
        ("FROM <urn:g1>", Dataset(), {"1"}),
        ("FROM NAMED <urn:g1>", Dataset(), set()),
        ("FROM <urn:g1>", Dataset(default_graphs=["urn:g2"]), {"2"}),
        ("", Dataset(default_graphs=["urn:g1", "urn:g2"]), {"1", "2"}),
        ("", Dataset(named_graphs=["urn:g1"]), set()),
    ],
)
def test_the_dataset(clause: str, dataset: Dataset, expected: set[str]) -> None:
    store = MemoryStore(
        [ox.Quad(P, P, ox.Literal(str(n)), graph) for n, graph in enumerate([*GRAPHS, ox.DefaultGraph()], start=1)]
    )
    body = store.serialize(f"SELECT ?o {clause} {{ ?s ?p ?o }}", "text/csv", dataset=dataset).body.decode()
    assert set(body.split()[1:]) == expected


def test_named_graphs_of_the_protocol(store: MemoryStore) -> None:
    body = store.serialize(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv", dataset=Dataset(named_graphs=["urn:g1"])
    ).body
    assert body.split() == [b"g", b"urn:g1"]


def test_an_update_is_refused(store: MemoryStore) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.serialize("DROP ALL", "text/csv")
    assert refused.value.code == "query-update"
    assert len(store) == len(TERMS)
