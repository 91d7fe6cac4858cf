"""Pages, views, queries, search and dossiers over a release that lies in a service: those of the release in memory."""

from __future__ import annotations

import asyncio
import http.server
import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from campuskg.errors import CampuskgError, Problem, UsageProblem
from campuskg.ontology import expand
from campuskg.publish.dossier import as_html, dossier
from campuskg.release import Release, open_release
from campuskg.release.remote import RemoteRelease, described, description, look, open_remote
from campuskg.server.inside import Inside
from campuskg.server.remote import check_endpoint
from campuskg.store import MemoryStore, QueryRefused, Rows, lookups
from campuskg.store.answer import Dataset, serialised
from campuskg.store.booleans import with_booleans
from campuskg.store.credentials import Credentials, into_environment
from campuskg.store.exchange import Exchange, Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.relay import Relay
from campuskg.store.remote import RemoteStore
from campuskg.store.service import ABOUT_RELEASE, NO_GRAPH, RELEASE_GRAPHS, HttpService
from campuskg.store.upload import UpdateUploader
from engines.conftest import Engine, need
from engines.servers import Server, guarded, start_oxigraph

SERVERS = ("oxigraph", "virtuoso")
BASE = "http://pages.example"
PAGES = (
    "/page/id/organisation/ensmm",
    "/id/organisation/ensmm.ttl",
    "/page/id/campus/msi",
    "/page/scheme/rank/normal",
    "/page/graph/facts",
    "/queries/programme-funders",
    "/queries/campus-members.json?evidence=1",
    "/views/campus-links.json",
    "/search?q=micro",
    "/board",
)
"""A thing, its data, a campus, a code and a layer, a question as a page and with its proofs, a view, a search, a report."""
CSV = "text/csv"


def plain(body: bytes, digest: str) -> str:
    """Return *body* with the digest of its release, however much of it is shown, as one word."""
    return re.sub(rf"{digest[:8]}[0-9a-f]*", "DIGEST", body.decode())


@pytest.fixture(scope="module", params=SERVERS)
def remote(request: pytest.FixtureRequest, engine: Engine) -> RemoteRelease:
    """Return the release in a service, without a folder: its digest is that of what could be counted."""
    return open_remote(engine(request.param).url)


@pytest.fixture(scope="module")
def unquoted(release_dir: Path) -> Release:
    """Return the release in memory as it is published, and as it is in a service: without the cited lines."""
    return open_release(release_dir, quotations=False)


@pytest.fixture(scope="module")
def here(unquoted: Release) -> Inside:
    """Return the pages of the release in memory."""
    return Inside(unquoted, BASE)


@pytest.fixture(scope="module")
def there(remote: RemoteRelease) -> Inside:
    """Return the pages of the release in the service; nothing kept for the other one is taken, for the digests differ."""
    return Inside(remote, BASE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same(page: str, here: Inside, there: Inside, unquoted: Release, remote: RemoteRelease) -> None:
    ours, theirs = here.get(page, "fr"), there.get(page, "fr")
    assert theirs.status == ours.status == 200
    assert plain(theirs.body, remote.digest) == plain(ours.body, unquoted.digest)


def test_a_dossier_is_the_same(unquoted: Release, remote: RemoteRelease) -> None:
    ours, theirs = (as_html(dossier(each, "ae", "fr", "2023-01-01")) for each in (unquoted, remote))
    assert plain(theirs.encode(), remote.digest) == plain(ours.encode(), unquoted.digest)


def test_quads_are_looked_up(remote: RemoteRelease, published: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RemoteStore(service=remote.service)
    node = ox.NamedNode("https://w3id.org/cmq/id/organisation/ensmm")
    assert set(store.about(node)) == set(published.about(node))
    assert set(store.to(node)) == set(published.to(node))
    monkeypatch.setattr(lookups, "_WHOLE", 700)  # more than that comes in slices
    names = expand("skos:altLabel")
    assert sorted(map(str, store.matching(names))) == sorted(map(str, published.matching(names)))
    assert len(list(store.matching(names))) > 700


def test_what_a_visitor_wrote_is_about_the_release(remote: RemoteRelease, published: MemoryStore) -> None:
    campuses = "SELECT ?s { ?s a <https://w3id.org/cmq/ontology#Campus> } ORDER BY ?s"

    def csv(store: RemoteStore | MemoryStore, text: str, dataset: Dataset | None = None, *, named: bool = False) -> bytes:
        found = store.solutions(text, dataset or Dataset(), named_in_text=named, base="https://w3id.org/cmq/id/")
        return serialised(found, CSV).body

    store = remote.store
    assert isinstance(store, RemoteStore)
    assert csv(store, campuses) == csv(published, campuses)
    other = campuses.replace("{", "FROM <urn:test:other> {", 1)
    assert csv(store, other, named=True) == csv(published, other, named=True) == b"s\r\n"
    vocabulary = campuses.replace("{", "FROM <https://w3id.org/cmq/graph/vocabulary> {", 1)
    assert csv(store, vocabulary, named=True) == csv(published, vocabulary, named=True)
    assert csv(store, campuses, Dataset((), (RELEASE_GRAPHS[0],))) == b"s\r\n"  # named only: the default graph is empty
    assert csv(store, "SELECT ?p { <campus/ae> ?p ?o } ORDER BY ?p") == csv(
        published, "SELECT ?p { <campus/ae> ?p ?o } ORDER BY ?p"
    )
    triples = store.solutions("CONSTRUCT { <urn:x> a ?c } WHERE { ?s a ?c } LIMIT 1", named_in_text=False)
    assert b"<urn:x>" in serialised(triples, "text/turtle").body
    assert serialised(store.solutions("ASK { ?s ?p ?o }", named_in_text=False), CSV)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT ?x { ?x ?y }", SyntaxError),
        ("define get:soft 'soft' SELECT ?x { ?x ?y ?z }", SyntaxError),
        ("SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) { }", RuntimeError),
    ],
)
def test_what_is_not_the_standards_is_not_sent(text: str, error: type[Exception]) -> None:
    store = RemoteStore("http://127.0.0.1:9/")  # nobody listens: sent, it would be another error
    with pytest.raises(error):
        store.solutions(text, named_in_text=False)


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "DROP ALL"},
        {"text": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"},
        {"default": ["urn:secret"]},
        {"named": []},
    ],
)
def test_the_relay_puts_no_other_question(asked: dict[str, object]) -> None:
    """Whatever a worker sends, were it taken over: no update, no graph beside the release, no other service."""
    good = {"text": "ASK {}", "accept": "*/*", "default": [RELEASE_GRAPHS[0]], "named": [NO_GRAPH]}
    relay = Relay(HttpService("http://127.0.0.1:9/", limits=Limits(retries=0)))
    with pytest.raises(QueryRefused):
        asyncio.run(relay({**good, **asked}, 1.0))
    relay.close()


def test_a_service_that_is_down_is_left_alone_for_a_moment() -> None:
    async def codes(relay: Relay) -> list[str]:
        said = []
        for number in range(4):
            asked = {"text": f"ASK {{}} # {number}", "accept": "*/*", "default": [NO_GRAPH], "named": [NO_GRAPH]}
            try:
                await relay(asked, 5.0)
            except CampuskgError as error:
                said.append(str(getattr(error, "code", "")))
        return said

    relay = Relay(HttpService("http://127.0.0.1:9/", limits=Limits(retries=0)))
    assert asyncio.run(codes(relay)) == ["remote-unreachable"] * 3 + ["remote-resting"]
    relay.close()


def test_a_service_says_which_release_it_holds(empty_oxigraph: Server, release: Release, tmp_path: Path) -> None:
    service = HttpService(empty_oxigraph.url)
    uploader = UpdateUploader(Exchange(empty_oxigraph.extra["update"]), "mark")
    for graph in (*RELEASE_GRAPHS, ABOUT_RELEASE):
        uploader.drop(graph)
    with pytest.raises(RemoteFailed) as nothing:
        look(service)
    assert nothing.value.code == "remote-empty"
    uploader.begin(RELEASE_GRAPHS[0])
    uploader.add(RELEASE_GRAPHS[0], ["<urn:s> <urn:p> <urn:o> ."])
    uploader.finish(RELEASE_GRAPHS[0])
    warned: list[Problem] = []
    assert look(service, release.folder, warned.append).folder is None
    assert [problem.code for problem in warned] == ["remote-other-release"]
    uploader.begin(ABOUT_RELEASE)
    uploader.add(ABOUT_RELEASE, list(description(release)))
    uploader.finish(ABOUT_RELEASE)
    assert described(service)["statistics.json"] == release.statistics()
    held = open_remote(empty_oxigraph.url)
    assert (held.digest, held.statistics(), held.retired) == (release.digest, release.statistics(), release.retired)
    assert look(service, release.folder, warned.append).folder == release.folder
    held.check()
    uploader.drop(ABOUT_RELEASE)
    uploader.begin(ABOUT_RELEASE)
    uploader.add(ABOUT_RELEASE, [line.replace(release.digest, "0" * 64) for line in description(release)])
    uploader.finish(ABOUT_RELEASE)
    with pytest.raises(RemoteFailed) as changed:
        held.check()
    assert changed.value.code == "remote-changed"
    for graph in (RELEASE_GRAPHS[0], ABOUT_RELEASE):
        uploader.drop(graph)
    del tmp_path


def test_a_wrong_password_is_said(empty_virtuoso: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUSKG_ENDPOINT_USER", "dba")
    monkeypatch.setenv("CAMPUSKG_ENDPOINT_PASSWORD", "wrong")
    with pytest.raises(RemoteFailed) as failed:
        check_endpoint(empty_virtuoso.extra["update"], None)
    assert failed.value.code == "remote-login"


def test_an_answer_that_was_cut_is_none() -> None:
    """Virtuoso cuts at ResultSetMaxRows with status 200; only a header says so."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("X-SPARQL-MaxRows", "1")
            self.end_headers()
            self.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        store = RemoteStore(f"http://127.0.0.1:{server.server_address[1]}/")
        with pytest.raises(RemoteFailed) as cut:
            store.select("SELECT ?s { ?s ?p ?o }")
        with pytest.raises(RemoteFailed) as relayed:
            store.solutions("SELECT ?s { ?s ?p ?o }", named_in_text=False)
        server.shutdown()
    assert cut.value.code == relayed.value.code == "remote-cut"


def test_truth_values_are_told_by_the_text() -> None:
    one, zero, yes = (ox.Literal(value) for value in (1, 0, True))
    found = Rows(("a", "b", "c", "d", "e", "f"), [(one,) * 6, (zero,) * 5 + (None,)])
    text = "SELECT ?a ?b ?c (COALESCE(?x, false) AS ?d) (MIN(?a) AS ?e) (COUNT(?a) AS ?f) { BIND(EXISTS { ?s ?p 1 } AS ?a) "
    text += 'BIND(IF(?x = 1, 2, 3) AS ?b) BIND((?x IN (1, 2)) AS ?c) BIND("a = b" AS ?g) }'
    rows = with_booleans(found, text).rows
    assert rows[0] == (yes, one, yes, yes, yes, one)
    assert [str(term) for term in rows[1]].count(str(ox.Literal(value=False))) == 4


def test_credentials_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CAMPUSKG_ENDPOINT_USER", "CAMPUSKG_ENDPOINT_PASSWORD"):
        monkeypatch.setenv(name, "before")
    file = tmp_path / "credentials"
    file.write_text("# read only\nCAMPUSKG_ENDPOINT_USER=reader\nCAMPUSKG_ENDPOINT_PASSWORD=a=b\n", encoding="utf-8")
    into_environment(file)
    assert Credentials.from_environment() == Credentials("reader", "a=b")
    file.write_text("PATH=/nowhere\n", encoding="utf-8")
    with pytest.raises(UsageProblem) as wrong:
        into_environment(file)
    assert wrong.value.code == "credentials-line"


@pytest.fixture
def served(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """Return a service of its own, and the address of a server over it that has no folder."""
    need("oxigraph")
    service = guarded(start_oxigraph(release_dir / "dataset.nq", tmp_path_factory.mktemp("served")))
    command = [sys.executable, "-m", "campuskg", "--lang", "en", "serve", "--endpoint", service.url, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield service, process.stdout.readline().strip().partition(": ")[2]
        finally:
            process.terminate()
            process.wait(20)
            service.stop()


def asked(address: str, query: str, accept: str = CSV) -> tuple[int, bytes]:
    request = urllib.request.Request(f"{address}/sparql?query={quote(query)}", headers={"accept": accept})  # noqa: S310  loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  loopback
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def code(body: bytes) -> str:
    return str(json.loads(body)["code"])


def test_a_server_over_a_service(served: tuple[Server, str]) -> None:
    """Locked-in workers ask through the server; when the service goes, what was answered is still there."""
    service, address = served
    kept = "SELECT ?s { ?s a <https://w3id.org/cmq/ontology#Campus> } ORDER BY ?s LIMIT 2"
    assert asked(address, kept) == (200, b"s\r\nhttps://w3id.org/cmq/id/campus/ae\r\nhttps://w3id.org/cmq/id/campus/agt\r\n")
    wrong: Sequence[tuple[str, int, str]] = (
        ("SELECT ?s { ?s ?p }", 400, "query-syntax"),
        ("DROP ALL", 400, "query-update"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400, "query-service"),
        ("SELECT (<bif:http_get>('x') AS ?x) { }", 400, "query-function"),
    )
    for text, status, said in wrong:
        found, body = asked(address, text, "application/json")
        assert (found, code(body)) == (status, said)
    assert b"<urn:x>" in asked(address, "CONSTRUCT { <urn:x> a ?c } WHERE { ?s a ?c } LIMIT 1", "text/turtle")[1]
    with urllib.request.urlopen(f"{address}/ready", timeout=30) as ready:  # noqa: S310  loopback
        assert ready.status == 200
    service.stop()
    assert asked(address, kept)[0] == 200
    status, body = asked(address, "SELECT ?p { ?p a <urn:never-asked> }", "application/json")
    assert (status, code(body)) == (502, "remote-unreachable")
    with pytest.raises(urllib.error.HTTPError) as down, urllib.request.urlopen(f"{address}/ready", timeout=30):  # noqa: S310
        pass
    with down.value:
        assert down.value.code in (502, 503)


@pytest.mark.parametrize(
    ("arguments", "said"), [([], "serve-nothing"), (["--endpoint", "http://127.0.0.1:9/"], "remote-unreachable")]
)
def test_the_command_says_what_is_wrong(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "campuskg", "serve", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == (2 if said == "serve-nothing" else 3)
    assert said in done.stderr
