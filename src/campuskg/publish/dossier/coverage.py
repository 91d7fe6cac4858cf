"""What the sectors of a campus lack, by the analysis of coverage: an answer like those of queries, told from the same rows."""

from typing import Final

import pyoxigraph as ox

from campuskg.analysis import Cell
from campuskg.analysis.reports import Report, report
from campuskg.errors import Lang, Text
from campuskg.publish.answers import Answer
from campuskg.queries import Column, Query
from campuskg.release import Release
from campuskg.store import Rows

NAME: Final = "analysis:coverage"
_QUERY: Final = Query(
    NAME,
    Text(
        "Pour chaque filière du campus, quels niveaux de formation et quelles catégories de partenaires ne sont pas documentés ?",
        "For each sector of the campus, which levels of training and which categories of partners are not documented?",
    ),
    "",
    note=Text(
        "Analyse « coverage » (campuskg analyse coverage) : un manque est un silence des sources, pas la preuve d'une absence.",
        "Analysis ‘coverage’ (campuskg analyse coverage): a gap is a silence of the sources, no proof of absence.",
    ),
    columns={
        "sector": Column("sector", Text("Filière", "Sector")),
        "missing": Column("missing", Text("Non documenté", "Not documented")),
    },
)
_LAST: list[tuple[Release, Lang, Report]] = []
"""The two reports made last: each holds every campus, and a run makes the dossiers of several."""


def coverage_answer(release: Release, lang: Lang, campus: str) -> Answer:
    """Return what is missing at *campus* (an IRI): a row for each sector and level or category of partner."""
    found = next((told for held, spoken, told in _LAST if held is release and spoken == lang), None)
    if found is None:
        found = report("coverage", release, lang)
        _LAST[:] = [*_LAST[-1:], (release, lang, found)]
    rows = [
        (ox.NamedNode(line.result.sector), ox.Literal(line.cells[2]))
        for line in found.lines
        if isinstance(line.result, Cell) and line.result.campus == campus
    ]
    return Answer(_QUERY, Rows(("sector", "missing"), rows), release.names, lang, {}, release.digest, release.date)
