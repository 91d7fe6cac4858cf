"""A long file of links in blocks: what stands around its list, then some thousand entries at a time, in bounded memory.

A place in a file of YAML costs far more than its text: a national register makes tens of megabytes of links.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

from campuskg.errors import Place, Problem
from campuskg.graph.yaml_source import YamlDocument, YamlRefused, decode, parse_yaml

WHOLE: Final = 1 << 20
"""A file of no more bytes is read in one; this is also about the size of a block."""
MOST: Final = 512 << 20
_LIST: Final = re.compile(rb"links:[ \t]*(?:#.*)?$")
_ITEM: Final = re.compile(rb"( *)- ")
_EMPTY: Final = re.compile(rb"[ \t]*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """Some entries, or all that stands around them: *before* more lines of the file than of *document* come first."""

    document: YamlDocument
    before: int
    last: int

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Return the place in the file of the value at *path*."""
        place = self.document.place(path)
        return replace(place, line=place.line + self.before)


@dataclass(frozen=True, slots=True)
class Parts:
    """A file of links in parts: what stands around its list, its entries, its digest."""

    head: Block
    blocks: Iterable[Block]
    sha256: str


def parts(path: Path) -> Parts:
    """Return the file at *path* in parts; a short one, or one of an unusual form, is one. Raises YamlRefused, OSError."""
    shown = str(path)
    size = path.stat().st_size
    if size > MOST:
        raise YamlRefused(Problem("yaml-too-large", Place(shown), {"limit": MOST >> 20}))
    found = _Lines(path).found() if size > WHOLE else None
    if found is None:
        data = path.read_bytes()
        whole = Block(parse_yaml(decode(data, shown), shown), 0, data.count(b"\n"))
        return Parts(whole, (whole,), sha256(data).hexdigest())
    head = Block(parse_yaml(decode(b"".join(found.around), shown), shown), 0, found.first - 1)
    return Parts(head, _blocks(found, shown), found.sha256)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the entries of a file are: from line *first* to line *last*; *around* are the other lines."""

    path: Path
    around: list[bytes]
    first: int
    last: int
    indent: int
    sha256: str

    def lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Yield the lines of the entries: number, bytes, whether an entry begins there."""
        start = b" " * self.indent + b"- "
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number > self.last:
                    return
                if number >= self.first:
                    yield number, line, line.startswith(start)


class _Lines:
    """Looks for the list in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def found(self) -> _Found | None:
        """Return where the entries are; None where the list is not one of lines that begin with a dash."""
        around: list[bytes] = []
        digest = sha256()
        first = last = indent = 0
        listed = False
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                digest.update(line)
                item = _ITEM.match(line) if listed and not last else None
                if item and not first:
                    first, indent = number, len(item[1])
                if first and not last and not _is_after(line, indent):
                    continue
                if first and not last:
                    last = number - 1
                    around.append(b"\n" * (number - first))  # what follows keeps its lines
                around.append(line)
                listed = (_empty(line) and listed) or bool(_LIST.match(line.rstrip(b"\r\n")))
        return _Found(self._path, around, first, last or number, indent, digest.hexdigest()) if first else None


def _is_after(line: bytes, indent: int) -> bool:
    """Tell whether *line* is no part of a list whose entries begin *indent* blanks in."""
    if _empty(line):
        return False
    own = len(line) - len(line.lstrip(b" "))
    return own < indent or (own == indent and line[own : own + 2] != b"- ")


def _empty(line: bytes) -> bool:
    return bool(_EMPTY.match(line.rstrip(b"\r\n")))


def _blocks(found: _Found, shown: str) -> Iterator[Block]:
    lines: list[bytes] = []
    size, first, number = 0, found.first, found.first
    for number, line, begins in chain(found.lines(), [(found.last + 1, b"", True)]):
        if begins and lines and (size > WHOLE or not line):
            yield _block(lines, shown, first)
            lines, size, first = [], 0, number
        lines.append(line)
        size += len(line)


def _block(lines: list[bytes], shown: str, first: int) -> Block:
    """Return the entries *lines*, of which the first is the line *first* of the file."""
    before = first - 2  # a line with the name of the list comes first
    try:
        return Block(parse_yaml(decode(b"links:\n" + b"".join(lines), shown), shown), before, first + len(lines) - 1)
    except YamlRefused as refused:
        place = refused.problem.place
        raise YamlRefused(replace(refused.problem, place=replace(place, line=place.line + before))) from refused
