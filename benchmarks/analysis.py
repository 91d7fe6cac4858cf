"""Seconds of each analysis at growing size, on drawn networks shaped like documented partnerships.

``python benchmarks/analysis.py`` prints the table, ``--write`` keeps it in ``benchmarks/results/analysis.json``. There is no
second engine to compare with: networkx does the work. The figures, in seconds of processor time, say up to which size the pages
stay quick.
"""

import argparse
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from campuskg.analysis import Link, Network, articulation, betweenness, communities, measures, paths

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "analysis.json"
PAGE = ROOT / "docs" / "analysis.md"
SIZES = (150, 1_000, 2_000, 10_000)
LINKS_PER_NODE = 2.5
PAIRS = 20


def drawn(size: int, seed: int = 0) -> Network:
    """Return a network with few large hubs and many small ends: each newcomer links to those who have many links already."""
    draw = random.Random(seed)  # noqa: S311  a draw that can be repeated
    ends = [0, 1]
    pairs = {(0, 1)}
    for node in range(2, size):
        wanted = 2 + (draw.random() < LINKS_PER_NODE - 2)
        for other in {draw.choice(ends) for _ in range(wanted)}:
            pairs.add((other, node))
            ends += [other, node]
    return Network.of(Link(f"{a:06d}", f"{b:06d}", draw.randint(1, 4)) for a, b in sorted(pairs))


def seconds(work: Callable[[], object], repeat: int = 1) -> float:
    """Return the median time of *work*."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return round(statistics.median(times), 3)


def _chains(network: Network, seed: int = 1) -> None:
    draw = random.Random(seed)  # noqa: S311  a draw that can be repeated
    for _ in range(PAIRS):
        a, b = draw.sample(network.nodes, 2)
        paths(network, a, b)


def measure(size: int) -> Mapping[str, float]:
    """Return the seconds of each analysis of a network of *size* partners, its graph already made."""
    network = drawn(size)
    assert network.graph  # noqa: S101  made here, so that nobody below pays for it
    assert network.links_of  # noqa: S101
    return {
        "partners": size,
        "links": len(network.links),
        "betweenness": seconds(lambda: betweenness(network)),
        "bridges": seconds(lambda: articulation(network)),
        "groups": seconds(lambda: communities(network)),
        "all measures": seconds(lambda: measures(network)),
        "one path (k = 3)": round(seconds(lambda: _chains(network)) / PAIRS, 4),
    }


def table(rows: Sequence[Mapping[str, float]]) -> str:
    """Return the figures as Markdown."""
    head = list(rows[0])
    lines = [f"| {' | '.join(f'{row[name]:g}' for name in head)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "--:|" * len(head), *lines])


def into_page(marker: str, told: str) -> None:
    """Put a table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    filled = re.sub(rf"<!-- {marker} -->\n.*?<!-- end -->", f"<!-- {marker} -->\n\n{told}\n\n<!-- end -->", text, flags=re.DOTALL)
    PAGE.write_text(filled, encoding="utf-8")


def main() -> None:
    """Measure and print; keep the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="but for the largest size; what is kept of it stays")
    asked_for = parser.parse_args()
    kept = {row["partners"]: row for row in json.loads(RESULTS.read_text(encoding="utf-8"))} if RESULTS.is_file() else {}
    kept |= {size: measure(size) for size in (SIZES[:-1] if asked_for.quick else SIZES)}
    rows = [kept[size] for size in sorted(kept)]
    sys.stdout.write(table(rows) + "\n")
    if asked_for.write:
        RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        into_page("sizes", table(rows))


if __name__ == "__main__":
    main()
