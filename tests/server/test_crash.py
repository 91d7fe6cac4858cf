"""Processes killed at any moment: nothing orphaned, nothing lost but the query at work, the same answers after."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from campuskg.server.source import open_source
from server import protocol_cases
from server.served import alive, serving, start, stop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
QUERY = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.nq"
    path.write_text(protocol_cases.DATA, encoding="utf-8")
    return path


def gone(pids: list[int], seconds: float = 5) -> list[int]:
    """Return those of *pids* that still run after waiting for them to end."""
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [pid for pid in pids if alive(pid)]


def test_sigterm_ends_all_and_well(source: Path) -> None:
    served = start(source)
    served.ask(QUERY)
    tree = served.tree()
    assert len(tree) >= 2
    assert stop(served) == 0
    assert gone(tree) == []


def test_sigint_ends_all_and_well(source: Path) -> None:
    served = start(source)
    tree = served.tree()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(15) == 0
    assert gone(tree) == []
    stop(served)


def test_sigterm_lets_running_requests_end(source: Path) -> None:
    served = start(source)
    slow = "SELECT (COUNT(*) AS ?n) { VALUES ?a { %s } VALUES ?b { %s } FILTER(?a + ?b < 0) }" % (
        (" ".join(map(str, range(1500))),) * 2
    )
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(served.client.post("/sparql", data={"query": slow}).status_code))
    asking.start()
    time.sleep(0.3)
    served.process.send_signal(signal.SIGTERM)
    asking.join()
    assert answers == [200]
    assert served.process.wait(15) == 0
    stop(served)


def test_kill_of_the_server_leaves_no_orphan_and_it_starts_again(source: Path) -> None:
    served = start(source)
    before = served.ask(QUERY).json()
    tree = served.tree()
    served.process.kill()
    served.process.wait()
    assert gone(tree) == []
    stop(served)
    with serving(source) as again:
        assert again.ask(QUERY).json() == before


def test_kill_of_workers_loses_at_most_their_own_queries(source: Path) -> None:
    with serving(source, "--cache", "0") as served:
        nursery, *_ = served.tree()
        expected = served.ask(QUERY).json()
        statuses: list[int] = []
        stop_asking = threading.Event()

        def ask() -> None:
            while not stop_asking.is_set():
                answer = served.ask(QUERY)
                statuses.append(answer.status_code)
                assert answer.status_code != 200 or answer.json() == expected

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        killed = 0
        for _ in range(10):
            time.sleep(0.1)
            workers = [pid for pid in served.tree() if pid != nursery]
            if workers:
                try:
                    os.kill(workers[0], signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
        stop_asking.set()
        for thread in threads:
            thread.join()
        assert killed > 5
        assert set(statuses) <= {200, 503}
        assert statuses.count(503) <= killed
        assert served.ask(QUERY).json() == expected


def test_kill_of_the_nursery_is_survived(source: Path) -> None:
    with serving(source, "--cache", "0") as served:
        expected = served.ask(QUERY).json()
        tree = served.tree()
        os.kill(tree[0], signal.SIGKILL)
        assert gone(tree) == []  # its workers go with it
        deadline = time.monotonic() + 30
        while (answer := served.ask(QUERY)).status_code != 200 and time.monotonic() < deadline:
            assert answer.status_code == 503
            time.sleep(0.05)
        assert served.ask(QUERY).json() == expected


def test_a_taken_port_is_said(source: Path) -> None:
    with serving(source) as served:
        second = subprocess.run(
            [sys.executable, "-m", "campuskg", "serve", str(source), "--port", str(served.port), "--lang", "en"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert second.returncode == 3
    assert "--port" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("data.xml", "<a/>", 2, "serve-source"),
        ("missing.nq", None, 3, "file-missing"),
        ("missing", None, 3, "serve-missing"),
        ("bad.ttl", "<a> <b> .", 2, "serve-syntax"),
        ("", None, 3, "release-missing"),
    ],
)
def test_a_source_that_cannot_be_served_is_said(tmp_path: Path, name: str, content: str | None, code: int, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "campuskg", "serve", str(path), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == code, run.stderr
    assert f"[{said}]" in run.stderr


def test_what_keeps_the_pages_from_being_prepared_ends_the_server_with_its_words(source: Path, root: Path) -> None:
    program = (
        "import sys, campuskg.server.run as run; from campuskg.__main__ import main; "
        "run._LOADER = 'store.misbehaving:prepare_badly'; sys.argv[0] = 'campuskg'; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "serve", str(source), "--port", "0", "--lang", "en"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": str(root / "tests")},
    )
    assert ended.returncode == 1, ended.stderr
    assert "a.yaml:7" in ended.stderr
    assert "2 problems." in ended.stderr


FILES = {
    "data.ttl": "<http://a> <http://b> <c> .",
    "data.nt": "<http://a> <http://b> <http://c> .",
    "data.trig": "<http://g> { <http://a> <http://b> <c> }",
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_loaded(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    assert len(open_source(str(path), "http://localhost").store) == 1


def test_a_file_is_served_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "data.trig"
    path.write_text(FILES[path.name], encoding="utf-8")
    with serving(path) as served:
        assert len(served.rows("SELECT * { ?s ?p ?o }")) == 1
        deadline = time.monotonic() + 30
        while "triples" not in (ready := served.client.get("/ready").json()) and time.monotonic() < deadline:
            time.sleep(0.05)  # they are counted after the start
        assert ready["triples"] == 1
