"""Fixtures of all tests: a French reader, one release of the project's own graph, small curated folders."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from campuskg.release import Release, build, elsewhere, open_release
from server.served import Served, serving

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parents[1]

Curate = Callable[[Mapping[str, str]], Path]
"""Writes YAML files, by name, beside the project's registry of sources; returns their folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last: its driver keeps an event loop running in this thread to the end of the session.

    Of these the static site comes first: it takes longest, and the other files fill what time the other processes have.
    """
    items.sort(key=lambda item: ("browser" in item.path.parent.parts[-1:]) * (2 - (item.path.stem == "test_static_site")))


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would change the language, the release or the width of the reader's machine."""
    for name in list(os.environ):
        if name.startswith(("CAMPUSKG_", "LC_")) or name in ("LANG", "LANGUAGE", "COLUMNS"):
            monkeypatch.delenv(name)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder *name* that *make* fills, once for all processes of this run: what is dear is made by one of them."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and sys.platform != "win32":  # no lock on files there
        folder = folder.parent  # the same for all processes
    with (folder / f"{name}.lock").open("w") as lock:
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX)
        out = folder / name
        if not out.exists():
            aside = folder / f"{name}.making"
            shutil.rmtree(aside, ignore_errors=True)  # of one that failed
            make(aside)
            aside.rename(out)
    return out


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def sources_folder() -> Path | None:
    """Return the folder of the source texts, where it is at hand."""
    folder = ROOT.parent / "shared"
    return folder if (folder / "sources").is_dir() else None


@pytest.fixture(scope="session")
def release_dir(tmp_path_factory: pytest.TempPathFactory, sources_folder: Path | None) -> Path:
    """Return the folder of a release of the project's own graph; read-only by agreement."""
    return once(tmp_path_factory, "release", lambda out: build(out, sources=sources_folder))


@pytest.fixture(scope="session")
def release(release_dir: Path) -> Release:
    """Return the opened release of the project's own graph."""
    return open_release(release_dir)


@pytest.fixture(scope="session")
def whole_server(release_dir: Path) -> Iterator[Served]:
    """Return a server of the project's own release: one for all folders of tests, for it takes seconds to prepare its pages."""
    with serving(release_dir, "--base", "https://example.org/kg/") as served:
        yield served


@pytest.fixture
def opened_once(release: Release) -> Iterator[None]:
    """Open the project's own release, whatever the path to it, as the one that is open: reading it takes a command longest."""

    def opened(folder: Path) -> Release:
        if folder.resolve() == release.folder.resolve():
            return release
        token = elsewhere._OPENER.set(None)
        try:
            return open_release(folder)
        finally:
            elsewhere._OPENER.reset(token)

    with elsewhere.opening_by(opened):
        yield


@pytest.fixture
def curated(tmp_path: Path) -> Curate:
    """Return a function that writes curated files into a folder with the project's registry of sources."""

    def write(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "graph"
        folder.mkdir()
        shutil.copy(ROOT / "graph" / "sources.yaml", folder)
        shutil.copytree(ROOT / "graph" / "lines", folder / "lines")
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a copy of the small valid graph of ``tests/graph/faults/base``: a build of it takes a moment."""
    return Path(shutil.copytree(ROOT / "tests" / "graph" / "faults" / "base", tmp_path / "graph"))
