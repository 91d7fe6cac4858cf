"""Chains of partners between two organisations: the k best, each hop with what proves it.

Best is defined without a tie: fewest hops; then least resistance, the sum over the hops of one over the number of shared
activities (a chain of strong links wins over one with a weak link); then the first in the order of IRIs. Yen's algorithm (1971)
with exact fractions, so that no rounding decides.
"""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from campuskg.analysis.network import Link, Network
from campuskg.errors import Text, UsageProblem, pick
from campuskg.release import NameIndex

_Key = tuple[int, Fraction, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Path:
    """One chain: its partners from end to end, and the link of each hop."""

    nodes: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def hops(self) -> int:
        """The number of hops."""
        return len(self.links)

    @property
    def resistance(self) -> Fraction:
        """Sum of one over the shared activities of each hop: the lower, the stronger."""
        return sum((Fraction(1, link.weight) for link in self.links), Fraction(0))

    @property
    def weakest(self) -> Link:
        """The hop with the fewest shared activities, the first of equals."""
        return min(self.links, key=lambda link: link.weight)


_CODES: Final = {"same": "path-same", "outside": "path-outside", "apart": "path-apart", "avoided": "path-avoided"}


class NoPath(UsageProblem):
    """There is no chain; *reason* says why.

    ``same``: both ends are one; ``outside``: *a* has no documented partner; ``apart``: they are in two parts of the network;
    ``avoided``: every chain passes through what is to be avoided.
    """

    exit_code = 1

    def __init__(self, reason: str, a: str, b: str, sizes: tuple[int, int] = (0, 0)) -> None:
        """Keep which pair, why, and how many partners each end's part of the network has."""
        self.reason, self.a, self.b, self.sizes = reason, a, b, sizes
        super().__init__(_CODES[reason], a=_short(a), b=_short(b), size_a=sizes[0], size_b=sizes[1])

    def named(self, names: NameIndex) -> "NoPath":
        """Return the same with the names of the two in its words."""
        told = NoPath(self.reason, self.a, self.b, self.sizes)
        both = {key: Text(names.name(iri, "fr"), names.name(iri, "en")) for key, iri in (("a", self.a), ("b", self.b))}
        told.params = {**self.params, **{key: {"fr": pick(t, "fr"), "en": pick(t, "en")} for key, t in both.items()}}
        return told


def paths(network: Network, a: str, b: str, k: int = 3, avoid: Collection[str] = ()) -> Sequence[Path]:
    """Return up to *k* chains from *a* to *b*, best first, none through *avoid*; raises NoPath, which says why."""
    _refuse(network, a, b)
    shut = frozenset(avoid) - {a, b}
    first = _best(network, a, b, shut, frozenset())
    if first is None:
        one, other = network.component(a), network.component(b)
        raise NoPath("avoided" if one == other else "apart", a, b, (len(one), len(other)))
    chosen = [first]
    waiting: list[_Key] = []
    while len(chosen) < k:
        for detour in _detours(network, chosen, b, shut):
            if detour not in waiting:
                heapq.heappush(waiting, detour)
        if not waiting:
            break
        chosen.append(heapq.heappop(waiting))
    return [_path(network, key[2]) for key in chosen]


def _refuse(network: Network, a: str, b: str) -> None:
    if a == b:
        raise NoPath("same", a, b)
    for one, other in ((a, b), (b, a)):
        if not network.links_of.get(one):
            raise NoPath("outside", one, other)


def _best(
    network: Network, a: str, b: str, shut: frozenset[str], closed: frozenset[tuple[str, str]], root: _Key | None = None
) -> _Key | None:
    """Return the best chain from *a* to *b* that continues *root*, through no node *shut* and by no first step *closed*.

    Hops come first, so only the nodes on shortest chains are looked at; of these, each keeps its best way from *a*: ways of as
    many hops to one node compare as the chains that continue them do.
    """
    firsts = {node for node in network.links_of[a] if node not in shut and (a, node) not in closed}
    away = _distances(network, b, shut | {a}, firsts)
    reached = {node: away[node] for node in firsts if node in away}
    if not reached:
        return None
    hops, resistance, nodes = root or (0, Fraction(0), (a,))
    ways = {a: (resistance, nodes)}
    for left in range(min(reached.values()), -1, -1):
        onward: dict[str, tuple[Fraction, tuple[str, ...]]] = {}
        for node, (spent, before) in ways.items():
            for partner, link in network.links_of[node].items():
                if away.get(partner) == left and (node != a or partner in firsts):
                    way = (spent + Fraction(1, link.weight), (*before, partner))
                    onward[partner] = min(onward.get(partner, way), way)
        ways, hops = onward, hops + 1
    return hops, *ways[b]


def _distances(network: Network, b: str, shut: frozenset[str], wanted: Collection[str]) -> Mapping[str, int]:
    """Return how many hops nodes are away from *b*, up to the nearest of *wanted*, through no node *shut*."""
    away, edge, hops = {b: 0}, [b], 0
    while edge and not any(node in wanted for node in edge):
        hops += 1
        edge = [partner for node in edge for partner in network.links_of[node] if partner not in shut]
        edge = [node for node in dict.fromkeys(edge) if node not in away]
        away.update(dict.fromkeys(edge, hops))
    return away


def _detours(network: Network, chosen: Sequence[_Key], b: str, shut: frozenset[str]) -> Sequence[_Key]:
    """Return the best chains that leave the last one chosen at each of its nodes, by a step that no chosen chain took there."""
    last = chosen[-1][2]
    found = []
    for place in range(len(last) - 1):
        nodes = last[: place + 1]
        closed = frozenset((nodes[-1], other[2][place + 1]) for other in chosen if other[2][: place + 1] == nodes)
        path = _path(network, nodes)
        root = (path.hops, path.resistance, nodes)
        detour = _best(network, nodes[-1], b, shut | set(nodes[:-1]), closed, root)
        if detour is not None:
            found.append(detour)
    return found


def _path(network: Network, nodes: tuple[str, ...]) -> Path:
    return Path(nodes, tuple(network.links_of[x][y] for x, y in pairwise(nodes)))


def _short(iri: str) -> str:
    return "/".join(iri.rsplit("/", 2)[-2:])
