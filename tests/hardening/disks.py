"""Disks that refuse: small ones that fill up and ones that are read-only, where the system lets us mount them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk(place: Path, *, kib: int) -> Iterator[Path]:
    """Give a disk of *kib* KiB, mounted at *place*; the test is skipped where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root of a Linux system can mount a disk")
    place.mkdir(parents=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "campuskg-test", str(place)], check=False, capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"the system refuses to mount a disk: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def lock(place: Path) -> None:
    """Make the disk at *place* read-only."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)


def fill(place: Path, *, leave: int) -> Path:
    """Fill the disk at *place* but for *leave* bytes; return the file that fills it."""
    ballast = place / "ballast"
    free = os.statvfs(place)
    ballast.write_bytes(bytes(max(free.f_bavail * free.f_frsize - leave, 0)))
    return ballast


def contents(place: Path) -> dict[str, bytes]:
    """Return every file below *place* with its bytes, but for the one that fills it."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name != "ballast"
    }
