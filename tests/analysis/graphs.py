"""Small seeded networks for the tests, and the measures of networks by brute force."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from campuskg.analysis import Link, Network

Adjacency = Mapping[str, set[str]]


def drawn(seed: int, size: int = 9, chance: float = 0.3) -> Network:
    """Return a network whose links and weights are drawn; some partners may have none."""
    draw = random.Random(seed)  # noqa: S311  a draw that can be repeated
    nodes = [f"id/{draw.randrange(10_000):04d}-{place}" for place in range(size)]
    links = []
    for number, (a, b) in enumerate(combinations(sorted(nodes), 2), start=1):
        if draw.random() < chance:
            links.append(Link(a, b, draw.randint(1, 4), (f"activity/{number}",), (f"text:{number}",)))
    draw.shuffle(links)
    return Network.of(links, nodes)


def adjacency(network: Network) -> Adjacency:
    found: dict[str, set[str]] = {node: set() for node in network.nodes}
    for link in network.links:
        found[link.a].add(link.b)
        found[link.b].add(link.a)
    return found


def simple_paths(partners: Adjacency, a: str, b: str, taken: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every chain from *a* to *b* that passes nowhere twice."""
    if a == b:
        yield (*taken, b)
        return
    for node in partners[a] - set(taken):
        yield from simple_paths(partners, node, b, (*taken, a))


def shortest(partners: Adjacency, a: str, b: str) -> Sequence[tuple[str, ...]]:
    """Return all shortest chains."""
    found = list(simple_paths(partners, a, b))
    least = min(map(len, found), default=0)
    return [path for path in found if len(path) == least]


def betweenness(network: Network) -> Mapping[str, float]:
    """Return the share of the shortest chains of the others that pass each partner, by looking at all of them."""
    partners = adjacency(network)
    others = (len(network.nodes) - 1) * (len(network.nodes) - 2) / 2
    found = dict.fromkeys(network.nodes, 0.0)
    for a, b in combinations(network.nodes, 2):
        paths = shortest(partners, a, b)
        for path in paths:
            for node in path[1:-1]:
                found[node] += 1 / len(paths) / others
    return found


def parts(partners: Adjacency, without: str = "") -> list[set[str]]:
    """Return the parts of a network, one node taken away."""
    left, found = set(partners) - {without}, []
    while left:
        part, todo = set[str](), [min(left)]
        while todo:
            node = todo.pop()
            if node not in part:
                part.add(node)
                todo += partners[node] - {without} - part
        left -= part
        found.append(part)
    return found


def modularity(network: Network, groups: Iterable[Iterable[str]]) -> float:
    """Return the weighted modularity by its definition: over all ordered pairs in one group."""
    weight = {frozenset((link.a, link.b)): link.weight for link in network.links}
    strength = {node: sum(w for pair, w in weight.items() if node in pair) for node in network.nodes}
    double = 2 * sum(weight.values())
    total = 0.0
    for group in map(list, groups):
        for a in group:
            for b in group:
                total += weight.get(frozenset((a, b)), 0) * (a != b) - strength[a] * strength[b] / double
    return total / double


def cost(network: Network, path: Sequence[str]) -> tuple[int, float, tuple[str, ...]]:
    """Return what orders chains, as the documentation tells it."""
    links = [network.links_of[a][b] for a, b in pairwise(path)]
    return len(links), round(sum(1 / link.weight for link in links), 9), tuple(path)
