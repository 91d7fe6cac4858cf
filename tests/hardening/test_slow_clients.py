"""Real sockets: headers made to be slow to read, injected lines, bodies that drip, and a server that stays quick."""

import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
COSTLY = (
    b"Accept: text/html" + b"; " * 5_000 + b"!",
    b"Accept: a/b;c=" + b'"\\' * 10_000,
    b"Accept: " + b'"' * 30_000,
    b"Accept-Language: " + b"fr;q=0." * 4_000,
    b"Accept-Encoding: " + b"gzip;q=" * 4_000,
    b"Cookie: " + b"lang=;" * 5_000,
    b"If-None-Match: " + b'W/"a",' * 5_000,
    b"Range: bytes=" + b"0-1," * 7_000,
    b"Forwarded: " + b"for=" * 7_000,
)


@pytest.mark.parametrize("header", COSTLY, ids=lambda header: header[:24].decode())
def test_no_header_is_costly(small_served: Served, header: bytes) -> None:
    """Reading a header is work of the one process that serves all: it costs that process next to nothing."""
    before = _cpu(small_served.process.pid)
    for path in (b"/queries", b"/sparql?query=ASK%7B%7D", b"/dumps/dataset.nq", b"/page/graph/facts"):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: a.example\r\n" + header + b"\r\nConnection: close\r\n\r\n"
        answer = small_served.raw(request, wait=15)
        assert answer.startswith(b"HTTP/1.1 ")
        assert not answer.startswith(b"HTTP/1.1 5")
    assert _cpu(small_served.process.pid) - before < 5  # of processor time: it was minutes for the first of them


def _cpu(pid: int) -> float:
    """Return the seconds of processor time that a process used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


@pytest.mark.parametrize("line", [b"\r\nX-Injected: 1", b"\nX-Injected: 1", b"\rX-Injected: 1", b"\x00X-Injected: 1"])
def test_no_header_of_ours_is_injected(small_served: Served, line: bytes) -> None:
    escaped = b"".join(b"%%%02x" % byte for byte in line)
    places = (
        *(b"/queries/campuses" + escaped, b"/queries/campuses.csv?lang=" + escaped, b"/id/campus/" + escaped),
        *(
            b"/data/x" + escaped + b".ttl",
            b"/dumps/" + escaped,
            b"/views/x" + escaped,
            b"/r/" + b"0" * 12 + escaped + b"/queries",
        ),
    )
    for path in places:
        answer = small_served.raw(b"GET " + path + b" HTTP/1.1\r\nHost: a.example\r\n\r\n")
        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert b"\nx-injected" not in head
        assert b"\rx-injected" not in head
        assert not head.startswith(b"http/1.1 5")


def test_bodies_that_drip_hold_nobody_up(small_served: Served) -> None:
    """Clients that send a byte now and then are sent away, and do not take the places of others meanwhile."""
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 100000\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", small_served.port), timeout=10) for _ in range(40)]
    try:
        for one in slow:
            one.sendall(head)
        for _ in range(4):
            for one in slow:
                with suppress(OSError):  # it was sent away
                    one.sendall(b"A")
            assert small_served.ask("ASK {}").json()["boolean"] is True
            time.sleep(0.5)
        ends = [_ended(one) for one in slow]
        assert all(end in (b"408", b"") for end in ends), ends
    finally:
        for one in slow:
            one.close()


def _ended(sock: socket.socket) -> bytes:
    """Return the status that a client was sent away with; nothing when the connection was closed."""
    try:
        return sock.recv(65_536)[9:12]
    except ConnectionError:
        return b""


@pytest.mark.parametrize("path", ["/queries", "/ask", "/search", "/page/x", "/dumps/dataset.nq", "/"])
def test_a_body_where_none_is_wanted_is_not_read(small_served: Served, path: str) -> None:
    for method, size in (("POST", 50_000_000), ("PUT", 10), ("DELETE", 0), ("GET", 50_000_000)):
        head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode()
        answer = small_served.raw(head + b"x" * min(size, 1000), wait=5)
        allowed = (b"200", b"400", b"404") if method == "GET" else (b"400", b"404", b"405", b"413")
        assert answer[9:12] in allowed, (method, answer[:80])
    assert small_served.client.get("/ready").status_code == 200
