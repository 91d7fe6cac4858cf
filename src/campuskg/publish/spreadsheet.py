"""An answer as an Excel workbook: typed cells, headings in words, a second sheet about it. Same answer, same bytes."""

import datetime as dt
import io
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.url import Url  # type: ignore[import-untyped]

from campuskg.errors import Text
from campuskg.publish.answers import LICENCE, Answer, empty_reason
from campuskg.publish.cite import iso_690
from campuskg.store.engine import Term

_CREATED: Final = dt.datetime(2026, 1, 1)  # noqa: DTZ001  a fixed mark, so that the bytes depend on the answer alone
_FORMATS: Final = {"euro": '#,##0.00\u00a0"€"', "percent": "0.0%", "number": "#,##0.##", "days": "0", "year": "0"}
_DAY: Final = {"fr": "dd/mm/yyyy", "en": "d mmm yyyy"}
_FIRST_YEAR: Final = 1900
"""Excel counts days from 1900; earlier dates stay text."""
_MAX_LINKS: Final = 60_000
_MAX_TEXT: Final = 32_000
_WIDEST: Final = 60
_EXACT: Final = 15
"""Digits that a number of a spreadsheet keeps; longer ones stay text."""


def as_xlsx(answer: Answer) -> bytes:
    """Return the workbook. Strings are never read as formulas, numbers or links; they are what the graph says."""
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, plain)
    book.set_properties({"title": answer.query.asked(answer.lang), "author": "campuskg", "created": _CREATED})
    Sheets(book, answer).write()
    book.close()
    return out.getvalue()


class Sheets:
    """Writes the two sheets of one answer."""

    def __init__(self, book: xlsxwriter.Workbook, answer: Answer) -> None:
        """Write *answer* into *book*."""
        self._answer = answer
        self._rows = book.add_worksheet(answer.text(Text("Réponse", "Answer")))
        self._about = book.add_worksheet(answer.text(Text("À propos", "About")))
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._forms = {form: book.add_format({"num_format": code}) for form, code in _FORMATS.items()}
        self._day = book.add_format({"num_format": _DAY[answer.lang]})
        self._links = 0
        self._known: dict[tuple[str, str], Url | None] = {}

    def write(self) -> None:
        """Write everything."""
        answer = self._answer
        variables = answer.rows.variables
        for x, heading in enumerate(answer.headings()):
            self._rows.write_string(0, x, heading, self._bold)
        cells = answer.cells()
        for y, (row, words) in enumerate(zip(answer.rows.rows, cells, strict=True), 1):
            for x, (term, shown) in enumerate(zip(row, words, strict=True)):
                if term is not None:
                    self._cell(y, x, variables[x], term, shown)
        for x, heading in enumerate(answer.headings()):
            self._rows.set_column(x, x, min(max([len(heading), *(len(row[x]) for row in cells)]) + 2, _WIDEST))
        self._rows.freeze_panes(1, 0)
        if cells:
            self._rows.autofilter(0, 0, len(cells), len(variables) - 1)
        else:
            self._rows.write_string(1, 0, empty_reason(answer))
        self._tell()

    def _cell(self, y: int, x: int, name: str, term: Term, shown: str) -> None:
        if isinstance(term, ox.NamedNode):
            self._link(y, x, term.value, shown[:_MAX_TEXT])
            return
        form = self._answer.column(name).form
        value = typed(term, form)
        if isinstance(value, bool):
            self._rows.write_boolean(y, x, value)
        elif isinstance(value, dt.date):
            self._rows.write_datetime(y, x, value, self._day)
        elif isinstance(value, Decimal):
            self._rows.write_number(y, x, float(value), self._forms.get(form))
        else:
            self._rows.write_string(y, x, term.value[:_MAX_TEXT])

    def _link(self, y: int, x: int, iri: str, shown: str) -> None:
        """Write a name that leads to its IRI, as long as the format allows links."""
        self._links += 1
        link = self._url(iri, shown) if self._links <= _MAX_LINKS else None
        if link is None or self._rows.write_url(y, x, link) != 0:
            self._rows.write_string(y, x, shown)

    def _url(self, iri: str, shown: str) -> Url | None:
        """Return the link to *iri* with its words: read once, for most stand in many cells. None where it can be none."""
        key = (iri, shown)
        if key not in self._known:
            self._known[key] = _read(iri, shown)
        return self._known[key]

    def _tell(self) -> None:
        """Write the second sheet: what was asked of what, under which licence, and how to cite it."""
        answer, query = self._answer, self._answer.query
        lines: list[tuple[str, str]] = [(answer.text(Text("Question", "Question")), query.asked(answer.lang))]
        lines += [(answer.text(Text("Pourquoi", "Why")), answer.text(query.why)), ("Note", answer.text(query.note))]
        lines += answer.parameters()
        for column in query.columns.values():
            lines.append((answer.text(column.label), answer.text(column.means)))
        lines += [
            (answer.text(Text("Livraison (SHA-256)", "Release (SHA-256)")), answer.digest),
            (answer.text(Text("Date de la livraison", "Date of the release")), answer.issued),
            (answer.text(Text("Licence", "Licence")), answer.text(LICENCE)),
            (answer.text(Text("Pour citer", "How to cite")), iso_690(answer)),
        ]
        lines = [(label, text) for label, text in lines if text]
        lines += [("SPARQL" if i == 0 else "", line) for i, line in enumerate(answer.sparql.splitlines())]
        for y, (label, text) in enumerate(lines):
            self._about.write_string(y, 0, label, self._bold)
            self._about.write_string(y, 1, text[:_MAX_TEXT], self._wrap)
        self._about.set_column(0, 0, 24)
        self._about.set_column(1, 1, 110)


def _read(iri: str, shown: str) -> Url | None:
    if not iri.startswith(("http://", "https://")) or "'" in iri:
        return None
    try:
        link = Url(iri)
    except ValueError:  # too long for the format
        return None
    link.text = shown
    return link


def typed(term: ox.Literal | ox.BlankNode, form: str) -> Decimal | dt.date | bool | str:
    """Return the value of a cell; a percentage is a fraction, as spreadsheets count."""
    if isinstance(term, ox.BlankNode):
        return term.value
    match term.datatype.value.rpartition("#")[2]:
        case "boolean":
            return term.value in ("true", "1")
        case "date":
            return _day(term.value)
        case "decimal" | "integer" | "double" | "float":
            return _number(term.value, form)
    return term.value


def _number(text: str, form: str) -> Decimal | str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or (number == number.to_integral_value() and number.adjusted() >= _EXACT):
        return text
    return number / 100 if form == "percent" else number


def _day(text: str) -> dt.date | str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.year >= _FIRST_YEAR else text
