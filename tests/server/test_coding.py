"""Compressed answers: who gets them, and that a cache never mixes them up with plain ones."""

import asyncio
import gzip

import pytest

from campuskg.server.coding import Coding, accepted, coded
from campuskg.server.problem import Refusal
from campuskg.server.response import Response
from server.served import JSON, Served

LONG = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 300"


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.4, identity;q=0.6", "identity"),
        ("gzip;q=0.6, identity;q=0.4", "gzip"),
        ("*", "gzip"),
        ("br, *;q=0.1", "gzip"),
        ("*;q=0", "none"),
        ("identity;q=0", "none"),
        ("identity;q=0, *", "only-gzip"),
        ("gzip, *;q=0", "only-gzip"),
        ("identity, *;q=0", "identity"),
        ("gzip;q=nonsense", "identity"),
        (",".join(["br"] * 5000), "identity"),
    ],
)
def test_what_a_client_takes(header: str | None, coding: str) -> None:
    assert accepted(header) == coding


def answer(body: bytes, media: str = "text/csv; charset=utf-8", *more: tuple[str, str]) -> Response:
    return Response(200, [("content-type", media), ("etag", '"e"'), ("vary", "Accept"), *more], body, keep=True)


@pytest.mark.parametrize("size", [2000, 100_000, 2_000_000])
def test_a_compressed_answer_has_its_own_etag(size: int) -> None:
    plain = answer(b"a,b\n" * (size // 4))
    packed = asyncio.run(coded(plain, "gzip"))
    assert gzip.decompress(packed.body) == plain.body
    assert packed.header("etag") == '"e-gzip"'
    assert packed.header("content-encoding") == "gzip"
    assert packed.header("vary") == "Accept, Accept-Encoding"
    assert (plain.header("etag"), plain.header("vary")) == ('"e"', "Accept")
    assert packed.keep


@pytest.mark.parametrize(
    ("response", "coding", "packed"),
    [
        (answer(b"short"), "gzip", False),
        (answer(b"short"), "only-gzip", True),
        (answer(b"x" * 5000), "identity", False),
        (answer(b"x" * 5000, "image/png"), "gzip", False),
        (answer(b"x" * 5000, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "only-gzip", False),
        (answer(b"x" * 5000, "text/css", ("content-encoding", "gzip")), "gzip", False),
        (answer(b""), "only-gzip", False),
    ],
)
def test_what_is_not_worth_it_or_packed_already_stays(response: Response, coding: Coding, *, packed: bool) -> None:
    found = asyncio.run(coded(response, coding))
    assert (found.body != response.body) is packed


def test_who_takes_nothing_is_told() -> None:
    with pytest.raises(Refusal) as refused:
        asyncio.run(coded(answer(b"x" * 5000), "none", "identity;q=0"))
    assert refused.value.status == 406
    assert asyncio.run(coded(Response(404, [("content-type", "text/html")], b"x" * 5000), "none")).status == 404


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/sparql?query=" + LONG.replace(" ", "%20"), JSON),
        ("/sparql?query=" + LONG.replace(" ", "%20"), "text/csv"),
        ("/", "text/html"),
        ("/queries", "text/html"),
        ("/queries.json", "application/json"),
        ("/sparql", "text/turtle"),
        ("/nowhere", "text/html"),
    ],
)
def test_plain_and_packed_are_the_same(server: Served, path: str, accept: str) -> None:
    answers = [
        server.client.get(path, headers={"accept": accept, "accept-encoding": coding})
        for coding in ("identity", "gzip", "identity", "gzip, br", "br")
    ]
    assert {found.content for found in answers} == {answers[0].content}
    assert ["content-encoding" in found.headers for found in answers] == [False, True, False, True, False]
    assert all("Accept-Encoding" in found.headers["vary"] for found in answers)
    etags = [found.headers.get("etag") for found in answers]
    if answers[0].status_code == 200:
        assert etags[0] != etags[1]
        for held in etags[:2]:
            for coding in ("identity", "gzip"):
                again = server.client.get(
                    path, headers={"accept": accept, "accept-encoding": coding, "if-none-match": held or ""}
                )
                assert (again.status_code, again.content) == (304, b""), (held, coding)


def test_no_coding_at_all_is_406(server: Served) -> None:
    found = server.client.get("/limits", headers={"accept-encoding": "identity;q=0"})
    assert (found.status_code, found.json()["code"]) == (406, "request-coding")


def test_a_very_long_answer_is_packed_while_others_are_served(server: Served) -> None:
    params = {"query": "SELECT * { ?s ?p ?o } LIMIT 20000"}
    found = server.client.get("/sparql", params=params, headers={"accept": JSON, "accept-encoding": "gzip"})
    assert found.headers["content-encoding"] == "gzip"
    assert len(found.content) > 1 << 20 > int(found.headers["content-length"])
    assert len(found.json()["results"]["bindings"]) == 20_000
