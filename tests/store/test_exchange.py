"""A remote service that misbehaves: every way ends in time, within the bytes allowed, and in words a reader understands."""

from __future__ import annotations

import contextlib
import http.server
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from campuskg.store.credentials import Credentials
from campuskg.store.exchange import MIB, Limits
from campuskg.store.failures import RemoteFailed, plain_words
from campuskg.store.remote import RemoteStore

GOOD = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"here"}}]}}'
JSON = "application/sparql-results+json"
QUICK = Limits(connect=5, total=20, retries=3, pause=0.01, longest_pause=0.05)
ASK = "SELECT ?x { ?x ?y ?z }"

Behaviour = Callable[["Handler", int], None]


@dataclass
class Hostile:
    """A server on loopback that does what its *behaviour* says, given the number of the request."""

    behaviour: Behaviour
    url: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


class Handler(http.server.BaseHTTPRequestHandler):
    hostile: Hostile

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.hostile.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        with contextlib.suppress(OSError):  # the client goes away, as it should
            self.hostile.behaviour(self, len(self.hostile.requests))

    do_GET = do_POST  # noqa: N815  the name that http.server looks for

    def answer(self, status: int, media: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": media, "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hostile() -> Iterator[Callable[[Behaviour], Hostile]]:
    """Return a function that starts a server with a behaviour."""
    servers: list[tuple[http.server.ThreadingHTTPServer, Hostile]] = []

    def start(behaviour: Behaviour) -> Hostile:
        made = Hostile(behaviour)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hostile": made}))
        server.daemon_threads = True
        made.url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append((server, made))
        return made

    yield start
    for server, made in servers:
        made.done.set()
        server.shutdown()
        server.server_close()


def refused(url: str, limits: Limits = QUICK, **options: Credentials) -> RemoteFailed:
    with pytest.raises(RemoteFailed) as failed:
        RemoteStore(url, limits=limits, **options).select(ASK)
    assert failed.value.say("fr") != failed.value.say("en")
    return failed.value


def test_hangs(hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.hostile.done.wait(60) and None)
    failed = refused(server.url, Limits(total=0.5))
    assert failed.code == "remote-timeout"
    assert "0.5 s" in failed.say("en")


@pytest.mark.parametrize("where", ["headers", "body"])
def test_drips(where: str, hostile: Callable[[Behaviour], Hostile]) -> None:
    def drip(handler: Handler, _: int) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if where == "headers" else b"Content-Type: text/plain\r\n\r\n"))
        for number in itertools.count():
            handler.wfile.write(b"X-%d: y\r\n" % number if where == "headers" else b".")
            if handler.hostile.done.wait(0.05):
                return

    assert refused(hostile(drip).url, Limits(total=0.6)).code == "remote-timeout"


def test_never_ends(hostile: Callable[[Behaviour], Hostile]) -> None:
    sent = []

    def flood(handler: Handler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Content-Length", str(10 * 1024 * MIB))
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(MIB))
            sent.append(MIB)

    failed = refused(hostile(flood).url, Limits(total=60, answer=4 * MIB))
    assert failed.code == "remote-too-big"
    assert "4 Mio" in failed.say("fr")
    assert sum(sent) < 64 * MIB


def test_redirects_to_another_host(hostile: Callable[[Behaviour], Hostile]) -> None:
    other = hostile(lambda handler, _: handler.answer(200, JSON, GOOD))
    server = hostile(lambda handler, _: handler.answer(307, "text/plain", b"", Location=other.url))
    failed = refused(server.url, credentials=Credentials("", "", "secret-token"))
    assert failed.code == "remote-redirect"
    assert other.url.removesuffix("/sparql") in failed.say("en")
    assert other.requests == []


def test_redirects_within_the_service_with_the_same_query(hostile: Callable[[Behaviour], Hostile]) -> None:
    def move(handler: Handler, number: int) -> None:
        if number == 1:
            handler.answer(301, "text/plain", b"", Location="/new/sparql")
        else:
            handler.answer(200, JSON, GOOD)

    server = hostile(move)
    assert len(RemoteStore(server.url, limits=QUICK).select(ASK).rows) == 1
    assert [(path, body) for path, _, body in server.requests][1] == ("/new/sparql", server.requests[0][2])


def test_redirects_in_a_circle(hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(302, "text/plain", b"", Location="/sparql"))
    assert refused(server.url).code == "remote-redirects"


def test_not_now_then_well(hostile: Callable[[Behaviour], Hostile]) -> None:
    def busy(handler: Handler, number: int) -> None:
        handler.answer(*((502, "text/plain", b""), (503, "text/plain", b""), (200, JSON, GOOD))[number - 1], Retry_After="0")

    server = hostile(busy)
    assert len(RemoteStore(server.url, limits=QUICK).select(ASK).rows) == 1
    assert len(server.requests) == 3


@pytest.mark.parametrize("asked", ["86400", "Wed, 21 Oct 2099 07:28:00 GMT", "nonsense"])
def test_a_pause_that_is_asked_is_bounded(asked: str, hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(503, "text/plain", b"closed", Retry_After=asked))
    failed = refused(server.url)
    assert (failed.code, len(server.requests)) == ("remote-status", QUICK.retries + 1)
    assert "503" in failed.say("en")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "remote-query-refused"),
        (401, "remote-login"),
        (403, "remote-login"),
        (404, "remote-status"),
        (429, "remote-status"),
        (500, "remote-status"),
    ],
)
def test_is_asked_once_when_it_says_no(status: int, code: str, hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(status, "text/html", b"<h1>No &amp; never</h1><script>x()</script>"))
    failed = refused(server.url)
    assert (failed.code, len(server.requests)) == (code, 1)
    assert code == "remote-login" or "No & never" in failed.say("en")


@pytest.mark.parametrize(
    ("media", "body", "code"),
    [
        ("text/html", b"<html>Welcome</html>", "remote-not-sparql"),
        ("", GOOD, "remote-not-sparql"),
        (JSON, b"{", "remote-malformed"),
        (JSON, b"[1, 2]", "remote-malformed"),
        (JSON, GOOD[:-3], "remote-malformed"),
        (JSON, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"not an IRI"}}]}}', "remote-malformed"),
        (JSON, b"\xff\xfe", "remote-malformed"),
        (
            "application/sparql-results+xml",
            b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sparql>&a;</sparql>",
            "remote-malformed",
        ),
    ],
)
def test_answers_nonsense(media: str, body: bytes, code: str, hostile: Callable[[Behaviour], Hostile]) -> None:
    assert refused(hostile(lambda handler, _: handler.answer(200, media, body)).url).code == code


def test_hangs_up_in_the_middle(hostile: Callable[[Behaviour], Hostile]) -> None:
    def cut(handler: Handler, number: int) -> None:
        handler.answer(200, JSON, GOOD if number == 3 else GOOD[:20], Content_Length=str(len(GOOD)))
        handler.close_connection = True

    server = hostile(cut)
    assert len(RemoteStore(server.url, limits=QUICK).select(ASK).rows) == 1
    assert len(server.requests) == 3


def test_is_not_there() -> None:
    failed = refused("http://127.0.0.1:9/sparql", Limits(retries=1, pause=0.01))
    assert failed.code == "remote-unreachable"
    assert failed.exit_code == 3


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "http://user:secret@example.org/sparql", "sparql", "http://"]
)
def test_is_no_address(url: str) -> None:
    with pytest.raises(RemoteFailed) as failed:
        RemoteStore(url)
    assert failed.value.code == "remote-url"
    assert "secret" not in failed.value.say("en")


def test_credentials_are_sent_and_never_shown(hostile: Callable[[Behaviour], Hostile], monkeypatch: pytest.MonkeyPatch) -> None:
    def guarded(handler: Handler, _: int) -> None:
        if handler.headers.get("authorization") == "Basic cGF1bDpwdy1zZWNyZXQ=":
            handler.answer(403, "text/plain", b"not you")
        else:
            handler.answer(401, "text/plain", b"who?", WWW_Authenticate='Basic realm="x"')

    server = hostile(guarded)
    monkeypatch.setenv("CAMPUSKG_ENDPOINT_USER", "paul")
    monkeypatch.setenv("CAMPUSKG_ENDPOINT_PASSWORD", "pw-secret")
    credentials = Credentials.from_environment()
    store = RemoteStore(server.url + "?key=in-address", limits=QUICK, credentials=credentials)
    with pytest.raises(RemoteFailed) as failed:
        store.select(ASK)
    assert [headers.get("authorization") for _, headers, _ in server.requests] == [None, "Basic cGF1bDpwdy1zZWNyZXQ="]
    shown = f"{failed.value.say('fr')} {failed.value.say('en')} {store!r} {credentials!r} {failed.value!r}"
    assert not any(word in shown for word in ("secret", "cGF1bDpw", "in-address"))


def test_a_token_goes_with_the_first_request(hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(200, JSON, GOOD))
    RemoteStore(server.url, credentials=Credentials("", "", "t0k3n")).select(ASK)
    assert [headers["authorization"] for _, headers, _ in server.requests] == ["Bearer t0k3n"]


@pytest.mark.parametrize("scheme", ["Negotiate", "Digest realm=x"])
def test_a_login_that_is_not_known_is_refused(scheme: str, hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(401, "text/plain", b"", WWW_Authenticate=scheme))
    assert refused(server.url, credentials=Credentials("paul", "secret")).code == "remote-login"


def test_one_deadline_for_all_tries(hostile: Callable[[Behaviour], Hostile]) -> None:
    server = hostile(lambda handler, _: handler.answer(503, "text/plain", b"", Retry_After="30"))
    begin = time.monotonic()
    failed = refused(server.url, Limits(total=1, longest_pause=60))
    assert failed.code == "remote-timeout"
    assert time.monotonic() - begin < 25, "the pause that was asked was slept although it ends after the call"


def test_words_of_a_service_are_one_short_line() -> None:
    assert plain_words(b"a\x1b[31m\r\nb\x00" + b"c" * 400, "text/plain").startswith("a [31m b c")
    assert len(plain_words(b"c" * 4000, "text/plain")) == 300
