"""A build killed at any moment leaves the old release, or the new one, whole."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from campuskg.release import build, open_release

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def _start(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "campuskg", "build", "--graph", str(folder), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _changed(folder: Path, number: int) -> None:
    """Change a name, so that the new release differs from the old one."""
    path = folder / "places.yaml"
    text = path.read_text(encoding="utf-8").splitlines()
    text[2] = f"  label: Doubs {number}"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _leftovers(out: Path) -> list[Path]:
    return list(out.parent.glob(f".{out.name}.*"))


@pytest.mark.parametrize(("moments", "in_the_writing"), [(3, 2), pytest.param(15, 10, marks=pytest.mark.thorough)])
def test_killed_at_any_moment(small: Path, tmp_path: Path, moments: int, in_the_writing: int) -> None:
    out, apart = tmp_path / "place" / "release", tmp_path / "apart"
    old = build(out, folder=small).digest
    start = time.perf_counter()
    assert _start(small, apart).wait() == 0
    duration = time.perf_counter() - start
    kills = 0
    for number in range(moments + in_the_writing):
        _changed(small, number)
        new = build(apart, folder=small).digest
        process = _start(small, out)
        if number < moments:
            time.sleep(duration * (number + 1) / (moments + 1))
        else:  # the writing takes a few milliseconds: wait until it begins
            while process.poll() is None and not list(out.parent.glob(".release.new-*")):
                time.sleep(0.0002)
            time.sleep(0.0005 * (number - moments))
        process.kill()
        kills += process.wait() != 0
        opened = open_release(out)
        assert opened.digest in {old, new}
        assert {path.name for path in out.iterdir()} == {"manifest.json", *opened.manifest["outputs"]}
        old = opened.digest
    assert kills > moments // 2, "the builds were over before they could be killed"
    _changed(small, -1)
    assert _start(small, out).wait() == 0
    assert _leftovers(out) == []
    assert open_release(out).digest == build(apart, folder=small).digest
