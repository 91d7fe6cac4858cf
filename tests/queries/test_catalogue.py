"""Every query: its header, its prefixes, its answer. That all engines give the same rows is tested in tests/engines."""

import re

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from campuskg.errors import Severity, UsageProblem
from campuskg.ontology import prefixes
from campuskg.queries import Query, catalogue, checks, find_query, read_values
from campuskg.queries.asserted import answer_lines, check_answer
from campuskg.release import Release

MOST_PHRASES = 6
ALL = [*catalogue().values(), *checks().values()]


def _by_name(query: Query) -> str:
    return query.name


@pytest.mark.parametrize("query", ALL, ids=_by_name)
def test_parses_with_rdflib(query: Query) -> None:
    prepareQuery(query.sparql)


@pytest.mark.parametrize("query", ALL, ids=_by_name)
def test_prefixes_are_declared_used_and_those_of_the_table(query: Query) -> None:
    declared = dict(re.findall(r"(?mi)^PREFIX\s+([\w.-]*):\s*<([^>]*)>", query.sparql))
    assert declared == {prefix: prefixes().get(prefix) for prefix in declared}
    body = re.sub(r"(?mi)^(PREFIX|#).*$", "", query.sparql)
    assert [prefix for prefix in declared if not re.search(rf"\b{prefix}:", body)] == []


@pytest.mark.parametrize("query", ALL, ids=_by_name)
def test_asks_in_both_languages(query: Query) -> None:
    assert query.question.fr != query.question.en
    assert query.question.fr.endswith("?")
    assert query.question.en.endswith("?")


@pytest.mark.parametrize("query", catalogue().values(), ids=_by_name)
def test_the_headed_columns_are_those_of_the_answer(query: Query, release: Release) -> None:
    if query.form == "SELECT":
        assert release.store.select(query.sparql).variables == tuple(query.columns)


@pytest.mark.parametrize("query", catalogue().values(), ids=_by_name)
def test_the_asserted_answer_holds(query: Query, release: Release) -> None:
    assert [problem.say("en") for problem in check_answer(query, release.store.run(query.sparql))] == []


@pytest.mark.parametrize("query", catalogue().values(), ids=_by_name)
def test_people_ask_it_in_other_words_too(query: Query) -> None:
    for lang in ("fr", "en"):
        assert 1 <= len(query.phrases[lang]) <= MOST_PHRASES  # type: ignore[index]
    assert not set(query.phrases["fr"]) & set(query.phrases["en"])
    assert query.why.fr != query.why.en


@pytest.mark.parametrize(("asked", "name"), [(q.name, name) for q in catalogue().values() for name in q.parameters])
def test_defaults_and_examples_are_what_the_parameter_can_be(asked: str, name: str, release: Release) -> None:
    query = catalogue()[asked]
    parameter = query.parameters[name]
    terms = parameter.default or parameter.example
    texts = [term.value for term in terms if not isinstance(term, ox.BlankNode)]
    assert read_values(query, {name: texts}, release.store, release.names)[name]
    rows = release.store.run(query.bound({name: terms}))
    if not parameter.optional and not isinstance(rows, bool):
        assert answer_lines(rows) == answer_lines(release.store.run(query.sparql))


@pytest.mark.parametrize("query", checks().values(), ids=_by_name)
def test_a_check_says_what_is_wrong_and_how_to_mend_it(query: Query) -> None:
    assert all([*query.message, *query.mend])
    assert re.search(r"SELECT\s+(DISTINCT\s+)?\?entity\b", query.sparql)


@pytest.mark.parametrize("query", checks().values(), ids=_by_name)
def test_no_check_that_is_an_error_has_a_row(query: Query, release: Release) -> None:
    if query.severity is Severity.ERROR:
        assert release.store.select(query.sparql).dicts() == []


def test_unknown_query_names_near_ones() -> None:
    name = next(iter(catalogue()))
    with pytest.raises(UsageProblem) as unknown:
        find_query(name[:-1])
    assert name in unknown.value.say("fr")
    assert find_query(name).name == name
