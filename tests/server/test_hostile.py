"""Requests that no honest client sends: each gets an answer or a closed connection, and the next one is served."""

import socket
import threading
import time

import pytest

from server.served import Served

HOST = b"Host: a.example\r\n"
GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"


@pytest.fixture(autouse=True)
def _serves_on(small_server: Served):  # noqa: ANN202
    yield
    assert small_server.client.get("/ready").status_code == 200
    assert small_server.process.poll() is None


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (GET + HOST + HOST + b"\r\n", 400),
        (GET + b"\r\n", 400),
        (GET + HOST + b"Content-Encoding: gzip\r\n\r\n", 415),
        (b"GET /sparql?query=%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /sparql?query=%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /sparql?query=\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /sparql%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /static/..%2f..%2fetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /queries/%2e%2e/%2e%2e/manifest.json HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET //sparql HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /sparql?query=" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (GET + HOST + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (GET + HOST + b"X-Many: a\r\n" * 150 + b"\r\n", 431),
        (b"TRACE /sparql HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"CONNECT a.example:1 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"BREW /sparql HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 204),
        (GET + b"Host: a\r\nX-A: b\r\n folded: c\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999999\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nContent-Length: 2000000\r\n\r\n", 413),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
        (b"GET /sparql HTTP/9.9\r\n" + HOST + b"\r\n", 400),
    ],
)
def test_malformed(small_server: Served, request_bytes: bytes, expected: int) -> None:
    assert status(small_server.raw(request_bytes)) == expected


def test_two_lengths_never_smuggle_a_request(small_server: Served) -> None:
    """The server reads the chunks, closes the connection, and never sees a second request (RFC 9112, section 6.1)."""
    inner = b"GET /limits HTTP/1.1\r\n" + HOST + b"\r\n"
    for lengths in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: x, chunked\r\n",
    ):
        answer = small_server.raw(b"POST /sparql HTTP/1.1\r\n" + HOST + lengths + b"\r\n0\r\n\r\n" + inner, until_closed=True)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert status(answer) in (400, 415)


def test_body_larger_than_it_says_and_larger_than_allowed(small_server: Served) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert status(small_server.raw(head + chunk * 20 + b"0\r\n\r\n")) in (413, 0)
    after = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nASK {}"
    answer = small_server.raw(after + b"rubbish\r\n\r\n", until_closed=True)
    assert answer.startswith(b"HTTP/1.1 200")


def test_slow_body_is_given_up(small_server: Served) -> None:
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nContent-Length: 60\r\n\r\nASK"
    assert status(small_server.raw(head, wait=8)) == 408


def test_slow_headers_are_given_up(small_server: Served) -> None:
    for begun in (b"", b"GET /sparql HTTP/1.1\r\nHost: a\r\nX-A: "):
        assert small_server.raw(begun, wait=8, until_closed=True) == b""


def test_many_half_open_connections_do_not_stop_others(small_server: Served) -> None:
    held = [socket.create_connection(("127.0.0.1", small_server.port)) for _ in range(300)]
    try:
        for sock in held[::2]:
            sock.sendall(b"GET /sparql HTTP/1.1\r\nHost: a\r\n")
        assert small_server.ask("ASK {}").json()["boolean"] is True
    finally:
        for sock in held:
            sock.close()


def test_header_injection(small_server: Served) -> None:
    for value in ("a\r\nX-Injected: 1", "text/csv\nX-Injected: 1"):
        answer = small_server.client.get("/sparql", params={"query": "ASK {}", "format": value, "lang": value})
        assert "x-injected" not in answer.headers
    answer = small_server.client.get("/x%0d%0aX-Injected:%201")
    assert answer.status_code == 404
    assert "x-injected" not in answer.headers


DEEP = 60_000


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * DEEP,
        "SELECT * " + "{" * DEEP + "}" * DEEP,
        "SELECT (" + "(" * DEEP + "1" + ")" * DEEP + " AS ?x) {}",
        "SELECT * { ?s " + "(" * DEEP + "a" + ")" * DEEP + " ?o }",
        "SELECT * { ?s ?p " + "[ ?p " * 20_000 + "]" * 20_000 + " }",
        "SELECT (" + "+".join("1" * 30_000) + " AS ?x) {}",
        "SELECT * { FILTER(" + "!" * DEEP + "true) }",
        "SELECT * { " + "OPTIONAL { ?s ?p ?o " * 5000 + "}" * 5000 + " }",
        'SELECT * { ?s ?p "' + "a" * 100_000 + '" }',
        "#" * 120_000,
        "\x00",
        'SELECT * { ?s ?p "\\uD800" }',
    ],
)
def test_deep_and_strange_queries_are_the_clients_fault(small_server: Served, query: str) -> None:
    answer = small_server.client.post("/sparql", content=query.encode(), headers={"content-type": "application/sparql-query"})
    assert answer.status_code in (200, 400, 413, 422, 504), answer.text
    assert "Traceback" not in answer.text


def test_a_megabyte_of_query(small_server: Served) -> None:
    query = "SELECT * { VALUES ?x { " + "1 " * 500_000 + "} }"
    answer = small_server.client.post("/sparql", content=query.encode(), headers={"content-type": "application/sparql-query"})
    assert answer.status_code == 413
    assert answer.json()["limit"] == 128


def test_hanging_up_stops_the_query(small_server: Served) -> None:
    """A query whose client has left is stopped at once: its worker is gone well before the time limit."""
    pattern = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(900)))} }}" for name in "abcd")
    body = f"SELECT (COUNT(*) AS ?n) {{ {pattern} FILTER(?a + ?b + ?c + ?d < 0) }}".encode()
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
    before = set(small_server.tree())
    with socket.create_connection(("127.0.0.1", small_server.port)) as sock:
        sock.sendall(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        time.sleep(0.4)
    deadline = time.monotonic() + 1.4
    while before <= set(small_server.tree()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not before <= set(small_server.tree())


def test_good_clients_beside_poison(small_server: Served) -> None:
    """Poison may fail as it likes; good queries are all answered, and rightly."""
    pattern = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(700)))} }}" for name in "abc")
    poisons = [
        f"SELECT (COUNT(*) AS ?n) {{ {pattern} FILTER(?a + ?b + ?c < 0) }}",
        "SELECT * " + "{" * DEEP,
        "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(30)) + " }",
        "SELECT (STRLEN(?z) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(26))
        + " BIND(?x26 AS ?z) }",
    ]
    stop, wrong, good = threading.Event(), [], 0
    lock = threading.Lock()

    def poison(number: int) -> None:
        while not stop.is_set():
            query = f"# {number} {time.monotonic()}\n{poisons[number % len(poisons)]}"
            small_server.client.post("/sparql", content=query.encode(), headers={"content-type": "application/sparql-query"})

    def ask(number: int) -> None:
        nonlocal good
        turn = 0
        while not stop.is_set():
            turn += 1
            expected = number * 100_000 + turn
            answer = small_server.ask(f"SELECT ({expected} AS ?n) (COUNT(*) AS ?all) {{ ?s ?p ?o }}")
            with lock:
                good += 1
                if answer.status_code != 200 or f'"{expected}"' not in answer.text or '"3"' not in answer.text:
                    wrong.append((answer.status_code, answer.text[:200]))

    threads = [threading.Thread(target=poison, args=(n,)) for n in range(4)]
    threads += [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(8)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert good > 10
