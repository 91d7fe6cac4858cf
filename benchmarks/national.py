"""A country of growing size: build, load, and every query of the catalogue, beside five other engines.

``python benchmarks/national.py`` makes three datasets (a tenth of the real graph, the real graph, the real graph with a made-up
country by ``campuskg generate``), builds releases of the last two, asks every query of the catalogue with its default values,
and checks that all engines give as many rows. What is timed is the whole answer as SPARQL JSON, warm: asked once, then up to
five times within a budget. Ours is measured in its process without any memory of answers, through the server the first time and
again, and, for the tables of the release, against the store that they spare. ``--scale 10k,1m,10m`` chooses; ``--resume`` goes
on where a run was stopped; results are kept after each engine in ``results/national.json``.
"""

import argparse
import contextlib
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import peers
from endpoint import free_port
from measures import keep, load, machine, now, read, spread, versions

from campuskg.queries import catalogue, tables
from campuskg.release.directory import file_digest
from campuskg.release.tables import Tables, latest_day
from campuskg.store import MemoryStore

TRIPLES = {"10k": 10_000, "100k": 0, "1m": 870_000, "10m": 8_700_000}
"""Scale -> statements that are made up; the real graph alone is the scale in between."""
LIMITS = {"10k": 10.0, "100k": 10.0, "1m": 10.0, "10m": 30.0}
SLOW_LIMITS = {("1m", "rdflib"): 1.5, ("1m", "oxrdflib"): 2.0}
"""Scale, engine -> seconds for those whose answers would take the whole time of the command."""
REPEAT = 5
BUDGET = 0.3
"""Seconds for repeating one query on one engine."""
ENGINES = {
    "10k": ("campuskg", "oxrdflib", "oxigraph, disk", "virtuoso", "rdflib"),
    "100k": ("campuskg", "oxigraph, disk"),
    "1m": ("campuskg", "served", "oxrdflib", "oxigraph, disk", "virtuoso", "rdflib"),
    "10m": ("campuskg", "campuskg, disk", "oxigraph, disk"),
}
"""Scale -> what is asked there: growth needs ours and the server on disk at each, the others where they end in time."""


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def campuskg(*arguments: str) -> tuple[str, dict[str, float]]:
    """Run the command in a process of its own; return what it said, with its seconds and the MiB that it held at most."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "campuskg", *arguments, "--lang", "en"], stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        said.seek(0)
        text = said.read()
    if status:
        raise SystemExit(f"campuskg {' '.join(arguments)}: {text[-2000:]}")
    cpu = used.ru_utime + used.ru_stime
    return text, {"seconds": round(seconds, 2), "processor": round(cpu, 2), "MiB": used.ru_maxrss // 1024}


class Data:
    """The dataset of one scale in the working folder, made when first asked for."""

    def __init__(self, scale: str, work: Path) -> None:
        """Name the files."""
        self.scale = scale
        self.work = work
        self.release = work / ("real" if scale in ("10k", "100k") else f"release-{scale}")
        self.made = work / f"made-{scale}.nq"
        self.kept = work / f"{scale}.json"
        """Figures of the making."""

    @property
    def path(self) -> Path:
        """The N-Quads that all engines load."""
        if self.scale in ("10k", "10m"):
            return self.made
        return self.release / "dataset.nq"

    def make(self) -> dict[str, Any]:
        """Make what is not there; return the figures of the making."""
        if self.kept.is_file() and self.path.is_file():
            found: dict[str, Any] = json.loads(self.kept.read_text(encoding="utf-8"))
            return found
        figures: dict[str, Any] = {"load before": load()}
        real = self.work / "real"
        if self.scale == "100k" or not (real / "manifest.json").is_file():
            built = _built(real)
            if self.scale == "100k":
                figures["build"] = built
        if self.scale != "100k":
            say(f"{self.scale}: generating")
            made = ("generate", str(real), "--out", str(self.made), "--triples", str(TRIPLES[self.scale]))
            _, figures["generate"] = campuskg(*made)
        if self.scale == "1m":
            figures["build"] = _built(self.release, "--with", str(self.made))
        with self.path.open("rb") as lines:
            figures["quads"] = sum(1 for _ in lines)
        figures["megabytes"] = round(self.path.stat().st_size / 1e6, 1)
        figures["digest"] = file_digest(self.path)
        self.kept.write_text(json.dumps(figures), encoding="utf-8")
        return figures


def _built(out: Path, *more: str) -> dict[str, Any]:
    say(f"building {out.name}")
    text, used = campuskg("build", "--out", str(out), *more, "--times")
    stages = {name: float(seconds) for name, seconds in re.findall(r"(\w+) ([\d.]+) s[,;]", text.rpartition("Times:")[2])}
    say(f"built {out.name}: {used['seconds']} s, {stages}")
    return {**used, "stages": stages}


def texts() -> dict[str, str]:
    """Return the queries of the catalogue with their default values."""
    return {name: query.sparql for name, query in catalogue().items() if query.form == "SELECT"}


Asked = Callable[[str], dict[str, Any]]


@contextlib.contextmanager
def engine(name: str, data: Data, limit: float) -> Iterator[tuple[Asked, dict[str, Any]]]:
    """Start one engine over *data*; gives what asks it one query, and what its start cost."""
    scratch = data.work / f"scratch-{data.scale}"
    scratch.mkdir(exist_ok=True)
    if name in ("campuskg", "campuskg, disk", "oxrdflib"):
        kind = "disk" if name == "campuskg, disk" else name
        python = sys.executable if name.startswith("campuskg") else peers.environment("peers", peers.PEERS)
        more = ("--folder", str(scratch / "files")) if kind == "disk" else ()
        local = peers.Local(python, kind, data.path, *more)
        try:
            yield lambda text: local.ask(text, limit, REPEAT, BUDGET), local.loaded
        finally:
            local.stop()
    else:
        start = peers.oxigraph_on_disk if name == "oxigraph, disk" else peers.virtuoso
        with start(data.path, scratch, limit) as (remote, figures):
            yield lambda text: remote.ask(text, limit, REPEAT, BUDGET), figures


def ask_all(name: str, data: Data, limit: float, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures of one engine: its start, and of each query the rows and the spread of its seconds."""
    say(f"{data.scale}, {name}: starting")
    with engine(name, data, limit) as (ask, figures):
        say(f"{data.scale}, {name}: {figures}")
        return {**figures, **answered(ask, limit, chosen)}


def answered(ask: Asked, limit: float, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Ask every query; return the rows and the spread of the seconds of each."""
    before, begun = load(), time.perf_counter()
    answers: dict[str, Any] = {}
    for query, text in chosen.items():
        found = ask(text)
        answers[query] = {"rows": found["rows"], **spread(found["seconds"])} if "seconds" in found else found
    return {"asked for": round(time.perf_counter() - begun, 1), "limit": limit, "load before": before, "queries": answers}


def by_rdflib(data: Data, limit: float, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures of rdflib and, over the same graph in the same process, of rdflib-endpoint.

    The endpoint is asked what rdflib answered well within its limit: others would go on in that server beside the next ones.
    """
    say(f"{data.scale}, rdflib: starting")
    port = free_port()
    local = peers.Local(peers.environment("peers", peers.PEERS), "rdflib", data.path, "--port", str(port))
    try:
        say(f"{data.scale}, rdflib: {local.loaded}")
        alone = answered(lambda text: local.ask(text, limit, REPEAT, BUDGET), limit, chosen)
        quick = {q: text for q, text in chosen.items() if alone["queries"][q].get("median", limit) < limit / 2}
        say(f"{data.scale}, rdflib-endpoint")
        remote = peers.Remote(f"http://127.0.0.1:{port}/")
        served = answered(lambda text: remote.ask(text, limit, REPEAT, BUDGET), limit, quick)
    finally:
        local.stop()
    return {"rdflib": {**local.loaded, **alone}, "rdflib-endpoint": served}


def served(data: Data, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures of our server: each query for the first time, and again."""
    folder = data.work / "served"
    folder.mkdir(exist_ok=True)
    first, again = {}, {}
    with peers.ours(data.release, folder) as (base, figures):
        remote = peers.Remote(f"{base}/sparql")
        _settled(base)
        for query, text in chosen.items():
            found = remote.ask(text, 60, 1, 0, warm=False)
            first[query] = {"rows": found["rows"], **spread(found["seconds"])} if "seconds" in found else found
        for query, text in chosen.items():
            found = remote.ask(text, 60, 20, BUDGET)
            again[query] = {"rows": found["rows"], **spread(found["seconds"])} if "seconds" in found else found
    return {**figures, "queries": first, "again": again}


def _settled(base: str) -> None:
    """Wait until the pages are prepared, which happens beside the first answers."""
    for path in ("/queries/campuses.json?lang=fr", "/views/partnerships?lang=fr"):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}{path}", timeout=300) as answer:  # noqa: S310  loopback
            answer.read()


def tabled(release: Path) -> dict[str, Any]:
    """Return, of each table of *release*, the seconds of the store and of the table: to terms, as pages take both."""
    store = MemoryStore.open(release / "dataset.nq")
    curated = latest_day(store)
    found = {}
    start = time.perf_counter()
    Tables.of(release)
    opened = time.perf_counter() - start
    for name, table in tables().items():
        text = table.sparql(curated)
        asked = [_timed(lambda text=text: store.run(text)) for _ in range(3)]
        cold = []
        for _ in range(5):
            kept = Tables.of(release)
            cold.append(_timed(lambda kept=kept, text=text: kept(text)))
        warm = [_timed(lambda kept=kept, text=text: kept(text)) for _ in range(20)]
        rows = kept(text)
        if rows is None or rows != store.run(text):
            raise SystemExit(f"{name}: the table is not the answer")
        found[name] = {"rows": len(rows.rows), "store": spread(asked), "first": spread(cold), "again": spread(warm)}
    return {"file read": round(opened, 4), "bytes": (release / "tables.json").stat().st_size, "tables": found}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def growth(scales: Mapping[str, Any], name: str) -> dict[str, float]:
    """Return, of each query, the slope of the logarithm of its seconds on that of the quads, where two scales or more have it."""
    points: dict[str, list[tuple[float, float]]] = {}
    for found in scales.values():
        for query, answer in found.get("engines", {}).get(name, {}).get("queries", {}).items():
            if "median" in answer:
                points.setdefault(query, []).append((math.log(found["quads"]), math.log(answer["median"])))
    most = max(map(len, points.values()), default=0)
    return {
        query: round(statistics.linear_regression(*zip(*known, strict=True)).slope, 2)
        for query, known in sorted(points.items())
        if len(known) == most > 1
    }


def run(scales: list[str], work: Path, *, resume: bool, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Measure at *scales* and keep what is found after each engine."""
    found = read("national")
    found["machine"] = machine()
    found["versions"] = versions(("campuskg", "pyoxigraph", "oxigraph")) | {
        name: number
        for name, number in peers.versions(peers.environment("peers", peers.PEERS), peers.PEERS).items()
        if name != "uvicorn"
    }
    found["versions"]["virtuoso"] = peers.virtuoso_version()
    chosen = texts()
    kept = found.setdefault("scales", {})
    for scale in scales:
        data = Data(scale, work)
        figures = data.make()
        one = kept.setdefault(scale, {})
        if one.get("digest") != figures["digest"] or not resume:
            one = kept[scale] = {"engines": {} if not only else one.get("engines", {})}
        one |= {"when": now(), **figures}
        known = one.setdefault("engines", {})
        for name in only or ENGINES[scale]:
            if resume and name in known:
                say(f"{scale}, {name}: kept")
                continue
            known |= measured(name, data, chosen)
            keep("national", found)
        if scale == "1m" and (not resume or "tables" not in one):
            say("tables")
            one["tables"] = tabled(data.release)
        found["growth"] = {name: growth(kept, name) for name in ("campuskg", "oxigraph, disk")}
        keep("national", found)
        shutil.rmtree(work / f"scratch-{scale}", ignore_errors=True)
    return found


def measured(name: str, data: Data, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures by engine; an engine that fails is named and does not end the run."""
    limit = SLOW_LIMITS.get((data.scale, name), LIMITS[data.scale])
    try:
        if name == "served":
            return {name: served(data, chosen)}
        if name == "rdflib":
            return by_rdflib(data, limit, chosen)
        return {name: ask_all(name, data, limit, chosen)}
    except (SystemExit, OSError, subprocess.SubprocessError, peers.servers.EngineFailed) as error:
        say(f"{data.scale}, {name}: {error}")
        return {name: {"failed": str(error)[:300]}}


def differences(found: Mapping[str, Any]) -> list[str]:
    """Return where an engine gives another number of rows than ours: scale, engine, query, both numbers."""
    lines = []
    for scale, one in found["scales"].items():
        ours = one["engines"].get("campuskg", {}).get("queries", {})
        for name, other in one["engines"].items():
            for query, answer in other.get("queries", {}).items():
                rows, true = answer.get("rows"), ours.get(query, {}).get("rows")
                if rows is not None and true is not None and rows != true:
                    lines.append(f"{scale}, {name}, {query}: {rows} rows instead of {true}")
    return lines


def main() -> None:
    """Measure; exit 1 when an engine gave another number of rows, which its documented differences do not explain."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scale", default="10k,100k,1m", help=f"of {', '.join(TRIPLES)}")
    parser.add_argument("--only", default="", help="engines, separated by semicolons; what is kept of others stays")
    parser.add_argument("--resume", action="store_true", help="keep what an earlier run found on the same data")
    parser.add_argument("--quick", action="store_true", help="the first two scales only")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "campuskg-national", help="folder of the data")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    scales = ["10k", "100k"] if given.quick else given.scale.split(",")
    found = run(scales, given.work, resume=given.resume, only=tuple(filter(None, given.only.split(";"))))
    for line in differences(found):
        say(line)


if __name__ == "__main__":
    main()
