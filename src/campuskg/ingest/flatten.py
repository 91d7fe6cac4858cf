"""JSON lines, or one list of records, into a table: the columns are paths into the records, given by the importer.

A path is written ``names[types=ror_display].value``: keys, with a condition on the items of a list between brackets. The first of
the paths of a column that finds something gives the value; many values are joined by a unit separator.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from campuskg.ingest.triples import SEPARATOR

ROW: Final = "«row»"
_CHUNK: Final = 1 << 20
_LONGEST: Final = 1 << 24
"""Characters of one record: more is a list that nothing closes."""
_BLANKS: Final = re.compile(r"[\s,]+")
_STEP: Final = re.compile(r"([^.\[\]]+)(?:\[([a-z_]+)(!?=)([^\]]*)\])?")

Steps = tuple[tuple[str, str, str, str], ...]


@cache
def steps(path: str) -> Steps:
    """Return the steps of a path: key, and the condition on the items of the list below it.

    >>> steps("names[types=label].value")
    (('names', 'types', '=', 'label'), ('value', '', '', ''))
    """
    return tuple((m[1], m[2] or "", m[3] or "", m[4] or "") for m in _STEP.finditer(path))


def values(record: object, path: Steps) -> Iterator[str]:
    """Yield what *path* finds in *record*, as texts."""
    if isinstance(record, list):
        for item in record:
            yield from values(item, path)
    elif not path:
        if record is not None and not isinstance(record, dict):
            yield str(record)
    elif isinstance(record, dict):
        key, field, sign, wanted = path[0]
        below = record.get(key)
        if field and isinstance(below, list):
            below = [item for item in below if _fits(item, field, wanted) == (sign == "=")]
        yield from values(below, path[1:])


def _fits(item: object, field: str, wanted: str) -> bool:
    """Tell whether a field of *item* is *wanted*, or has it among its items, whatever the case."""
    found = item.get(field) if isinstance(item, dict) else None
    return any(str(one).lower() == wanted.lower() for one in (found if isinstance(found, list) else [found]))


def records_of(read: BinaryIO) -> Iterator[bytes]:
    """Yield the records of a file, a line each; of a file that is one list, as ROR gives it out, the items of the list."""
    first = read.readline(_CHUNK)
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        yield from _items(first, read)
    else:
        yield first
        yield from read


def _items(first: bytes, read: BinaryIO) -> Iterator[bytes]:
    """Yield the items of a list; what cannot be read of it comes last, as it is."""
    decoder, letters = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8-sig")("replace")
    text, place = letters.decode(first).lstrip()[1:], 0
    while not text.startswith("]", place := _after_blanks(text, place)):
        try:
            end = decoder.raw_decode(text, place)[1]
        except (ValueError, RecursionError):  # it may go on in what was not read yet
            data = read.read(_CHUNK)
            if not data or len(text) - place > _LONGEST:
                yield text[place:].encode()
                return
            text, place = text[place:] + letters.decode(data), 0
        else:
            yield text[place:end].encode()
            place = end


def _after_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def flatten(lines: Iterable[bytes], plain: Path, paths: Mapping[str, Sequence[str]]) -> tuple[int, list[tuple[int, str]]]:
    """Write the table of the records to *plain*; return how many lines there are, and those that are no JSON object."""
    bad: list[tuple[int, str]] = []
    number = 0
    with plain.open("w", encoding="utf-8", newline="") as write:
        out = csv.writer(write, lineterminator="\n")
        out.writerow((ROW, *paths))
        for number, line in enumerate(lines, start=1):
            record = _record(line)
            if record is None:
                bad.append((number, line[:200].decode("utf-8", errors="replace").strip()))
            else:
                out.writerow((number, *(_cell(record, alternatives) for alternatives in paths.values())))
    return number, bad


def _record(line: bytes) -> object:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _cell(record: object, alternatives: Sequence[str]) -> str:
    for path in alternatives:
        found = dict.fromkeys(text.replace("\x00", "") for text in values(record, steps(path)) if text)
        if found:
            cell = SEPARATOR.join(found)
            # A lone surrogate is valid in JSON and no character: it becomes the replacement character.
            return cell.encode("utf-8", errors="replace").decode()
    return ""
