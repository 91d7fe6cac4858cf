"""Campuses side by side: which organisations they share, and which members work with no other member."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.analysis.asked import Proofs, Source, asked, in_order, once, proved
from campuskg.analysis.network import Network
from campuskg.analysis.partnerships import partnerships
from campuskg.analysis.surroundings import surroundings

# The campus itself, its association, what is part of it, and the projects, events and trainings in which it is engaged: the
# same as in the query bridging-organisations, which counts what is listed here.
_AROUND: Final = """
SELECT DISTINCT ?campus ?organisation ?passage ?row
WHERE {
  {
    SELECT DISTINCT ?campus ?through
    WHERE {
      { ?campus a cmq:Campus . ?through a cmq:Campus . FILTER(?through = ?campus) }
      UNION
      { ?through cmq:legalBodyOf ?campus }
      UNION
      { ?through cmq:partOf ?campus . ?campus a cmq:Campus }
      UNION
      {
        ?own cmq:participant ?campus ; cmq:participationIn ?through ; cmq:role ?ownRole .
        ?ownRole cmq:impliesPartnership true .
        ?campus a cmq:Campus .
        ?through a ?class .
        VALUES ?class { cmq:Project cmq:Event cmq:TrainingProgramme }
      }
    }
  }
  ?participation cmq:participationIn ?through ; cmq:participant ?organisation .
  FILTER NOT EXISTS { ?organisation a cmq:Campus }
  FILTER NOT EXISTS { ?participation cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL { ?participation cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
}"""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two campuses have in common; *a* before *b* in the order of IRIs."""

    a: str
    b: str
    shared: Proofs
    """Organisation -> what proves its part in both."""
    size_a: int
    size_b: int

    @property
    def share(self) -> float | None:
        """Shared organisations over those of either (Jaccard), 0 to 1; None when neither has any documented one."""
        either = self.size_a + self.size_b - len(self.shared)
        return len(self.shared) / either if either else None


@dataclass(frozen=True, slots=True)
class Isolated:
    """A member of *campus* without a documented activity with another member or with the campus."""

    campus: str
    node: str
    elsewhere: int
    """Documented partners outside that campus."""
    passages: tuple[str, ...]
    """What proves that it is a member."""


@once
def around_campuses(source: Source) -> Mapping[str, Proofs]:
    """Return campus -> organisation around it -> proof."""
    return proved(asked(source, _AROUND), "campus", "organisation")


@once
def overlap(source: Source) -> Sequence[Overlap]:
    """Return every pair of campuses with the organisations that both have around them, the most shared first."""
    found = around_campuses(source)
    campuses = sorted(row["campus"] for row in asked(source, "SELECT DISTINCT ?campus WHERE { ?campus a cmq:Campus }"))
    pairs = [
        _overlap(a, b, found.get(a, {}), found.get(b, {})) for place, a in enumerate(campuses) for b in campuses[place + 1 :]
    ]
    return sorted(pairs, key=lambda pair: (-len(pair.shared), pair.a, pair.b))


def shared_by_campuses(source: Source) -> Mapping[str, tuple[str, ...]]:
    """Return organisation -> the campuses that have it around them, for those of two campuses or more, most first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for campus, organisations in around_campuses(source).items():
        for organisation in organisations:
            found[organisation].append(campus)
    several = [(organisation, tuple(campuses)) for organisation, campuses in found.items() if len(campuses) > 1]
    return dict(sorted(several, key=lambda item: (-len(item[1]), item[0])))


def isolated(source: Source, network: Network | None = None) -> Sequence[Isolated]:
    """Return the members that work with no other member of their campus, as far as the sources tell, by campus and IRI."""
    known = network or partnerships(source)
    around = surroundings(source)
    found = []
    for campus in sorted({campus for campuses in around.campuses.values() for campus in campuses}):
        members = around.members(campus) | {campus}
        for node in sorted(members - {campus}):
            partners = known.links_of.get(node, {}).keys()
            if not partners & members and node in around.kinds:
                found.append(Isolated(campus, node, len(partners), around.campuses[node][campus]))
    return found


def _overlap(a: str, b: str, one: Proofs, other: Proofs) -> Overlap:
    shared = {thing: in_order((*one[thing], *other[thing])) for thing in sorted(one.keys() & other.keys())}
    return Overlap(a, b, shared, len(one), len(other))
