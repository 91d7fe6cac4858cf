"""An answer as the tables of the pages show it: terms in words, with their links and the values that scripts sort by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox
from markupsafe import Markup

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact
from campuskg.publish import answer_rows, words
from campuskg.publish.answers import Answer
from campuskg.publish.drawn import address
from campuskg.publish.pages import interface_words
from campuskg.publish.sheet import Proof
from campuskg.store.engine import Term

Kind = Literal["text", "number", "date", "link"]

MOST_ROWS: Final = 2000
"""Rows that a page shows; the downloads hold them all."""
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long"))
_KINDS: Final[Mapping[str, Kind]] = {
    "euro": "number",
    "percent": "number",
    "number": "number",
    "days": "number",
    "year": "number",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column."""

    name: str
    label: str
    kind: Kind
    form: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its words (empty where unknown), its link, and the plain value that scripts read."""

    text: str = ""
    href: str = ""
    value: str = ""
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table with its proofs."""

    cells: Sequence[Cell]
    proofs: Sequence[Proof] = ()


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """The table of an answer; *proofs* tells whether the column of evidence is there."""

    columns: Sequence[Heading]
    rows: Sequence[Line]
    count: int
    proofs: bool = False

    def body(self, link: Callable[[str], str], unknown: str) -> Markup:
        """Return the rows as HTML."""
        return answer_rows.rows(self, link, unknown)


def thing_address(iri: str) -> str:
    """Return where a link to the thing *iri* leads: its page here for ours, itself for the others.

    >>> thing_address("http://id.insee.fr/geo/commune/70550")
    'http://id.insee.fr/geo/commune/70550'
    >>> thing_address("javascript:alert(1)")
    ''
    """
    return address(iri)


def cell(answer: Answer, column: str, term: Term | None) -> Cell:
    """Return *term* as a cell of *column*: in words, with its link and the plain value."""
    if term is None:
        return Cell()
    text = answer.shown(column, term)
    if isinstance(term, ox.NamedNode):
        return Cell(compact(text) if text == term.value else text, thing_address(term.value), term.value, "link")
    kind = _kind(answer.column(column).form, term) if isinstance(term, ox.Literal) else "text"
    return Cell(text, "", term.value, kind)


def table_cells(answer: Answer, most: int | None = None) -> list[list[Cell]]:
    """Return the first *most* rows of *answer* as cells; a value that a column has several times is put in words once."""
    names = answer.rows.variables
    known: list[dict[Term | None, Cell]] = [{} for _ in names]
    found = []
    for row in answer.rows.rows[:most]:
        line = []
        for name, seen, term in zip(names, known, row, strict=True):
            if term not in seen:
                seen[term] = cell(answer, name, term)
            line.append(seen[term])
        found.append(line)
    return found


def _kind(form: str, term: ox.Literal) -> Kind:
    datatype = term.datatype.value
    if form in _KINDS:
        return _KINDS[form]
    if datatype in _NUMBERS:
        return "number"
    return "date" if datatype == _XSD + "date" else "text"


def answer_table(answer: Answer, proofs: Sequence[Sequence[Proof]] | None = None) -> AnswerTable:
    """Return the table of *answer* and, when they were asked for, the *proofs* of each row."""
    names = answer.rows.variables
    cells = table_cells(answer, MOST_ROWS)
    lines = [Line(row, proofs[index] if proofs is not None else ()) for index, row in enumerate(cells)]
    labels = answer.headings()
    headings = [_heading(answer, name, labels[at], [line.cells[at] for line in lines]) for at, name in enumerate(names)]
    return AnswerTable(headings, lines, len(answer.rows.rows), proofs is not None)


def _heading(answer: Answer, name: str, label: str, cells: Sequence[Cell]) -> Heading:
    """Return the head of a column; its kind is that of all its known values, else text."""
    kinds = {one.kind for one in cells if one.text}
    column = answer.column(name)
    return Heading(name, label, kinds.pop() if len(kinds) == 1 else "text", column.form, answer.text(column.means))


def passage_proofs(locators: Sequence[Sequence[str]]) -> list[list[Proof]]:
    """Return the passages of each row as links, from locators such as ``gbm-2022:304-306``."""
    return [[_proof(locator) for locator in found] for found in locators]


def _proof(locator: str) -> Proof:
    document, _, lines = locator.partition(":")
    return Proof(f"{document}, {lines}", thing_address(f"{BASE_IRI}id/passage/{document}/{lines}"))


def row_count(count: int, lang: Lang) -> str:
    """Return « 12 lignes » in the reader's language."""
    said = interface_words(lang)
    return said["rows_one"] if count == 1 else said["rows_many"].format(count=words.number(str(count), lang))


def cut_note(answer: AnswerTable, lang: Lang) -> str:
    """Return the sentence that says how many rows are not shown; empty when all are."""
    if answer.count <= len(answer.rows):
        return ""
    shown, count = words.number(str(len(answer.rows)), lang), words.number(str(answer.count), lang)
    return interface_words(lang)["rows_cut"].format(shown=shown, count=count)
