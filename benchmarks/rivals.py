"""The same measures of one drawn network by three libraries: networkx, which we use, rustworkx and networkit.

For whoever wonders whether networkx is fast enough: ``python benchmarks/rivals.py`` prints median seconds, ``--write`` keeps them
in ``benchmarks/results/rivals.json``. Exact betweenness must agree; communities are compared by their modularity. The other two
come from an environment of their own; igraph, which is as fast, is GPL.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGES = ("networkx", "rustworkx", "networkit", "numpy", "scipy")
SIZE = 1_000
TIMES = 3
AGREE = 1e-6


def drawn(size: int) -> list[tuple[int, int]]:
    """Return the links of a network with few hubs, the one that ``analysis.py`` draws."""
    import random

    draw = random.Random(0)  # noqa: S311  a draw that can be repeated
    ends, pairs = [0, 1], {(0, 1)}
    for node in range(2, size):
        for other in {draw.choice(ends) for _ in range(2 + (draw.random() < 0.5))}:  # noqa: PLR2004
            pairs.add((other, node))
            ends += [other, node]
    return sorted(pairs)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the median seconds of *work* and what it gave."""
    times, found = [], None
    for _ in range(TIMES):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return round(statistics.median(times), 4), found


def by_networkx(pairs: list[tuple[int, int]]) -> dict[str, tuple[float, Any]]:
    """Measure networkx."""
    import networkx as nx

    made = timed(lambda: nx.Graph(pairs))
    graph = made[1]
    groups = timed(lambda: nx.community.louvain_communities(graph, seed=1))
    return {
        "build": (made[0], None),
        "betweenness": timed(lambda: nx.betweenness_centrality(graph, normalized=False)),
        "PageRank": timed(lambda: nx.pagerank(graph)),
        "components": timed(lambda: len(list(nx.connected_components(graph)))),
        "Louvain": (groups[0], nx.community.modularity(graph, groups[1])),
    }


def by_rustworkx(pairs: list[tuple[int, int]]) -> dict[str, tuple[float, Any]]:
    """Measure rustworkx; it has no communities."""
    import rustworkx

    def make() -> Any:  # noqa: ANN401
        graph = rustworkx.PyGraph()
        graph.add_nodes_from(range(1 + max(max(pair) for pair in pairs)))
        graph.add_edges_from_no_data(pairs)
        return graph

    made = timed(make)
    graph = made[1]
    directed = graph.to_directed()
    return {
        "build": (made[0], None),
        "betweenness": timed(lambda: dict(rustworkx.betweenness_centrality(graph, normalized=False))),
        "PageRank": timed(lambda: rustworkx.pagerank(directed)),
        "components": timed(lambda: len(rustworkx.connected_components(graph))),
    }


def by_networkit(pairs: list[tuple[int, int]]) -> dict[str, tuple[float, Any]]:
    """Measure networkit."""
    import networkit

    networkit.setSeed(1, useThreadId=False)

    def make() -> Any:  # noqa: ANN401
        graph = networkit.Graph(1 + max(max(pair) for pair in pairs))
        for a, b in pairs:
            graph.addEdge(a, b)
        return graph

    made = timed(make)
    graph = made[1]
    groups = timed(lambda: networkit.community.PLM(graph, refine=True).run().getPartition())
    return {
        "build": (made[0], None),
        "betweenness": timed(
            lambda: dict(enumerate(score / 2 for score in networkit.centrality.Betweenness(graph).run().scores()))
        ),
        "PageRank": timed(lambda: networkit.centrality.PageRank(graph).run().scores()),
        "components": timed(lambda: networkit.components.ConnectedComponents(graph).run().numberOfComponents()),
        "Louvain": (groups[0], networkit.community.Modularity().getQuality(groups[1], graph)),
    }


LIBRARIES = {"networkx": by_networkx, "rustworkx": by_rustworkx, "networkit": by_networkit}


def measure() -> dict[str, Any]:
    """Return the seconds of each library; SystemExit when their exact figures differ."""
    from importlib.metadata import version

    pairs = drawn(SIZE)
    found = {name: work(pairs) for name, work in LIBRARIES.items()}
    truth = found["networkx"]["betweenness"][1]
    for name, measures in found.items():
        other = measures["betweenness"][1]
        if any(abs(truth[node] - other[node]) > AGREE * (1 + truth[node]) for node in truth):
            raise SystemExit(f"{name}: another betweenness")
    return {
        "partners": SIZE,
        "links": len(pairs),
        "times": TIMES,
        "seconds": {name: {measure: taken[0] for measure, taken in measures.items()} for name, measures in found.items()},
        "modularity": {name: round(m["Louvain"][1], 4) for name, m in found.items() if "Louvain" in m},
        "versions": {name: version(name) for name in LIBRARIES},
    }


def main() -> None:
    """Measure in the environment that has all libraries."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        sys.stdout.write(json.dumps(measure()) + "\n")
        return
    from measures import keep
    from peers import environment

    command = [str(environment("rivals", PACKAGES)), str(Path(__file__).resolve()), "--inside"]
    quiet = {**os.environ, "OMP_WAIT_POLICY": "passive"}  # threads that wait do not take the processor from others
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)  # noqa: S603  ourselves
    if done.returncode:
        raise SystemExit(done.stderr[-1000:])
    found = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if given.write:
        keep("rivals", found)


if __name__ == "__main__":
    main()
