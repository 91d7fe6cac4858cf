"""What is known of each organisation beyond its partners: class, sectors, place, campuses, house; each with its proof."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from typing import Final

from campuskg.analysis.asked import Proofs, Source, asked, in_order, locator, once, proved
from campuskg.ontology import expand

_EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""

# A project is an organisation to the W3C's ontology (org:OrganizationalCollaboration); here it is what organisations do.
# No path inside NOT EXISTS: Virtuoso finds nothing by it.
_KINDS: Final = """
SELECT DISTINCT ?thing ?kind
WHERE {
  GRAPH <https://w3id.org/cmq/graph/facts> { ?thing a ?kind }
  ?kind rdfs:subClassOf* org:Organization .
  FILTER(?kind != org:OrganizationalCollaboration)
  FILTER NOT EXISTS { ?kind rdfs:subClassOf org:OrganizationalCollaboration }
  FILTER NOT EXISTS { ?kind rdfs:subClassOf ?broader . ?broader rdfs:subClassOf org:OrganizationalCollaboration }
}"""

# Of itself, or of a training that it delivers; either as stated or as a rule infers it.
_SECTORS: Final = """
SELECT DISTINCT ?thing ?sector ?passage ?row
WHERE {
  { ?statement rdf:subject ?thing }
  UNION
  { ?training cmq:deliveredBy ?thing . ?statement rdf:subject ?training . ?training a cmq:TrainingProgramme }
  ?statement rdf:predicate cmq:sector ; rdf:object ?sector .
  FILTER NOT EXISTS { ?statement cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL { ?statement cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
}"""

# Own coordinates first; failing that those of the commune, which are those of its middle.
_POINTS: Final = """
SELECT DISTINCT ?thing ?place ?latitude ?longitude ?passage ?row
WHERE {
  {
    ?thing cmq:latitude ?latitude ; cmq:longitude ?longitude .
    BIND(?thing AS ?place)
    OPTIONAL { ?claim rdf:subject ?thing ; rdf:predicate cmq:latitude ; cmq:sourcePassage ?passage }
  }
  UNION
  {
    ?thing cmq:locatedIn ?place .
    ?place cmq:placeKind <https://w3id.org/cmq/scheme/place-kind/commune> ; cmq:latitude ?latitude ; cmq:longitude ?longitude .
    OPTIONAL { ?claim rdf:subject ?thing ; rdf:predicate cmq:locatedIn ; rdf:object ?place ; cmq:sourcePassage ?passage }
  }
  OPTIONAL { ?passage cmq:rowKey ?row }
}"""

_CAMPUSES: Final = """
SELECT DISTINCT ?thing ?campus ?passage ?row
WHERE {
  ?campus a cmq:Campus .
  { ?participation cmq:participationIn ?campus }
  UNION
  { ?body cmq:legalBodyOf ?campus . ?participation cmq:participationIn ?body }
  ?participation cmq:participant ?thing .
  FILTER NOT EXISTS { ?participation cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL { ?participation cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
}"""

# Two that are one house: nobody suggests that a faculty meets its university, or an association the campus that it carries.
_HOUSES: Final = """
SELECT DISTINCT ?thing ?house
WHERE {
  { ?thing org:subOrganizationOf ?house } UNION { ?thing cmq:legalBodyOf ?house } UNION { ?thing cmq:partOf ?house }
  UNION { ?thing owl:sameAs ?house }
  UNION { ?change cmq:originalOrganisation ?house ; cmq:resultingOrganisation ?thing }
}"""

# Those that another organisation has succeeded.
_FORMER: Final = """
SELECT DISTINCT ?thing
WHERE {
  ?change cmq:originalOrganisation ?thing ; cmq:resultingOrganisation ?other .
  FILTER(?thing != ?other)
}"""


@dataclass(frozen=True, slots=True)
class Point:
    """Where an organisation is: its own coordinates, or those of the commune *place*."""

    latitude: float
    longitude: float
    place: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Surroundings:
    """What one graph says of its organisations; what it does not say is absent, never empty or zero."""

    kinds: Mapping[str, frozenset[str]]
    sectors: Mapping[str, Proofs]
    points: Mapping[str, Point]
    campuses: Mapping[str, Proofs]
    houses: frozenset[frozenset[str]]
    """Pairs that are one house."""
    former: frozenset[str]
    """Organisations that no longer exist: another has succeeded them."""

    def members(self, campus: str) -> frozenset[str]:
        """Return who takes part in *campus* or its association."""
        return frozenset(thing for thing, found in self.campuses.items() if campus in found)


def organisations(source: Source) -> Mapping[str, frozenset[str]]:
    """Return every organisation and campus with its classes."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for row in asked(source, _KINDS):
        kinds[row["thing"]].add(row["kind"])
    return {thing: frozenset(found) for thing, found in sorted(kinds.items())}


@once
def surroundings(source: Source) -> Surroundings:
    """Read them, in a handful of queries."""
    kinds = organisations(source)
    houses = {frozenset((row["thing"], row["house"])) for row in asked(source, _HOUSES)}
    sectors = proved(asked(source, _SECTORS), "thing", "sector")
    return Surroundings(
        kinds,
        {thing: found for thing, found in sectors.items() if thing in kinds},
        _points(asked(source, _POINTS), kinds),
        proved(asked(source, _CAMPUSES), "thing", "campus"),
        frozenset(houses),
        frozenset(row["thing"] for row in asked(source, _FORMER)),
    )


def kilometres(one: Point, other: Point) -> float:
    """Return the distance as the crow flies, on a sphere (haversine).

    >>> round(kilometres(Point(47.24, 6.02, "", ()), Point(47.64, 6.86, "", ())))
    77
    """
    lat_a, lat_b = radians(one.latitude), radians(other.latitude)
    half_lat, half_long = (lat_b - lat_a) / 2, radians(other.longitude - one.longitude) / 2
    return 2 * _EARTH_KM * asin(sqrt(sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_long) ** 2))


def category(kinds: Iterable[str], categories: Mapping[str, Iterable[str]]) -> str | None:
    """Return the first of *categories* (name -> compact class names) that one of *kinds* belongs to; None for none."""
    found = set(kinds)
    return next((name for name, classes in categories.items() if found & {expand(cls) for cls in classes}), None)


def _points(rows: Iterable[Mapping[str, str]], kinds: Mapping[str, object]) -> Mapping[str, Point]:
    """Return one point for each organisation: its own, failing that the first of its communes in the order of IRIs."""
    found: dict[str, Point] = {}
    proofs = defaultdict[str, set[str]](set)
    known = (row for row in rows if row["thing"] in kinds)
    for row in sorted(known, key=lambda row: (row["thing"], row["place"] != row["thing"], row["place"])):
        thing, place = row["thing"], row["place"]
        point = found.setdefault(thing, Point(float(row["latitude"]), float(row["longitude"]), place, ()))
        if point.place == place and "passage" in row:
            proofs[thing].add(locator(row["passage"], row.get("row", "")))
    return {thing: replace(point, passages=in_order(proofs[thing])) for thing, point in found.items()}
