"""The table of one part: cells in words with the values they come from, rows that say the same thing told once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import pick
from campuskg.publish import words as said
from campuskg.publish.dossier.asked import Asked
from campuskg.publish.dossier.plan import PartPlan, words
from campuskg.publish.svg.words import plain
from campuskg.store.engine import Term

_EVIDENCE: Final = re.compile(r"(?:^l|L)ines\d?$")
_ID: Final = BASE_IRI + "id/"
_LONGEST: Final = 320
_MOST_LOCATORS: Final = 4_000
_NUMBERS: Final = ("euro", "percent", "number", "days")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, the column and the value that they come from, and how it is shown."""

    column: str
    text: str
    value: str = ""
    """The lexical value (its beginning, of a text) or the IRI; locators are joined by spaces."""
    href: str = ""
    look: str = ""
    """``number``, ``silent`` (the sources do not say), ``evidence``, or nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, and the rows of the answer that it stands for."""

    rows: tuple[int, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading; the heading is a cell of the answer too."""

    head: Cell | None
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings and the groups; *silent* are the headings of columns that no line fills."""

    headings: Sequence[tuple[str, str]]
    """Heading, and its look."""
    groups: Sequence[Group]
    silent: Sequence[str] = ()


def table(asked: Asked, part: PartPlan) -> Table:
    """Return the rows kept of *asked* as *part* shows them."""
    names = [name for name in asked.rows.variables if name not in (*part.hide, *part.dates.values(), part.group)]
    filled = [name for name in names if asked.column(name)]
    shown = [name for name in names if name in filled or name in part.empty]
    shown.sort(key=lambda name: (is_evidence(name), names.index(name)))
    silent = [_heading(asked, name) for name in names if name not in shown and name not in part.blank]
    groups: dict[str, tuple[Cell | None, dict[tuple[str, ...], list[int]]]] = {}
    for row in asked.kept:
        head = cell(asked, part, (row,), part.group) if part.group else None
        key = tuple(str(asked.term(row, name) or "") for name in names if not is_evidence(name))
        groups.setdefault(head.value if head else "", (head, {}))[1].setdefault(key, []).append(row)
    return Table(
        [(_heading(asked, name), _look(asked, name)) for name in shown],
        [
            Group(head, [Line(tuple(rows), tuple(cell(asked, part, rows, name) for name in shown)) for rows in lines.values()])
            for head, lines in groups.values()
        ],
        silent,
    )


def is_evidence(name: str) -> bool:
    """Tell whether a column holds locators.

    >>> is_evidence("lines"), is_evidence("promiseLines"), is_evidence("lines2"), is_evidence("outlines")
    (True, True, True, False)
    """
    return _EVIDENCE.search(name) is not None


def cell(asked: Asked, part: PartPlan, rows: Sequence[int], name: str) -> Cell:
    """Return the cell of the column *name* on a line that stands for *rows*."""
    if is_evidence(name):
        found = sorted({term.value for row in rows if (term := asked.term(row, name)) is not None}, key=reading_order)
        return (
            Cell(name, locators(found, asked), plain(" ".join(found), _MOST_LOCATORS), look="evidence")
            if found
            else _nothing(asked, part, name)
        )
    term = asked.term(rows[0], name)
    if term is None:
        return _nothing(asked, part, name)
    href = term.value if isinstance(term, ox.NamedNode) and term.value.startswith(_ID) else ""
    return Cell(name, _shown(asked, part, rows[0], name), plain(term.value), href, _look(asked, name))


def _nothing(asked: Asked, part: PartPlan, name: str) -> Cell:
    if name in part.empty:
        return Cell(name, pick(part.empty[name], asked.answer.lang), look="silent")
    return Cell(name, "" if name in part.blank else words(asked.answer.lang)["unknown_short"], look="silent")


def _shown(asked: Asked, part: PartPlan, row: int, name: str) -> str:
    """Return one value in words; a date at the precision that the answer gives."""
    term, lang = asked.term(row, name), asked.answer.lang
    precision = asked.term(row, part.dates.get(name, ""))
    if isinstance(term, ox.Literal) and precision is not None:
        return said.date(term.value, lang, precision.value)
    return plain(asked.answer.shown(name, term), _LONGEST)


def _heading(asked: Asked, name: str) -> str:
    column = asked.answer.column(name)
    unit = f" ({column.unit})" if column.unit else ""
    return words(asked.answer.lang)["evidence"] if name == "lines" else pick(column.label, asked.answer.lang) + unit


def _look(asked: Asked, name: str) -> str:
    if is_evidence(name):
        return "evidence"
    form = asked.answer.column(name).form
    return "number" if form in _NUMBERS else "date" if form == "date" else ""


def locators(found: Iterable[str], asked: Asked) -> str:
    """Return locators as people read them: the document, then its lines.

    The document is named by its short key; the annex says what it is.
    """
    by_source: dict[str, list[str]] = {}
    for locator in found:
        source, _, lines = locator.rpartition("/")  # a few answers name the document in a column of its own
        by_source.setdefault(source, []).append(plain(lines, 60).replace("-", "–"))
    mark = words(asked.answer.lang)["line"]
    named = ((f"{plain(source, 40)}, " if source else "", lines) for source, lines in by_source.items())
    return "; ".join(f"{source}{mark}{', '.join(lines)}" for source, lines in named)


def reading_order(locator: str) -> tuple[str, int, str]:
    """Return what puts locators into the order of the texts.

    >>> reading_order("gbm-2022/51-53")
    ('gbm-2022', 51, '51-53')
    """
    source, _, lines = locator.partition("/")
    first = re.match(r"\d+", lines)
    return source, int(first[0]) if first else 0, lines


def numeric(term: Term | None) -> float | None:
    """Return the number that *term* holds, for drawing."""
    if not isinstance(term, ox.Literal):
        return None
    try:
        return float(term.value)
    except ValueError:
        return None
