"""A day of visits in three minutes: memory, descriptors and answers of the server, watched all along.

For whoever is about to deploy: ``python benchmarks/soak.py RELEASE`` serves the release on loopback, sends about 20,000 requests
(pages of the sitemap, questions of the catalogue, documented addresses, SPARQL, downloads, revalidations, mistakes), and
watches the process tree. Memory is PSS: each shared page is counted once over its sharers. The figures are printed and kept in
``benchmarks/results/soak.json``, but with ``--dry``.
"""

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from endpoint import free_port, machine, running
from endurance import memory

RESULTS = Path(__file__).resolve().parent / "results" / "soak.json"
CLIENTS = 8
WARM = 0.3
"""Share of the requests after which memory should be flat."""
SAMPLE = 1.0  # seconds
SHOWN = 20
GROWTH = 0.05
"""Most that memory may grow after the warm-up."""


@dataclass
class Found:
    """What the clients and the watcher saw."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    samples: list[dict[str, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def addresses(client: httpx.Client) -> dict[str, list[str]]:
    """Return what there is to visit, by kind."""
    document: dict[str, Any] = client.get("/openapi.json").raise_for_status().json()
    pages = [urlsplit(one).path or "/" for one in _sitemap(client, "/sitemap.xml")]
    names = [query["name"] for query in client.get("/queries.json").raise_for_status().json()]
    plain = [path for path in document["paths"] if "{" not in path and path != "/sparql"]
    counts = [f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {number}" for number in range(40)]
    return {
        "pages": pages,
        "data": [f"/data/{page.removeprefix('/page/')}.ttl" for page in pages if page.startswith("/page/id/")] or pages,
        "questions": [f"/queries/{name}{form}" for name in names for form in ("", ".json", ".csv", ".xlsx", ".md")],
        "documented": [path for path in plain if path != "/metrics"],
        "sparql": [f"/sparql?query={quote(text)}" for text in counts],
        "search": [f"/search?q={quote(text)}" for text in ("lyc", "mécanique", "besançon", "ensmm", "zzz", "a")],
        "ask": [f"/ask?q={quote(text)}" for text in ("Qui finance le programme ?", "Who pays?", "météo demain", "9999-12")],
        "mistakes": ["/nowhere", "/queries/none", "/sparql?query=SELECT", "/page/id/x/y", "/queries/campuses?surprise=1", "/%00"],
    }


def _sitemap(client: httpx.Client, address: str) -> list[str]:
    """Return the addresses of a sitemap, of the maps that it names too."""
    text = client.get(address).raise_for_status().text
    found = re.findall(r"<loc>([^<]+)</loc>", text)
    if "<sitemapindex" in text:
        return [one for part in found for one in _sitemap(client, urlsplit(part).path + "?" + urlsplit(part).query)]
    return found


SHARES = {"pages": 40, "data": 8, "questions": 18, "documented": 10, "sparql": 10, "search": 8, "ask": 2, "mistakes": 4}
"""Of a hundred requests, how many are of each kind."""


def visit(base: str, kinds: dict[str, list[str]], turns: Sequence[int], found: Found, until: float) -> None:
    """Send one request after the other on kept connections, some with the tag of what was had before."""
    tags: dict[str, str] = {}
    with httpx.Client(base_url=base, timeout=60) as client:
        for turn in turns:
            if time.monotonic() > until:
                return
            chance = random.Random(turn)  # noqa: S311  the same requests each time
            kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
            address = chance.choice(kinds[kind])
            headers = {"accept-language": chance.choice(["fr", "en"]), "accept": chance.choice(["*/*", "text/html,*/*;q=0.8"])}
            if address in tags and chance.random() < 0.5:  # noqa: PLR2004  every second time
                headers["if-none-match"] = tags[address]
            start = time.monotonic()
            try:
                answer = client.get(address, headers=headers)
            except httpx.HTTPError as error:
                with found.lock:
                    found.wrong.append(f"{address}: {type(error).__name__}")
                continue
            tags[address] = answer.headers.get("etag", "")
            with found.lock:
                found.seconds.append(time.monotonic() - start)
                found.statuses[str(answer.status_code)] += 1
                if answer.status_code >= 500:  # noqa: PLR2004
                    found.wrong.append(f"{address}: {answer.status_code}")


def watch(pid: int, found: Found, stop: threading.Event, start: float) -> None:
    """Note memory, descriptors, threads and processes of the tree below *pid* until told to stop."""
    while not stop.wait(SAMPLE):
        pids = [pid, *_below(pid)]
        sample = {"seconds": time.monotonic() - start, "pss": memory(pid), "rss": sum(map(_rss, pids)), "processes": len(pids)}
        sample["descriptors"] = sum(_entries(Path(f"/proc/{one}/fd")) for one in pids)
        sample["threads"] = sum(_entries(Path(f"/proc/{one}/task")) for one in pids)
        sample["done"] = len(found.seconds)
        found.samples.append(sample)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_below(child)]
    return found


def _rss(pid: int) -> float:
    with suppress(OSError):
        match = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(match[1]) / 1024 if match else 0.0
    return 0.0


def _entries(folder: Path) -> int:
    try:
        return len(list(folder.iterdir()))
    except OSError:
        return 0


def told(found: Found, seconds: float) -> dict[str, object]:
    """Return the figures: what was answered, and the state after the warm-up beside that at the end."""
    done = len(found.seconds)
    warm = [sample for sample in found.samples if sample["done"] >= done * WARM]
    part = max(len(warm) // 5, 1)
    early, late = warm[:part], warm[-part:]
    states = {}
    for name in ("pss", "rss", "descriptors", "threads", "processes"):
        one, two = (statistics.median(sample[name] for sample in some) for some in (early, late))
        states[name] = {
            "after warm-up": round(one, 1),
            "at the end": round(two, 1),
            "growth": round(two / one - 1, 4) if one else 0,
        }
    ordered = sorted(found.seconds)
    return {
        "machine": machine(),
        "requests": done,
        "seconds": round(seconds, 1),
        "clients": CLIENTS,
        "statuses": dict(sorted(found.statuses.items())),
        "failures": len(found.wrong),
        "failed": found.wrong[:SHOWN],
        "milliseconds": {name: round(ordered[int(done * at)] * 1000, 1) for name, at in (("p50", 0.5), ("p99", 0.99))},
        "tree": states,
        "flat": states["pss"]["growth"] <= GROWTH and states["descriptors"]["growth"] <= GROWTH,
    }


def soak(release: Path, requests: int, most: float) -> dict[str, object]:
    """Serve *release* and send it *requests*, for *most* seconds at the longest; return the figures."""
    found, stop = Found(), threading.Event()
    with tempfile.TemporaryDirectory() as temporary:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "campuskg", "serve", str(release), "--port", str(port)]
        with running(command, f"{base}/sparql", Path(temporary) / "log") as process:
            with httpx.Client(base_url=base, timeout=60) as client:
                kinds = addresses(client)
            start = time.monotonic()
            watcher = threading.Thread(target=watch, args=(process.pid, found, stop, start))
            clients = [
                threading.Thread(target=visit, args=(base, kinds, range(number, requests, CLIENTS), found, start + most))
                for number in range(CLIENTS)
            ]
            for thread in (watcher, *clients):
                thread.start()
            for thread in clients:
                thread.join()
            seconds = time.monotonic() - start
            stop.set()
            watcher.join()
    return told(found, seconds)


def main() -> None:
    """Run the soak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--quick", action="store_true", help="5,000 requests, too few to tell whether memory is flat")
    parser.add_argument("--dry", action="store_true", help="do not keep the figures")
    options = parser.parse_args()
    if options.quick:
        options.requests, options.seconds = 5_000, 40
    figures = soak(options.release, options.requests, options.seconds)
    text = json.dumps(figures, ensure_ascii=False, indent=1) + "\n"
    sys.stdout.write(text)
    if not options.dry:
        RESULTS.write_text(text, encoding="utf-8")
    sys.exit(0 if (figures["flat"] or options.quick) and not figures["failures"] else 1)


if __name__ == "__main__":
    main()
