"""The W3C's query evaluation and syntax cases, through the endpoint and on the engine itself: the same cases pass."""

import tomllib
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from server import results, w3c
from server.served import Served
from server.w3c import QueryCase

EXCEPTIONS = tomllib.loads((Path(__file__).parent / "w3c_exceptions.toml").read_text(encoding="utf-8"))
ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
NOTHING = f"{w3c.BASE}nothing"


def on_engine(folder: Path, case: QueryCase) -> str:
    """Return why *case* fails on the engine in this process; nothing when it passes."""
    store = ox.Store()
    for iri in case.data:
        store.extend(w3c.quads(folder, iri, ox.DefaultGraph()))
    for iri in case.named:
        store.extend(w3c.quads(folder, iri, ox.NamedNode(iri)))
    bad = case.kind == "NegativeSyntaxTest11"
    try:
        answer = store.query(case.query, base_iri=case.base)
    except (SyntaxError, RuntimeError) as error:
        return "" if bad and isinstance(error, SyntaxError) else f"not run: {error}"
    if case.result is None:
        return "parsed" if bad else ""
    return _direct_verdict(answer, case)


def _direct_verdict(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, case: QueryCase) -> str:
    assert case.result is not None
    if isinstance(answer, ox.QueryTriples):
        return _verdict(results.from_graph(answer), case)
    if case.result.suffix == ".csv":
        return _verdict(results.from_csv(answer.serialize(format=ox.QueryResultsFormat.CSV) or b""), case)
    data = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
    return _verdict(results.from_results(data, ox.QueryResultsFormat.JSON), case)


def on_server(server: Served, case: QueryCase) -> str:
    """Return why *case* fails through the endpoint; nothing when it passes."""
    suffix = case.result.suffix if case.result else ""
    dataset = {"default-graph-uri": list(case.data) or [NOTHING], "named-graph-uri": list(case.named)}
    if "FROM" in case.query and not case.data:  # the case is about its dataset clause
        dataset = {}
    answer = server.client.post(
        "/sparql",
        data={"query": f"BASE <{case.base}>\n{case.query}", **dataset},
        headers={"accept": ACCEPT.get(suffix, "application/sparql-results+json, application/n-triples;q=0.9")},
    )
    if case.kind == "NegativeSyntaxTest11":
        return "" if answer.status_code == 400 else f"status {answer.status_code}"
    if answer.status_code != 200:
        return f"status {answer.status_code}: {answer.text[:300]}"
    return "" if case.result is None else _verdict(_read(answer, suffix), case)


def _read(answer: httpx.Response, suffix: str) -> results.Comparable:
    media = answer.headers["content-type"].partition(";")[0]
    if media == "application/n-triples":
        return results.from_graph(quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
    if suffix == ".csv":
        return results.from_csv(answer.content)
    return results.from_results(answer.content, results.RESULTS.get(suffix, ox.QueryResultsFormat.JSON))


def _verdict(found: results.Comparable, case: QueryCase) -> str:
    assert case.result is not None
    return "" if found == results.expected(case.result, case.base) else "another answer"


def test_the_suite_is_there(w3c_folder: Path) -> None:
    kinds = [case.kind for case in w3c.query_cases(w3c_folder)]
    assert kinds.count("QueryEvaluationTest") > 200
    assert kinds.count("PositiveSyntaxTest11") + kinds.count("NegativeSyntaxTest11") > 85


def test_endpoint_passes_what_the_engine_passes(w3c_folder: Path, w3c_server: Served) -> None:
    cases = w3c.query_cases(w3c_folder)
    through = {case.name: why for case in cases if (why := on_server(w3c_server, case))}
    directly = {case.name: why for case in cases if (why := on_engine(w3c_folder, case))}
    assert through.keys() == directly.keys(), (through, directly)
    assert through.keys() == EXCEPTIONS.keys(), through


@pytest.mark.parametrize("name", sorted(EXCEPTIONS))
def test_every_exception_has_a_reason(name: str) -> None:
    assert len(EXCEPTIONS[name]["reason"]) > 20
