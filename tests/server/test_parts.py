"""The small pure parts of the server: routes, cache, truncation, headers, languages, limits."""

import csv
import io
import json

import pyoxigraph as ox
import pytest

from campuskg.server.cache import Cache
from campuskg.server.edge import _key
from campuskg.server.evaluate import graphs, write
from campuskg.server.headers import dressed, matches
from campuskg.server.limits import Limits
from campuskg.server.problem import Refusal, problem_response, refusal
from campuskg.server.protocol import parse
from campuskg.server.request import Request
from campuskg.server.response import Response
from campuskg.server.routes import Route, RouteTable
from campuskg.server.tables import routes
from campuskg.server.tasks import Context
from campuskg.store import AnswerLimits, GuardLimits, MemoryStore, QueryRefused
from campuskg.store.workers import AnswerTooBig, PoolBusy, QueryTimedOut, QueryTooBig, WorkerLost


async def nobody(request: Request, app: object) -> Response:  # noqa: ARG001
    return Response(200)


@pytest.mark.parametrize(
    ("path", "method", "params"),
    [
        ("/queries/funding-flows", "GET", {"name": "funding-flows"}),
        ("/queries/funding-flows", "HEAD", {"name": "funding-flows"}),
        ("/queries/funding-flows.csv", "GET", {"name": "funding-flows.csv"}),
        ("/static/js/a.js", "GET", {"file": "js/a.js"}),
        ("/queries/", "GET", None),
        ("/queries/..", "GET", None),
        ("/queries/.hidden", "GET", None),
        ("/queries/a/b", "GET", None),
        ("/static/../secret", "GET", None),
        ("/static/js//a.js", "GET", None),
        ("/queries/a b", "GET", None),
        ("/queries/a\x00", "GET", None),
    ],
)
def test_routes(path: str, method: str, params: dict[str, str] | None) -> None:
    table = RouteTable([Route(("GET",), "/queries/{name}", nobody), Route(("GET",), "/static/{file:path}", nobody)])
    route, found, _ = table.find(path, method)
    assert (route is not None) == (params is not None)
    assert found == (params or {})


def test_a_known_path_says_what_it_allows() -> None:
    table = RouteTable([Route(("GET", "POST"), "/sparql", nobody)])
    assert table.find("/sparql", "PUT") == (None, {}, ("GET", "POST", "HEAD", "OPTIONS"))


def test_every_route_of_the_server_compiles_and_is_named_once() -> None:
    patterns = [(route.pattern, method) for route in routes() for method in route.methods]
    assert len(patterns) == len(set(patterns))
    RouteTable(routes())


def test_cache_is_bounded_by_bytes_and_forgets_the_oldest() -> None:
    cache: Cache[str] = Cache(5000)
    for number in range(10):
        cache.put(number, "x", 600)
        cache.get(0)
    assert cache.size <= 5000
    assert cache.get(0) == "x"
    assert cache.get(1) is None
    assert cache.get(9) == "x"
    cache.put("large", "x", 5000)
    assert cache.get("large") is None
    cache.put(0, "y", 10)
    assert cache.get(0) == "y"
    assert cache.size <= 5000


def test_a_cache_of_nothing_keeps_nothing() -> None:
    cache: Cache[str] = Cache(0)
    cache.put("a", "b", 0)
    assert len(cache) == 0


@pytest.mark.parametrize(
    "media", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
@pytest.mark.parametrize("limit", [400, 1000, 5000, 90_000])
def test_a_cut_answer_is_well_formed(media: str, limit: int) -> None:
    answer = ox.Store().query("SELECT ?a ?b { VALUES (?a ?b) { %s } }" % ('("x\\ny, \\"}]" <http://a/b>) (UNDEF "é") ' * 200))
    assert not isinstance(answer, ox.QueryTriples)
    body, by = write(answer, media, AnswerLimits(limit, cut=True))
    assert by == (f"bytes={limit}" if limit < 90_000 else "")
    assert len(body) <= limit + 40
    if media == "text/csv":
        rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
        assert all(len(row) == 2 for row in rows)
        assert rows[1] in (['x\ny, "}]', "http://a/b"], ["", "é"])
    else:
        form = ox.QueryResultsFormat.from_media_type(media)
        found = list(ox.parse_query_results(body, format=form))  # type: ignore[arg-type]
        assert 0 < len(found) <= 400


@pytest.mark.parametrize("media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"])
def test_a_cut_graph_is_well_formed(media: str) -> None:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"http://a/{n}"), ox.NamedNode("http://b/c"), ox.Literal("x\ny")) for n in range(500))
    answer = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    body, by = write(answer, media, AnswerLimits(8000, cut=True))
    assert by == "bytes=8000"
    form = ox.RdfFormat.from_media_type(media)
    assert 10 < len(list(ox.parse(body, format=form))) < 500


def test_an_answer_too_long_is_refused_unless_it_may_be_cut() -> None:
    answer = ox.Store().query("SELECT ?a { VALUES ?a { %s } }" % ("1 " * 1000))
    assert not isinstance(answer, ox.QueryTriples)
    with pytest.raises(Refusal) as caught:
        write(answer, "text/csv", AnswerLimits(100))
    assert (caught.value.status, caught.value.code) == (413, "answer-too-long")


def test_an_answer_of_too_many_rows_is_refused_unless_it_may_be_cut() -> None:
    with pytest.raises(Refusal) as caught:
        write(ox.Store().query("SELECT ?a { VALUES ?a { %s } }" % ("1 " * 1000)), "application/json", AnswerLimits(rows=999))
    assert (caught.value.status, caught.value.code, caught.value.params["limit"]) == (413, "answer-too-many-rows", 999)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QueryTimedOut(10), 504),
        (QueryTooBig(512), 422),
        (AnswerTooBig(100), 413),
        (PoolBusy(2.5), 503),
        (WorkerLost(), 503),
        (QueryRefused("query-too-long", limit=1), 413),
        (QueryRefused("query-too-deep", limit=1), 422),
        (QueryRefused("query-service"), 400),
        (Refusal(415, "request-encoding"), 415),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_failure_has_its_status_and_words(error: Exception, status: int, lang: str) -> None:
    problem = refusal(error)  # type: ignore[arg-type]
    answer = problem_response(problem, "application/problem+json", lang)  # type: ignore[arg-type]
    said = json.loads(answer.body)
    assert (answer.status, said["status"]) == (status, status)
    assert answer.header("content-language") == lang
    assert (status == 503) == (answer.header("retry-after") is not None)
    assert "{" not in said["detail"]


def test_error_page_escapes() -> None:
    problem = Refusal(404, "request-path", path="/<script>alert(1)</script>")
    page = problem_response(problem, "text/html", "en", "https://example.org/kg").body
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert" in page
    assert b'href="/kg/queries"' in page


@pytest.mark.parametrize(
    ("header", "same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False), ("a", False), ('"aa"', False)],
)
def test_if_none_match(header: str, *, same: bool) -> None:
    assert matches(header, '"a"') is same


@pytest.mark.parametrize(
    ("query", "headers", "lang"),
    [
        ((), {}, "fr"),
        ((), {"accept-language": "en"}, "en"),
        ((), {"accept-language": "en", "cookie": "a=b; lang=fr"}, "fr"),
        ((("lang", "en"),), {"cookie": "lang=fr"}, "en"),
        ((("lang", "xx"),), {"cookie": 'lang="en'}, "fr"),
        ((), {"cookie": "\x00;=;lang=en"}, "fr"),
    ],
)
def test_language_of_a_reader(query: tuple[tuple[str, str], ...], headers: dict[str, str], lang: str) -> None:
    assert Request("GET", "/", query, headers).lang == lang


def test_every_answer_is_dressed_once() -> None:
    answer = dressed(dressed(Response(200, [("content-type", "text/html; charset=utf-8"), ("vary", "Origin")])))
    names = [name for name, _ in answer.headers]
    assert len(names) == len(set(names))
    assert answer.header("vary") == "Origin"
    assert "'unsafe" not in (answer.header("content-security-policy") or "unset")


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"query=%zz", 400), (b"query=%ff", 400), (b"\xff", 400), (b"&".join([b"a=b"] * 2000), 400), (b"", 400)],
)
def test_forms_that_cannot_be_read(raw: bytes, status: int) -> None:
    with pytest.raises(Refusal) as caught:
        parse("POST", (), "application/x-www-form-urlencoded", raw)
    assert caught.value.status == status


def test_limits_say_themselves() -> None:
    table = Limits().table()
    assert [limit.option for limit in table if limit.name == "body_seconds"] == ["--body-seconds"]
    assert all(limit.meaning.fr and limit.meaning.en and limit.meaning.fr != limit.meaning.en for limit in table)
    assert Limits(timeout=3).pool().timeout == 3
    assert Limits(query_depth=7, query_text=2).guard(["http://a"]) == GuardLimits(2048, 7, 1000, 200, ("http://a",))


class Scope:
    method, path, query_string = "GET", "/sparql", "query=ASK"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([("host", "a")], True),
        ([("host", "a"), ("host", "b")], False),
        ([], False),
        ([("host", "a"), ("accept", "x"), ("accept", "y")], False),
        ([("host", "a"), ("content-length", "3")], False),
        ([("host", "a"), ("transfer-encoding", "chunked")], False),
        ([("host", "a"), ("content-encoding", "gzip")], False),
    ],
)
def test_an_unusual_request_is_never_answered_from_the_cache(headers: list[tuple[str, str]], *, kept: bool) -> None:
    assert (_key(Scope, headers) is not None) is kept


def test_a_triple_in_two_graphs_counts_once_in_their_union() -> None:
    node = ox.NamedNode("http://a")
    store = MemoryStore(ox.Quad(node, node, node, ox.NamedNode(f"http://g/{n}")) for n in range(2))
    counted = graphs(Context(store, None, "", ""), {}).meta
    assert (counted["graphs"], counted["union"]) == ({"http://g/0": 1, "http://g/1": 1}, 1)
