"""Common mistakes in a query get a place and a remedy, in both languages."""

import pytest

from campuskg.store import MemoryStore, QueryRefused


@pytest.mark.parametrize(
    ("sparql", "place", "said"),
    [
        ("SELECT * {\n  ?s a cmq:Campus }", (2, 8), "Add 'PREFIX cmq: <https://w3id.org/cmq/ontology#>'"),
        ("SELECT * { ?s zz:x ?o }", (1, 15), "The prefix 'zz:' is not declared"),
        ("SELECT * {\n ?s ?p ?o\n", (3, 1), "Missing at the end: }"),
        ("SELECT * { FILTER(1 = (2) ", (1, 27), "Missing at the end: )}"),
        ("SELECT * { ?s ?p ?o } }", (1, 23), "'}' closes nothing here"),
        ("SELECT * { ?s ?p ?o ?x ?y ?z }", (1, 21), "A dot or semicolon is missing"),
        ('SELECT * { ?s ?p "1"^^<urn:t> ?x ?y ?z }', (1, 31), "A dot or semicolon is missing"),
        ("SELECT ?s COUNT(*) { ?s ?p ?o }", (1, 11), "(COUNT(…) AS ?n)"),
        ("SELECT (COUNT(*)) { ?s ?p ?o }", (1, 9), "(COUNT(…) AS ?n)"),
        ("SELECT * { ?s ?p ?o FILTER(?s == ?o) }", (1, 31), "a single ="),
        ("SELECT * { ?s ?p ?o FILTER(?s = 1 and ?o = 2) }", (1, 35), "'and' is written &&"),
        ("SELEC * { }", (1, 1), "perhaps SELECT?"),
        ("SELECT ?s { ?s ?p ?o } GRUOP BY ?s", (1, 24), "perhaps GROUP?"),
        ("SELECT * { ?s ?p 'abc }", (1, 18), "Close the string with '"),
        ("@prefix a: <b> . SELECT * { }", (1, 1), "Write PREFIX without @"),
        ("SELECT * { ?s ?p ?o } LIMIT 3 ORDER BY ?s", (1, 31), "ORDER comes before LIMIT"),
    ],
)
def test_hints(sparql: str, place: tuple[int, int], said: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        MemoryStore().run(sparql)
    error = refused.value
    assert error.code == "query-syntax"
    assert said in error.say("en")
    assert (error.params["line"], error.params["column"]) == place
    hint = error.params["hint"]
    assert isinstance(hint, dict)
    assert hint["fr"] != hint["en"]


def test_an_ungrouped_variable() -> None:
    with pytest.raises(QueryRefused, match="add it to GROUP BY"):
        MemoryStore().run("SELECT ?s (COUNT(*) AS ?c) { ?s ?p ?o }")


def test_without_a_better_idea_the_place_is_all() -> None:
    with pytest.raises(QueryRefused, match="Mend the query at that place"):
        MemoryStore().run("SELECT * WHERE WHERE { }")
