"""The network of partnerships: who is linked with whom, by which shared activities, on which proof.

A link is a row of the catalogue query ``partnerships``; what it adds are the activities counted and the passages that prove them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

Graph = nx.Graph
"""A graph whose nodes are places in ``Network.nodes``: whole numbers, so that no order depends on how texts are hashed."""


@dataclass(frozen=True, order=True, slots=True)
class Link:
    """Two partners, *a* before *b* in the order of IRIs, and what links them."""

    a: str
    b: str
    weight: int
    """Number of shared activities."""
    via: tuple[str, ...] = ()
    """IRIs of these activities, sorted."""
    passages: tuple[str, ...] = ()
    """Locators of the passages that prove both participations, such as ``gbm-2022:304-306``."""

    def other(self, node: str) -> str:
        """Return the partner of *node*."""
        return self.b if node == self.a else self.a


@dataclass(frozen=True)
class Network:
    """Partners and their links, both in the order of IRIs whatever the order they came in."""

    nodes: tuple[str, ...]
    links: tuple[Link, ...]

    @classmethod
    def of(cls, links: Iterable[Link], nodes: Iterable[str] = ()) -> "Network":
        """Return the network of *links*; *nodes* may name partners without any link."""
        kept = tuple(sorted(links))
        found = {*nodes, *(link.a for link in kept), *(link.b for link in kept)}
        return cls(tuple(sorted(found)), kept)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Node -> its place in ``nodes``."""
        return {node: place for place, node in enumerate(self.nodes)}

    @cached_property
    def links_of(self) -> Mapping[str, Mapping[str, Link]]:
        """Node -> partner -> link, in the order of IRIs."""
        found: dict[str, dict[str, Link]] = {node: {} for node in self.nodes}
        for link in self.links:
            found[link.a][link.b] = link
            found[link.b][link.a] = link
        return {node: dict(sorted(partners.items())) for node, partners in found.items()}

    @cached_property
    def graph(self) -> "Graph[int]":
        """The same for networkx; each edge carries ``weight``."""
        graph: Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.nodes)))
        graph.add_weighted_edges_from((self.places[link.a], self.places[link.b], link.weight) for link in self.links)
        return graph

    @cached_property
    def components(self) -> Sequence[tuple[str, ...]]:
        """The parts that no chain of partners links, largest first, then by their first IRI."""
        return self.named(nx.connected_components(self.graph))

    def component(self, node: str) -> tuple[str, ...]:
        """Return the part that holds *node*."""
        return next(part for part in self.components if node in part)

    def named(self, groups: Iterable[Iterable[int]]) -> Sequence[tuple[str, ...]]:
        """Return groups of places as groups of IRIs, largest first, then by their first IRI."""
        found = [tuple(self.nodes[place] for place in sorted(group)) for group in groups]
        return tuple(sorted(found, key=lambda group: (-len(group), group)))

    def without(self, hidden: Iterable[tuple[str, str]]) -> "Network":
        """Return the network without the links between the pairs *hidden*; the nodes stay."""
        gone = {frozenset(pair) for pair in hidden}
        return Network(self.nodes, tuple(link for link in self.links if frozenset((link.a, link.b)) not in gone))
