"""The network is the answer of the catalogue query, and each of its links can be looked up."""

import pyoxigraph as ox
import pytest

from campuskg.analysis import network_of, participations, partnerships
from campuskg.queries import find_query
from campuskg.release import Release


@pytest.mark.parametrize("minimum", [1, 2, 3])
def test_links_are_the_rows_of_the_query(release: Release, minimum: int) -> None:
    rows = release.store.select(find_query("partnerships").bound({"minimum": [ox.Literal(minimum)]})).dicts()
    network = partnerships(release, minimum)
    assert [(link.a, link.b, link.weight) for link in network.links] == sorted(
        (row["source"], row["target"], int(row["activities"])) for row in rows
    )
    assert set(network.nodes) == {end for row in rows for end in (row["source"], row["target"])}


def test_each_link_has_as_many_activities_as_it_weighs_and_their_proof(release: Release) -> None:
    for link in partnerships(release).links:
        assert len(link.via) == link.weight
        assert link.passages
        assert all(":" in passage for passage in link.passages)


def test_participations_at_hand_make_the_same_network(release: Release) -> None:
    found = participations(release)
    for minimum in (1, 2):
        assert network_of(found, minimum) == partnerships(release.store, minimum)


def test_proof_is_the_passage_of_a_participation(release: Release) -> None:
    link = next(link for link in partnerships(release).links if link.a.endswith("college-diderot") and link.b.endswith("/ensmm"))
    ask = """
    SELECT DISTINCT ?passage WHERE {
      ?one cmq:participant ?who ; cmq:participationIn ?what ; cmq:sourcePassage ?passage .
      VALUES ?who { <%s> <%s> } VALUES ?what { %s }
    }"""
    from campuskg.ontology import prefixes

    rows = release.store.run(ask % (link.a, link.b, " ".join(f"<{one}>" for one in link.via)), None, prefixes()).dicts()
    known = {row["passage"].rsplit("passage/", 1)[1].replace("/", ":", 1) for row in rows}
    assert set(link.passages) <= known
