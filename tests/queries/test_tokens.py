"""The tokens of SPARQL that the catalogue looks for."""

import pytest

from campuskg.queries import tokens


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT ?x { ?x ?p "VALUES ?x { 1 }" }',
        "SELECT ?x { ?x ?p 'VALUES ?x { 1 }' }",
        'SELECT ?x { ?x ?p """a "quoted" VALUES ?x { 1 }""" }',
        "SELECT ?x { ?x ?p '''it's VALUES ?x { 1 }''' }",
        "SELECT ?x { ?x ?p ?y } # VALUES ?x { 1 }",
        "SELECT ?x { ?x <urn:VALUES?x{1}> ?y }",
        'SELECT ?x { ?x ?p "\\"VALUES ?x { 1 }" }',
        "SELECT ?x { VALUES (?x ?y) { (1 2) } }",
    ],
)
def test_no_block_is_found_in_strings_iris_comments_and_tables(sparql: str) -> None:
    assert tokens.blocks(sparql) == ()


@pytest.mark.parametrize(
    ("sparql", "inside"),
    [
        ("SELECT * { VALUES ?x { 1 2 } }", " 1 2 "),
        ("SELECT * { values $x { <a#b> } }", " <a#b> "),
        ('SELECT * { VALUES ?x { "}" } }', ' "}" '),
        ("SELECT * { VALUES ?x { # } no\n 1 } }", " # } no\n 1 "),
    ],
)
def test_a_block_ends_at_its_own_brace(sparql: str, inside: str) -> None:
    (block,) = tokens.blocks(sparql)
    assert (block.name, block.inside, block.optional) == ("x", inside, False)
    assert sparql[block.end - 1] == "}"


@pytest.mark.parametrize(
    ("sparql", "columns"),
    [
        ("SELECT ?a ?b WHERE { ?a ?b ?c }", ("a", "b")),
        ("PREFIX select: <urn:> SELECT DISTINCT ?a { ?a ?b ?c }", ("a",)),
        ("SELECT (COUNT(DISTINCT ?x) AS ?n) ?y { }", ("n", "y")),
        ('SELECT (CONCAT("AS ?no", STR(?x)) AS ?t) FROM <urn:g> WHERE { }', ("t",)),
        ("SELECT (IF(EXISTS { ?a ?b ?c }, 1, 0) AS ?n) { }", ("n",)),
        ("SELECT * { ?a ?b ?c }", ()),
    ],
)
def test_columns_of_a_select(sparql: str, columns: tuple[str, ...]) -> None:
    assert tokens.projected(sparql) == columns


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("PREFIX ask: <urn:ask> ask { }", "ASK"),
        ("DESCRIBE <urn:a>", "DESCRIBE"),
        ("INSERT DATA { }", None),
    ],
)
def test_form(sparql: str, form: str | None) -> None:
    assert tokens.form(sparql) == form
