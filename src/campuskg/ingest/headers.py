"""Finding the columns of a file by what their names mean, not by their place or spelling."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from campuskg.errors import Place, Problem, ProblemsFound, nearest
from campuskg.ingest.mapping import Importer, columns_read, importers

_SHARE_OF_A_STRANGER = 0.5


@cache
def normal(name: str) -> str:
    """Return *name* without case, accents, blanks and signs: how two spellings of a column are found to be the same.

    >>> normal("Code postal") == normal("Code_postal") == normal("code_POSTAL")
    True
    """
    folded = unicodedata.normalize("NFKD", name.replace("\ufeff", "")).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in folded if character.isalnum())


def match(made: Importer, header: Sequence[str]) -> dict[str, int]:
    """Return the position of each column of the importer that *header* has, by name or alias."""
    if made.form == "jsonl":  # the table was made by us, under our names
        return {column.name: header.index(column.name) for column in columns_read(made) if column.name in header}
    places: dict[str, int] = {}
    for position, name in enumerate(header):
        places.setdefault(normal(name), position)
    found = {}
    for column in columns_read(made):
        for alias in column.names:
            if normal(alias) in places:
                found[column.name] = places[normal(alias)]
                break
    return found


def columns_of(made: Importer, header: Sequence[str], file: Path, elsewhere: frozenset[str] = frozenset()) -> Mapping[str, int]:
    """Return the position of the columns; ProblemsFound when one that is needed is missing, or the file is another dataset's.

    Columns *elsewhere* come from a companion file.
    """
    found = match(made, header)
    _refuse_twins(found, header, file)
    wanted = [c for c in columns_read(made) if not c.optional and c.name not in elsewhere]
    missing = [c for c in wanted if c.name not in found]
    if not missing:
        return found
    other = _looks_like(header)
    if other and other != made.id and len(missing) > len(wanted) * _SHARE_OF_A_STRANGER:
        raise ProblemsFound([Problem("import-wrong-file", Place(str(file)), {"importer": made.id, "other": other})])
    shown = ", ".join(name for name in header[:8])
    raise ProblemsFound(
        [
            Problem(
                "import-column-missing",
                Place(str(file)),
                {"column": column.names[0], "near": nearest(column.names[0], header) or shown, "importer": made.id},
            )
            for column in missing
        ]
    )


def _refuse_twins(found: Mapping[str, int], header: Sequence[str], file: Path) -> None:
    """Refuse a file in which a column that is read stands twice: nothing tells which of them holds."""
    names = [normal(name) for name in header]
    if twins := {header[place] for place in found.values() if names.count(names[place]) > 1}:
        raise ProblemsFound([Problem("import-column-twice", Place(str(file)), {"column": name}) for name in sorted(twins)])


def _looks_like(header: Sequence[str]) -> str:
    """Return the importer whose needed columns *header* has all, the one with most of them first; empty for none."""
    best = ("", 0)
    for name, made in importers().items():
        found = match(made, header)
        needed = [c.name for c in columns_read(made) if not c.optional]
        if all(column in found for column in needed) and len(found) > best[1]:
            best = (name, len(found))
    return best[0]
