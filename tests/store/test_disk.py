"""Stores on disk: the same answers as in memory, made once, whole or not at all, and clear words when the disk refuses."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.errors import CampuskgError, MissingInput, Text, UsageProblem
from campuskg.queries import catalogue
from campuskg.release import Release, build, open_release
from campuskg.store.budget import MEBIBYTE, available, default_budget_mib, needed_mib
from campuskg.store.disk import DATA, STAMP, DiskStore, StoreDamaged
from campuskg.store.disk_build import Part, build_store
from campuskg.store.engine import Rows
from campuskg.store.memory import OxigraphStore
from campuskg.store.storage import Storage, Stored, current_storage, using
from campuskg.store.workers.landlock import LandlockMissing, confine
from hardening.disks import disk, lock

SMALL = Path(__file__).resolve().parents[1] / "graph" / "faults" / "base"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


class Told:
    """Remembers what a builder said of its progress."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, what: Text, done: int, count: int) -> None:
        assert 0 <= done <= count
        if what.en not in self.words:
            self.words.append(what.en)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small release; read-only by agreement."""
    out = tmp_path_factory.mktemp("release") / "release"
    build(out, folder=SMALL)
    return out


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """Return a folder with the store of the small release; read-only by agreement."""
    found = tmp_path_factory.mktemp("stores")
    opened(folder, found)
    return found


def opened(folder: Path, stores: Path, told: Told | None = None) -> Release:
    """Open the release in *folder* from disk."""
    with using(Storage(1, stores, told or Told())):
        release = open_release(folder)
    assert isinstance(release.store, DiskStore)
    return release


def place(stores: Path) -> Path:
    """Return the one store in *stores*."""
    (found,) = (path.parent for path in stores.glob(f"*/{STAMP}"))
    return found


def copied(stores: Path, tmp_path: Path) -> Path:
    """Return the one store in a copy of *stores*, for a test that damages it."""
    return place(Path(shutil.copytree(stores, tmp_path / "stores")))


def known(answer: object) -> object:
    return answer.rows if isinstance(answer, Rows) else set(answer) if isinstance(answer, list) else answer


def test_the_whole_catalogue_answers_as_in_memory(release: Release, tmp_path: Path) -> None:
    found = opened(release.folder, tmp_path)
    assert isinstance(found.store, DiskStore)
    assert isinstance(release.store, OxigraphStore)
    assert len(found.store) == len(release.store)
    found.store.remembered = lambda _: None
    for query in catalogue().values():
        assert known(found.store.run(query.body)) == known(release.store.run(query.body)), query.name
    assert (found.digest, found.date) == (release.digest, release.date)


def test_terms_are_found_as_in_memory(folder: Path, stores: Path) -> None:
    disk, memory = opened(folder, stores).store, open_release(folder).store
    quads = sorted(memory.quads(), key=str)
    assert sorted(disk.quads(), key=str) == quads
    some = next(quad for quad in quads if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode))
    assert isinstance(some.subject, ox.NamedNode)
    assert isinstance(some.object, ox.NamedNode)
    assert set(disk.about(some.subject)) == set(memory.about(some.subject))
    assert set(disk.to(some.object)) == set(memory.to(some.object))
    assert set(disk.matching(some.predicate.value)) == set(memory.matching(some.predicate.value))


def test_the_second_opening_makes_nothing(folder: Path, tmp_path: Path) -> None:
    first, second = Told(), Told()
    opened(folder, tmp_path, first)
    assert first.words == ["Preparing the store on disk", "Tidying the store on disk"]
    opened(folder, tmp_path, second)
    assert second.words == []


def test_a_release_within_the_budget_stays_in_memory(folder: Path, tmp_path: Path) -> None:
    with using(Storage(64, tmp_path)):
        assert not isinstance(open_release(folder).store, DiskStore)
    assert list(tmp_path.iterdir()) == []


def test_with_quotations_it_is_another_store(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    part = Part(folder / "dataset.nq", ox.RdfFormat.N_QUADS)
    digest = str(manifest["outputs"]["dataset.nq"])
    keys = {Stored([part], [digest], 9).key, Stored([part, part], [digest, digest], 9).key}
    assert len(keys) == 2
    assert Stored([part._replace(path=tmp_path)], [digest], 5).key in keys


def test_a_changed_release_is_refused_though_its_store_is_there(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "release"))
    opened(copy, tmp_path / "stores")
    with (copy / "dataset.nq").open("r+b") as file:
        file.write(b"<urn:x>")
    with pytest.raises(MissingInput, match="release-damaged"):
        opened(copy, tmp_path / "stores")


def test_a_builder_killed_half_way_leaves_nothing_in_the_way(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "campuskg", "query", "run", "campuses", "--release", str(folder)]
    process = subprocess.Popen([*command, "--memory-budget", "1", "--store", str(tmp_path)], stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(tmp_path.glob(".*.new-*")):
        time.sleep(0.001)
    process.kill()
    assert process.wait() != 0
    assert list(tmp_path.glob(".*.new-*"))
    assert list(tmp_path.glob(f"*/{STAMP}")) == []
    opened(folder, tmp_path)
    assert list(tmp_path.glob(".*.new-*")) == []
    assert place(tmp_path)


def test_two_at_once_make_one(folder: Path, tmp_path: Path) -> None:
    told = [Told(), Told()]
    both = [threading.Thread(target=opened, args=(folder, tmp_path, one)) for one in told]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sum("Preparing the store on disk" in one.words for one in told) == 1
    assert place(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "gone", "stamp", "version", "header"])
def test_a_damaged_store_says_so_and_is_made_again(folder: Path, stores: Path, tmp_path: Path, damage: str) -> None:
    store = copied(stores, tmp_path)
    largest = max((store / DATA).glob("*.sst"), key=lambda path: path.stat().st_size)
    if damage == "cut":
        os.truncate(largest, largest.stat().st_size // 2)
    elif damage == "gone":
        (store / DATA / "CURRENT").unlink()
    elif damage == "stamp":
        (store / STAMP).write_text("{", "utf-8")
    elif damage == "version":
        stamp = json.loads((store / STAMP).read_bytes())
        (store / STAMP).write_text(json.dumps(stamp | {"engine": "0.1"}), "utf-8")
    else:  # the end of a file, which the engine reads first: its size tells nothing
        data = bytearray(largest.read_bytes())
        data[-1] ^= 0xFF
        largest.write_bytes(data)
    with pytest.raises(MissingInput, match="disk-version" if damage == "version" else "disk-damaged"):
        DiskStore(store)
    told = Told()
    assert opened(folder, tmp_path / "stores", told).store.select(COUNT) == opened(folder, stores).store.select(COUNT)
    assert "Preparing the store on disk" in told.words
    assert [path.name for path in place(tmp_path / "stores").iterdir() if path.name not in (DATA, STAMP)] == []


def test_damage_met_while_reading_is_told(stores: Path, tmp_path: Path) -> None:
    store = copied(stores, tmp_path)
    for path in (store / DATA).glob("*.sst"):
        data = bytearray(path.read_bytes())
        if len(data) > 4096:
            data[64] ^= 0xFF  # within the first block of data, which is read when it is needed
            path.write_bytes(data)
    found = DiskStore(store)
    with pytest.raises(StoreDamaged, match="disk-damaged"):
        found.select("SELECT * { GRAPH ?g { ?s ?p ?o } }")
    with pytest.raises(StoreDamaged, match="disk-damaged"):
        list(found.quads())
    with pytest.raises(StoreDamaged, match="disk-damaged"):
        found.serialize("SELECT * { GRAPH ?g { ?s ?p ?o } }", "application/sparql-results+json")


def test_no_store_at_all(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="disk-missing"):
        DiskStore(tmp_path / "nothing")


def test_a_folder_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MissingInput, match="disk-unwritable") as caught:
        opened(folder, tmp_path / "file" / "stores")
    assert "--store" in caught.value.say("fr")


def test_a_read_only_folder_gives_what_it_has(folder: Path, stores: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", kib=20_000) as mounted:
        shutil.copytree(stores, mounted / "stores")
        (mounted / "empty").mkdir()
        lock(mounted)
        assert opened(folder, mounted / "stores").store.select(COUNT).rows
        with pytest.raises(MissingInput, match="disk-unwritable"):
            opened(folder, mounted / "empty")


@pytest.mark.parametrize("quads", [10_000, 1], ids=["foreseen", "met"])
def test_a_full_disk_is_told_and_left_clean(folder: Path, tmp_path: Path, quads: int) -> None:
    with disk(tmp_path / "disk", kib=900) as mounted:
        with pytest.raises(MissingInput, match="disk-full") as caught:
            build_store(mounted / "store", [Part(folder / "dataset.nq", ox.RdfFormat.N_QUADS)], quads, Told())
        assert "MiB" in caught.value.say("fr")
        assert [path.name for path in mounted.iterdir()] == [".store.lock"]


def test_a_fork_reads_through_the_files_of_its_parent(stores: Path) -> None:
    """As workers do: in a process of its own, for the threads of this one are not to be forked."""
    code = """
import os, resource, sys
from pathlib import Path
from campuskg.store.disk import DiskStore
from campuskg.store.workers.process import threads
store = DiskStore(Path(sys.argv[1]))
while threads() != 1:
    pass
kept = store.descriptors()
assert kept
if os.fork() == 0:
    least = 3
    for descriptor in sorted(kept):
        os.closerange(least, descriptor)
        least = descriptor + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    os._exit(7 if len(store.select("SELECT * { GRAPH ?g { ?s ?p ?o } }").rows) == len(store) else 1)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 7
"""
    subprocess.run([sys.executable, "-c", code, str(place(stores))], check=True, timeout=60)


def test_a_confined_process_reads_one_folder_only(stores: Path, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            confine([str(stores)])
            (place(stores) / STAMP).read_bytes()
            code = 2 if _can(tmp_path.iterdir) or _can(Path(__file__).read_bytes) else 0
            code = 3 if _can((stores / "new").touch) else code
        except LandlockMissing:
            code = 4
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 4:
        pytest.skip("the kernel has no Landlock")
    assert code == 0


def _can(act: object) -> bool:
    try:
        list(found) if (found := act()) is not None else None  # type: ignore[operator]
    except OSError:
        return False
    return True


def test_the_budget_is_half_of_what_is_free(tmp_path: Path) -> None:
    machine(tmp_path, "MemTotal: 9000 kB\nMemAvailable: 8388608 kB\n")
    assert available(tmp_path) == 8192 * MEBIBYTE
    assert default_budget_mib(tmp_path) == 4096
    assert default_budget_mib() > 0


@pytest.mark.parametrize(
    ("group", "files"),
    [
        ("0::/a/b\n", {"a/memory.max": "1073741824", "a/memory.current": "536870912", "a/b/memory.max": "max"}),
        ("0::/not/seen/here\n", {"memory.max": "1073741824", "memory.current": "536870912"}),
        ("4:memory:/a\n", {"memory/a/memory.limit_in_bytes": "1073741824", "memory/a/memory.usage_in_bytes": "536870912"}),
        (
            "0::/a\n",
            {
                "a/memory.max": "1073741824",
                "a/memory.current": "805306368",
                "a/memory.stat": "anon 5\ninactive_file 268435456\n",
            },
        ),
    ],
    ids=["version 2, above", "container", "version 1", "cached files"],
)
def test_a_control_group_lowers_it(tmp_path: Path, group: str, files: dict[str, str]) -> None:
    machine(tmp_path, "MemAvailable: 8388608 kB\n", group)
    for name, text in files.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "ascii")
    assert available(tmp_path) == 512 * MEBIBYTE


def machine(root: Path, memory: str, group: str = "") -> None:
    """Write what a machine says of itself below *root*."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(memory, "ascii")
    (root / "proc/self/cgroup").write_text(group, "ascii")


def test_the_environment_says_the_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("campuskg.store.storage._CURRENT", ContextVar("unset", default=None))  # tests before may have kept to one
    assert current_storage() == Storage()
    assert current_storage().stores() == tmp_path / "campuskg" / "stores"
    monkeypatch.setenv("CAMPUSKG_MEMORY", "12")
    monkeypatch.setenv("CAMPUSKG_STORE", str(tmp_path / "here"))
    assert current_storage() == Storage(12, tmp_path / "here")
    assert Storage.from_json(current_storage().settled().as_json()) == Storage(12, tmp_path / "here")
    with using(Storage(3)):
        assert current_storage() == Storage(3)
    monkeypatch.setenv("CAMPUSKG_MEMORY", "much")
    with pytest.raises(UsageProblem, match="disk-budget"):
        current_storage()


def test_the_need_grows_with_the_quads() -> None:
    assert needed_mib(10_000_000) == 3910
    small = Stored([], [], 10)
    assert Storage(1).place(small) is None
    assert Storage(1).place(replace(small, quads=10_000)) is not None


def test_a_file_that_is_no_rdf_leaves_no_store(tmp_path: Path) -> None:
    (tmp_path / "data.nq").write_text("<urn:a> nonsense\n", "utf-8")
    with pytest.raises(SyntaxError):
        build_store(tmp_path / "stores" / "store", [Part(tmp_path / "data.nq", ox.RdfFormat.N_QUADS)], 1, Told())
    assert [path.name for path in (tmp_path / "stores").iterdir()] == [".store.lock"]


def test_errors_are_for_everyone(tmp_path: Path) -> None:
    assert isinstance(StoreDamaged(tmp_path, "x"), CampuskgError)
    assert "abîmé" in StoreDamaged(tmp_path, "x").say("fr")
