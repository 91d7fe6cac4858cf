"""What a release says of the things that pictures draw: their types, categories, sectors and places, read once a store."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.store import GraphStore

FACETS: Final = ("type", "category", "sector", "departement", "epci", "commune", "campus")
"""What nodes can be filtered by."""
_ID: Final = BASE_IRI + "id/"
_SCHEME: Final = BASE_IRI + "scheme/"
_FACTS: Final = BASE_IRI + "graph/facts"
_PLACES: Final = {"departement": "departement", "epci-territory": "epci", "commune": "commune"}
"""Kind of place -> facet."""
_CAMPUS: Final = """PREFIX cmq: <{cmq}>
SELECT DISTINCT ?thing ?campus
WHERE {{
  GRAPH <{facts}> {{
    ?campus a cmq:Campus .
    {{ ?one cmq:participationIn ?campus ; cmq:participant ?thing }}
    UNION {{ ?body cmq:legalBodyOf ?campus . ?one cmq:participationIn ?body ; cmq:participant ?thing }}
    UNION {{ ?one cmq:participationIn ?thing ; cmq:participant ?campus }}
  }}
}}"""

_KEPT: Final[WeakKeyDictionary[GraphStore, "Things"]] = WeakKeyDictionary()

Many = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Things:
    """The facts about things that pictures show and filter by."""

    facets: Mapping[str, Mapping[str, set[str]]]
    """Facet -> thing -> IRIs."""
    points: Mapping[str, tuple[float, float]]
    """Thing -> latitude and longitude: its own, or those of its place."""
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Thing -> first and last day, where stated."""

    def of(self, iri: str) -> dict[str, Sequence[str]]:
        """Return the facets of one thing, the empty ones left out."""
        found = {facet: tuple(sorted(self.facets[facet].get(iri, ()))) for facet in FACETS}
        return {facet: iris for facet, iris in found.items() if iris}


def things(store: GraphStore) -> Things:
    """Return what *store* says, read at the first call."""
    if store not in _KEPT:
        _KEPT[store] = _read(store)
    return _KEPT[store]


def kind(iri: str) -> str:
    """Return the kind of thing that *iri* is: the part of its id, ``code`` for a listed term, ``class`` for a term.

    >>> kind("https://w3id.org/cmq/id/campus/msi"), kind("https://w3id.org/cmq/scheme/sector/wood"), kind("Bac")
    ('campus', 'code', 'text')
    """
    if iri.startswith(_ID):
        return iri.removeprefix(_ID).partition("/")[0]
    if iri.startswith(_SCHEME):
        return "code"
    return "class" if iri.startswith(("http://", "https://")) else "text"


def _read(store: GraphStore) -> Things:
    facets: dict[str, Many] = {facet: defaultdict(set) for facet in FACETS}
    for facet, name in (("type", "rdf:type"), ("category", "cmq:partnerCategory"), ("sector", "cmq:sector")):
        facets[facet] = _pairs(store, name)
    for row in store.select(_CAMPUS.format(cmq=expand("cmq:"), facts=_FACTS)).rows:
        if isinstance(row[0], ox.NamedNode) and isinstance(row[1], ox.NamedNode):
            facets["campus"][row[0].value].add(row[1].value)
    for iri, types in facets["type"].items():
        if expand("cmq:Campus") in types:
            facets["campus"][iri].add(iri)
    located, within, sorts = _pairs(store, "cmq:locatedIn"), _pairs(store, "cmq:within"), _pairs(store, "cmq:placeKind")
    for iri in {*located, *sorts}:
        for place in _around({iri} if iri in sorts else located[iri], within):
            for sort in sorts.get(place, ()):
                if facet := _PLACES.get(sort.rpartition("/")[2], ""):
                    facets[facet][iri].add(place)
    return Things(facets, _points(store, located), _spans(store))


def _pairs(store: GraphStore, name: str) -> Many:
    """Return subject -> objects of one property in the layer of facts."""
    found: Many = defaultdict(set)
    for quad in store.matching(expand(name)):
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode) and graph == ox.NamedNode(_FACTS):
            found[subject.value].add(value.value)
    return found


def _around(places: set[str], within: Mapping[str, set[str]]) -> set[str]:
    """Return *places* and all that holds them."""
    found: set[str] = set()
    left = list(places)
    while left:
        place = left.pop()
        if place not in found:
            found.add(place)
            left += within.get(place, ())
    return found


def _literals(store: GraphStore, name: str) -> dict[str, str]:
    """Return subject -> smallest value of one property in the layer of facts."""
    found: dict[str, str] = {}
    for quad in store.matching(expand(name)):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            iri, value = quad.subject.value, quad.object.value
            if quad.graph_name == ox.NamedNode(_FACTS):
                found[iri] = min(found.get(iri, value), value)
    return found


def _points(store: GraphStore, located: Mapping[str, set[str]]) -> dict[str, tuple[float, float]]:
    north, east = _literals(store, "cmq:latitude"), _literals(store, "cmq:longitude")
    own = {iri: (float(value), float(east[iri])) for iri, value in north.items() if iri in east}
    placed = {iri: own[place] for iri, places in located.items() for place in sorted(places, reverse=True) if place in own}
    return placed | own


def _spans(store: GraphStore) -> dict[str, tuple[str, str]]:
    first, last = _literals(store, "cmq:validFrom"), _literals(store, "cmq:validUntil")
    return {iri: (first.get(iri, ""), last.get(iri, "")) for iri in {*first, *last}}
