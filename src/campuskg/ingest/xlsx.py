"""The first sheet of an XLSX file into CSV, with the standard library: values only, nothing is computed nor fetched.

ECMA-376 part 1: the sheet names its shared texts by number; a cell says its place (``B7``), so that empty cells may be left out;
a date is a number of days whose style shows it as one (18.8.30, 18.8.31); a formula stands beside its last value, or has none.
"""

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from campuskg.errors import Place, Problem, ProblemsFound
from campuskg.ingest.cleaning import UNCOMPUTED

_SPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST: Final = 1 << 30  # bytes of one part when unpacked: a bomb is refused
_CHUNK: Final = 1 << 16
_LONGEST_INTEGER: Final = 2**53
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Number formats that show dates and are the same in every workbook (ECMA-376 part 1, 18.8.30)."""
_EPOCHS: Final = (dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1))  # noqa: DTZ001  a workbook has no time zone
_LAST_DAY: Final = 2_958_466  # the first of January of the year 10000


class _Refused(Exception):
    """The file is no sheet that we read; carries the reason."""


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of a sheet lean on: shared texts, which styles show dates, and from when days are counted."""

    texts: Sequence[str]
    dates: frozenset[int]
    epoch: dt.datetime


def sheet_to_csv(file: Path, plain: Path) -> None:
    """Write the rows of the first sheet of *file* to *plain*; ProblemsFound when it is no workbook."""
    try:
        with zipfile.ZipFile(file) as book, plain.open("w", encoding="utf-8", newline="") as write:
            known = _Book(list(_texts(book)), _date_styles(book), _EPOCHS[_from_1904(book)])
            out = csv.writer(write, lineterminator="\n")
            width = 0
            for cells in _rows(book, known):
                width = width or len(cells)
                while len(cells) > width and not cells[-1]:  # formatted, and empty
                    cells.pop()
                out.writerow([*cells, *[""] * (width - len(cells))])
    except (
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        IndexError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        _Refused,
    ) as error:
        reason = {"reason": str(error)}
        raise ProblemsFound([Problem("import-workbook", Place(str(file)), reason)]) from error


def _elements(part: IO[bytes], *tags: str) -> Iterator[Element]:
    """Yield the elements named *tags*, each forgotten once read; a document type is refused: it could expand without end."""
    parser: XMLPullParser[Element] = XMLPullParser(["start", "end"])
    read = 0
    root: Element | None = None
    while data := part.read(_CHUNK):
        read += len(data)
        if read > _MOST or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise _Refused("too large, or a document type")
        parser.feed(data)
        for event in parser.read_events():
            kind, element = str(event[0]), event[-1]
            if not isinstance(element, Element):
                continue
            root = element if root is None else root
            if kind == "end" and element.tag.rpartition("}")[2] in tags:
                yield element
                root.clear()


def _texts(book: zipfile.ZipFile) -> Iterator[str]:
    """Yield the shared texts of the workbook."""
    if "xl/sharedStrings.xml" in book.namelist():
        with book.open("xl/sharedStrings.xml") as part:
            for item in _elements(part, "si"):
                yield "".join(text.text or "" for text in item.iter(_SPACE + "t"))


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """Return the numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    own: set[int] = set()
    styles: list[int] = []
    with book.open("xl/styles.xml") as part:
        for element in _elements(part, "numFmts", "cellXfs"):
            for item in element:
                number = int(item.get("numFmtId", "0"))
                if item.tag == _SPACE + "xf":
                    styles.append(number)
                elif _shows_a_date(item.get("formatCode", "")):
                    own.add(number)
    return frozenset(place for place, number in enumerate(styles) if number in _DATES or number in own)


def _shows_a_date(code: str) -> bool:
    """Tell whether a number format has days, months or years outside quotes, brackets and escapes.

    >>> _shows_a_date("dd/mm/yyyy"), _shows_a_date('0.00 "days"'), _shows_a_date("[Red]0"), _shows_a_date("General")
    (True, False, False, False)
    """
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\_*].', "", code)
    return bare.lower() != "general" and re.search("[dy]", bare, re.IGNORECASE) is not None


def _from_1904(book: zipfile.ZipFile) -> bool:
    if "xl/workbook.xml" not in book.namelist():
        return False
    with book.open("xl/workbook.xml") as part:
        return any(element.get("date1904", "0") in ("1", "true") for element in _elements(part, "workbookPr"))


def _first_sheet(book: zipfile.ZipFile) -> str:
    """Return the part of the sheet that stands first in the workbook; without a workbook part, the one with the least number."""
    names = set(book.namelist())
    if {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        with book.open("xl/workbook.xml") as part:
            wanted = next((sheet.get(_RELATION) for sheets in _elements(part, "sheets") for sheet in sheets), None)
        with book.open("xl/_rels/workbook.xml.rels") as part:
            targets = {item.get("Id"): item.get("Target", "") for item in _elements(part, "Relationship")}
        target = targets.get(wanted, "")
        path = target.removeprefix("/") if target.startswith("/") else "xl/" + target
        if path in names:
            return path
    sheets = [name for name in names if re.fullmatch(r"xl/worksheets/sheet[0-9]+\.xml", name)]
    if not sheets:
        raise _Refused("no sheet")
    return min(sheets, key=lambda name: (len(name), name))


def _rows(book: zipfile.ZipFile, known: _Book) -> Iterator[list[str]]:
    with book.open(_first_sheet(book)) as part:
        for row in _elements(part, "row"):
            cells: list[str] = []
            for cell in row.iter(_SPACE + "c"):
                place = _column(cell.get("r", ""), len(cells))
                cells += [""] * (place - len(cells))
                cells.append(_value(cell, known))
            yield cells


def _column(place: str, otherwise: int) -> int:
    """Return the number of a column from the place of a cell.

    >>> _column("A1", 0), _column("AB7", 0)
    (0, 27)
    """
    letters = re.match(r"[A-Z]{1,3}", place)
    if letters is None:
        return otherwise
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Element, known: _Book) -> str:
    """Return the value of a cell as text: a date in ISO 8601, a whole number without a point."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(_SPACE + "t"))
    found = cell.find(_SPACE + "v")
    text = (found.text or "") if found is not None else ""
    if kind == "e" or (not text and cell.find(_SPACE + "f") is not None and kind != "str"):
        return UNCOMPUTED
    if kind == "s" and text:
        return known.texts[int(text)]
    if kind == "n" and text:
        return _number(float(text), text, known, is_date=int(cell.get("s", "0")) in known.dates)
    return text


def _number(number: float, text: str, known: _Book, *, is_date: bool) -> str:
    if is_date and 0 <= number < _LAST_DAY:
        moment = known.epoch + dt.timedelta(seconds=round(number * 86400))
        return moment.date().isoformat() if number.is_integer() else moment.isoformat()
    if number.is_integer() and abs(number) < _LONGEST_INTEGER:
        return str(int(number))  # a whole number is held exactly: a SIRET in a number cell is not lost
    return text
