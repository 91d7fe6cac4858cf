"""The isolated engine against poison: with and without the guard, each query ends as it must and leaves nothing behind."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.errors import CampuskgError
from campuskg.store import MemoryStore, QueryRefused
from campuskg.store.workers import IsolatedStore, PoolLimits, QueryTimedOut, QueryTooBig

LIMITS = PoolLimits(timeout=1.5, memory_mib=128, fast_workers=2)
GOOD = "SELECT ?s ?o { ?s <urn:p> ?o } ORDER BY ?o LIMIT 3"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
POISON = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (<urn:n>|^<urn:n>)* ?b . ?b (<urn:n>|^<urn:n>)+ ?c . ?c <urn:n>* ?d }",
    "doubling": f"SELECT (STRLEN(?x30) AS ?n) {{ VALUES ?x0 {{ 'aaaaaaaaaaaaaaaa' }} {DOUBLED} }}",
    "concat": "SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g)))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "planner": "SELECT * { " + "?s ?p ?o . " * 150 + "}",
    "replace": "SELECT (COUNT(REPLACE(REPLACE(STR(?c), '.', 'aaaaaaa'), '.', STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}
DEEP = {
    "groups": "SELECT * { " + "{" * 60_000 + "}" * 60_000 + " }",
    "brackets": "SELECT (" + "(" * 60_000 + "1" + ")" * 60_000 + " AS ?x) {}",
    "sum": "SELECT (" + "1+" * 400_000 + "1 AS ?x) {}",
    "not": "SELECT * { FILTER(" + "!" * 400_000 + "true) }",
}


@pytest.fixture(scope="module")
def nquads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.nq"
    lines = [
        f'<urn:s{n}> <urn:p> "{n:04}" <urn:g> .\n<urn:s{n}> <urn:n> <urn:s{(n + 1) % 2000}> <urn:g> .\n' for n in range(2000)
    ]
    path.write_text("".join(lines))
    return path


@pytest.fixture(scope="module", params=["guarded", "unguarded"])
def store(request: pytest.FixtureRequest, nquads: Path) -> Iterator[IsolatedStore]:
    with IsolatedStore(nquads, LIMITS, guarded=request.param == "guarded") as isolated:
        yield isolated


def expected_rows(nquads: Path) -> list[dict[str, str]]:
    return MemoryStore.open(nquads).select(GOOD).dicts()


def resident(store: IsolatedStore) -> int:
    pids = [*store.pool.pids["nursery"], *store.pool.pids["workers"]]
    return sum(int((Path("/proc") / str(pid) / "statm").read_text().split()[1]) * 4096 for pid in pids)


def test_the_same_interface(store: IsolatedStore, nquads: Path) -> None:
    assert store.select(GOOD).dicts() == expected_rows(nquads)
    assert store.run("ASK { <urn:s1> ex:p ?o }", prefixes={"ex": "urn:"}) is True
    assert store.select("SELECT ?s ?o { ?s <urn:p> ?o }", {"o": ox.Literal("0007")}).dicts() == [{"s": "urn:s7", "o": "0007"}]
    triples = store.construct("CONSTRUCT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o } LIMIT 5")
    assert len(triples) == 5
    with pytest.raises(QueryRefused) as refused:
        store.select("SELECT * { ?s cmq:x ?o }")
    assert refused.value.code == "query-syntax"
    assert "PREFIX cmq:" in refused.value.say("fr")
    with pytest.raises(QueryRefused, match="not a SELECT"):
        store.select("ASK {}")


def test_workers_do_not_share_their_random_numbers(store: IsolatedStore) -> None:
    seen = set()
    for _ in range(6):
        seen.add(store.select("SELECT (UUID() AS ?u) {}").dicts()[0]["u"])
        with pytest.raises(QueryTimedOut):  # the worker is replaced
            store._wait(store.pool.run({"query": POISON["product"] + f"#{len(seen)}"}, timeout=0.05))
    assert len(seen) == 6


@pytest.mark.parametrize("name", POISON)
def test_poison_ends_in_time_while_good_queries_go_on(store: IsolatedStore, nquads: Path, name: str) -> None:
    ends: list[CampuskgError] = []

    def drink() -> None:
        try:
            store.run(POISON[name])
        except CampuskgError as error:
            ends.append(error)

    wanted = expected_rows(nquads)
    start = time.monotonic()
    thread = threading.Thread(target=drink)
    thread.start()
    while thread.is_alive():
        assert store.select(GOOD).dicts() == wanted
    thread.join()
    assert time.monotonic() - start < LIMITS.timeout + 1
    if name != "planner":  # the machine may be quick enough for this one
        assert [type(end) for end in ends] in ([QueryTimedOut], [QueryTooBig])


@pytest.mark.parametrize("name", DEEP)
def test_depth_kills_at_most_its_worker(store: IsolatedStore, nquads: Path, name: str) -> None:
    with pytest.raises((QueryRefused, QueryTooBig, QueryTimedOut)):
        store.run(DEEP[name])
    assert store.select(GOOD).dicts() == expected_rows(nquads)


def test_memory_returns(nquads: Path) -> None:
    with IsolatedStore(nquads, LIMITS) as store:
        for _ in range(4):
            store.select(GOOD)
        before = resident(store)
        for name in ("sorted product", "doubling"):
            with pytest.raises((QueryTimedOut, QueryTooBig)):
                store.run(POISON[name])
        for _ in range(4):
            store.select(GOOD)
        assert resident(store) < before + (len(store.pool.pids["workers"]) * LIMITS.recycle_mib << 20)


def test_service_reaches_nobody(store: IsolatedStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?x {{ <{address}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        ):
            with pytest.raises(QueryRefused) as refused:
                store.run(query)
            assert refused.value.code == ("query-service" if store.guarded else "query-failed")
        try:
            store.run(f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}")
        except QueryRefused:
            assert store.guarded
        with pytest.raises(BlockingIOError):
            listener.accept()
