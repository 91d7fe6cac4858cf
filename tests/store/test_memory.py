"""The in-memory store: bindings are terms, other servers are out of reach, faults have a place."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.store import MemoryStore, QueryRefused

A, B, NAME = ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:name")


@pytest.fixture
def store() -> MemoryStore:
    quads = [
        ox.Quad(A, NAME, ox.Literal("Ève"), ox.NamedNode("urn:g1")),
        ox.Quad(B, NAME, ox.Literal('"} . ?x ?y ?z'), ox.NamedNode("urn:g2")),
    ]
    return MemoryStore(quads)


def test_default_graph_is_the_union(store: MemoryStore) -> None:
    assert len(store.select("SELECT * { ?s <urn:name> ?n }").rows) == 2
    assert len(store.select("SELECT * { GRAPH <urn:g1> { ?s <urn:name> ?n } }").rows) == 1


@pytest.mark.parametrize(
    "text", ['"} . ?x ?y ?z', "Ève", "x' OR '1'='1", '" } UNION { ?s ?p ?o', "\\", "\n", "> }", "?s", "${s}", "é\u2028\0"]
)
def test_bindings_are_terms(store: MemoryStore, text: str) -> None:
    rows = store.select("SELECT ?s ?n { ?s <urn:name> ?n }", {"n": ox.Literal(text)})
    assert [{"s": row["s"]} for row in rows.dicts()] == {"Ève": [{"s": "urn:a"}], '"} . ?x ?y ?z': [{"s": "urn:b"}]}.get(text, [])


def test_bound_iri_is_a_term(store: MemoryStore) -> None:
    assert store.select("SELECT ?s ?n { ?s <urn:name> ?n }", {"s": A}).dicts() == [{"s": "urn:a", "n": "Ève"}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { S\\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\U00000053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE#comment\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # '\nSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } # '\n}",
        'SELECT * { BIND("#" AS ?x) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
        "SELECT * { BIND('\\'' AS ?x) SERVICE <http://127.0.0.1:9/> { BIND('' AS ?y) } }",
        "SELECT * { FILTER(1 < 2) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } FILTER(2 > 1) }",
        "SELECT * { FILTER(?a<?b) SERVICE?c{ ?s ?p ?o } FILTER(?b>?a) }",
        "CONSTRUCT WHERE { ?s ?p ?o } VALUES ?x { 1 } SERVICE",
        "SELECT * { <urn:x#y> ?p ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
    ],
)
def test_service_is_refused(store: MemoryStore, query: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.select(query)
    assert refused.value.code == "query-service"


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s <urn:name> "SERVICE" }',
        "SELECT * { ?s <urn:SERVICE> ?service }",
        "SELECT * { ?s ?p ?o } # SERVICE",
        'SELECT * { ?s <urn:name> """a "SERVICE" b""" }',
        "SELECT ?services { ?services ?p ?o }",
    ],
)
def test_the_word_alone_is_allowed(store: MemoryStore, query: str) -> None:
    store.select(query)


@pytest.mark.parametrize(
    "query", ["INSERT DATA { <urn:a> <urn:b> <urn:c> }", "DROP ALL", "LOAD <http://127.0.0.1:9/>", "CLEAR DEFAULT"]
)
def test_updates_are_refused(store: MemoryStore, query: str) -> None:
    with pytest.raises(QueryRefused):
        store.run(query)
    assert len(store) == 2


@pytest.mark.parametrize(
    ("query", "line"), [("SELECT * {\n  ?s ?p\n}", 3), ("SELEC * { }", 1), ("SELECT * { ?s ?p ?o }\n éé", 2)]
)
def test_syntax_errors_have_a_place(store: MemoryStore, query: str, line: int) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.run(query)
    assert refused.value.code == "query-syntax"
    column = refused.value.params["column"]
    assert isinstance(column, int)
    assert 1 <= column <= len(query.splitlines()[line - 1]) + 1
    assert f"ligne {line}, colonne {column}" in refused.value.say("fr")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }",
        "PREFIX a: <b> SELECT * { a:b }",
        "SELECT * { ex:a ?p ?o }",
        "SELECT ?a ?a { ?a ?a }}",
    ],
)
def test_other_faults_are_said_too(store: MemoryStore, query: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.run(query)
    assert refused.value.say("fr") != refused.value.say("en")


def test_forms_are_told_apart(store: MemoryStore) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.select("ASK { ?s ?p ?o }")
    assert refused.value.code == "query-not-select"
    with pytest.raises(QueryRefused) as refused:
        store.construct("SELECT * { ?s ?p ?o }")
    assert refused.value.code == "query-not-construct"
    assert bool(store.run("ASK { ?s ?p ?o }"))
    assert len(list(store.construct("CONSTRUCT WHERE { ?s ?p ?o }"))) == 2


def test_unbound_values_are_none(store: MemoryStore) -> None:
    rows = store.select("SELECT ?s ?none { ?s <urn:name> 'Ève' }")
    assert rows.rows == [(A, None)]
    assert rows.dicts() == [{"s": "urn:a"}]


def test_a_triple_term_is_refused(store: MemoryStore) -> None:
    with pytest.raises(QueryRefused) as refused:
        store.select("SELECT ?t { BIND(<<( <urn:a> <urn:b> <urn:c> )>> AS ?t) }")
    assert refused.value.code == "query-triple-term"


def test_files(tmp_path: Path, store: MemoryStore) -> None:
    path = tmp_path / "x.nq"
    path.write_text("".join(f"{quad} .\n" for quad in store.quads()), encoding="utf-8")
    assert set(MemoryStore.open(path).quads()) == set(store.quads())
    assert {q.subject for q in store.quads("urn:g1")} == {A}
    assert [q.subject for q in store.matching("urn:name")] in ([A, B], [B, A])


def test_a_binding_outside_the_projection_is_one_message() -> None:
    store = MemoryStore([])
    with pytest.raises(QueryRefused) as refused:
        store.select("SELECT ?s { ?s ?p ?o }", {"nothing": ox.Literal("x")})
    assert refused.value.code == "query-binding"
