"""The network of the catalogue query ``partnerships``, each link with its activities and their proof."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import pyoxigraph as ox

from campuskg.analysis.asked import Proofs, Source, asked, engine_of, in_order, once, proved
from campuskg.analysis.network import Link, Network
from campuskg.queries import Query, find_query

QUERY: Final = "partnerships"

# What the query counts, with the proof of each participation; the classes and the conditions are the query's own.
_PARTICIPATIONS: Final = """
SELECT DISTINCT ?activity ?organisation ?passage ?row
WHERE {
  ?one cmq:participant ?organisation ; cmq:participationIn ?activity ; cmq:role ?role .
  ?role cmq:impliesPartnership true .
  ?activity a ?class .
  VALUES ?class { cmq:Project cmq:Programme cmq:Event cmq:TrainingProgramme cmq:Output }
  FILTER NOT EXISTS { ?activity cmq:status <https://w3id.org/cmq/scheme/endeavour-status/rejected> }
  FILTER NOT EXISTS { ?one cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL { ?one cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
}"""


@once
def participations(source: Source) -> Mapping[str, Proofs]:
    """Return activity -> organisation -> proof, for the activities and the roles that make partners."""
    return proved(asked(source, _PARTICIPATIONS), "activity", "organisation")


@once
def partnerships(source: Source, minimum: int = 1) -> Network:
    """Return the network of those who share at least *minimum* activities: the rows of the query, one link each."""
    bound = _query().bound({"minimum": [ox.Literal(minimum)]})
    shared = shared_activities(participations(source))
    links = []
    for row in engine_of(source).select(bound).dicts():
        pair = (row["source"], row["target"])
        via, passages = shared[pair]
        links.append(Link(*pair, int(row["activities"]), via, passages))
    return Network.of(links)


@cache
def _query() -> Query:
    """Return the query, read once: the workers of a server cannot open its file later."""
    return find_query(QUERY)


def shared_activities(found: Mapping[str, Proofs]) -> Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return pair of organisations -> the activities that both take part in, and the proof of both sides."""
    via: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    passages: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for activity, proofs in sorted(found.items()):
        for pair in _pairs(proofs):
            via[pair].append(activity)
            passages[pair].update(*(proofs[one] for one in pair))
    return {pair: (tuple(activities), in_order(passages[pair])) for pair, activities in sorted(via.items())}


def network_of(found: Mapping[str, Proofs], minimum: int = 1) -> Network:
    """Return the network of participations at hand: the same as ``partnerships`` without asking again."""
    shared = shared_activities(found)
    return Network.of(Link(*pair, len(via), via, proof) for pair, (via, proof) in shared.items() if len(via) >= minimum)


def _pairs(organisations: Iterable[str]) -> Iterable[tuple[str, str]]:
    ordered = sorted(organisations)
    return ((a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :])
