"""A server of a release that exceeds its memory budget: workers, locked in as ever, read the store on disk."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.queries import find_query
from campuskg.release import Release, build, open_release
from campuskg.server.source import check_source, open_source, prepare_source
from campuskg.server.tasks import Handler, load
from campuskg.store.disk import DiskStore
from campuskg.store.storage import Storage, current_storage, keep_to, using
from server.conftest import linux_only
from server.served import Served, serving

pytestmark = linux_only
SMALL = Path(__file__).resolve().parents[1] / "graph" / "faults" / "base"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a small release, which a server has prepared in a moment; opened in memory."""
    out = tmp_path_factory.mktemp("small") / "release"
    build(out, folder=SMALL)
    return open_release(out)


@pytest.fixture(scope="module")
def served(small: Release, stores: Path) -> Iterator[Served]:
    with serving(small.folder, "--memory-budget", "1", "--store", str(stores)) as found:
        yield found


def test_it_answers_sparql_questions_pages_and_views(served: Served, small: Release) -> None:
    assert served.rows(COUNT) == small.store.select(COUNT).dicts()
    answer = served.client.get("/queries/campuses.json").json()
    assert len(answer["results"]["bindings"]) == len(small.store.select(find_query("campuses").body).rows) > 0
    page = served.client.get("/page/id/organisation/lycee-vauban", headers={"accept": "text/html"})
    assert (page.status_code, "Lycée Vauban" in page.text) == (200, True)
    view = served.client.get("/views/partnerships", headers={"accept": "text/html"})
    assert view.status_code == 200


@pytest.mark.thorough
def test_it_does_so_for_the_real_release(release_dir: Path, tmp_path: Path) -> None:
    with serving(release_dir, "--memory-budget", "1", "--store", str(tmp_path)) as found:
        found.client.timeout = 120
        for path in ("/page/id/organisation/ensmm", "/views/partnerships", "/board", "/queries/ego-network.json", "/"):
            assert found.client.get(path, headers={"accept": "text/html, */*;q=0.5"}).status_code == 200


def test_its_workers_hold_the_files_of_the_store_and_no_other(served: Served, stores: Path) -> None:
    assert served.rows(COUNT)
    for _ in range(100):  # one that begins reads code and templates until it is locked in
        held = _held(served)
        if all(files and all(path.is_relative_to(stores) for path in files) for files in held.values()):
            break
        time.sleep(0.1)
    assert held
    assert {pid: files for pid, files in held.items() if not files} == {}
    assert [path for files in held.values() for path in files if not path.is_relative_to(stores)] == []


def _held(served: Served) -> dict[int, list[Path]]:
    """Return the files that each worker has open."""
    tree = served.tree()
    (nursery,) = (pid for pid in tree if b"nursery" in Path(f"/proc/{pid}/cmdline").read_bytes() and _has_children(pid))
    return {pid: _files(pid) for pid in tree if pid != nursery}


def _files(pid: int) -> list[Path]:
    """Return the files that a process has open, but for devices, pipes and sockets."""
    found = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
    return [path for path in found if path.is_absolute() and not path.is_relative_to("/dev")]


def _has_children(pid: int) -> bool:
    return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_an_rdf_file_is_read_from_disk_too(tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    data.write_text("".join(f'<urn:s{n}> <urn:p> "{n:0100}" .\n' for n in range(9000)), "utf-8")
    with using(Storage(1, tmp_path / "stores").settled()):
        place = prepare_source(check_source(data))
        assert place is not None
        context = open_source(str(data), "http://example.org")
    assert isinstance(context.store, DiskStore)
    assert len(context.store) == 9000
    assert ox.Literal(f"{7:0100}") in {quad.object for quad in context.store.about(ox.NamedNode("urn:s7"))}


def test_the_parent_of_the_workers_keeps_the_rule_it_is_told(small: Release, stores: Path, served: Served) -> None:
    assert served
    before = current_storage()
    try:
        said = json.loads(json.dumps(Storage(1, stores).as_json()))
        handler = load(source=str(small.folder), base="http://example.org", storage=said)
    finally:
        keep_to(before)
    assert isinstance(handler, Handler)
    assert list(handler.descriptors())
