"""The endpoint of the project's own release: caching, negotiation, languages, limits, what it says of itself."""

import json
import time
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from campuskg.release import Release
from server.served import JSON, Served, serving

ENDPOINT = "https://example.org/kg/sparql"
SD = "http://www.w3.org/ns/sparql-service-description#"
CAMPUSES = "PREFIX cmq: <https://w3id.org/cmq/ontology#> SELECT DISTINCT ?c { ?c a cmq:Campus } ORDER BY ?c"
GRAPH = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5"


def test_answers_are_those_of_the_release(server: Served, release: Release) -> None:
    assert [row["c"] for row in server.rows(CAMPUSES)] == [row["c"] for row in release.store.select(CAMPUSES).dicts()]


def test_head_equals_get_without_body(server: Served) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/limits", "/health", "/nowhere", "/sparql?query=ASK%7B"):
        get, head = server.client.get(path), server.client.head(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        drop = ("date",)
        assert {n: v for n, v in head.headers.items() if n not in drop} == {n: v for n, v in get.headers.items() if n not in drop}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_etag_and_304(server: Served, method: str) -> None:
    def ask(**headers: str) -> httpx.Response:
        sent = {"accept": JSON, **headers}
        if method == "GET":
            return server.client.get("/sparql", params={"query": CAMPUSES}, headers=sent)
        return server.client.post("/sparql", data={"query": CAMPUSES}, headers=sent)

    first = ask()
    etag = first.headers["etag"]
    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(**{"if-none-match": held})
        assert again.status_code == 304, held
        assert again.content == b""
        assert again.headers["etag"] == etag
        assert again.headers["vary"] == first.headers["vary"]
    assert ask(**{"if-none-match": '"other"'}).status_code == 200
    assert ask(accept="text/csv").headers["etag"] != etag
    assert ask(accept="text/csv", **{"if-none-match": etag}).status_code == 200


def test_etag_depends_on_the_query_not_on_its_layout(server: Served) -> None:
    etags = [
        server.ask(query).headers["etag"]
        for query in ("SELECT * { ?s ?p 1 }", "SELECT *\n  # all\n{ ?s ?p 1 }", "SELECT * { ?s ?p 2 }")
    ]
    assert etags[0] == etags[1] != etags[2]
    assert server.ask("SELECT * { ?s ?p 1 }", default_graph_uri="http://a/b").headers["etag"] != etags[0]


def test_a_304_needs_no_second_run(small_server: Served) -> None:
    """The server without a cache answers 304 for an answer that it gave, without asking a worker."""
    query = "SELECT * { ?s ?p ?o }"
    etag = small_server.ask(query).headers["etag"]
    again = small_server.client.get("/sparql", params={"query": query}, headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again.headers["etag"] == etag


def test_the_same_answer_warm_and_cold(server: Served) -> None:
    query = f"SELECT * {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT 7 # {'x' * 40}"
    answers = [server.ask(query, accept=accept) for accept in (JSON, JSON, "text/csv", "text/csv") for _ in range(2)]
    assert len({answer.content for answer in answers}) == 2
    assert all(answer.status_code == 200 for answer in answers)


def test_an_error_is_never_kept(server: Served) -> None:
    for _ in range(2):
        answer = server.ask("SELECT {")
        assert answer.status_code == 400
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def test_cors(server: Served) -> None:
    for answer in (server.ask("ASK {}"), server.ask("ASK {"), server.client.get("/limits")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
    preflight = server.client.options(
        "/sparql",
        headers={
            "origin": "https://a.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert preflight.status_code == 204
    assert preflight.content == b""
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "POST" in preflight.headers["allow"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("sent", "lang"),
    [({}, "fr"), ({"accept-language": "en"}, "en"), ({"accept-language": "en", "cookie": "lang=fr"}, "fr")],
)
def test_errors_in_the_readers_language(server: Served, sent: dict[str, str], lang: str) -> None:
    answer = server.client.get("/sparql", params={"query": "SELECT * {\n ?s ?p é é }"}, headers=sent)
    problem = answer.json()
    assert answer.headers["content-language"] == lang
    assert "Accept-Language" in answer.headers["vary"]
    assert ("La requête" in problem["detail"]) is (lang == "fr")
    assert (problem["line"], problem["column"]) == (2, 8)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/problem+json"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain"),
        ("text/html,*/*;q=0.5", "text/html"),
        ("text/csv", "application/problem+json"),
    ],
)
def test_errors_in_the_readers_form(server: Served, accept: str, media: str) -> None:
    answer = server.client.get("/nowhere", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].split(";")[0] == media
    assert "Accept" in answer.headers["vary"]


def test_406_lists_what_there_is(server: Served) -> None:
    answer = server.ask("SELECT * {}", accept="image/png")
    assert answer.status_code == 406
    assert all(media in answer.json()["detail"] for media in (JSON, "text/csv", "application/sparql-results+xml"))


def test_an_undeclared_prefix_is_named(server: Served) -> None:
    problem = server.ask("SELECT * { ?s nowhere:p ?o }").json()
    assert problem["code"] == "query-syntax"
    assert "nowhere" in problem["hint"]


def test_an_unknown_function_is_named(server: Served) -> None:
    problem = server.ask("SELECT (<http://a/f>(1) AS ?x) {}").json()
    assert problem["function"] == "http://a/f"


def test_time_out_names_the_limit(small_server: Served) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { VALUES ?a { %s } VALUES ?b { %s } VALUES ?c { %s } FILTER(?a + ?b + ?c < 0) }"
    query = slow % ((" ".join(map(str, range(2000))),) * 3)
    answer = small_server.client.post("/sparql", data={"query": query, "timeout": "0.5"})
    assert answer.status_code == 504
    assert answer.json()["limit"] == "0.5"
    answer = small_server.client.post("/sparql", data={"query": query + " # again", "timeout": "60"})
    assert answer.status_code == 504
    assert answer.json()["limit"] == "2"


LONG = "SELECT ?a ?long {{ VALUES ?a {{ {} }} BIND('{}' AS ?long) }}".format(" ".join(map(str, range(3000))), "x" * 1000)


def test_a_long_answer_is_refused_or_cut_and_says_so(small_server: Served) -> None:
    answer = small_server.client.post("/sparql", data={"query": LONG})
    assert answer.status_code == 413
    assert "LIMIT" in answer.json()["detail"]
    assert answer.json()["limit"] == 1
    cut = small_server.client.post("/sparql", data={"query": LONG, "truncate": "true"})
    assert cut.status_code == 200
    assert cut.headers["campuskg-truncated"] == f"bytes={1 << 20}"
    assert 500 < len(cut.json()["results"]["bindings"]) < 3000
    whole = small_server.client.post("/sparql", data={"query": "SELECT * {}", "truncate": "true"})
    assert "campuskg-truncated" not in whole.headers


def test_too_many_rows_are_refused_or_cut_and_it_says_so(small_server: Served) -> None:
    many = f"SELECT ?a {{ VALUES ?a {{ {'1 ' * 5001} }} }}"
    answer = small_server.client.post("/sparql", data={"query": many})
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "answer-too-many-rows", 5000)
    assert "truncate=true" in answer.json()["detail"]
    for form in ("json", "xml", "csv", "tsv"):
        cut = small_server.client.post("/sparql", data={"query": many, "truncate": "true", "format": form})
        assert cut.headers["campuskg-truncated"] == "rows=5000"
        exact = small_server.client.post("/sparql", data={"query": many.replace("1 ", "", 1), "format": form})
        assert exact.status_code == 200
        assert exact.content == cut.content


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("SELECT * { " + "{" * 70 + "}" * 71, 422, "query-too-deep"),
        ("SELECT (1" + "+1" * 1001 + " AS ?x) {}", 422, "query-too-many-operators"),
        ("SELECT * { " + "?s ?p ?o . " * 201 + "}", 422, "query-too-many-clauses"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", 400, "query-service"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} } #" + "x" * 5000, 400, "query-service"),
        ("DROP ALL", 400, "query-update"),
        ("DROP ALL #" + "x" * 5000, 400, "query-update"),
        ("ASK {} #" + "x" * 131_072, 413, "query-too-long"),
    ],
)
def test_the_guard_refuses_short_and_long_texts_alike(small_server: Served, query: str, status: int, code: str) -> None:
    answer = small_server.client.post("/sparql", data={"query": query})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_limits_in_every_form(server: Served) -> None:
    shown = {limit["name"]: limit for limit in server.client.get("/limits").json()["limits"]}
    assert shown["timeout"]["value"] == 10
    assert shown["timeout"]["option"] == "--timeout"
    assert set(shown["timeout"]["meaning"]) == {"fr", "en"}
    assert "--timeout" in server.client.get("/limits", headers={"accept": "text/html"}).text
    assert "--timeout" in server.client.get("/limits", headers={"accept": "text/plain"}).text
    assert server.client.get("/limits", headers={"accept": "image/png"}).status_code == 406


def test_health_and_ready(server: Served, release: Release) -> None:
    assert server.client.get("/health").json() == {"status": "up"}
    ready = server.client.get("/ready").json()
    assert ready["status"] == "ready"
    assert ready["digest"] == release.digest


FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


def described(server: Served, media: str = "text/turtle") -> set[ox.Triple]:
    answer = server.client.get("/sparql", headers={"accept": media})
    assert answer.headers["content-type"].split(";")[0] == media
    return {quad.triple for quad in ox.parse(answer.content, format=FORMS[media])}


def test_service_description_is_the_same_in_every_form(server: Served) -> None:
    assert all(described(server, media) == described(server) for media in FORMS)


def test_service_description_says_what_the_endpoint_is(server: Served, release: Release) -> None:
    triples = described(server)
    endpoint = ox.NamedNode(ENDPOINT)

    def values(subject: object, name: str) -> set[object]:
        return {t.object for t in triples if t.subject == subject and t.predicate == ox.NamedNode(name)}

    assert values(endpoint, f"{SD}endpoint") == {endpoint}
    assert values(endpoint, f"{SD}supportedLanguage") == {ox.NamedNode(f"{SD}SPARQL11Query")}
    assert values(endpoint, f"{SD}feature") == {ox.NamedNode(f"{SD}UnionDefaultGraph")}
    assert len(values(endpoint, f"{SD}resultFormat")) == 8
    counted = {
        (row["g"], int(row["n"]))
        for row in release.store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").dicts()
        if not row["g"].endswith("/quotations")  # a release at hand may hold the cited lines; they are not served
    }
    (dataset,) = values(endpoint, f"{SD}defaultDataset")
    named = {
        (name.value, int(count.value))  # type: ignore[attr-defined]
        for graph in values(dataset, f"{SD}namedGraph")
        for name in values(graph, f"{SD}name")
        for inner in values(graph, f"{SD}graph")
        for count in values(inner, "http://rdfs.org/ns/void#triples")
    }
    assert named == counted
    (union,) = values(dataset, f"{SD}defaultGraph")
    (total,) = values(union, "http://rdfs.org/ns/void#triples")
    merged = {q.triple for q in release.store.quads() if not q.graph_name.value.endswith("/quotations")}  # type: ignore[union-attr]
    assert int(total.value) == len(merged)  # type: ignore[attr-defined]


def test_service_description_says_the_limits(server: Served) -> None:
    said = {
        t.subject.value.rpartition("#")[2]: float(t.object.value)  # type: ignore[union-attr]
        for t in described(server)
        if t.predicate == ox.NamedNode("https://schema.org/value")
    }
    assert said == {limit["name"]: limit["value"] for limit in server.client.get("/limits").json()["limits"]}


def test_service_description_fits_its_vocabulary(server: Served, root: Path) -> None:
    """Every term of the vocabulary that is used is declared there, and subjects have the declared domains."""
    vocabulary = root.parent / "shared" / "standards" / "vocabularies" / "sparql-service-description.rdf"
    if not vocabulary.is_file():
        pytest.skip("the service description vocabulary is not beside the project")
    declared: dict[str, dict[str, set[str]]] = {}
    for quad in ox.parse(path=vocabulary, format=ox.RdfFormat.RDF_XML, base_iri=SD):
        declared.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, set()).add(quad.object.value)  # type: ignore[union-attr]
    triples = described(server)
    types: dict[object, set[str]] = {}
    for t in triples:
        if t.predicate.value.endswith("#type"):
            types.setdefault(t.subject, set()).add(t.object.value)  # type: ignore[union-attr]
    for t in triples:
        for term in (t.predicate, t.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(SD):
                assert term.value in declared, term
        domain = declared.get(t.predicate.value, {}).get("http://www.w3.org/2000/01/rdf-schema#domain", set())
        if domain and t.predicate.value.startswith(SD):
            assert types[t.subject] & (domain | {f"{SD}Dataset", f"{SD}NamedGraph"}), t


def test_no_description_in_a_form_that_is_none(server: Served) -> None:
    assert server.client.get("/sparql", headers={"accept": "image/png"}).status_code == 406
    assert server.client.get("/sparql", params={"format": "csv"}).status_code == 406


def test_safety_headers_everywhere(server: Served) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/limits", "/nowhere", "/health"):
        answer = server.client.get(path, headers={"accept": "text/html, */*;q=0.1"})
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"]
        assert answer.headers["server"] == "campuskg"
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "'unsafe" not in policy.replace("'unsafe-hashes'", "")
            assert "default-src 'self'" in policy


def test_links_come_from_the_base_never_from_the_request(server: Served) -> None:
    answer = server.client.get("/sparql", headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    assert b"evil.example" not in answer.content
    assert ENDPOINT.encode() in answer.content


def test_relative_iris_are_those_of_the_endpoint(server: Served) -> None:
    assert server.rows("SELECT (<there> AS ?iri) {}") == [{"iri": "https://example.org/kg/there"}]


def test_log_of_requests(release_dir: Path) -> None:
    with serving(release_dir, "--log", "info") as served:
        served.ask('SELECT * { ?s ?p "secret" } LIMIT 1')
        served.client.get("/a%0A%7B%22status%22:%20200%7D")
        while len(lines := served.log.read_text(encoding="ascii").splitlines()) < 2:
            time.sleep(0.01)
    records = [json.loads(line) for line in lines]
    assert [(r["path"], r["status"]) for r in records] == [("/sparql", 200), ('/a\n{"status": 200}', 404)]
    assert all("secret" not in line for line in lines)
    assert len(records[0]["query"]) == 16
