"""The endpoint beside three others, in one run: requests a second with equal answers.

For whoever questions the server: ``python benchmarks/endpoint.py`` asks ours, the ``oxigraph`` server in memory and on disk, and
rdflib-endpoint the same queries over 100,000 synthetic statements, with ``wrk -c16``: 3 rounds of 3 seconds each, the
servers in turn, the median counts. The figures are printed and kept in ``benchmarks/results/endpoint.json``, but with ``--dry``.
Needs ``wrk``; rdflib-endpoint is installed into a folder of its own (``--peers``) when it is not there.
"""

import argparse
import contextlib
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox

RESULTS = Path(__file__).resolve().parent / "results" / "endpoint.json"
EX = "http://example.org/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
STATEMENTS = 100_000
KINDS = 40  # distinct queries of each kind, so that a cache is not asked one thing only
CONNECTIONS = 16


def data(seed: int = 4) -> str:
    """Return a campus-like graph as N-Triples: organisations, projects, participations, fundings; skewed degrees."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    lines: list[str] = []

    def add(subject: str, predicate: str, value: str) -> None:
        lines.append(f"<{EX}{subject}> {predicate} {value} .")

    organisations, projects = 4000, 3000
    for n in range(organisations):
        add(f"org/{n}", TYPE, f"<{EX}Organisation>")
        add(f"org/{n}", LABEL, f'"Organisation {n}"@fr')
        add(f"org/{n}", f"<{EX}locatedIn>", f"<{EX}place/{chance.randrange(300)}>")
        add(f"org/{n}", f"<{EX}kind>", f"<{EX}kind/{chance.randrange(12)}>")
    for n in range(projects):
        add(f"project/{n}", TYPE, f"<{EX}Project>")
        add(f"project/{n}", LABEL, f'"Projet {n}"@fr')
        add(f"project/{n}", f"<{EX}year>", f'"{chance.randrange(2008, 2027)}"^^<http://www.w3.org/2001/XMLSchema#integer>')
    n = 0
    while len(lines) < STATEMENTS - 4:
        organisation = min(int(organisations * chance.random() ** 3), organisations - 1)
        add(f"part/{n}", TYPE, f"<{EX}Participation>")
        add(f"part/{n}", f"<{EX}organisation>", f"<{EX}org/{organisation}>")
        add(f"part/{n}", f"<{EX}project>", f"<{EX}project/{chance.randrange(projects)}>")
        add(f"part/{n}", f"<{EX}role>", f"<{EX}role/{chance.randrange(6)}>")
        n += 1
    return "\n".join(lines) + "\n"


def queries() -> dict[str, tuple[str, list[str]]]:
    """Return the kinds of query: the media type to ask for and the texts."""
    join = (
        "SELECT ?other (COUNT(DISTINCT ?project) AS ?n) {{ ?a <{ex}organisation> <{ex}org/{n}> ; <{ex}project> ?project . "
        "?b <{ex}project> ?project ; <{ex}organisation> ?other . FILTER(?other != <{ex}org/{n}>) }} "
        "GROUP BY ?other ORDER BY DESC(?n) ?other LIMIT 20"
    )
    return {
        "small SELECT": (JSON, [f"SELECT ?p ?o {{ <{EX}org/{n}> ?p ?o }} ORDER BY ?p ?o" for n in range(KINDS)]),
        "DESCRIBE": (TURTLE, [f"DESCRIBE <{EX}project/{n}>" for n in range(KINDS)]),
        "co-partner join": (JSON, [join.format(ex=EX, n=n) for n in range(20, 20 + KINDS)]),
    }


class Peer(NamedTuple):
    """One server under test."""

    name: str
    url: str


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; it is ready when it answers."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)  # noqa: S603  our own commands
        try:
            deadline = time.monotonic() + 120
            while True:
                with contextlib.suppress(OSError):
                    ask(url, "ASK {}", JSON)
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command[0]}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
                time.sleep(0.1)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def ask(url: str, query: str, media: str) -> bytes:
    """Return the answer of one server."""
    request = urllib.request.Request(f"{url}?{urlencode({'query': query})}", headers={"accept": media})  # noqa: S310  loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def comparable(body: bytes, media: str) -> object:
    """Return an answer in a form that compares."""
    if media == JSON:
        return [{k: (v["type"], v["value"]) for k, v in row.items()} for row in json.loads(body)["results"]["bindings"]]
    xml = body.startswith(b"<?xml")  # rdflib-endpoint answers a DESCRIBE so, whatever is asked
    return {str(quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.RDF_XML if xml else ox.RdfFormat.TURTLE)}


def wrk(peer: Peer, media: str, texts: Sequence[str], seconds: int, folder: Path) -> float:
    """Return the requests a second of one server; fails when an answer is not a 200."""
    script = folder / "ask.lua"
    paths = ",\n".join(json.dumps("/" + peer.url.split("/", 3)[3] + "?" + urlencode({"query": text})) for text in texts)
    script.write_text(
        f'local paths = {{ {paths} }}\nlocal headers = {{ ["accept"] = "{media}" }}\nlocal n = 0\n'
        'request = function() n = n % #paths + 1; return wrk.format("GET", paths[n], headers) end\n',
        encoding="utf-8",
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), peer.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in said:
        raise SystemExit(f"{peer.name}: {said}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(match[1]) if match else 0.0


@contextlib.contextmanager
def servers(folder: Path, peers: Path) -> Iterator[dict[str, Peer]]:
    """Start all servers on the same data."""
    source = folder / "data.nt"
    source.write_text(data(), encoding="utf-8")
    rdflib_endpoint = peers / "bin" / "rdflib-endpoint"
    if not rdflib_endpoint.exists():
        subprocess.run([sys.executable, "-m", "venv", str(peers)], check=True)  # noqa: S603
        subprocess.run([str(peers / "bin" / "pip"), "install", "-q", "rdflib-endpoint[cli]", "uvicorn"], check=True)  # noqa: S603
    oxigraph = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}") or "oxigraph"
    subprocess.run([oxigraph, "load", "-l", str(folder / "disk"), "-f", str(source)], check=True, capture_output=True)  # noqa: S603
    ports = {name: free_port() for name in ("ours", "uncached", "memory", "disk", "rdflib")}
    ours = [sys.executable, "-m", "campuskg", "serve", str(source), "--port"]
    commands = {
        "ours": [*ours, str(ports["ours"])],
        "uncached": [*ours, str(ports["uncached"]), "--cache", "0"],
        "memory": [oxigraph, "serve", "-b", f"127.0.0.1:{ports['memory']}"],
        "disk": [oxigraph, "serve-read-only", "-l", str(folder / "disk"), "-b", f"127.0.0.1:{ports['disk']}"],
        "rdflib": [str(rdflib_endpoint), "serve", str(source), "--host", "127.0.0.1", "--port", str(ports["rdflib"])],
    }
    paths = {"memory": "query", "disk": "query", "rdflib": ""}
    names = {
        "ours": "campuskg",
        "uncached": "campuskg, no cache",
        "memory": "oxigraph, memory",
        "disk": "oxigraph, disk",
        "rdflib": "rdflib-endpoint",
    }
    with contextlib.ExitStack() as stack:
        found = {}
        for key, command in commands.items():
            url = f"http://127.0.0.1:{ports[key]}/{paths.get(key, 'sparql')}"
            stack.enter_context(running(command, url, folder / f"{key}.log"))
            found[key] = Peer(names[key], url)
        store = f"http://127.0.0.1:{ports['memory']}/store?default"
        load = urllib.request.Request(
            store, data=source.read_bytes(), method="PUT", headers={"content-type": "application/n-triples"}
        )
        urllib.request.urlopen(load, timeout=120).close()  # noqa: S310
        yield found


def compare(seconds: int, rounds: int, peers: Path) -> dict[str, object]:
    """Return requests a second of every server for every kind of query, the median of *rounds*, and the ratios."""
    rates: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with servers(folder, peers) as found:
            for kind, (media, texts) in queries().items():
                for text in texts:
                    answers = [comparable(ask(peer.url, text, media), media) for peer in found.values()]
                    if any(answer != answers[0] for answer in answers):
                        raise SystemExit(f"the answers differ: {text}")
                turns: dict[str, list[float]] = {key: [] for key in found}
                for turn in range(rounds):
                    order = list(found)[turn % len(found) :] + list(found)[: turn % len(found)]  # nobody is always the first
                    for key in order:
                        turns[key].append(wrk(found[key], media, texts, seconds, folder))
                rates[kind] = {found[key].name: round(statistics.median(values), 1) for key, values in turns.items()}
                sys.stderr.write(f"{kind}: {rates[kind]}\n")
    return {
        "machine": machine(),
        "versions": {name: version(name) for name in ("campuskg", "granian", "pyoxigraph", "oxigraph")},
        "statements": STATEMENTS,
        "connections": CONNECTIONS,
        "seconds": seconds,
        "rounds": rounds,
        "requests a second": rates,
        "ratios": {kind: ratios(rate) for kind, rate in rates.items()},
    }


def ratios(rate: Mapping[str, float]) -> dict[str, float]:
    """Return ours over theirs, warm and uncached."""
    ours = {"warm": "campuskg", "no cache": "campuskg, no cache"}
    peers = ("oxigraph, memory", "oxigraph, disk", "rdflib-endpoint")
    return {f"{how} / {peer}": round(rate[name] / rate[peer], 2) for how, name in ours.items() for peer in peers}


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load before": round(os.getloadavg()[0], 1),
    }


def keep(name: str, found: Mapping[str, object]) -> None:
    """Keep the figures *found* of one measure beside the others."""
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**kept, name: found}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and keep unless told not to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dry", action="store_true", help=f"do not keep the figures in {RESULTS.name}")
    parser.add_argument("--seconds", type=int, default=3, help="of each measure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "campuskg-peers")
    options = parser.parse_args()
    found = compare(options.seconds, options.rounds, options.peers)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if not options.dry:
        keep("throughput", found)


if __name__ == "__main__":
    main()
