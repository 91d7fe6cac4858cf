"""The whole catalogue on all engines: the same rows, in the same order where the query asks for one, as asserted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.queries import Query, catalogue, choices
from campuskg.queries.asserted import check_answer
from campuskg.store import MemoryStore, Rows
from campuskg.store.engine import Term
from campuskg.store.exchange import Limits
from campuskg.store.remote import RemoteStore
from engines.answers import difference, in_order, rows_of, with_booleans_of
from engines.catalogue_runs import Runs
from engines.conftest import Engine
from engines.servers import STARTS

# The names of the files, so that one query with a faulty header fails its own tests and not the collection of all.
NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries" / "catalogue").glob("*.rq"))
OTHER_VALUES = 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", STARTS)
def test_same_rows_as_in_process(where: str, name: str, runs: Runs, published: MemoryStore) -> None:
    query = catalogue()[name]
    ours, theirs = published.run(query.sparql), runs(where, name)
    if isinstance(ours, Rows) and isinstance(theirs, Rows):
        assert theirs.variables == ours.variables
    mine, other = rows_of(ours), rows_of(theirs)
    differs = difference(mine, other)
    if differs and where in query.engines:  # a difference that depends on the plan of the day may also not show
        return
    assert not differs, differs
    if in_order(query.sparql):
        assert other == mine
    assert [problem.words("en") for problem in check_answer(query, with_booleans_of(theirs, ours))] == []


@pytest.mark.parametrize("query", NAMES)
def test_other_values_give_the_same_rows(query: str, engine: Engine, published: MemoryStore) -> None:
    asked = catalogue()[query]
    stores = {where: RemoteStore(engine(where).url, limits=Limits(retries=0)) for where in ("oxigraph", "virtuoso")}
    for values in other_values(asked, published):
        sparql = asked.bound(values)
        ours = rows_of(published.run(sparql))
        for where, store in stores.items():
            if where not in asked.engines:
                assert difference(ours, rows_of(store.run(sparql))) == "", (where, values)


def other_values(query: Query, published: MemoryStore) -> list[dict[str, Sequence[Term]]]:
    """Return some bindings that are not the defaults: each parameter alone, with values that the graph has."""
    found: list[dict[str, Sequence[Term]]] = []
    for parameter in query.parameters.values():
        usual = {str(term) for term in parameter.default}
        terms: list[Term] = [choice.term for choice in choices(published, parameter) if str(choice.term) not in usual]
        if parameter.type == "date":
            terms = [
                ox.Literal(f"{year}-06-15", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
                for year in (2020, 2023)
            ]
        if parameter.type in ("integer", "amount"):
            terms = [ox.Literal(2), ox.Literal(2021)]
        step = max(len(terms) // OTHER_VALUES, 1)
        found += [{parameter.name: [term]} for term in terms[::step][:OTHER_VALUES]]
    return found
