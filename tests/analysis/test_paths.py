"""Chains of partners: the k best, equal to looking at all of them; no chain says why."""

from itertools import combinations

import pytest

from analysis import graphs
from campuskg.analysis import Link, Network, NoPath, paths
from campuskg.release import Release

ID = "https://w3id.org/cmq/id/"


@pytest.mark.parametrize("seed", range(12))
def test_the_k_best_chains_are_those_of_brute_force(seed: int) -> None:
    network = graphs.drawn(seed, size=8, chance=0.45)
    partners = graphs.adjacency(network)
    for a, b in combinations(network.nodes, 2):
        everything = sorted(graphs.cost(network, path) for path in graphs.simple_paths(partners, a, b))
        if not everything:
            with pytest.raises(NoPath):
                paths(network, a, b)
            continue
        for k in (1, 3, 7, 10_000):
            found = paths(network, a, b, k=k)
            assert [graphs.cost(network, path.nodes) for path in found] == everything[:k]


def test_a_chain_backwards_is_as_good() -> None:
    network = graphs.drawn(5, size=9, chance=0.4)
    a, b = network.component(network.links[0].a)[:2]
    there, back = paths(network, a, b, k=5), paths(network, b, a, k=5)
    assert [(p.hops, p.resistance) for p in there] == [(p.hops, p.resistance) for p in back]


def test_fewest_hops_come_before_strong_links_and_strong_links_before_the_order_of_names() -> None:
    network = Network.of(
        [Link("a", "z", 1), Link("a", "m", 9), Link("m", "z", 9), Link("a", "b", 2), Link("b", "z", 2), Link("a", "c", 9)]
    )
    found = paths(network, "a", "z", k=9)
    assert [path.nodes for path in found] == [("a", "z"), ("a", "m", "z"), ("a", "b", "z")]
    assert found[1].weakest.weight == 9


def test_each_hop_carries_its_proof(release: Release) -> None:
    from campuskg.analysis import partnerships

    for path in paths(partnerships(release), f"{ID}organisation/lycee-jules-haag", f"{ID}campus/agt"):
        assert path.nodes[0].endswith("lycee-jules-haag")
        for link in path.links:
            assert link.via
            assert link.passages
            assert link.weight == len(link.via)


def test_no_chain_says_why() -> None:
    network = Network.of([Link("a", "b", 1), Link("b", "c", 1), Link("x", "y", 1)], ["alone"])
    for ends, reason, sizes in (
        (("a", "a"), "same", (0, 0)),
        (("a", "alone"), "outside", (0, 0)),
        (("unheard-of", "a"), "outside", (0, 0)),
        (("a", "y"), "apart", (3, 2)),
    ):
        with pytest.raises(NoPath) as refused:
            paths(network, *ends)
        assert (refused.value.reason, refused.value.sizes) == (reason, sizes)
        assert refused.value.say("fr") != refused.value.say("en")
    with pytest.raises(NoPath) as refused:
        paths(network, "a", "c", avoid=["b"])
    assert refused.value.reason == "avoided"
    assert refused.value.exit_code == 1


def test_no_chain_is_told_with_names(release: Release) -> None:
    why = NoPath("apart", f"{ID}campus/msi", f"{ID}organisation/ensmm", (3, 2)).named(release.names)
    assert "Microtechniques" in why.say("fr")
    assert "[path-apart]" in why.say("en")
    assert "3 partners" in why.say("en")


def test_what_is_to_be_avoided_is_avoided() -> None:
    network = graphs.drawn(2, size=9, chance=0.5)
    a, b = network.nodes[0], network.nodes[-1]
    for shut in network.nodes[1:-1]:
        try:
            found = paths(network, a, b, k=20, avoid=[shut, a])
        except NoPath:
            continue
        assert all(shut not in path.nodes for path in found)
