"""Time to a picture at rest, in Chromium: the standalone page of a view beside plain pyvis with its own defaults.

``python benchmarks/viz.py`` prints the table, ``--write`` keeps it in ``benchmarks/results/viz.json``. Both pages are made from
the same made-up network with hubs, three links a node, and opened from a file without any network. For ours the clock stops at
the second drawing, when the picture is fitted to its box; for pyvis when its simulation says that it rests (``stabilized``), and
separately when it first shows something (``stabilizationIterationsDone``). A run that is not at rest after the limit is reported
as such, and its ratio is a least one. The time of our layout is Python's, spent before the page is written, and is given apart.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime
from pyvis.network import Network as Plain

from campuskg.queries import find_query
from campuskg.store import Rows
from campuskg.viz import Edge, Group, Node, Picture, find_view
from campuskg.viz.forces import Network, spiral
from campuskg.viz.layout import fresh
from campuskg.viz.spacing import fitted
from campuskg.viz.standalone import to_html

RESULTS = Path(__file__).resolve().parent / "results" / "viz.json"
SIZES = (300, 2_000, 10_000)
LIMITS = {300: 150.0, 2_000: 40.0, 10_000: 40.0}
"""Nodes -> seconds after which a page that is not at rest is given up."""
QUICK_LIMIT = 45.0
RUNS = 3
LAID_OUT = 5_000
"""Beyond, things stand on a spiral: what the page costs does not depend on where they are."""
_SHOWN = "html[data-drawn]"
_MARKS = """<script>
const mark = (name) => () => { document.documentElement.dataset[name] ??= String(Math.round(performance.now())); };
network.once("stabilizationIterationsDone", mark("shown"));
network.once("stabilized", mark("drawn"));
</script></body>"""


def made_up(count: int) -> tuple[list[tuple[int, int]], Network]:
    """Return a network with hubs: each node hangs on an earlier one, the rest of the links are spread by a rule."""
    pairs = [((i * i + 7 * i) % i, i) for i in range(1, count)]
    pairs += [((i * 7919) % count, (i * 104_729 + 1) % count) for i in range(count)]
    pairs += [((i * 31) % count, (i * i + 11) % count) for i in range(count)]
    pairs = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    return pairs, Network.of(count, pairs, [1.0] * len(pairs))


def ours(count: int) -> tuple[bytes, float]:
    """Return our page, and the seconds that its layout took."""
    pairs, network = made_up(count)
    degrees = network.degrees.tolist()
    start = time.perf_counter()
    places = fresh(network, degrees) if count <= LAID_OUT else fitted(spiral(count))
    seconds = time.perf_counter() - start
    nodes = [
        Node(f"n{i}", f"Organisation {i}", "organisation", "none", degrees[i], round(float(x), 1), round(float(y), 1))
        for i, (x, y) in enumerate(places)
    ]
    edges = [Edge(f"n{a} n{b}", f"n{a}", f"n{b}", "works with", 1.0, (0,)) for a, b in pairs]
    groups = [Group("none", "Organisations", 1, "circle", count)]
    view, query = find_view("partnerships"), find_query("partnerships")
    return to_html(Picture(view, query, {}, "en", "benchmark", Rows((), []), nodes, edges, groups, {})), seconds


def plain(count: int) -> bytes:
    """Return the page of pyvis as its documentation makes it, its scripts inside; what it still fetches is refused."""
    network = Plain(cdn_resources="in_line")
    for i in range(count):
        network.add_node(i, label=f"Organisation {i}")
    network.edges = [{"from": a, "to": b} for a, b in made_up(count)[0]]
    return str(network.generate_html()).replace("</body>", _MARKS).encode()


def opened(browser: Browser, page_bytes: bytes, limit: float) -> dict[str, float | None]:
    """Return the milliseconds from opening to first picture and to rest; None for what did not come within the limit."""
    with tempfile.NamedTemporaryFile(suffix=".html", delete=False) as file:
        file.write(page_bytes)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.route("http*://**", lambda route: route.abort())
    page = context.new_page()
    try:
        page.goto(Path(file.name).as_uri(), wait_until="commit", timeout=limit * 1000)
        page.wait_for_selector(_SHOWN, state="attached", timeout=limit * 1000)
        marks: dict[str, str] = page.evaluate("({...document.documentElement.dataset})")
    except NotInTime:
        marks = {}
    finally:
        context.close()
        Path(file.name).unlink()
    rest = float(marks["drawn"]) if "drawn" in marks else None
    return {"shown": float(marks.get("shown", marks.get("drawn", "nan"))) if marks else None, "rest": rest}


def measured(browser: Browser, count: int, *, rivals: bool, limit: float) -> dict[str, Any]:
    """Return the figures of one size; a page that is not at rest after *limit* is given up."""
    page, layout = ours(count)
    runs = [opened(browser, page, limit)["rest"] for _ in range(RUNS)]
    known = [run for run in runs if run is not None]
    found: dict[str, Any] = {
        "nodes": count,
        "edges": len(made_up(count)[0]),
        "layout_seconds": round(layout, 2),
        "page_bytes": len(page),
        "limit_seconds": limit,
        "ours_ms": statistics.median(known) if known else None,
        "ours_runs_ms": runs,
    }
    if rivals:
        rival = opened(browser, plain(count), limit)
        found |= {"pyvis_shown_ms": rival["shown"], "pyvis_rest_ms": rival["rest"]}
        if found["ours_ms"]:
            rest = rival["rest"] or limit * 1000
            found["ratio"] = round(rest / found["ours_ms"], 1)
            found["ratio_is_at_least"] = rival["rest"] is None
    return found


def main() -> None:
    """Print the table, and keep it when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="the smallest size, and pyvis given up sooner")
    parser.add_argument("--nodes", type=int, action="append", choices=SIZES, help="only this size; what is kept of others stays")
    arguments = parser.parse_args()
    kept = {row["nodes"]: row for row in json.loads(RESULTS.read_bytes())["sizes"]} if RESULTS.is_file() else {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
        for count in arguments.nodes or (SIZES[:1] if arguments.quick else SIZES):
            limit = QUICK_LIMIT if arguments.quick else LIMITS[count]
            row = measured(browser, count, rivals=count <= 2_000, limit=limit)  # noqa: PLR2004  plain pyvis never rests beyond
            row["load"] = [round(x, 1) for x in os.getloadavg()]
            kept[count] = row
            sys.stdout.write(json.dumps(row) + "\n")
            sys.stdout.flush()
            if arguments.write:
                about = {"limit_seconds": LIMITS, "cores": os.cpu_count()}
                sizes = [kept[size] for size in sorted(kept)]
                RESULTS.write_text(json.dumps({"about": about, "sizes": sizes}, indent=1) + "\n", encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
