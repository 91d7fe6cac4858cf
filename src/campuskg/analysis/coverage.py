"""What each campus documents for each of its sectors: a training at each level, and partners by category; and what is missing.

What is missing is of three kinds. A *gap*: the sources document the sector of that campus at another level, or with another
category of partner, but not here. *Perhaps*: something documented may fill it, since no source tells its level or its sector.
*Silent*: the sources document nothing of the kind for that sector of that campus, so that nothing can be concluded.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from campuskg.analysis.asked import Source, asked, in_order, locator, once
from campuskg.analysis.rules import default_rules
from campuskg.analysis.surroundings import Surroundings, category, surroundings
from campuskg.content import BASE_IRI
from campuskg.ontology import load_terms

LEVELS: Final = BASE_IRI + "scheme/cncp-level"
PARTNERS: Final = ("school", "higher", "company", "laboratory")
"""Categories (of ``gaps.toml``) without which a sector of a campus has a gap."""

# The trainings of a campus as the query trainings-by-campus takes them; their sectors, their levels or those of their diplomas.
_TRAININGS: Final = """
SELECT DISTINCT ?campus ?training ?sector ?level ?diplomaLevel ?passage ?row
WHERE {
  {
    SELECT DISTINCT ?campus ?training
    WHERE {
      GRAPH <https://w3id.org/cmq/graph/facts> {
        ?campus a cmq:Campus .
        ?training a cmq:TrainingProgramme .
        { ?training cmq:developedBy ?campus }
        UNION { ?participation cmq:participant ?campus ; cmq:participationIn ?training }
        UNION { ?training cmq:partOf ?part . ?part cmq:partOf ?campus }
        UNION {
          ?training cmq:partOf ?pathway .
          ?steering cmq:participant ?campus ; cmq:participationIn ?pathway ;
            cmq:role <https://w3id.org/cmq/scheme/participation-role/coordinator>
        }
        UNION { ?campus cmq:concerns ?training }
      }
    }
  }
  OPTIONAL { ?training cmq:sector ?sector }
  OPTIONAL { ?training cmq:level ?level }
  OPTIONAL { ?training cmq:leadsTo/cmq:level ?diplomaLevel }
  OPTIONAL {
    GRAPH <https://w3id.org/cmq/graph/facts> { ?training cmq:sourcePassage ?passage }
    OPTIONAL { ?passage cmq:rowKey ?row }
  }
}"""

_SECTORS: Final = """
SELECT DISTINCT ?campus ?sector ?passage ?row
WHERE {
  ?campus a cmq:Campus .
  ?claim rdf:subject ?campus ; rdf:predicate cmq:sector ; rdf:object ?sector ; cmq:sourcePassage ?passage .
  FILTER NOT EXISTS { ?claim cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> }
  OPTIONAL { ?passage cmq:rowKey ?row }
}"""


State = Literal["documented", "gap", "perhaps", "silent"]
STATES: Final[tuple[State, ...]] = ("gap", "perhaps", "silent")
"""What is missing, the most telling first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One sector of one campus, at one level of training or, with an empty *level*, for one *category* of partner."""

    campus: str
    sector: str
    level: str
    category: str
    things: tuple[str, ...]
    """The trainings or the partners documented; none is a gap."""
    perhaps: tuple[str, ...]
    """Of a training gap: trainings of that campus and sector, or without a sector, whose level no source tells; of a partner
    gap: members of that category whose sector no source tells."""
    passages: tuple[str, ...]
    """What proves the things, or, of a gap, that the sector is the campus's."""
    state: State = "silent"


@dataclass(slots=True)
class _Training:
    sectors: set[str]
    levels: set[str]
    passages: set[str]


@once
def coverage(source: Source) -> Sequence[Cell]:
    """Return every cell: each campus, each of its sectors, each level and each category of partner."""
    around = surroundings(source)
    trainings = _trainings(source)
    cells: list[Cell] = []
    for (campus, sector), proof in _campus_sectors(source).items():
        offered = trainings.get(campus, {})
        levels = sorted(load_terms().concepts[LEVELS])
        cells += _told([_at_level(campus, sector, level, offered, proof) for level in levels])
        cells += _told([_with(campus, sector, name, around, proof) for name in PARTNERS])
    return cells


def _told(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells of one kind of one sector, each with what its emptiness says beside the others."""
    some = any(cell.things for cell in cells)
    return [replace(cell, state=_state(cell, some=some)) for cell in cells]


def _state(cell: Cell, *, some: bool) -> State:
    if cell.things:
        return "documented"
    return "perhaps" if cell.perhaps else "gap" if some else "silent"


def coverage_gaps(source: Source) -> Sequence[Cell]:
    """Return the cells where no training or no partner is documented, the gaps first."""
    return sorted((cell for cell in coverage(source) if not cell.things), key=lambda cell: STATES.index(cell.state))


def _campus_sectors(source: Source) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in asked(source, _SECTORS):
        found[row["campus"], row["sector"]].add(locator(row["passage"], row.get("row", "")))
    return {pair: in_order(locators) for pair, locators in sorted(found.items())}


def _trainings(source: Source) -> Mapping[str, Mapping[str, _Training]]:
    found: defaultdict[str, dict[str, _Training]] = defaultdict(dict)
    for row in asked(source, _TRAININGS):
        one = found[row["campus"]].setdefault(row["training"], _Training(set(), set(), set()))
        one.sectors |= {row["sector"]} if "sector" in row else set()
        one.levels |= {row[name] for name in ("level", "diplomaLevel") if name in row}
        one.passages |= {locator(row["passage"], row.get("row", ""))} if "passage" in row else set()
    return found


def _at_level(campus: str, sector: str, level: str, offered: Mapping[str, _Training], proof: tuple[str, ...]) -> Cell:
    there = {iri: one for iri, one in sorted(offered.items()) if sector in one.sectors and level in one.levels}
    perhaps = tuple(
        iri
        for iri, one in sorted(offered.items())
        if iri not in there and (sector in one.sectors or not one.sectors) and (level in one.levels or not one.levels)
    )
    passages = in_order(p for one in there.values() for p in one.passages) if there else proof
    return Cell(campus, sector, level, "", tuple(there), () if there else perhaps, passages)


def _with(campus: str, sector: str, name: str, around: Surroundings, proof: tuple[str, ...]) -> Cell:
    categories = default_rules().categories
    members = [node for node in sorted(around.members(campus)) if category(around.kinds.get(node, ()), categories) == name]
    there = tuple(node for node in members if sector in around.sectors.get(node, {}))
    perhaps = tuple(node for node in members if node not in around.sectors)
    proofs = in_order(p for node in there for p in (*around.sectors[node][sector], *around.campuses[node][campus]))
    return Cell(campus, sector, "", name, there, () if there else perhaps, proofs if there else proof)
