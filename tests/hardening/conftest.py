"""Fixtures of the hardening tests: one release of the small graph, for it is built and broken many times."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from campuskg.release import build
from server.served import Served, serving

BASE = "https://example.org/kg/"
ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "graph" / "faults" / "base"
"""A small valid graph: a build of it takes a moment."""


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release of the small graph; read-only by agreement."""
    out = tmp_path_factory.mktemp("small-release") / "release"
    build(out, folder=SMALL)
    return out


@pytest.fixture(scope="session")
def served(whole_server: Served) -> Served:
    """Return a server of the project's own release."""
    return whole_server


@pytest.fixture(scope="session")
def small_served(small_release: Path) -> Iterator[Served]:
    """Return a server of the small release, with short limits."""
    with serving(small_release, "--base", BASE, "--body-seconds", "1", "--header-seconds", "2") as found:
        yield found
