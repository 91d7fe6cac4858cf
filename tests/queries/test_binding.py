"""Parameters as VALUES: what a reader types never becomes a part of the query; and why not the engine's substitutions."""

import re
import unicodedata

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from campuskg.errors import UsageProblem
from campuskg.queries import bind, written
from campuskg.store import MemoryStore

QUERY = """SELECT ?s ?x ?n
WHERE {
  VALUES ?x { "a" }
  #? VALUES ?n { 1 }
  ?s <urn:name> ?x ; <urn:number> ?n .
  FILTER(?x != "VALUES ?x { 'never' }")
}
ORDER BY ?s"""
NAMES = ("x", "n")
HOSTILE = [
    "> } ; DROP ALL #",
    '" } } DELETE { ?s ?p ?o } #',
    '"',
    '"""',
    "'''",
    "\\",
    '\\"',
    "\\\\",
    "\\u0022 } #",
    "\\U00000022 } #",
    "\\\\u0022",
    "\\u003e",
    "\\n",
    "a\nb",
    "a\r\nb",
    "\t",
    "\x00",
    "\x07",
    "\u202ecafe\u202c",
    "\u202eabcd1234",
    "\u2028",
    "}",
    "{ SELECT * { ?s ?p ?o } }",
    "?s",
    "# comment",
    "<urn:a>",
    "@fr",
    "^^<urn:a>",
    "VALUES ?x { 1 }",
    "e\u0301",
    "日本 😀",
    "",
]


def _store(value: ox.Literal) -> MemoryStore:
    store = MemoryStore()
    things = [("a", ox.Literal("a")), ("b", value)]
    for name, text in things:
        thing = ox.NamedNode(f"urn:{name}")
        store.add([ox.Quad(thing, ox.NamedNode("urn:name"), text), ox.Quad(thing, ox.NamedNode("urn:number"), ox.Literal(1))])
    return store


def _structure(sparql: str) -> str:
    """Return the algebra of a query, with every value of a VALUES block told by its kind only."""

    def told(node: object) -> object:
        if isinstance(node, CompValue):
            if node.name == "values":
                return ("values", [sorted((str(k), type(v).__name__) for k, v in row.items()) for row in node.res])
            return (node.name, [(key, told(node[key])) for key in sorted(node)])
        if isinstance(node, (list, tuple)):
            return [told(item) for item in node]
        if isinstance(node, (set, frozenset)):
            return sorted(str(item) for item in node)
        return str(node)

    return str(told(translateQuery(parseQuery(sparql)).algebra))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", [None, "fr"])
def test_a_hostile_text_is_a_value_and_nothing_else(text: str, language: str | None) -> None:
    value = ox.Literal(text, language=language)
    bound = bind(QUERY, NAMES, {"x": [value]})
    assert _structure(bound) == _structure(bind(QUERY, NAMES, {"x": [ox.Literal("plain", language=language)]}))
    rows = _store(value).select(bound).rows
    assert [row[0] for row in rows] == [ox.NamedNode("urn:b")]
    assert rows[0][1] == value
    graph = Graph()
    graph.add((URIRef("urn:b"), URIRef("urn:name"), Literal(text, lang=language)))
    graph.add((URIRef("urn:b"), URIRef("urn:number"), Literal(1)))
    found = list(graph.query(bound))
    assert len(found) == 1
    assert str(found[0][1]) == text  # type: ignore[index]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
@example("\\uD800")
def test_any_text_comes_back_as_it_was(text: str) -> None:
    value = ox.Literal(text)
    sparql = f"SELECT ?x {{ VALUES ?x {{ {written(value)} }} }}"
    assert MemoryStore().select(sparql).rows == [(value,)]
    assert not any(unicodedata.category(c)[0] == "C" for c in written(value))


@given(st.text(alphabet='\\"uU0{}>\n', max_size=12))
def test_backslashes_and_quotes_in_any_order_stay_one_string_in_rdflib(text: str) -> None:
    sparql = f"SELECT ?x {{ VALUES ?x {{ {written(ox.Literal(text))} }} }}"
    assert [str(row[0]) for row in Graph().query(sparql)] == [text]  # type: ignore[index]


@pytest.mark.parametrize(
    "iri",
    [
        "https://a.example/> } ; DROP ALL #",
        "https://a.example/\\u003e",
        "https://a.example/a b",
        'https://a.example/"',
        "https://a.example/{x}",
        "https://a.example/a\nb",
        "https://a.example/\u202e",
        "https://a.example/\x7f",
        "relative/path",
        "",
    ],
)
def test_an_iri_that_sparql_cannot_hold_is_refused(iri: str) -> None:
    try:
        term = ox.NamedNode(iri)
    except ValueError:
        return
    with pytest.raises(UsageProblem):
        written(term)


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(UsageProblem):
        written(ox.BlankNode("b"))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ox.Literal(12), "12"),
        (ox.Literal("12", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), None),
        (ox.Literal("-1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), "-1.5"),
        (ox.Literal("1) } #", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")), None),
        (ox.Literal("2021-12-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")), None),
        (ox.Literal(value=True), None),
    ],
)
def test_literals_keep_their_datatype(term: ox.Literal, text: str | None) -> None:
    assert text is None or written(term) == text
    assert MemoryStore().select(f"SELECT ?x {{ VALUES ?x {{ {written(term)} }} }}").rows == [(term,)]


def test_several_values_several_blocks_and_optional_lines() -> None:
    bound = bind(QUERY, NAMES, {"x": [ox.Literal("a"), ox.Literal("b")], "n": [ox.Literal(2)]})
    assert 'VALUES ?x { "a" "b" }' in bound
    assert "\n  VALUES ?n { 2 }\n" in bound
    assert "#?" not in bound
    assert "VALUES ?x { 'never' }" in bound
    twice = bind("{ VALUES ?x { 1 } } UNION { VALUES ?x { 1 } }", ["x"], {"x": [ox.Literal(5)]})
    assert twice == "{ VALUES ?x { 5 } } UNION { VALUES ?x { 5 } }"


def test_nothing_given_is_the_text_itself_and_unknown_names_are_refused() -> None:
    assert bind(QUERY, NAMES, {}) == QUERY
    assert bind(QUERY, NAMES, {"n": []}) == QUERY
    with pytest.raises(UsageProblem) as unknown:
        bind(QUERY, ["number"], {"numbr": [ox.Literal(1)]})
    assert "number" in unknown.value.say("en")


class TestSubstitutions:
    """The trials behind docs/decisions/0011-parameters-bind-as-values.md; when one fails, the engine has changed."""

    @pytest.fixture
    def store(self) -> ox.Store:
        """Return three things, each with one value."""
        store = ox.Store()
        for name, value in (("a", "1"), ("b", "2"), ("c", "3")):
            store.add(ox.Quad(ox.NamedNode(f"urn:{name}"), ox.NamedNode("urn:p"), ox.NamedNode(f"urn:{value}")))
        return store

    def _rows(self, store: ox.Store, sparql: str, name: str = "a") -> list[list[str]]:
        found = store.query(sparql, substitutions={ox.Variable("x"): ox.NamedNode(f"urn:{name}")})
        assert isinstance(found, ox.QuerySolutions)
        return [
            [re.sub(r"^urn:", "", term.value) for term in row if isinstance(term, (ox.NamedNode, ox.Literal))] for row in found
        ]

    @pytest.mark.parametrize("select", ["?y", "(COUNT(*) AS ?n)"])
    def test_a_variable_that_is_not_projected_is_refused(self, store: ox.Store, select: str) -> None:
        with pytest.raises(RuntimeError, match="projection"):
            self._rows(store, f"SELECT {select} {{ ?x <urn:p> ?y }}")

    def test_a_value_does_not_reach_a_sub_select(self, store: ox.Store) -> None:
        inner = "{ SELECT (COUNT(?y) AS ?n) { %s ?x <urn:p> ?y } }"
        assert self._rows(store, f"SELECT ?x ?n {{ {inner % ''} ?x <urn:p> ?z }}") == [["a", "3"]]
        block = "VALUES ?x { <urn:a> }"
        pasted = f"SELECT ?x ?n {{ {inner % block} {block} ?x <urn:p> ?z }}"
        assert self._rows(store, pasted) == [["a", "1"]]

    def test_a_default_beside_a_value_gives_no_rows(self, store: ox.Store) -> None:
        assert self._rows(store, "SELECT ?x ?y { VALUES ?x { <urn:a> } ?x <urn:p> ?y }", "b") == []
