"""The engines of the tests, each started once and only when a test asks for it; those of the catalogue at the same time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import pytest

from campuskg.queries import catalogue
from campuskg.store import MemoryStore
from campuskg.store.exchange import Limits
from campuskg.store.remote import RemoteStore
from engines.answers import Found
from engines.catalogue_runs import Runs, asked_of
from engines.servers import STARTS, Server, guarded, missing, start_oxigraph, start_virtuoso

Engine = Callable[[str], Server]
"""Returns the running engine of that name, over the release."""


def need(name: str) -> None:
    """Skip the test when the engine *name* is not installed; on the build machine nothing is skipped."""
    lacks = missing(name)
    if lacks and os.environ.get("CI"):
        pytest.fail(lacks)
    if lacks:
        pytest.skip(lacks)


@pytest.fixture(scope="session")
def engine(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return a function that gives the running engine of a name; the first call for each starts it."""
    starting: dict[str, Future[Server]] = {}
    lock = Lock()

    def start(name: str, folder: Path) -> Server:
        return guarded(STARTS[name](release_dir / "dataset.nq", folder))

    with ThreadPoolExecutor(len(STARTS)) as pool:

        def get(name: str) -> Server:
            need(name)
            with lock:
                if name not in starting:
                    starting[name] = pool.submit(start, name, tmp_path_factory.mktemp(name))
            return starting[name].result()

        yield get
        for future in starting.values():
            if future.exception() is None:
                future.result().stop()


@pytest.fixture(scope="session")
def published(release_dir: Path) -> MemoryStore:
    """Return what of the release is published, in process: the dataset without the quotations."""
    return MemoryStore.open(release_dir / "dataset.nq")


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Runs]:
    """Return the answers of all engines to the queries that this session tests, asked in the background."""
    names = asked_of(request.session.items)
    futures: dict[tuple[str, str], Future[Found]] = {}
    pools = {name: ThreadPoolExecutor(2 if name == "rdflib" else 1) for name in STARTS}

    def ask(where: str, name: str) -> Found:
        store = RemoteStore(engine(where).url, limits=Limits(total=110, retries=0))
        return store.run(catalogue()[name].sparql)

    for where in STARTS:
        if not missing(where):
            for name in names:
                futures[where, name] = pools[where].submit(ask, where, name)

    def get(where: str, name: str) -> Found:
        need(where)
        return futures[where, name].result()

    yield get
    for pool in pools.values():
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def empty_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return an oxigraph server that holds nothing at first."""
    need("oxigraph")
    server = guarded(start_oxigraph(None, tmp_path_factory.mktemp("empty-oxigraph")))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def empty_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a Virtuoso that holds nothing of ours at first."""
    need("virtuoso")
    server = guarded(start_virtuoso(None, tmp_path_factory.mktemp("empty-virtuoso")))
    yield server
    server.stop()
