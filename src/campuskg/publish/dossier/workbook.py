"""A dossier as an Excel workbook: a sheet for each section, typed cells, whole answers. Same dossier, same bytes."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any, Final

import pyoxigraph as ox
import xlsxwriter  # type: ignore[import-untyped]

from campuskg.content import BASE_IRI
from campuskg.publish import words as said
from campuskg.publish.dossier.asked import Asked
from campuskg.publish.dossier.compose import Dossier, Part, Section
from campuskg.publish.dossier.page import documented, note
from campuskg.publish.dossier.plan import words
from campuskg.publish.dossier.table import is_evidence
from campuskg.publish.spreadsheet import typed
from campuskg.publish.svg.words import plain
from campuskg.store.engine import Term

_CREATED: Final = dt.time(0, 0)
_NEVER: Final = dt.date(2026, 1, 1)
_MAX_TEXT: Final = 2_000
_MAX_LINK: Final = 2_000
_NAME: Final = 31
"""Letters that the name of a sheet may have; some are not allowed in it."""
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDTHS: Final = (34, 34, 26, 20, 20, 18, 18, 18, 26, 26)
_FORMS: Final = {"euro": '#,##0.00\u00a0"€"', "percent": "0.0%", "number": "#,##0.##", "days": "0", "year": "0"}
_DAY: Final = {"fr": "dd/mm/yyyy", "en": "d mmm yyyy"}


def as_workbook(found: Dossier) -> bytes:
    """Return *found* as a workbook. No string of the graph is ever a formula; links lead to the things themselves."""
    out = io.BytesIO()
    plainly = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, plainly)
    title = f"{words(found.lang)['dossier']} – {found.name}"
    book.set_properties({"title": title, "author": "campuskg", "created": _created(found.issued)})
    _Book(book, found).write()
    book.close()
    return out.getvalue()


def _created(issued: str) -> dt.datetime:
    """Return the day of the release, so that the bytes depend on the release alone."""
    try:
        day = dt.date.fromisoformat(issued)
    except ValueError:
        day = _NEVER
    return dt.datetime.combine(day, _CREATED)


class _Book:
    """Writes the sheets of one dossier."""

    def __init__(self, book: xlsxwriter.Workbook, found: Dossier) -> None:
        self._book, self._found, self._words = book, found, words(found.lang)
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._part = book.add_format({"bold": True, "font_size": 11, "bottom": 1})
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._small = book.add_format({"italic": True, "font_size": 8, "font_color": "#55606b"})
        self._day = book.add_format({"num_format": _DAY[found.lang], "valign": "top"})
        self._forms = {form: book.add_format({"num_format": code, "valign": "top"}) for form, code in _FORMS.items()}
        self._sheet: Any = None
        self._y = 0

    def write(self) -> None:
        """Write every sheet."""
        self._cover()
        for section in self._found.sections:
            self._section(section)
        self._queries()
        self._sources()

    def _begin(self, name: str, heading: str) -> None:
        taken = {sheet.get_name().lower() for sheet in self._book.worksheets()}
        short = plain(name.translate(_FORBIDDEN), _NAME).strip() or "–"
        while short.lower() in taken:
            short = f"{short[: _NAME - 2]} {len(taken)}"[:_NAME]
        self._sheet = self._book.add_worksheet(short)
        for x, wide in enumerate(_WIDTHS):
            self._sheet.set_column(x, x, wide)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._y = 0
        self._line(heading, look=self._title)
        self._y += 1

    def _line(self, *cells: str, look: object = None) -> None:
        for x, text in enumerate(cells):
            self._sheet.write_string(self._y, x, text[:_MAX_TEXT], look)
        self._y += 1

    def _cover(self) -> None:
        found, w = self._found, self._words
        self._begin(w["in_brief"], found.name)
        why = w["state_given"] if found.given else w["state_why"]
        self._line(f"{w['dossier']} – {w['state'].format(date=said.date(found.at, found.lang))} ({why})")
        for key in found.keys:
            self._line(key.label, key.text, f"[{key.asked.number}] {key.asked.name}", look=self._wrap)
        self._y += 1
        self._line(w["release"].format(digest=found.digest, date=said.date(found.issued, found.lang)))
        self._line(w["licence"])
        self._line(w["made_says"], look=self._wrap)

    def _section(self, section: Section) -> None:
        self._begin(f"{section.number} {section.heading}", section.heading)
        for part in section.parts:
            self._answer(part)
        for words_of, silent in ((self._words["silent"], section.silent), (self._words["all_clear"], section.clear)):
            if silent:
                self._line(words_of, look=self._bold)
            for heading, asked in silent:
                self._line(heading, f"[{asked.number}] {asked.name}" if asked else "")

    def _answer(self, part: Part) -> None:
        """Write one part: all columns of its answer, the rows that were kept."""
        asked, answer = part.asked, part.asked.answer
        self._line(part.heading, look=self._part)
        self._line(*answer.headings(), look=self._bold)
        for row in asked.kept:
            for x, name in enumerate(asked.rows.variables):
                term = asked.rows.rows[row][x]
                if term is not None:
                    self._cell(x, asked, name, term)
            self._y += 1
        told = note(asked, self._found)
        parts = [
            f"{self._words['source']} {told.query}",
            told.values,
            told.kept,
            f"{self._words['release_word']} {answer.digest}",
        ]
        self._line("; ".join(p for p in parts if p), look=self._small)
        self._line(told.link[:_MAX_LINK], look=self._small)
        self._y += 1

    def _cell(self, x: int, asked: Asked, name: str, term: Term) -> None:
        sheet, form = self._sheet, asked.answer.column(name).form
        if isinstance(term, ox.NamedNode):
            shown = plain(asked.answer.shown(name, term), 255)
            safe = term.value.startswith(BASE_IRI) and "'" not in term.value
            if not safe or sheet.write_url(self._y, x, term.value, string=shown) != 0:
                sheet.write_string(self._y, x, shown, self._wrap)
            return
        value = typed(term, form)
        if isinstance(value, bool):
            sheet.write_boolean(self._y, x, value)
        elif isinstance(value, dt.date):
            sheet.write_datetime(self._y, x, value, self._day)
        elif isinstance(value, Decimal):
            sheet.write_number(self._y, x, float(value), self._forms.get(form))
        else:
            text = term.value.replace("-", "–") if is_evidence(name) else term.value
            sheet.write_string(self._y, x, plain(text, _MAX_TEXT), self._wrap)

    def _queries(self) -> None:
        w = self._words
        self._begin(w["made_queries"], w["made_queries"])
        self._line("#", w["query"], w["made_question"], w["made_rows"], w["permalink"], look=self._bold)
        for asked in self._found.asked:
            told = note(asked, self._found)
            self._line(str(told.number), told.query, f"{told.question} {told.values}".strip(), "", told.link[:_MAX_LINK])
            self._sheet.write_number(self._y - 1, 3, told.rows)

    def _sources(self) -> None:
        w = self._words
        self._begin(w["sources"], w["sources"])
        self._line(w["sources_document"], w["sources_passages"], w["made_queries"], w["sources_title"], look=self._bold)
        for source in documented(self._found):
            for passage in source.passages:
                numbers = " ".join(f"[{number}]" for number in passage.queries)
                self._line(source.key, passage.lines, numbers, source.title)
