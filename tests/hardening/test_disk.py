"""A full disk, a read-only disk, a limit on the size of files: one clear message, nothing half written, what was there intact."""

import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from campuskg.cli import main
from hardening.conftest import SMALL
from hardening.disks import contents, disk, fill, lock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are mounted on Linux")
BASE = "https://example.org/kg/"
CODES = ("file-unwritable", "import-unwritable", "site-unwritable", "proposal-unwritable")
FULL = "No space left on device"
LOCKED = "Read-only file system"

PARTNERS = "nom;uai\n" + "".join(f"Lycée {n};0250011B\n" for n in range(3_000))

COMMANDS: dict[str, tuple[str, ...]] = {
    "build": ("build", "--graph", str(SMALL), "--out", "{disk}/release"),
    "query": ("query", "run", "campuses", "--release", "{release}", "--out", "{disk}/out.csv"),
    "dossier": ("dossier", "--campus", "msi", "--release", "{whole}", "--out", "{disk}/dossiers"),
    "viz": ("viz", "partnerships", "--release", "{release}", "--html", "{disk}/view.html"),
    "generate": ("generate", "{release}", "--triples", "20000", "--out", "{disk}/made.nq"),
    "diff": ("diff", "{release}", "{other}", "--patch", "{disk}/a.rdfp"),
    "patch": ("patch", "{release}", "{patch}", "--out", "{disk}/next.nq"),
    "import": ("import", "partners", "{partners}", "--out", "{disk}/partners.nt", "--report", "{disk}/rejected.csv"),
    "coverage": ("coverage", "--graph", str(SMALL), "--html", "{disk}/coverage.html"),
}
"""Commands that write, each with what it writes."""


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stderr: str


def here(*arguments: str) -> Ended:
    """Run the command in this process: a process of its own takes a second more."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["--lang", "en", *arguments])
    return Ended(int(ended.value.code or 0), err.getvalue())


def run(*arguments: str, limit: int | None = None) -> Ended:
    """Run the command in a process of its own, its files limited to *limit* bytes."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-m", "campuskg", "--lang", "en", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limited,  # the limit must hold for the child alone
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return Ended(done.returncode, done.stderr)


@pytest.fixture(scope="module")
def places(small_release: Path, release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return what the commands read: two releases, the patch between them, a table of partners."""
    folder = tmp_path_factory.mktemp("read")
    partners, patch = folder / "partners-2026-01-01.csv", folder / "a.rdfp"
    partners.write_text(PARTNERS, encoding="utf-8")
    assert here("diff", str(small_release), str(small_release), "--patch", str(patch)).returncode == 0
    return {"release": small_release, "whole": release_dir, "other": small_release, "patch": patch, "partners": partners}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk(tmp_path / "disk", kib=16 * 1024) as place:
        yield place


def refused(done: Ended, reason: str) -> None:
    """See that the command said in one line why it could not write."""
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert reason in done.stderr
    assert any(f"[{code}]" in done.stderr for code in CODES), done.stderr


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("name", COMMANDS)
def test_what_was_there_outlives_a_full_and_a_locked_disk(name: str, places: dict[str, Path], small_disk: Path) -> None:
    arguments = [word.format(disk=small_disk, **places) for word in COMMANDS[name]]
    first = here(*arguments)
    assert first.returncode in (0, 1), first.stderr
    before = contents(small_disk)
    assert before
    ballast = fill(small_disk, leave=0)
    refused(here(*arguments), FULL)
    assert contents(small_disk) == before
    ballast.unlink()
    lock(small_disk)
    refused(here(*arguments), LOCKED)
    assert contents(small_disk) == before


@pytest.mark.parametrize("name", ["build", "generate", "import"])
def test_a_disk_that_fills_up_in_the_middle_holds_nothing_half_written(
    name: str, places: dict[str, Path], small_disk: Path
) -> None:
    fill(small_disk, leave=24 * 1024)
    refused(here(*(word.format(disk=small_disk, **places) for word in COMMANDS[name])), FULL)
    assert contents(small_disk) == {}


@pytest.mark.parametrize("name", ["build", "generate", "import"])
def test_a_limit_on_the_size_of_files(name: str, places: dict[str, Path], tmp_path: Path) -> None:
    """Where no disk can be mounted, the limit that a system puts on a process shows the same."""
    (tmp_path / "out").mkdir()
    arguments = [word.format(disk=tmp_path / "out", **places) for word in COMMANDS[name]]
    refused(run(*arguments, limit=4 * 1024), "File too large")
    assert contents(tmp_path / "out") == {}


@pytest.mark.parametrize("spoil", [lambda place: fill(place, leave=1024 * 1024), lock], ids=["full", "locked"])
def test_a_site(places: dict[str, Path], small_disk: Path, spoil: Callable[[Path], object]) -> None:
    """Every file of a site is whole, and the site says that it is unfinished."""
    site = small_disk / "site"
    site.mkdir()
    spoil(small_disk)
    done = run("publish", str(places["release"]), "--out", str(site), "--base", BASE, "--jobs", "2")
    refused(done, LOCKED if spoil is lock else FULL)
    written = contents(site)
    assert not [name for name in written if ".campuskg-new-" in name]
    assert not [name for name, data in written.items() if name.endswith(".html") and not data.rstrip().endswith(b"</html>")]
    assert spoil is lock or ".campuskg-site.unfinished" in written
