"""Compare the queries of the catalogue on all engines: ``python tests/engines/compare.py [NAME or FILE.rq …]``.

Each query runs with its default parameters in this process (Oxigraph), then on the oxigraph server, Virtuoso, Jena ARQ
and rdflib. Printed for each: the rows, seconds, and `equal` or the first row that differs. Exit 1 when any differs.

``--keep`` leaves the engines running for the next call, which finds them by itself; ``--stop`` ends them.
"""

# ruff: noqa: T201  a script that prints its findings
from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from campuskg.errors import CampuskgError  # noqa: E402
from campuskg.store import MemoryStore  # noqa: E402
from campuskg.store.exchange import Limits  # noqa: E402
from campuskg.store.remote import RemoteStore  # noqa: E402
from engines.answers import difference, in_order, rows_of  # noqa: E402
from engines.servers import STARTS, EngineFailed, Server, alive, missing  # noqa: E402

KEPT = Path(tempfile.gettempdir()) / "campuskg-engines"
Results = dict[str, tuple[list[tuple[str, ...]], tuple[str, ...], float] | str]


def kept(digest: str) -> dict[str, Server]:
    """Return the engines that an earlier call left running over the same dataset."""
    try:
        held = json.loads((KEPT / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    servers = {name: Server(**{**fields, "folder": Path(fields["folder"])}) for name, fields in held["servers"].items()}
    return {name: server for name, server in servers.items() if held["digest"] == digest and alive(server.pid)}


def start(names: Sequence[str], nquads: Path, folder: Path) -> dict[str, Server]:
    """Start the engines *names* at the same time; those that cannot be started are named and left out."""

    def one(name: str) -> Server | None:
        lacks = missing(name)
        try:
            place = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
            return None if lacks else STARTS[name](nquads, place)
        except (EngineFailed, OSError) as error:
            lacks = str(error)
        finally:
            if lacks:
                print(f"{name}: not compared: {lacks}", file=sys.stderr)
        return None

    with ThreadPoolExecutor() as pool:
        return {server.name: server for server in pool.map(one, names) if server is not None}


def stop() -> None:
    """End the engines that were kept."""
    try:
        held = json.loads((KEPT / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for fields in held["servers"].values():
        Server(**{**fields, "folder": Path(fields["folder"])}).stop()
    (KEPT / "state.json").unlink()


def run(sparql: str, memory: MemoryStore, stores: dict[str, RemoteStore]) -> Results:
    """Return rows, variables and seconds of *sparql* on each engine, or what it said instead."""
    results: Results = {}
    for name, store in {"in process": memory, **stores}.items():
        begin = time.perf_counter()
        try:
            answer = store.run(sparql)
        except CampuskgError as error:
            results[name] = error.say("en")
        else:
            variables = getattr(answer, "variables", ())
            results[name] = (rows_of(answer), variables, time.perf_counter() - begin)
    return results


def show(name: str, sparql: str, results: Results, *, rows: bool) -> bool:
    """Print one query's results; return whether all engines agree."""
    ours = results["in process"]
    if isinstance(ours, str):
        print(f"{name}: {ours}")
        return False
    times = ", ".join(f"{engine} {r[2]:.2f} s" for engine, r in results.items() if not isinstance(r, str))
    differing = {}
    for engine, theirs in results.items():
        if isinstance(theirs, str):
            differing[engine] = theirs
        elif theirs[1] != ours[1]:
            differing[engine] = f"columns {theirs[1]} instead of {ours[1]}"
        else:
            said = difference(ours[0], theirs[0])
            if not said and in_order(sparql) and ours[0] != theirs[0]:
                at = next(i for i, (a, b) in enumerate(zip(ours[0], theirs[0], strict=True)) if a != b)
                said = f"same rows, other order, first at row {at + 1}: {' | '.join(ours[0][at])} <> {' | '.join(theirs[0][at])}"
            if said:
                differing[engine] = said
    print(f"{name}: {len(ours[0])} rows, {'DIFFERS' if differing else 'equal'} ({times})")
    if rows:
        print("\n".join("    " + " | ".join(row) for row in ours[0]))
    for engine, said in differing.items():
        print(f"  {engine}: " + said.replace("\n", "\n    "))
    return not differing


def chosen(names: Sequence[str]) -> dict[str, str]:
    """Return the text of the queries *names*: names of the catalogue or files; all of the catalogue for none."""
    folder = ROOT / "queries" / "catalogue"
    paths = [Path(n) if n.endswith(".rq") else folder / f"{n}.rq" for n in names] or sorted(folder.glob("*.rq"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--release", type=Path, default=ROOT / "release")
    parser.add_argument("--engines", default=",".join(STARTS), help="which of %(default)s")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for a query on an engine (%(default)s)")
    parser.add_argument("--rows", action="store_true", help="print the rows too")
    parser.add_argument("--keep", action="store_true", help="leave the engines running")
    parser.add_argument("--stop", action="store_true", help="end engines that were kept")
    options = parser.parse_args()
    if options.stop:
        stop()
        return 0
    nquads = (options.release / "dataset.nq").resolve()
    digest = hashlib.sha256(nquads.read_bytes()).hexdigest()
    wanted = options.engines.split(",")
    KEPT.mkdir(exist_ok=True)
    found = {name: server for name, server in kept(digest).items() if name in wanted}
    started = start([name for name in wanted if name not in found], nquads, KEPT)
    servers = {**found, **started}
    try:
        limits = Limits(total=options.timeout, retries=0)
        stores = {name: RemoteStore(servers[name].url, limits=limits) for name in wanted if name in servers}
        memory = MemoryStore.open(nquads)
        good = [show(name, text, run(text, memory, stores), rows=options.rows) for name, text in chosen(options.names).items()]
    finally:
        if options.keep:
            all_kept = {**kept(digest), **servers}
            state = {"digest": digest, "servers": {n: {**asdict(s), "folder": str(s.folder)} for n, s in all_kept.items()}}
            (KEPT / "state.json").write_text(json.dumps(state, indent=1), encoding="utf-8")
            print(f"The engines stay up; the next call uses them. To end them: python {sys.argv[0]} --stop")
            print("\n".join(f"  {name}: {server.url}" for name, server in servers.items()))
        else:
            for server in started.values():
                server.stop()
    print(f"{len(good)} queries, {good.count(False)} differ")
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
