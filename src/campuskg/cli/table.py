"""Plain-text tables that fit the terminal, with numbers to the right."""

import re
import shutil
import unicodedata
from collections.abc import Sequence

_NUMBER = re.compile(r"[-+]?€?[\d\s\u202f.,]*\d(\s?[%€])?")


def width(text: str) -> int:
    """Return the number of terminal columns of *text*."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def text_table(headings: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None = None) -> str:
    """Return an aligned table; cells are cut with an ellipsis so that lines stay within *limit* columns.

    >>> print(text_table(("a", "n"), [("x", "1"), ("yy", "10")], 80))
    a    n
    ──  ──
    x    1
    yy  10
    """
    clean = [[_safe(cell) for cell in row] for row in rows]
    columns = list(zip(headings, *clean, strict=True))
    widths = [max(map(width, column)) for column in columns]
    numeric = [all(not c or _NUMBER.fullmatch(c) for c in column[1:]) and any(column[1:]) for column in columns]
    _shrink(widths, limit or shutil.get_terminal_size((110, 24)).columns)

    def line(cells: Sequence[str]) -> str:
        parts = []
        for cell, size, right in zip(cells, widths, numeric, strict=True):
            shown = cell if width(cell) <= size else cell[: max(size - 1, 0)] + "…"
            pad = " " * (size - width(shown))
            parts.append(pad + shown if right else shown + pad)
        return "  ".join(parts).rstrip()

    return "\n".join([line(headings), "  ".join("─" * size for size in widths), *map(line, clean)])


def _shrink(widths: list[int], limit: int) -> None:
    """Narrow the widest columns until the line fits; no column under 8."""
    while sum(widths) + 2 * (len(widths) - 1) > limit:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= 8:  # noqa: PLR2004  narrower cells say nothing
            return
        widths[widest] -= 1


def _safe(text: str) -> str:
    """Return *text* on one line, without control characters that could drive the terminal."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
