"""Commands killed at any moment: what was there, or what was to be there, whole; the same command then ends well.

Builds and pushes have their own: ``tests/release/test_kill.py``, ``tests/engines/test_push.py``.
"""

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from campuskg.publish.site.files import MANIFEST

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
BASE = "https://example.org/kg/"
PARTNERS = "nom;uai\n" + "".join(f"Lycée {n};0250011B\n" for n in range(20_000))
COMMANDS = ("import", "viz", "dossier")
KILLS = {"import": 2, "viz": 2, "dossier": 1}
"""How often each command is killed; thorough tests do it twice as often."""


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the command."""
    return subprocess.Popen([sys.executable, "-m", "campuskg", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed(moment: float, *arguments: str) -> bool:
    """Run the command and kill it after *moment* seconds; tell whether it still ran."""
    process = started(*arguments)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() != 0


def timed(*arguments: str) -> float:
    """Run the command to its end; return how long that took."""
    start = time.perf_counter()
    assert started(*arguments).wait(300) == 0
    return time.perf_counter() - start


def digests(folder: Path) -> dict[str, str]:
    """Return the digests of the files below *folder*, but for those that a kill leaves aside (they begin with a dot)."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_is_the_old_one_or_the_new_one(
    name: str, times: int, small_release: Path, release_dir: Path, tmp_path: Path
) -> None:
    table, out, apart = tmp_path / "partners-2026-01-01.csv", tmp_path / "out", tmp_path / "apart"
    table.write_text(PARTNERS, encoding="utf-8")
    commands = {
        "import": ("import", "partners", str(table), "--out", "{out}/a.nt", "--report", "{out}/a.csv"),
        "viz": ("viz", "partnerships", "--release", str(small_release), "--html", "{out}/a.html", "--json", "{out}/a.json"),
        "dossier": ("dossier", "--campus", "msi", "--release", str(release_dir), "--out", "{out}"),
    }
    chance = random.Random(name)  # noqa: S311  the same moments each time
    for folder in (out, apart):
        folder.mkdir()
    new = [word.format(out=apart) for word in commands[name]]
    duration = timed(*new)
    whole = digests(apart)
    old = dict.fromkeys(whole, hashlib.sha256(b"old").hexdigest())
    for file in whole:
        (out / file).write_bytes(b"old")
    again = [word.format(out=out) for word in commands[name]]
    ended = 0
    for _ in range(KILLS[name] * times):
        ended += killed(duration * chance.uniform(0.3, 0.9), *again)
        found = digests(out)
        assert found.keys() == whole.keys()
        assert all(found[file] in (old[file], whole[file]) for file in whole)
    assert ended, "the command was over before it could be killed"
    assert started(*again).wait(300) == 0
    assert digests(out) == whole


@pytest.mark.thorough
def test_a_site_is_made_whole_by_the_next_run(small_release: Path, tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311  the same moments each time
    out, apart = tmp_path / "site", tmp_path / "apart"
    arguments = ("publish", str(small_release), "--base", BASE, "--jobs", "2", "--out")
    timed(*arguments, str(apart))
    whole = sum(1 for _ in apart.rglob("*"))
    process = started(*arguments, str(out))
    while process.poll() is None and sum(1 for _ in out.rglob("*")) < whole * chance.uniform(0.2, 0.6):
        time.sleep(0.02)
    process.kill()
    assert process.wait() != 0, "the command was over before it could be killed"
    assert started(*arguments, str(out)).wait(300) == 0
    assert digests(out) == digests(apart)
    assert (out / MANIFEST).read_bytes() == (apart / MANIFEST).read_bytes()
    assert [path.name for path in out.rglob(".campuskg-*") if path.name != MANIFEST] == []
