"""What the shape of a network says: who has partners, who bridges, what falls apart without whom, which groups there are.

networkx is the reference for every measure (docs/decisions/0017-analysis.md). They are measures of the network as documented: a
partner whom the sources do not name is not there, so they describe what is proved, never what is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import networkx as nx

from campuskg.analysis.network import Graph, Network

SMALL: Final = 50
"""Below this many partners one link more or less changes ranks, so a caveat goes with every figure."""
LARGE: Final = 1000
"""Above this many partners betweenness is estimated, from the chains of some of them, and fewer ways to group are tried."""
_SOURCES: Final = 256
_TRIES: Final = 10
_TRIES_LARGE: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of one partner in the network."""

    node: str
    degree: int
    """Number of partners."""
    strength: int
    """Shared activities, summed over partners."""
    betweenness: float | None
    """Share of the shortest chains between two others that pass here, 0 to 1; None where there are no two others."""
    community: int
    """Place of its group in ``Measures.communities``, from 0."""
    bridge: bool
    """Whether others lose contact without it."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A partner without whom others are no longer linked (an articulation point)."""

    node: str
    parts: tuple[tuple[str, ...], ...]
    """What its part of the network falls into, largest first."""

    @property
    def cut_off(self) -> int:
        """How many partners are no longer linked with the largest of the parts."""
        return sum(map(len, self.parts[1:]))


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures of one network; *caveats* are keys of ``words.toml``."""

    standings: tuple[Standing, ...]
    links: int
    components: Sequence[tuple[str, ...]]
    communities: Sequence[tuple[str, ...]]
    modularity: float | None
    """How much more the groups keep to themselves than chance would have it; None without links."""
    bridges: tuple[Bridge, ...]
    caveats: tuple[str, ...]

    @property
    def by_node(self) -> Mapping[str, Standing]:
        """Partner -> standing."""
        return {standing.node: standing for standing in self.standings}


@lru_cache(maxsize=4)  # three reports tell of the same network, in two languages
def measures(network: Network, seed: int = 0) -> Measures:
    """Return the measures of *network*, partners with the highest betweenness first."""
    groups = communities(network, seed)
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    bridges = articulation(network)
    cut = {bridge.node for bridge in bridges}
    between = betweenness(network)
    standings = [
        Standing(
            node,
            len(network.links_of[node]),
            sum(link.weight for link in network.links_of[node].values()),
            between[node],
            group_of[node],
            node in cut,
        )
        for node in network.nodes
    ]
    standings.sort(key=lambda one: (-(one.betweenness or 0), -one.degree, one.node))
    found = modularity(network, groups)
    return Measures(tuple(standings), len(network.links), network.components, groups, found, bridges, caveats(network))


def betweenness(network: Network) -> Mapping[str, float | None]:
    """Return the betweenness of each partner (Freeman 1977), every link counting as one step, whatever its weight.

    In a large network it is estimated from the chains of a seeded draw of partners (Brandes and Pich 2007).
    """
    if len(network.nodes) < 3:  # noqa: PLR2004  two others are needed to stand between
        return dict.fromkeys(network.nodes)
    sources = _SOURCES if len(network.nodes) > LARGE else None
    found = nx.betweenness_centrality(network.graph, k=sources, seed=0)
    return {network.nodes[place]: float(value) for place, value in found.items()}


def articulation(network: Network) -> tuple[Bridge, ...]:
    """Return the partners without whom others are no longer linked, those who leave most apart first."""
    found = []
    for place in nx.articulation_points(network.graph):
        part = set(nx.node_connected_component(network.graph, place)) - {place}
        rest = network.named(nx.connected_components(network.graph.subgraph(part)))
        found.append(Bridge(network.nodes[place], tuple(rest)))
    return tuple(sorted(found, key=lambda bridge: (-bridge.cut_off, bridge.node)))


def communities(network: Network, seed: int = 0) -> Sequence[tuple[str, ...]]:
    """Return groups of partners who work together more than with others, largest first; the same ones on every run.

    The best of several seeded runs of Louvain's method (Blondel et al. 2008) and of the greedy one (Clauset et al. 2004) by
    weighted modularity; of equals, the one found first. In a large network the greedy one, much the slower, is left out.
    """
    graph = network.graph
    if not network.links:
        return network.named([place] for place in graph)
    large = len(network.nodes) > LARGE
    runs = range(seed * _TRIES, seed * _TRIES + (_TRIES_LARGE if large else _TRIES))
    tries = [[set(group) for group in nx.community.louvain_communities(graph, seed=run)] for run in runs]
    if not large:
        tries.append([set(group) for group in nx.community.greedy_modularity_communities(graph, weight="weight")])
    best = max(tries, key=lambda groups: round(_modularity(graph, groups), 9))
    return network.named(best)


def modularity(network: Network, groups: Sequence[Sequence[str]]) -> float | None:
    """Return the weighted modularity of *groups* (Newman 2004); None in a network without links, where it has no meaning."""
    if not network.links:
        return None
    return _modularity(network.graph, [{network.places[node] for node in group} for group in groups])


def caveats(network: Network) -> tuple[str, ...]:
    """Return which cautions a reader of the measures needs, as keys of ``words.toml``."""
    found = ["documented-only"]
    found += ["small-network"] if len(network.nodes) < SMALL else []
    found += ["estimated"] if len(network.nodes) > LARGE else []
    found += ["several-parts"] if len(network.components) > 1 else []
    return tuple(found)


def _modularity(graph: "Graph[int]", groups: Sequence[set[int]]) -> float:
    return float(nx.community.modularity(graph, groups, weight="weight"))
