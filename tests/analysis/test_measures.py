"""Measures of the network: equal to brute force on drawn networks, the same on every run."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import networkx as nx
import pytest

from analysis import graphs
from campuskg.analysis import (
    Link,
    Network,
    articulation,
    betweenness,
    communities,
    measures,
    modularity,
)
from campuskg.analysis.measures import LARGE, caveats
from campuskg.release import Release


@pytest.mark.parametrize("seed", range(25))
def test_betweenness_is_that_of_all_shortest_chains(seed: int) -> None:
    network = graphs.drawn(seed)
    assert betweenness(network) == pytest.approx(graphs.betweenness(network))


@pytest.mark.parametrize("seed", range(40))
def test_bridges_are_those_whose_removal_leaves_more_parts(seed: int) -> None:
    network = graphs.drawn(seed, size=11, chance=0.18)
    partners = graphs.adjacency(network)
    whole = len(graphs.parts(partners))
    expected = {node for node in partners if partners[node] and len(graphs.parts(partners, node)) > whole}
    found = articulation(network)
    assert {bridge.node for bridge in found} == expected
    for bridge in found:
        own = next(part for part in graphs.parts(partners) if bridge.node in part)
        rest = [part for part in graphs.parts(partners, bridge.node) if part <= own]
        assert sorted(map(sorted, bridge.parts)) == sorted(map(sorted, rest))
        assert bridge.cut_off == len(own) - 1 - max(map(len, rest))


@pytest.mark.parametrize("seed", range(15))
def test_groups_are_a_partition_with_at_least_the_modularity_of_the_greedy_ones(seed: int) -> None:
    network = graphs.drawn(seed, size=16, chance=0.2)
    groups = communities(network)
    assert sorted(node for group in groups for node in group) == list(network.nodes)
    found = modularity(network, groups)
    assert found == pytest.approx(graphs.modularity(network, groups))
    greedy = [set(group) for group in nx.community.greedy_modularity_communities(network.graph, weight="weight")]
    assert found is not None
    assert found >= nx.community.modularity(network.graph, greedy) - 1e-9


def test_components_are_the_parts() -> None:
    network = graphs.drawn(4, size=14, chance=0.1)
    assert len(network.components) > 2
    assert sorted(map(sorted, network.components)) == sorted(map(sorted, graphs.parts(graphs.adjacency(network))))
    assert [len(part) for part in network.components] == sorted(map(len, network.components), reverse=True)


def test_the_order_of_the_input_changes_nothing() -> None:
    network = graphs.drawn(7, size=20, chance=0.15)
    expected = measures(network)
    for seed in range(5):
        links, nodes = list(network.links), list(network.nodes)
        draw = random.Random(seed)  # noqa: S311  a draw that can be repeated
        draw.shuffle(links)
        draw.shuffle(nodes)
        assert measures(Network.of(links, nodes)) == expected


_PROBE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from analysis import graphs
from campuskg.analysis import measures
from campuskg.analysis.reports import plain
print(json.dumps(plain(measures(graphs.drawn(11, size=24, chance=0.15)))))
"""


def test_the_seed_of_hashes_changes_nothing(root: object) -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _PROBE, f"{root}/tests"], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(told) == 1
    assert json.loads(told.pop())["standings"]


def test_what_has_no_meaning_is_not_zero() -> None:
    pair = Network.of([Link("a", "b", 1)])
    assert [one.betweenness for one in measures(pair).standings] == [None, None]
    alone = measures(Network.of([], ["a", "b", "c"]))
    assert alone.modularity is None
    assert [one.degree for one in alone.standings] == [0, 0, 0]
    assert alone.communities == (("a",), ("b",), ("c",))
    assert measures(Network.of([])).standings == ()


def test_small_networks_say_so() -> None:
    small = graphs.drawn(1)
    assert "small-network" in measures(small).caveats
    large = Network.of([Link(f"{a:03d}", f"{a + 1:03d}", 1) for a in range(60)])
    assert measures(large).caveats == ("documented-only",)


def test_in_a_large_network_chains_are_estimated_always_alike() -> None:
    star = Network.of([Link("0000", f"{place:04d}", 1) for place in range(1, LARGE + 2)])
    assert caveats(star) == ("documented-only", "estimated")
    found = betweenness(star)
    assert found == betweenness(star)
    assert found["0000"] == pytest.approx(1, abs=0.02)
    assert {value for node, value in found.items() if node != "0000"} == {0.0}


def test_a_network_without_some_links_keeps_its_partners() -> None:
    network = graphs.drawn(3)
    link = network.links[0]
    rest = network.without([(link.b, link.a)])
    assert rest.nodes == network.nodes
    assert rest.links == network.links[1:]
    assert replace(rest, links=network.links) == network


def test_the_real_network(release: Release) -> None:
    from campuskg.analysis import partnerships

    found = measures(partnerships(release))
    bridges = {bridge.node.rsplit("/", 2)[-2] + "/" + bridge.node.rsplit("/", 1)[-1]: bridge for bridge in found.bridges}
    assert bridges["campus/itip"].cut_off >= 5
    assert found.by_node[bridges["campus/itip"].node].bridge
    assert found.modularity is not None
    assert found.modularity > 0.5
