"""What is done to every cell before its kind is looked at, as column expressions; each repair can be counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

_OFTEN_BROKEN: Final = "àâäçéèêëîïôöùûüÿæœñÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒÑáíóúÁÍÓÚãõß°«»–—‘’“”„•…€\u00a0"
_MARKS: Final = tuple(mark.encode() for mark in ("Ã", "Â", "â€", "Å"))
"""What double encoding always begins with: UTF-8 read as Windows-1252."""
_CONTROLS: Final = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x1F), 0x7F])
UNCOMPUTED: Final = "«=»"
"""What stands for a cell of a workbook whose formula has no value, or whose value is an error."""
_UNCOMPUTED: Final = UNCOMPUTED.encode()
_RUNS: Final = (b"  ", b"\t", "\u00a0".encode(), b" \r")
_INVISIBLE: Final = (*(bytes([sign]) for sign in _CONTROLS), *(sign.encode() for sign in "\u200b\ufeff\ufffe\uffff"))


@cache
def mojibake() -> Mapping[str, str]:
    """Return what a character becomes when its UTF-8 is read as Windows-1252, or as Latin-1, with the character itself.

    >>> mojibake()["Ã©"]
    'é'
    """
    table: dict[str, str] = {}
    for good in _OFTEN_BROKEN:
        data = good.encode()
        table[data.decode("latin-1")] = good
        # Bytes that Windows-1252 leaves undefined are kept as control characters by browsers and spreadsheets.
        table["".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in data)] = good
    table["Ã "] = "à"  # the no-break space of a broken à is often turned into a blank
    return dict(sorted(table.items(), key=lambda item: (-len(item[0]), item[0])))


@dataclass(frozen=True, slots=True)
class Traits:
    """What a block of rows may hold, found in its bytes: repairs that cannot apply are left out, which saves most of the time."""

    broken: bool = True
    controls: bool = True
    runs: bool = True
    apostrophes: bool = True
    escapes: bool = True
    units: bool = True
    formulas: bool = True

    @classmethod
    def of(cls, block: bytes, *, lines: bool, quotes: bool) -> "Traits":
        """Look for the marks of each fault; cells of the block may hold line ends when *lines*, quotation marks when *quotes*."""
        return cls(
            broken=any(_has(block, mark) for mark in _MARKS),
            controls=any(_has(block, sign) for sign in _INVISIBLE),
            runs=lines or any(_has(block, run) for run in _RUNS),
            apostrophes=_has(block, b"''"),
            escapes=lines or quotes or _has(block, b"\\"),
            units=_has(block, b"\x1f"),
            formulas=_has(block, _UNCOMPUTED),
        )


def _has(block: bytes, sign: bytes) -> bool:
    """Tell whether *sign* is in *block*; most often one of its bytes is not, which is seen many times as fast."""
    return all(byte in block for byte in sign) and block.rfind(sign) >= 0  # backwards is twice as fast here


def repaired(text: pl.Expr, traits: Traits) -> pl.Expr:
    """Return *text* with double encoding undone."""
    table = mojibake()
    return text.str.replace_many(list(table), list(table.values()), leftmost=True) if traits.broken else text


def tidy(text: pl.Expr, traits: Traits) -> pl.Expr:
    """Return *text* without blanks around it nor control characters; null when nothing is left."""
    plain = (
        text.str.replace_all("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1e\\x7f\u200b\ufeff\ufffe\uffff]", "") if traits.controls else text
    )
    stripped = plain.str.strip_chars()
    return pl.when(stripped.str.len_bytes() > 0).then(stripped)


def one_line(text: pl.Expr, traits: Traits) -> pl.Expr:
    """Return *text* with every run of blanks and line ends made one space, and doubled apostrophes made one."""
    if traits.runs:
        text = (
            pl.when(text.str.contains("[\\s\u00a0]{2}|[\\r\\n\\t]"))
            .then(text.str.replace_all("[\\s\u00a0]+", " "))
            .otherwise(text)
        )
    return text.str.replace_all("''", "'", literal=True) if traits.apostrophes else text


def escaped(text: pl.Expr, *, needed: bool = True) -> pl.Expr:
    """Return *text* as the inside of a literal (https://www.w3.org/TR/n-triples/#grammar-production-STRING_LITERAL_QUOTE).

    It is not *needed* for a block without quotation marks, backslashes and line ends inside cells.
    """
    if not needed:
        return text
    marks = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    return text.str.replace_many(list(marks), list(marks.values()))


def slug(text: pl.Expr) -> pl.Expr:
    """Return *text* as the part of an id: ASCII, lower case, hyphens; like ``campuskg.graph.sources.slug``."""
    plain = text.str.replace_many(["œ", "Œ", "æ", "Æ"], ["oe", "OE", "ae", "AE"]).str.normalize("NFKD")
    folded = (
        plain.str.replace_all("[^\\x00-\\x7f]", "").str.to_lowercase().str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")
    )
    return pl.when(folded.str.len_bytes() > 0).then(folded)


def ascii_slug(text: pl.Expr) -> pl.Expr:
    """Return *text*, known to be ASCII, as the part of an id."""
    folded = text.str.to_lowercase().str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")
    return pl.when(folded.str.len_bytes() > 0).then(folded)
