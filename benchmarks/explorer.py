"""The explorer in Chromium with software rendering: weight of its scripts, time from the click to a page that answers.

For whoever changes the explorer: ``python benchmarks/explorer.py RELEASE`` serves the release, clicks from the list of views to a
view, and waits for the mark ``interactive``; then it sends planted data of 2,000 organisations and 6,000 partnerships in the
place of a view's and draws all of them. The median and the slowest of the rounds are printed and kept in
``benchmarks/results/explorer.json``, but with ``--dry``. WebGL frames a second are not measured: on a software rasteriser they
say nothing of the product; the cost of one move in scripts is.
"""

import argparse
import gzip
import json
import math
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

RESULTS = Path(__file__).resolve().parent / "results" / "explorer.json"
FLAGS = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
ORGANISATIONS, PARTNERSHIPS = 2000, 6000
CLICKED = ("partnerships", "participation", "funding", "territory")


_MOVE = """async () => {
    const { scene } = window.__view;
    const first = performance.getEntriesByName("interactive")[0].startTime;
    const stage = document.querySelector("[data-stage]");
    const start = performance.now();
    for (let i = 0; i < 20; i += 1) {
      const key = i % 2 ? "ArrowLeft" : "ArrowRight";
      stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
    const pan_ms = Math.round((performance.now() - start) / 2) / 10;
    return { nodes: scene().nodes.size, edges: scene().edges.size, first_ms: Math.round(first), pan_ms };
}"""
"""Moves the picture twenty times: what the scripts of one move cost, the drawing apart."""


def planted(real: dict[str, Any], seed: int = 6) -> dict[str, Any]:
    """Return *real* data of a view with 2,000 organisations and 6,000 partnerships in their place; skewed degrees."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    pairs = {(n // 2, n) for n in range(1, ORGANISATIONS)}
    while len(pairs) < PARTNERSHIPS:
        a, b = int(ORGANISATIONS * chance.random() ** 2), chance.randrange(ORGANISATIONS)
        if a != b:
            pairs.add((min(a, b), max(a, b)))
    group, ordered = [one["key"] for one in real["groups"]], sorted(pairs)
    iris = [f"https://w3id.org/cmq/id/organisation/o{n}" for n in range(ORGANISATIONS)]
    nodes = [
        _node(n, iri, group[n % len(group)], [at for at, pair in enumerate(ordered) if n in pair]) for n, iri in enumerate(iris)
    ]
    edges = [
        {
            "id": f"o{a} o{b}",
            "source": a,
            "target": b,
            "relation": "works with",
            "weight": 2,
            "rows": [at],
            "via": [1, 2],
            "proofs": [0],
        }
        for at, (a, b) in enumerate(ordered)
    ]
    terms = [
        ["", "", ""],
        *([f"Organisation {n}", iri, f"/page/id/organisation/o{n}"] for n, iri in enumerate(iris)),
        ["2", "2", ""],
    ]
    rows = [[a + 1, b + 1, ORGANISATIONS + 1] for a, b in ordered]
    return {
        **real,
        "nodes": nodes,
        "edges": edges,
        "terms": terms,
        "rows": rows,
        "passages": real["passages"][:1],
        "start": iris[0],
    }


def _node(n: int, iri: str, group: str, rows: Sequence[int]) -> dict[str, Any]:
    """Return one planted thing, on a spiral."""
    away = 11 * math.sqrt(n)
    return {
        "id": iri,
        "label": f"Organisation {n}",
        "href": f"/page/id/organisation/o{n}",
        "kind": "organisation",
        "group": group,
        "size": len(rows),
        "x": round(500 + away * math.cos(2.4 * n), 1),
        "y": round(500 + away * math.sin(2.4 * n), 1),
        "rows": rows,
        "facets": {"type": ["https://w3id.org/cmq/ontology#Organisation"]},
    }


@contextmanager
def served(source: Path) -> Iterator[str]:
    """Serve *source*; the address, once pages are ready."""
    command = [sys.executable, "-m", "campuskg", "serve", str(source), "--port", "0", "--timeout", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
        assert process.stdout is not None  # noqa: S101
        base = next(m[0] for line in process.stdout if (m := re.search(r"http://[\d.]+:\d+", line)))
        with urlopen(f"{base}/views", timeout=300) as answer:  # noqa: S310  ours
            answer.read()
        try:
            yield base
        finally:
            process.terminate()
            process.wait(20)


def clicked(page: Page, base: str, view: str) -> tuple[float, float]:
    """Return the milliseconds from the click in the list of views to the mark of the explorer, and those of scripts and styles.

    The second figure hardly depends on what else the machine does: the time in scripts, layout and styles of the page.
    """
    page.goto(f"{base}/views")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    link = page.locator(f'a[href="/views/{view}"]')
    link.click()
    page.wait_for_selector("[data-ready]", timeout=60_000)
    found: float = page.evaluate("performance.getEntriesByName('interactive')[0].startTime")
    told = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return found, 1000 * (told["ScriptDuration"] + told["LayoutDuration"] + told["RecalcStyleDuration"])


def opened(browser: Browser, base: str, view: str, rounds: int) -> dict[str, Any]:
    """Return the times of several rounds, each in a fresh profile."""
    times = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        times.append(clicked(context.new_page(), base, view))
        context.close()
    waited, worked = zip(*times, strict=True)
    return {
        "rounds": rounds,
        "median_ms": round(statistics.median(waited)),
        "slowest_ms": round(max(waited)),
        "script_layout_style_ms": round(statistics.median(worked)),
    }


def whole(browser: Browser, base: str, rounds: int) -> dict[str, Any]:
    """Return how long the whole planted network takes, its data sent instead of the view's, and what moving it costs."""
    with urlopen(f"{base}/views/partnerships.json?lang=en") as answer:  # noqa: S310  ours
        body = json.dumps(planted(json.loads(answer.read())))
    found: list[dict[str, Any]] = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.route("**/views/partnerships.json*", lambda route: route.fulfill(body=body, content_type="application/json"))
        page.goto(f"{base}/views/partnerships?lang=en#all=1")
        page.wait_for_selector("[data-ready]", timeout=60_000)
        found.append(page.evaluate(_MOVE))
        context.close()
    return {
        "nodes": found[0]["nodes"], "edges": found[0]["edges"], "data_bytes": len(body), "rounds": rounds,
        "median_ms": statistics.median(one["first_ms"] for one in found), "slowest_ms": max(one["first_ms"] for one in found),
        "pan_script_ms": statistics.median(one["pan_ms"] for one in found),
    }  # fmt: skip


def weight() -> dict[str, int]:
    """Return the bytes, compressed, of what the page of a network loads first."""
    dist = Path(__file__).resolve().parents[1] / "viz" / "web" / "dist"
    manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
    wanted = [manifest["explorer.js"], manifest["theme.js"], next(path.name for path in dist.glob("webgl-*.js"))]
    files: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in files:
            files.add(name)
            wanted += re.findall(r'(?:from|import)"\./([^"]+\.js)"', (dist / name).read_text(encoding="utf-8"))
    css = [manifest["site.css"], manifest["explorer.css"]]
    return {
        kind: sum(len(gzip.compress((dist / n).read_bytes(), mtime=0)) for n in names)
        for kind, names in (("js", files), ("css", css))
    }


def main() -> None:
    """Measure and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry", action="store_true")
    given = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    figures: dict[str, Any] = {"weight_gzip_bytes": weight(), "views": {}}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with served(given.release) as base:
            for view in CLICKED:
                figures["views"][view] = opened(browser, base, view, given.rounds)
            figures["planted"] = whole(browser, base, given.rounds)
        figures["browser"] = f"Chromium {browser.version}, SwiftShader"
        browser.close()
    figures["machine"] = {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    text = json.dumps(figures, indent=1)
    print(text)  # noqa: T201  what it is for
    if not given.dry:
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
