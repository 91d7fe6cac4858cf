"""Single points: what hangs by one funder, one person or one partner, as far as the sources tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from campuskg.analysis.asked import Source, asked, in_order, locator
from campuskg.analysis.money import Concentration, concentration
from campuskg.analysis.network import Network
from campuskg.analysis.partnerships import partnerships

Kind = Literal["funder", "person", "several", "partner"]

# Functions in a campus, its association and its bodies, and the other functions of those who hold them.
_MANDATES: Final = """
SELECT DISTINCT ?mandate ?holder ?body ?campus ?since ?until ?passage ?row
WHERE {
  GRAPH <https://w3id.org/cmq/graph/facts> { ?mandate a cmq:Mandate ; cmq:holder ?holder ; cmq:mandateIn ?body }
  FILTER NOT EXISTS { ?mandate cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL {
    { ?body a cmq:Campus . BIND(?body AS ?campus) }
    UNION { ?body cmq:legalBodyOf ?campus }
    UNION { ?body cmq:partOf ?campus . ?campus a cmq:Campus }
  }
  OPTIONAL { ?mandate cmq:validFrom ?since }
  OPTIONAL { ?mandate cmq:validUntil ?until }
  OPTIONAL { ?mandate cmq:sourcePassage ?passage OPTIONAL { ?passage cmq:rowKey ?row } }
}"""


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """*node* hangs by *on* alone; with the kind ``several``, the one person *on* holds functions in all of *nodes*."""

    kind: Kind
    nodes: tuple[str, ...]
    on: str
    stage: str = ""
    """Of money: the stage it is at."""
    via: tuple[str, ...] = ()
    """The statements (fundings, mandates) or the shared activities behind it."""
    passages: tuple[str, ...] = ()

    @property
    def node(self) -> str:
        """What hangs, or the first of what does."""
        return self.nodes[0]


def single_points(source: Source, network: Network | None = None, at: str = "") -> Sequence[SinglePoint]:
    """Return what hangs by one funder, one person or one partner.

    In office are those whose mandate holds *at* that day, as far as the sources tell; without a day, those without a known end.
    """
    found = [*single_funders(concentration(source)), *single_people(source, at)]
    return [*found, *single_partners(network or partnerships(source))]


def single_funders(money: Iterable[Concentration]) -> Sequence[SinglePoint]:
    """Return who has one documented funder at a stage; one whose other funders are not named is not told."""
    return [
        SinglePoint("funder", (one.holder,), share.funder, one.stage, share.fundings, share.passages)
        for one in money
        if (share := one.single) is not None
    ]


def single_partners(network: Network) -> Sequence[SinglePoint]:
    """Return who has one documented partner."""
    return [
        SinglePoint("partner", (node,), partner, "", link.via, link.passages)
        for node, partners in network.links_of.items()
        if len(partners) == 1
        for partner, link in partners.items()
    ]


def single_people(source: Source, at: str = "") -> Sequence[SinglePoint]:
    """Return campuses with one documented person in office, and people in office in several bodies, one of them a campus's."""
    rows = [row for row in asked(source, _MANDATES) if _holds(row, at)]
    in_campus: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    of_person: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        of_person[row["holder"]].append(row)
        if "campus" in row:
            in_campus[row["campus"]].append(row)
    found = [
        _point("person", (campus,), held)
        for campus, held in sorted(in_campus.items())
        if len({row["holder"] for row in held}) == 1
    ]
    for _, held in sorted(of_person.items()):
        bodies = tuple(sorted({row["body"] for row in held}))
        if len(bodies) > 1 and any("campus" in row for row in held):
            found.append(_point("several", bodies, held))
    return found


def _holds(row: Mapping[str, str], at: str) -> bool:
    if not at:
        return "until" not in row
    return row.get("since", at) <= at <= row.get("until", at)


def _point(kind: Kind, nodes: tuple[str, ...], held: Sequence[Mapping[str, str]]) -> SinglePoint:
    passages = in_order(locator(row["passage"], row.get("row", "")) for row in held if "passage" in row)
    return SinglePoint(kind, nodes, held[0]["holder"], "", tuple(sorted({row["mandate"] for row in held})), passages)
