"""Every query: its header, its prefixes, and the same rows from two SPARQL engines."""

import re
import warnings
from collections import Counter
from decimal import Decimal

import pyoxigraph as ox
import pytest
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from campuskg.errors import UsageProblem
from campuskg.ontology import prefixes
from campuskg.queries import Query, catalogue, checks, find_query
from campuskg.release import Release

ALL = [*catalogue().values(), *checks().values()]


def _by_name(query: Query) -> str:
    return query.name


@pytest.fixture(scope="module")
def union(release: Release) -> Graph:
    """Return the release in rdflib: one default graph, and the named graph that checks ask for."""
    dataset = Dataset(default_union=True)
    text = "".join(f"{quad} .\n" for quad in release.store.quads())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own
        dataset.parse(data=text, format="nquads")
    return dataset


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
def test_every_column_has_a_heading_in_both_languages(query: Query, release: Release) -> None:
    shown = release.store.select(query.sparql).variables
    headed = {key.split(".")[1] for key in query.header if key.startswith("columns.")}
    assert headed == set(shown)
    for name in shown:
        assert query.header[f"columns.{name}.fr"]
        assert query.header[f"columns.{name}.en"]


@pytest.mark.parametrize("query", checks().values(), ids=_by_name)
def test_a_check_says_what_is_wrong_and_how_to_mend_it(query: Query) -> None:
    assert all(query.text(key, lang) for key in ("message", "mend") for lang in ("fr", "en"))  # type: ignore[arg-type]
    assert re.search(r"SELECT\s+(DISTINCT\s+)?\?entity\b", query.sparql)
    assert query.header.get("severity", "error") in ("error", "warning")


@pytest.mark.parametrize("query", checks().values(), ids=_by_name)
def test_no_check_that_is_an_error_has_a_row(query: Query, release: Release) -> None:
    if query.header.get("severity") != "warning":
        assert release.store.select(query.sparql).dicts() == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("query", catalogue().values(), ids=_by_name)
def test_two_engines_give_the_same_rows(query: Query, release: Release, union: Graph) -> None:
    ours = release.store.select(query.sparql)
    theirs = union.query(query.sparql)
    assert [str(variable) for variable in theirs.vars or ()] == list(ours.variables)
    assert Counter(tuple(_ours(t) for t in row) for row in ours.rows) == Counter(tuple(_theirs(t) for t in row) for row in theirs)  # type: ignore[union-attr]
    assert ours.rows, "a question of the catalogue has an answer"


def _ours(term: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> str:
    return "" if term is None else _number(term.value)


def _theirs(term: URIRef | Literal | BNode | None) -> str:
    return "" if term is None else _number(str(term))


def _number(text: str) -> str:
    """Return one spelling for one number: engines may write 1.50 as 1.5, and round divisions at different digits."""
    return f"{Decimal(text).normalize():.10g}" if re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", text) else text


def test_unknown_query_names_near_ones() -> None:
    name = next(iter(catalogue()))
    with pytest.raises(UsageProblem) as unknown:
        find_query(name[:-1])
    assert name in unknown.value.say("fr")
    assert find_query(name).name == name
