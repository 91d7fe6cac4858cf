"""The endpoint under attack and after a fall: good clients beside poison, and the time from kill -9 to the first answer.

For whoever questions the server: ``python benchmarks/endurance.py poison`` measures 32 good clients for a minute each, quiet
and then beside two kinds of poison; ``python benchmarks/endurance.py restart RELEASE`` kills the server of a release with
SIGKILL, starts it again on the same port and compares the answers, five times. The figures are printed and kept in
``benchmarks/results/endpoint.json``, but with ``--dry``.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from endpoint import EX, JSON, RESULTS, ask, data, free_port, keep, machine, queries, running

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


RESTARTS = 5
ASKED = "SELECT ?class (COUNT(?thing) AS ?n) { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?n) ?class"


def first_answer(command: list[str], url: str, log: Path) -> tuple[subprocess.Popen[bytes], float, bytes]:
    """Start the server; return it, the seconds until its first answer, and that answer."""
    with log.open("wb") as out:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)  # noqa: S603  our own command
    while True:
        with contextlib.suppress(OSError):
            body = ask(url, ASKED, JSON)
            return process, round(time.monotonic() - start, 2), body
        if process.poll() is not None:
            raise SystemExit(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        time.sleep(0.01)


def restarts(release: Path) -> dict[str, object]:
    """Return the seconds from SIGKILL to the first answer, which must be the one from before."""
    port = free_port()
    command = [sys.executable, "-m", "campuskg", "serve", str(release), "--port", str(port)]
    url = f"http://127.0.0.1:{port}/sparql"
    with tempfile.TemporaryDirectory() as temporary:
        process, seconds, expected = first_answer(command, url, Path(temporary) / "log")
        found = []
        try:
            for _ in range(RESTARTS):
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                process, seconds_again, body = first_answer(command, url, Path(temporary) / "log")
                if body != expected:
                    raise SystemExit("the answer after the restart is another one")
                found.append(seconds_again)
        finally:
            process.terminate()
            process.wait()
    return {"machine": machine(), "first start s": seconds, "after kill -9 s": found, "median s": statistics.median(found)}


def main() -> None:
    """Measure, print, and keep unless told not to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dry", action="store_true", help=f"do not keep the figures in {RESULTS.name}")
    what = parser.add_subparsers(dest="measure", required=True)
    poison = what.add_parser("poison", help="good clients beside poison")
    poison.add_argument("--seconds", type=int, default=60, help="of each of the three measures")
    poison.add_argument("--pause", type=float, default=0.05, help="of a good client between two queries, on average")
    restart = what.add_parser("restart", help="from kill -9 to the first answer")
    restart.add_argument("release", type=Path)
    options = parser.parse_args()
    found = restarts(options.release) if options.measure == "restart" else beside_poison(options.seconds, options.pause)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if not options.dry:
        keep(options.measure, found)


if __name__ == "__main__":
    main()
