"""``/metrics`` beside Prometheus' own parser: it counts what was asked, and says nothing of who asked what."""

from prometheus_client.parser import text_string_to_metric_families

from server.served import Served


def samples(served: Served) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return every sample of the page."""
    response = served.client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert response.headers["cache-control"] == "no-store"
    families = list(text_string_to_metric_families(response.text))
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def test_what_is_asked_is_counted_and_not_told(small_server: Served) -> None:
    before = samples(small_server)
    small_server.client.get("/sparql", params={"query": "ASK { <http://secret.example/> ?p ?o }"})
    small_server.client.get("/sparql", params={"query": "nonsense"})
    after = samples(small_server)

    def more(status: str) -> float:
        key = ("campuskg_responses_total", (("ready", "false"), ("status", status)))
        return after[key] - before.get(key, 0)

    assert more("200") == 2  # the query, and the page of metrics before it
    assert more("400") == 1
    bucket = ("campuskg_response_seconds_bucket", (("le", "+Inf"),))
    assert after[bucket] - before[bucket] == 3
    assert after["campuskg_processes", (("kind", "workers"),)] >= 1
    assert "secret" not in small_server.client.get("/metrics").text


def test_a_ready_answer_is_the_one_that_was_made_and_is_counted_as_ready(server: Served) -> None:
    asked = {"query": "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3"}
    made = server.client.get("/sparql", params=asked)
    before = samples(server)
    ready = server.client.get("/sparql", params=asked)
    head = server.client.head("/sparql", params=asked)
    held = server.client.get("/sparql", params=asked, headers={"if-none-match": made.headers["etag"]})
    after = samples(server)
    assert (ready.content, ready.headers["etag"]) == (made.content, made.headers["etag"])
    assert (head.headers["etag"], head.content) == (made.headers["etag"], b"")
    assert (held.status_code, held.content) == (304, b"")
    counted = ("campuskg_responses_total", (("ready", "true"), ("status", "200")))
    assert after[counted] - before.get(counted, 0) == 3  # the GET, the HEAD, and the one whose answer the client held
    made_too = ("campuskg_response_seconds_count", ())
    assert after[made_too] - before[made_too] == 1  # the page of metrics before


def test_a_count_keeps_all_its_digits(server: Served) -> None:
    plain = {"accept-encoding": "identity"}
    answer = server.client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 9000"}, headers=plain)
    kept = samples(server)["campuskg_cache_bytes", (("cache", "requests"),)]
    assert kept > len(answer.content) > 1_000_000
    assert f" {kept:.0f}\n" in server.client.get("/metrics").text
