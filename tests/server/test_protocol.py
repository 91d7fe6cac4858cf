"""The SPARQL 1.1 Protocol: our own table of its cases, then those of the W3C."""

from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from server import protocol_cases, w3c
from server.protocol_cases import Case
from server.served import Served

EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"


def send(server: Served, case: Case) -> httpx.Response:
    headers = {"accept": case.accept, **case.headers, **({"content-type": case.content_type} if case.content_type else {})}
    path = "/sparql/" if case.name.startswith("trailing") else "/sparql"
    request = server.client.build_request(case.method, path, params=list(case.params), headers=headers, content=case.body or None)
    return server.client.send(request)


@pytest.mark.parametrize("case", [*protocol_cases.QUERIES, *protocol_cases.REFUSED], ids=lambda case: case.name)
def test_every_case_of_the_table(small_server: Served, case: Case) -> None:
    answer = send(small_server, case)
    assert answer.status_code == case.status, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    if case.truth is not None:
        assert answer.json()["boolean"] is case.truth
    if case.media is not None:
        assert answer.headers["content-type"].split(";")[0] == case.media
    if case.status >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["cache-control"] == "no-store"
        assert problem["status"] == case.status
        assert "Traceback" not in answer.text


def test_updates_are_refused_and_change_nothing(small_server: Served) -> None:
    before = small_server.ask(EVERYTHING, accept="text/csv").content
    for case in protocol_cases.UPDATES:
        assert send(small_server, case).status_code == case.status, case.name
    after = small_server.ask(EVERYTHING, accept="text/csv").content
    assert before == after
    assert before.count(b"\n") == 4


def test_w3c_protocol_cases(w3c_folder: Path, w3c_server: Served) -> None:
    """Query cases pass; update cases are refused; the store stays as it is."""
    before = sha256(w3c_server.ask(EVERYTHING, accept="text/csv").content).digest()
    found: dict[str, bool] = {}
    for case in w3c.protocol_cases(w3c_folder):
        if case.update:
            refused = case.requests[0]
            found[case.name] = 400 <= refused.send(w3c_server.port)[0] < 500
        else:
            found[case.name] = all(request.passes(*request.send(w3c_server.port)) for request in case.requests)
    assert len(found) == 34
    assert [name for name, passed in found.items() if not passed] == []
    assert sha256(w3c_server.ask(EVERYTHING, accept="text/csv").content).digest() == before
