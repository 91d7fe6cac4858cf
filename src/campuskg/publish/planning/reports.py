"""The analysis of the network in plain words: bridges, groups, dependencies, concentration, overlap, who is alone, what lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pyoxigraph as ox

from campuskg.analysis import REPORTS, Line, Report, report
from campuskg.analysis.reports import plain
from campuskg.content import BASE_IRI
from campuskg.errors import Text, UsageProblem, nearest
from campuskg.publish import words
from campuskg.publish.planning.block import Block, composed
from campuskg.publish.planning.desk import Desk, integer, rows, value
from campuskg.publish.planning.form import Values
from campuskg.publish.planning.grid import grid
from campuskg.publish.planning.network import overlaps, release_of
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Column, Parameter
from campuskg.store.engine import Term

_SAID: Final = 6
"""Sentences said for one analysis; its table has every row."""
_MOST: Final = 20
_SHADES: Final = 4
_ROWS: Final = 12
"""Rows of each table on the page of all analyses; the page of one has them all."""
_KEPT: dict[tuple[str, str, str, int], Report] = {}
_QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "bridges": ("partnerships", "bridging-organisations"),
    "standings": ("partnerships", "hub-organisations"),
    "groups": ("partnerships",),
    "funding": ("funder-dependency", "funding-by-stage"),
    "single": ("funder-dependency", "partnerships"),
    "overlap": ("campus-links",),
    "isolated": ("campus-members", "partnerships"),
    "coverage": ("trainings-by-campus", "members-by-category"),
}
"""Analysis -> the questions of the catalogue whose rows it reads."""


def make(desk: Desk, values: Values) -> Made:
    """Put the page together."""
    minimum = int(values["minimum"][0].value) if "minimum" in values else 1
    if not 1 <= minimum <= _MOST:
        raise UsageProblem("request-number", name="minimum", value=minimum, most=_MOST)
    only = value(values["section"][0]) if "section" in values else ""
    if only and only not in REPORTS:
        raise UsageProblem("analysis-unknown", name=only[:80], known=nearest(only, REPORTS) or ", ".join(REPORTS))
    made = [_report(name, desk, minimum) for name in REPORTS if only in ("", name)]
    sections = [
        {"key": one.name, "title": one.title, "about": one.about, "count": len(one.lines),
         "told": one.figures.get("gap", len(one.lines)), "caveats": one.caveats,
         "said": [line.sentence for line in one.lines[:_SAID]], "more": max(0, len(one.lines) - _SAID),
         "figures": _figures(one, desk)}
        for one in made
    ]  # fmt: skip
    blocks = [replace(_table(one, desk, minimum), most=0 if only else _ROWS) for one in made]
    return Made(
        blocks, {"sections": sections, "matrix": _matrix(desk), "grid": grid(desk), "only": only}, made[0].title if only else ""
    )


def _report(name: str, desk: Desk, minimum: int) -> Report:
    """Return one analysis, worked out once for a graph, a language and a least number of shared activities."""
    key = desk.digest, name, desk.lang, minimum
    if key not in _KEPT:
        _KEPT[key] = report(name, release_of(desk), desk.lang, minimum)
    return _KEPT[key]


def _figures(one: Report, desk: Desk) -> list[tuple[str, str]]:
    """Return the figures of the whole network, for the analyses of it; what could not be worked out is left out."""
    w = planning_words("analysis", desk.lang)
    shown = {name: round(figure, 2) for name, figure in one.figures.items() if figure is not None}
    return [(w[f"figure_{name}"], words.number(str(figure), desk.lang)) for name, figure in shown.items()]


def _table(one: Report, desk: Desk, minimum: int) -> Block:
    """Return the table of a report; names that are things lead to their pages."""
    columns = [Column(f"c{at}", Text(heading, heading)) for at, heading in enumerate(one.columns)]
    lines = [_cells(line, desk) for line in one.lines]
    questions = [desk.ask(name, **_given(name, desk, minimum)) for name in _QUESTIONS.get(one.name, ())]
    note = " ".join(one.caveats)
    return composed(
        one.name, one.title, desk, columns, lines, sources=questions, note=note, proofs=[line.passages for line in one.lines]
    )


def _given(query: str, desk: Desk, minimum: int) -> dict[str, Term | list[Term]]:
    """Return the values with which the analysis reads a question: its least number of activities, all campuses."""
    if query == "partnerships":
        return {"minimum": integer(minimum)}
    if query == "funding-by-stage":
        return {"campus": [ox.NamedNode(iri) for iri in sorted({value(row["campus"]) for row in rows(desk.ask("campuses"))})]}
    return {}


def _cells(line: Line, desk: Desk) -> list[Term | None]:
    known = {desk.name(iri, desk.lang): iri for iri in _things(plain(line.result))}
    return [_term(cell, known) for cell in line.cells]


def _term(cell: str, known: Mapping[str, str]) -> Term | None:
    """Return a cell as a term: the thing that it names, a whole number, else its words."""
    if not cell:
        return None
    if cell in known:
        return ox.NamedNode(known[cell])
    return integer(int(cell)) if cell.isascii() and cell.isdigit() else ox.Literal(cell)


def _things(result: Any) -> Iterator[str]:  # noqa: ANN401  what JSON holds
    """Yield the IRIs in a result."""
    if isinstance(result, str):
        if result.startswith(BASE_IRI):
            yield result
    elif isinstance(result, Mapping):
        for key, part in result.items():
            yield from _things(key)
            yield from _things(part)
    elif isinstance(result, Sequence):
        for part in result:
            yield from _things(part)


def _matrix(desk: Desk) -> dict[str, object]:
    """Return the campuses against each other: how many organisations each two share, with where the two are compared."""
    found = overlaps(desk)
    names = sorted({iri for one in found for iri in (one.a, one.b)}, key=lambda iri: desk.short(iri, desk.lang))
    counts = {frozenset((one.a, one.b)): len(one.shared) for one in found}
    most = max(counts.values(), default=0) or 1
    lines = [
        [
            None if a == b else {"count": counts.get(frozenset((a, b)), 0), "a": _id(a), "b": _id(b),
                                 "shade": -(-_SHADES * counts.get(frozenset((a, b)), 0) // most)}
            for b in names
        ]
        for a in names
    ]  # fmt: skip
    heads = [{"short": desk.short(iri, desk.lang, 0), "name": desk.name(iri, desk.lang), "id": _id(iri)} for iri in names]
    return {"heads": heads, "lines": lines}


def _id(iri: str) -> str:
    return iri.removeprefix(f"{BASE_IRI}id/")


PAGE: Final = PlanningPage(
    "analysis",
    {
        "section": Parameter("section", Text("Section", "Section"), "text", optional=True),
        "minimum": Parameter(
            "minimum", text("analysis", "minimum"), "integer", optional=True, means=text("analysis", "minimum_means")
        ),
    },
    make,
    hidden=("section",),
)
