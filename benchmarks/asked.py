"""One engine in a process of its own: loads N-Quads, then answers queries given as lines of JSON and says how long each took.

For ``national.py``: ``PYTHON asked.py ENGINE FILE`` with ENGINE campuskg, disk, oxrdflib or rdflib. A line asks
``{"text", "limit", "repeat", "budget"}``; the answer is ``{"seconds": […], "rows"}``, ``{"censored": limit}`` or ``{"error"}``.
What is timed is the whole answer, written as SPARQL JSON; it is asked once before that. Engines of native code answer in a
fork, which can be killed at the limit; rdflib, whose terms a fork would copy as it touches them, is interrupted by an alarm.
With ``--port`` rdflib-endpoint serves the same data from the same process.
"""

import argparse
import gc
import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

JSON = "application/sparql-results+json"
Answer = Callable[[str], bytes]
SMALL = 300_000
"""Quads up to which rdflib reads the file itself; beyond, its terms are made from a faster parser, and the load is no figure."""


class LimitReached(Exception):
    """The time of a query is over."""


def load_campuskg(path: Path, folder: Path | None) -> Answer:
    """Return what answers as our floor of stores does: every query inspected, the answer written by the engine."""
    from campuskg.store import MemoryStore

    del folder
    store = MemoryStore.open(path)
    return lambda text: store.serialize(text, JSON).body


def load_disk(path: Path, folder: Path | None) -> Answer:
    """Return what answers from Oxigraph's files on disk, opened read-only in this process."""
    import pyoxigraph as ox

    assert folder is not None  # noqa: S101
    if not (folder / "CURRENT").is_file():
        built = ox.Store(str(folder))
        built.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
        built.optimize()
        del built
    store = ox.Store.read_only(str(folder))
    return lambda text: store.query(text, use_default_graph_as_union=True).serialize(format=ox.QueryResultsFormat.JSON) or b""


def load_oxrdflib(path: Path, folder: Path | None) -> Answer:
    """Return what answers through oxrdflib."""
    from rdflib import Dataset

    del folder
    dataset = Dataset(store="Oxigraph", default_union=True)
    dataset.parse(path, format="ox-nquads")
    return lambda text: dataset.query(text).serialize(format="json") or b""


def load_rdflib(path: Path, folder: Path | None) -> Any:  # noqa: ANN401  rdflib is there in another environment only
    """Return the dataset of rdflib."""
    from rdflib import Dataset

    del folder
    dataset = Dataset(default_union=True)
    with path.open("rb") as lines:
        small = sum(1 for _ in lines) <= SMALL
    if small:
        dataset.parse(path, format="nquads")
    else:
        _quickly(dataset, path)
    return dataset


def _quickly(dataset: Any, path: Path) -> None:  # noqa: ANN401
    import pyoxigraph as ox
    from rdflib import BNode, Graph, Literal, URIRef

    known: dict[str, Any] = {}

    def term(found: Any) -> Any:  # noqa: ANN401
        key = str(found)
        if key not in known:
            if isinstance(found, ox.Literal):
                kind = None if found.language or found.datatype.value.endswith("#string") else URIRef(found.datatype.value)
                known[key] = Literal(found.value, lang=found.language, datatype=kind)
            else:
                known[key] = BNode(found.value) if isinstance(found, ox.BlankNode) else URIRef(found.value)
        return known[key]

    graphs: dict[str, Any] = {}
    gc.disable()
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
        name = quad.graph_name.value
        if name not in graphs:
            graphs[name] = Graph(store=dataset.store, identifier=URIRef(name))
            dataset.graph(URIRef(name))
        dataset.store.add((term(quad.subject), term(quad.predicate), term(quad.object)), graphs[name])
    gc.enable()


def measured(answer: Answer, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer once, then as often as *asked* within its budget; return the seconds of each and the number of rows."""
    start = time.perf_counter()
    body = answer(asked["text"])
    first = time.perf_counter() - start
    times: list[float] = []
    while len(times) < asked["repeat"] and sum(times) + first < asked["budget"]:
        start = time.perf_counter()
        body = answer(asked["text"])
        times.append(time.perf_counter() - start)
    return {"seconds": times or [first], "rows": rows_of(body)}


def rows_of(body: bytes) -> int:
    """Return the number of rows in SPARQL JSON; -1 for a graph. A row without any value, rdflib's for no group, is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return -1
    return sum(map(bool, found["results"]["bindings"])) if "results" in found else 1


def forked(answer: Answer, asked: dict[str, Any]) -> dict[str, Any]:
    """Measure in a fork, which is killed when the limit is over."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        found = _safely(answer, asked)
        with os.fdopen(write, "w") as out:
            out.write(json.dumps(found))
        os._exit(0)
    os.close(write)
    try:
        ready, _, _ = select.select([read], [], [], asked["limit"] + asked["budget"])
        if not ready:
            os.kill(child, signal.SIGKILL)
            return {"censored": asked["limit"]}
        with os.fdopen(os.dup(read)) as text:
            said = text.read()
    finally:
        os.close(read)
        os.waitpid(child, 0)
    found = json.loads(said) if said else {"error": "the process died"}
    if min(found.get("seconds", [0])) > asked["limit"]:
        return {"censored": asked["limit"]}
    return found


def _safely(answer: Answer, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return measured(answer, asked)
    except Exception as error:  # noqa: BLE001  whatever an engine raises is what it says
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def alarmed(answer: Answer, asked: dict[str, Any]) -> dict[str, Any]:
    """Measure here, under an alarm for each call."""

    def over(*_: object) -> None:
        raise LimitReached

    signal.signal(signal.SIGALRM, over)

    def limited(text: str) -> bytes:
        signal.setitimer(signal.ITIMER_REAL, asked["limit"])
        try:
            return answer(text)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    try:
        return measured(limited, asked)
    except LimitReached:
        return {"censored": asked["limit"]}
    except Exception as error:  # noqa: BLE001
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def prepared(dataset: Any) -> Answer:  # noqa: ANN401
    """Return what answers by rdflib; it parses a text once, as rdflib-endpoint does, for its parser is slow."""
    from rdflib.plugins.sparql import prepareQuery

    known: dict[str, Any] = {}

    def answer(text: str) -> bytes:
        if text not in known:
            known[text] = prepareQuery(text)
        return bytes(dataset.query(known[text]).serialize(format="json") or b"")

    return answer


def serve(dataset: Any, port: int) -> None:  # noqa: ANN401
    """Serve *dataset* by rdflib-endpoint, in a thread."""
    import uvicorn
    from rdflib_endpoint import SparqlEndpoint

    application = SparqlEndpoint(graph=dataset, path="/")
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)


def peak() -> int:
    """Return the MiB that this process held at most."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


LOADERS: dict[str, Callable[[Path, Path | None], Any]] = {
    "campuskg": load_campuskg,
    "disk": load_disk,
    "oxrdflib": load_oxrdflib,
    "rdflib": load_rdflib,
}


def main() -> None:
    """Load, say that, then answer until the end of the input."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("engine", choices=LOADERS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--folder", type=Path, help="of the files on disk")
    parser.add_argument("--port", type=int, help="where rdflib-endpoint serves the same data")
    given = parser.parse_args()
    start = time.perf_counter()
    loaded = LOADERS[given.engine](given.file, given.folder)
    seconds = time.perf_counter() - start
    rdflib = given.engine == "rdflib"
    if rdflib and given.port:
        with suppress(ImportError):
            serve(loaded, given.port)
    answer: Answer = prepared(loaded) if rdflib else loaded
    gc.collect()
    gc.freeze()
    sys.stdout.write(json.dumps({"load": round(seconds, 3), "MiB": peak()}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps((alarmed if rdflib else forked)(answer, asked)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
