"""Fixtures of the server tests: real servers, each started once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import protocol_cases, w3c
from server.served import Served, serving

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the workers are locked in only on Linux")


@pytest.fixture(scope="session")
def server(whole_server: Served) -> Served:
    """Return a server of the project's own release."""
    return whole_server


@pytest.fixture(scope="session")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server of three graphs of one statement each, without a cache, with small limits."""
    source = tmp_path_factory.mktemp("small") / "data.nq"
    source.write_text(protocol_cases.DATA, encoding="utf-8")
    with serving(
        source,
        "--cache",
        "0",
        "--timeout",
        "2",
        "--answer",
        "1",
        "--rows",
        "5000",
        "--body-seconds",
        "1",
        "--header-seconds",
        "2",
    ) as served:
        yield served


@pytest.fixture(scope="session")
def w3c_folder(root: Path) -> Path:
    """Return the folder of the W3C test suite, where it is at hand."""
    folder = root.parent / "shared" / "standards" / "w3c-sparql11"
    if not folder.is_dir():
        pytest.skip("the W3C SPARQL 1.1 test suite is not beside the project")
    return folder


@pytest.fixture(scope="session")
def w3c_server(w3c_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server of every data file of the W3C suite as a named graph, without a cache."""
    source = tmp_path_factory.mktemp("w3c") / "w3c.nq"
    source.write_bytes(w3c.dataset(w3c_folder))
    with serving(source, "--cache", "0") as served:
        yield served
