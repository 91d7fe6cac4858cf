"""The first sheet of an XLSX file into CSV, with the standard library: values only, nothing is computed nor fetched.

ECMA-376 part 1: the sheet names its shared texts by number; a cell says its place (``B7``), so that empty cells may be left out.
"""

import csv
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from campuskg.errors import Place, Problem, ProblemsFound

_SPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MOST: Final = 1 << 30  # bytes of one part when unpacked: a bomb is refused
_CHUNK: Final = 1 << 16
_LONGEST_INTEGER: Final = 2**53


class _Refused(Exception):
    """The file is no sheet that we read; carries the reason."""


def sheet_to_csv(file: Path, plain: Path) -> None:
    """Write the rows of the first sheet of *file* to *plain*; ProblemsFound when it is no workbook."""
    try:
        with zipfile.ZipFile(file) as book, plain.open("w", encoding="utf-8", newline="") as write:
            texts = list(_texts(book))
            out = csv.writer(write, lineterminator="\n")
            width = 0
            for cells in _rows(book, texts):
                width = width or len(cells)
                out.writerow([*cells, *[""] * (width - len(cells))])
    except (zipfile.BadZipFile, ParseError, KeyError, IndexError, ValueError, _Refused) as error:
        reason = {"reason": str(error)}
        raise ProblemsFound([Problem("import-workbook", Place(str(file)), reason)]) from error


def _elements(part: IO[bytes], tag: str) -> Iterator[Element]:
    """Yield the elements named *tag*, each forgotten once it is read; a document type is refused: it could expand without end."""
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
            if kind == "end" and element.tag == _SPACE + tag:
                yield element
                root.clear()


def _texts(book: zipfile.ZipFile) -> Iterator[str]:
    """Yield the shared texts of the workbook."""
    if "xl/sharedStrings.xml" in book.namelist():
        with book.open("xl/sharedStrings.xml") as part:
            for item in _elements(part, "si"):
                yield "".join(text.text or "" for text in item.iter(_SPACE + "t"))


def _rows(book: zipfile.ZipFile, texts: list[str]) -> Iterator[list[str]]:
    sheets = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet[0-9]+\.xml", name))
    if not sheets:
        raise _Refused("no sheet")
    with book.open(min(sheets, key=lambda name: (len(name), name))) as part:
        for row in _elements(part, "row"):
            cells: list[str] = []
            for cell in row.iter(_SPACE + "c"):
                place = _column(cell.get("r", ""), len(cells))
                cells += [""] * (place - len(cells))
                cells.append(_value(cell, texts))
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


def _value(cell: Element, texts: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(_SPACE + "t"))
    found = cell.find(_SPACE + "v")
    text = (found.text or "") if found is not None else ""
    if kind == "s" and text:
        return texts[int(text)]
    if kind == "n" and text and float(text).is_integer() and abs(float(text)) < _LONGEST_INTEGER:
        return str(int(float(text)))  # a whole number is held exactly: a SIRET in a number cell is not lost
    return text
