"""The endpoint beside three others, in one run: requests a second with equal answers; and good clients beside poison.

For whoever questions the server: ``python benchmarks/endpoint.py`` asks ours, the ``oxigraph`` server in memory and on disk, and
rdflib-endpoint the same queries over 100,000 synthetic statements, with ``wrk -c16``: 3 rounds of 3 seconds each, the
servers in turn, the median counts. ``--poison`` measures 32 good clients for a minute each, quiet and then beside poison,
instead. The figures are printed and kept in ``benchmarks/results/endpoint.json``, but with ``--dry``.
Needs ``wrk``; rdflib-endpoint is installed into a folder of its own (``--peers``) when it is not there.
"""

import argparse
import asyncio
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


GOOD_CLIENTS = 32
POISON_CLIENTS = 8
FULL = 20  # seconds of a measure that counts; a shorter one only tries out the program
HALF = 0.5


def poisons() -> list[str]:
    """Return queries that ask for more than there is: time, memory, stack, planning."""
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    return [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d ?c",
        f"SELECT (COUNT(*) AS ?n) {{ ?a (<{EX}project>|^<{EX}project>|<{EX}organisation>|^<{EX}organisation>)* ?b }}",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?t) { ?a ?b ?c . ?d ?e ?f }",
        'SELECT ?a { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a+)+(b+)+(c+)+$")) }',
        f"SELECT (STRLEN(?x30) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubled} }}",
        "SELECT * " + "{" * 40_000 + "}" * 40_000,
        "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(40)) + " }",
        "SELECT * { VALUES ?x { " + "1 " * 500_000 + "} }",
    ]


class Tally(NamedTuple):
    """What the good clients saw."""

    seconds: list[float]
    failures: list[int]


async def fetch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send one request on a kept connection; return the status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head[9:12])


def get(query: str) -> bytes:
    """Return a GET request for *query*."""
    return f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: localhost\r\nAccept: {JSON}\r\n\r\n".encode()


def post(query: str, *, varied: bool) -> bytes:
    """Return a POST request for *query*: with another comment each time, or *varied* into another query."""
    now = time.monotonic_ns()
    body = (re.sub(r"\?a\b", f"?a{now}", query) if varied else f"{query} # {now}").encode()
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def good_client(port: int, number: int, until: float, pause: float, tally: Tally) -> None:
    """Ask small things and joins, half of them for the first time, one after the other."""
    chance = random.Random(number)  # noqa: S311
    texts = [text for media, kind in queries().values() if media == JSON for text in kind]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        text = chance.choice(texts) + (f" OFFSET {chance.randrange(10**9)}" if chance.random() < HALF else "")
        start = time.monotonic()
        status = await fetch(reader, writer, get(text))
        tally.seconds.append(time.monotonic() - start)
        if status != 200:  # noqa: PLR2004
            tally.failures.append(status)
        await asyncio.sleep(pause * chance.random() * 2)
    writer.close()


async def poison_client(port: int, number: int, until: float, *, varied: bool) -> None:
    """Ask what cannot be answered; hang up on every third."""
    turn = number
    while time.monotonic() < until:
        turn += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            query = poisons()[turn % len(poisons())]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5 if turn % 3 == 0 else 60):
                    await fetch(reader, writer, post(query, varied=varied))
            writer.close()


def memory(pid: int) -> float:
    """Return the MiB that a process tree holds, each shared page counted once over its sharers (PSS)."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        with contextlib.suppress(OSError):
            total += int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text())[1])  # type: ignore[index]
    return round(total / 1024, 1)


async def minute(port: int, seconds: float, pause: float, *, poison: int = 0, varied: bool = False) -> dict[str, object]:
    """Return what the good clients saw for a while, with *poison* clients beside them."""
    tally = Tally([], [])
    until = time.monotonic() + seconds
    clients = [good_client(port, n, until, pause, tally) for n in range(GOOD_CLIENTS)]
    await asyncio.gather(*clients, *(poison_client(port, n, until, varied=varied) for n in range(poison)))
    times = sorted(tally.seconds)
    return {
        "requests": len(times),
        "failures": len(tally.failures),
        "5xx": sum(status >= 500 for status in tally.failures),  # noqa: PLR2004
        "p50 ms": round(times[len(times) // 2] * 1000, 1),
        "p99 ms": round(times[int(len(times) * 0.99)] * 1000, 1),
        "longest ms": round(times[-1] * 1000, 1),
    }


def beside_poison(seconds: float, pause: float) -> dict[str, object]:
    """Return the quiet minute, the poisoned one, and the memory before and after."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = folder / "data.nt"
        source.write_text(data(), encoding="utf-8")
        port = free_port()
        command = [sys.executable, "-m", "campuskg", "serve", str(source), "--port", str(port)]
        with running(command, f"http://127.0.0.1:{port}/sparql", folder / "log") as process:
            asyncio.run(minute(port, min(5, seconds), pause))  # until everything is warm
            quiet = asyncio.run(minute(port, seconds, pause))
            before = memory(process.pid)
            same = asyncio.run(minute(port, seconds, pause, poison=POISON_CLIENTS))
            varied = asyncio.run(minute(port, seconds, pause, poison=POISON_CLIENTS, varied=True))
            time.sleep(12 if seconds >= FULL else 1)  # until the last poison has met its time limit
            after = memory(process.pid)
    ratios = [round(float(str(found["p99 ms"])) / float(str(quiet["p99 ms"])), 2) for found in (same, varied)]
    return {
        "machine": machine(),
        "seconds": seconds,
        "good clients": GOOD_CLIENTS,
        "poison clients": POISON_CLIENTS,
        "pause s": pause,
        "quiet": quiet,
        "the same poison again and again": same,
        "another poison each time": varied,
        "p99 ratios": ratios,
        "MiB before": before,
        "MiB after": after,
    }


def main() -> None:
    """Measure, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dry", action="store_true", help=f"do not keep the figures in {RESULTS.name}")
    parser.add_argument("--poison", action="store_true", help="good clients beside poison, instead of the peers")
    parser.add_argument("--seconds", type=int, default=0, help="of each measure (3 beside peers, 60 beside poison)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.05, help="of a good client between two queries, on average")
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "campuskg-peers")
    options = parser.parse_args()
    name = "poison" if options.poison else "throughput"
    found = (
        beside_poison(options.seconds or 60, options.pause)
        if options.poison
        else compare(options.seconds or 3, options.rounds, options.peers)
    )
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if not options.dry:
        RESULTS.parent.mkdir(exist_ok=True)
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
        RESULTS.write_text(json.dumps({**kept, name: found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
