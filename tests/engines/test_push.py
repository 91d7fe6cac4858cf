"""``campuskg push``: whole on every store and by both protocols; interrupted anywhere, the next call completes it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.release import build, open_release
from campuskg.store.credentials import Credentials
from campuskg.store.exchange import Exchange, Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.push import Push, PushState
from campuskg.store.readback import GraphReader
from campuskg.store.remote import RemoteStore
from campuskg.store.upload import StoreUploader, UpdateUploader, Uploader
from engines.servers import Server

BATCH = 6
GRAPHS = ("urn:push:a", "urn:push:b")


@pytest.fixture(scope="module")
def nquads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a little dataset of two graphs, with literals that stores spell in their own way."""
    lines = [f'<urn:s{n % 5}> <urn:p{n}> "{n}é"@fr <{GRAPHS[n % 2]}> .' for n in range(26)]
    lines += [f'<urn:s> <urn:flag> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> <{GRAPHS[0]}> .']
    lines += [f'<urn:s> <urn:sum> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <{GRAPHS[0]}> .']
    path = tmp_path_factory.mktemp("push") / "dataset.nq"
    path.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> Server:
    held: Server = request.getfixturevalue(f"empty_{request.param}")
    return held


def uploader_of(server: Server, protocol: str) -> Uploader:
    credentials = Credentials(server.extra.get("user", ""), server.extra.get("password", ""))
    exchange = Exchange(server.extra[protocol], credentials=credentials)
    return UpdateUploader(exchange, "mark") if protocol == "update" else StoreUploader(exchange)


def reader_of(server: Server, size: int = 20_000) -> GraphReader:
    return GraphReader(RemoteStore(server.url, graphs=()), slice_size=size)


class Interrupted(Exception):
    pass


class Interrupting:
    """Passes everything on to a real uploader, until it is interrupted before or after one step."""

    def __init__(self, inner: Uploader, step: int, *, after: bool) -> None:
        self._inner, self._left, self._after = inner, step, after
        self.growing = inner.growing

    def _do(self, act: Callable[[], None]) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Interrupted
        act()
        if self._left == 0:
            raise Interrupted

    def begin(self, graph: str) -> None:
        self._do(lambda: self._inner.begin(graph))

    def add(self, graph: str, lines: Sequence[str]) -> None:
        self._do(lambda: self._inner.add(graph, lines))

    def finish(self, graph: str) -> None:
        self._do(lambda: self._inner.finish(graph))

    def drop(self, graph: str) -> None:
        self._do(lambda: self._inner.drop(graph))


def wipe(server: Server) -> None:
    uploader = uploader_of(server, "update")
    for graph in reader_of(server).names():
        if graph.startswith("urn:push"):
            uploader.drop(graph)


@pytest.mark.parametrize("protocol", ["update", "gsp"])
def test_whole_by_both_protocols(protocol: str, server: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(server)
    told: list[tuple[str, int, int]] = []
    state = tmp_path / "state.json"

    def push() -> Push:
        return Push(
            nquads,
            reader=reader_of(server),
            uploader=uploader_of(server, protocol),
            state=PushState(state),
            batch=BATCH,
            progress=lambda *step: told.append(step),
        )

    reports = list(push().run())
    assert [(report.graph, report.outcome, report.ours.exact.count) for report in reports] == [
        (GRAPHS[0], "same-values", 15),
        (GRAPHS[1], "identical", 13),
    ]
    assert told[:3] == [(GRAPHS[0], 6, 15), (GRAPHS[0], 12, 15), (GRAPHS[0], 15, 15)]
    assert not state.exists()
    told.clear()
    assert [report.outcome for report in push().run()] == ["present", "present"]
    assert told == []


@pytest.mark.parametrize("protocol", ["update", "gsp"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_interrupted_at_every_step(protocol: str, after: bool, empty_oxigraph: Server, nquads: Path, tmp_path: Path) -> None:  # noqa: FBT001  a parameter
    interruptions = 0
    for step in range(1, 40):
        wipe(empty_oxigraph)
        reader, state, inner = reader_of(empty_oxigraph), tmp_path / f"{step}.json", uploader_of(empty_oxigraph, protocol)
        broken = Push(nquads, reader=reader, uploader=Interrupting(inner, step, after=after), state=PushState(state), batch=BATCH)
        try:
            list(broken.run())
        except Interrupted:
            interruptions += 1
        reports = list(Push(nquads, reader=reader, uploader=inner, state=PushState(state), batch=BATCH).run())
        assert all(report.good for report in reports)
        assert {name for name in reader.names() if name.startswith("urn:push")} == set(GRAPHS)
    assert interruptions >= 6


@pytest.mark.parametrize(
    "lie", ['{"urn:push:a": 2}', '{"urn:push:a": 99, "urn:push:b": -1}', "nonsense", "[]", '{"urn:push:a": "x"}']
)
def test_a_state_that_lies_is_not_believed(lie: str, empty_oxigraph: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(empty_oxigraph)
    state = tmp_path / "state.json"
    state.write_text(lie, encoding="utf-8")
    uploader = uploader_of(empty_oxigraph, "update")
    reports = list(Push(nquads, reader=reader_of(empty_oxigraph), uploader=uploader, state=PushState(state), batch=BATCH).run())
    assert [report.outcome for report in reports] == ["same-values", "identical"]


def test_what_is_wrong_in_the_store_is_mended(empty_oxigraph: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(empty_oxigraph)
    uploader = uploader_of(empty_oxigraph, "gsp")
    lines = [f"<urn:wrong{n}> <urn:p> <urn:o> ." for n in range(13)]  # as many as there should be
    uploader.begin(GRAPHS[1])
    uploader.add(GRAPHS[1], lines)
    push = Push(nquads, reader=reader_of(empty_oxigraph), uploader=uploader, state=PushState(tmp_path / "s"), batch=100)
    assert [report.outcome for report in push.run()] == ["same-values", "identical"]


def test_a_store_that_loses_triples_is_found_out(empty_oxigraph: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(empty_oxigraph)

    class Losing(StoreUploader):
        def add(self, graph: str, lines: Sequence[str]) -> None:
            super().add(graph, lines[:-1] or lines)

    uploader = Losing(Exchange(empty_oxigraph.extra["gsp"]))
    push = Push(nquads, reader=reader_of(empty_oxigraph), uploader=uploader, state=PushState(tmp_path / "s"), batch=100)
    assert [report.outcome for report in push.run()] == ["differs", "differs"]


def test_a_batch_that_is_too_large_goes_by_halves(empty_virtuoso: Server, tmp_path: Path) -> None:
    path = tmp_path / "large.nq"
    lines = [f"<urn:s{n:05}> <urn:p> <urn:o{n}> <urn:push:large> .\n" for n in range(12_000)]
    path.write_text("".join(lines), encoding="utf-8")
    uploader = uploader_of(empty_virtuoso, "update")
    with pytest.raises(RemoteFailed):
        uploader.add("urn:push:refused", [line.replace(" <urn:push:large>", "") for line in lines])
    push = Push(path, reader=reader_of(empty_virtuoso), uploader=uploader, state=PushState(tmp_path / "s"), batch=12_000)
    assert [report.outcome for report in push.run()] == ["identical"]


@pytest.mark.thorough
def test_a_large_graph_is_read_back_in_slices(server: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(server)
    push = Push(nquads, reader=reader_of(server, size=7), uploader=uploader_of(server, "gsp"), state=PushState(tmp_path / "s"))
    assert all(report.good for report in push.run())


def test_prune_takes_only_what_the_release_lacks(empty_oxigraph: Server, nquads: Path, tmp_path: Path) -> None:
    wipe(empty_oxigraph)
    uploader = uploader_of(empty_oxigraph, "gsp")
    for graph in ("urn:push:old", "urn:other"):
        uploader.begin(graph)
        uploader.add(graph, ["<urn:s> <urn:p> <urn:o> ."])
    push = Push(nquads, reader=reader_of(empty_oxigraph), uploader=uploader, state=PushState(tmp_path / "s"))
    assert all(report.good for report in push.run())
    assert push.prune("urn:push:") == ["urn:push:old"]
    assert {*GRAPHS, "urn:other"} <= reader_of(empty_oxigraph).names()
    uploader.drop("urn:other")


def command(release: Path, server: Server, *more: str) -> list[str]:
    fixed = ["--endpoint", server.url, "--update", server.extra["update"], "--batch", "150", "--lang", "en"]
    return [sys.executable, "-m", "campuskg", "push", str(release), *fixed, *more]


def test_the_command_killed_again_and_again(small: Path, tmp_path: Path, empty_oxigraph: Server) -> None:
    release, state = tmp_path / "release", tmp_path / "state.json"
    build(release, folder=small)
    uploader = uploader_of(empty_oxigraph, "update")
    for graph in reader_of(empty_oxigraph).names():
        uploader.drop(graph)
    kills, seen = 0, ""
    while kills < 4:
        process = subprocess.Popen(command(release, empty_oxigraph, "--state", str(state)), stdout=subprocess.DEVNULL)
        changes = 0
        while process.poll() is None and changes < 8:
            time.sleep(0.001)
            now = state.read_text(encoding="utf-8") if state.exists() else ""
            changes, seen = changes + (now != seen), now
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
    assert kills >= 2, "the command was over before it could be killed"
    done = subprocess.run(
        command(release, empty_oxigraph, "--state", str(state), "--prune"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    opened = open_release(release)
    assert f"digest {opened.digest}" in done.stdout
    for graph in {quad.graph_name.value for quad in opened.store.quads() if isinstance(quad.graph_name, ox.NamedNode)}:
        assert reader_of(empty_oxigraph).count(graph) == sum(1 for _ in opened.store.quads(graph))
    assert not state.exists()


def test_the_command_says_who_may_not_write(small: Path, tmp_path: Path, empty_virtuoso: Server) -> None:
    release = tmp_path / "release"
    build(release, folder=small)
    done = subprocess.run(
        command(release, empty_virtuoso, "--state", str(tmp_path / "s")), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "CAMPUSKG_ENDPOINT_USER" in done.stderr) == (3, True)


def test_state_file_is_json(tmp_path: Path) -> None:
    state = PushState(tmp_path / "new" / "s.json")
    state.note("urn:a", 3)
    assert json.loads((tmp_path / "new" / "s.json").read_text(encoding="utf-8")) == {"urn:a": 3}
    assert PushState(tmp_path / "new" / "s.json").sent("urn:a") == 3


def test_limits_of_a_request_hold_for_a_push(nquads: Path, tmp_path: Path) -> None:
    reader = GraphReader(RemoteStore("http://127.0.0.1:9/", graphs=(), limits=Limits(retries=0)))
    push = Push(nquads, reader=reader, uploader=StoreUploader(Exchange("http://127.0.0.1:9/")), state=PushState(tmp_path / "s"))
    with pytest.raises(RemoteFailed):
        list(push.run())
