"""What the sectors of a campus lack, by the analysis of coverage: an answer like those of queries, told from the same rows."""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from campuskg.analysis import Cell
from campuskg.analysis.coverage import STATES
from campuskg.analysis.reports import Report, report
from campuskg.errors import Lang, Text
from campuskg.publish.answers import Answer
from campuskg.queries import Column, Query
from campuskg.release import Release
from campuskg.store import Rows
from campuskg.store.engine import Term

NAME: Final = "analysis:coverage"
BETWEEN: Final = " · "
"""Stands between the levels and categories of one cell."""
_QUERY: Final = Query(
    NAME,
    Text(
        "Pour chaque filière du campus, quels niveaux de formation et quelles catégories de partenaires ne sont pas documentés ?",
        "For each sector of the campus, which levels of training and which categories of partners are not documented?",
    ),
    "",
    note=Text(
        "Analyse « coverage » (campuskg analyse coverage). Manque à vérifier : la filière est documentée ici à un autre niveau"
        " ou avec une autre catégorie. Peut-être : une formation ou un membre documenté peut combler la case, sans que les"
        " sources le disent. Non documenté : les sources n'en disent rien, on ne peut pas conclure à un manque.",
        "Analysis ‘coverage’ (campuskg analyse coverage). Gap to be checked: the sector is documented here at another level, or"
        " with another category. Perhaps: a documented training or member may fill the cell, though the sources do not say so."
        " Not documented: the sources say nothing of it, and no gap can be concluded.",
    ),
    columns={
        "sector": Column("sector", Text("Filière", "Sector")),
        "gap": Column("gap", Text("Manque à vérifier", "Gap to be checked")),
        "perhaps": Column("perhaps", Text("Peut-être", "Perhaps")),
        "silent": Column("silent", Text("Non documenté", "Not documented")),
    },
)
_LAST: list[tuple[Release, Lang, Report]] = []
"""The two reports made last: each holds every campus, and a run makes the dossiers of several."""


def coverage_answer(release: Release, lang: Lang, campus: str) -> Answer:
    """Return what is missing at *campus* (an IRI): a row for each sector, a column for each kind of silence."""
    found = next((told for held, spoken, told in _LAST if held is release and spoken == lang), None)
    if found is None:
        found = report("coverage", release, lang)
        _LAST[:] = [*_LAST[-1:], (release, lang, found)]
    sectors: dict[str, dict[str, list[str]]] = {}
    for line in found.lines:
        if isinstance(line.result, Cell) and line.result.campus == campus:
            states = sectors.setdefault(line.result.sector, {state: [] for state in STATES})
            states[line.result.state].append(line.cells[2])
    rows: list[tuple[Term | None, ...]] = [
        (ox.NamedNode(sector), *(_joined(states[state]) for state in STATES)) for sector, states in sorted(sectors.items())
    ]
    return Answer(_QUERY, Rows(("sector", *STATES), rows), release.names, lang, {}, release.digest, release.date)


def _joined(names: Iterable[str]) -> Term | None:
    told = BETWEEN.join(names)
    return ox.Literal(told) if told else None
