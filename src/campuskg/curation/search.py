"""Searching the curated files for words: where a name or a text stands, with tolerance for case and accents."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from campuskg.content import content
from campuskg.errors import Place
from campuskg.graph import curated_files


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of a curated file that holds the words, and the record it belongs to."""

    place: Place
    record: str
    line: str


def find_text(words: str, folder: Path | None = None) -> Iterator[Hit]:
    """Yield the lines of the curated files that hold all *words*, in order, without regard to case and accents."""
    root = folder or content("graph")
    wanted = [_fold(word) for word in words.split()]
    for path in curated_files(root):
        record = ""
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            head = re.match(r"-? ?\s*(?:id|about):\s*(\S+)", line)
            if head and not line.startswith("   "):
                record = head[1]
            folded = _fold(line)
            if all(word in folded for word in wanted):
                column = folded.find(wanted[0]) + 1 if wanted else 1
                yield Hit(Place(f"{root.name}/{path.relative_to(root).as_posix()}", number, column), record, line.strip())


def _fold(text: str) -> str:
    """Return *text* in lower case without accents, one character for one."""
    return "".join((unicodedata.normalize("NFD", c)[0]) for c in text.lower())
