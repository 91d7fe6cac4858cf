"""Reading an OCR-damaged text as running text, for the rules: lines joined, hyphenation mended, every offset still a line."""

import bisect
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_BULLET: Final = re.compile(r"(?:[-–—•*]|\d{1,2}[.)])\s")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;])\s+(?=[A-Z«\"(-])|\n")
_ELISION: Final = re.compile(r"(?<![^\W_])([IlL1|])?[’'‘`´]\s?(?=[^\W\d_])")
_ELIDED: Final = re.compile(r"(?<![^\W_])([dDnNsSjJcC]|[qQ]u)\s?[’'‘`´]\s?(?=[^\W_])")
_SHORT: Final = 0.6
_UNBROKEN: Final = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of the running text; *end* is excluded."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Tell whether *other* lies within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Reading:
    """A text as the rules see it."""

    text: str
    """The running text: one newline between paragraphs, one space between the lines of a paragraph."""
    starts: tuple[int, ...]
    """Offset in *text* at which each line of the file begins."""

    @cached_property
    def plain(self) -> str:
        """The text without accents, character for character, so that offsets are the same."""
        return "".join(map(_plain, self.text))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences, each within one paragraph."""
        return tuple(self._sentences())

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs."""
        return tuple(Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", self.text))

    def line(self, offset: int) -> int:
        """Return the line of the file, counted from 1, that holds *offset*."""
        return bisect.bisect_right(self.starts, offset)

    def lines(self, span: Span) -> tuple[int, int]:
        """Return the first and last line of *span*."""
        return self.line(span.start), self.line(max(span.start, span.end - 1))

    def _sentences(self) -> Iterator[Span]:
        start = 0
        for match in _SENTENCE_END.finditer(self.plain):
            if re.search(r"(?<![^\W_])(?:M|MM|Mme|[A-Z]|art|etc|cf)\.$", self.plain[max(0, match.start() - 5) : match.start()]):
                continue
            if match.start() > start:
                yield Span(start, match.start())
            start = match.end()
        if start < len(self.plain):
            yield Span(start, len(self.plain))


def read_text(text: str) -> Reading:
    r"""Return *text* joined into paragraphs.

    >>> reading = read_text("Le lycée de Mont-\nbard et I’ Autriche\n\nFin")
    >>> reading.text, reading.line(reading.text.index("Autriche"))
    ("Le lycée de Montbard et l'Autriche\nFin", 2)
    """
    out: list[str] = []
    starts: list[int] = []
    length, pending = 0, True
    lines = [_clean(raw) for raw in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    short = _SHORT * widths[len(widths) * 4 // 5] if widths else 0
    for line in lines:
        before = out[-1] if out else ""
        glue = _glue(before, line, pending=pending, short=len(before) < short)
        if glue == "-":
            out[-1] = out[-1][:-1]
            length -= 1
            glue = ""
        starts.append(length + len(glue) if line else length)
        if line:
            out += [glue, line]
            length += len(glue) + len(line)
        pending = not line
    return Reading("".join(out), tuple(starts))


def _clean(line: str) -> str:
    """Return *line* with one kind of space and apostrophe, elisions mended, tags of the converter removed."""
    line = re.sub(r"</?(?:u|b|i|em|strong|sup|sub)>", "", line)
    line = re.sub(r"[ \u00a0\u202f\u2009]+", " ", unicodedata.normalize("NFC", line)).strip(" \r\f\ufeff")
    if not line.isprintable():
        line = "".join(c for c in line if c == "\t" or c.isprintable())
    line = line.replace("ﬁ", "fi").replace("ﬂ", "fl")
    line = _ELISION.sub(lambda m: "L'" if m[1] == "L" else "l'", line)
    return _ELIDED.sub(lambda m: f"{m[1]}'", line).replace("’", "'")


def _glue(before: str, line: str, *, pending: bool, short: bool) -> str:
    """Return what joins *line* to what stands *before*: nothing, a space, a newline, or ``-`` for a hyphen to remove.

    A *short* line before a capital ends a paragraph (titles, cells, signatures); so does a blank line (*pending*), unless the
    sentence plainly runs on.
    """
    if not line or not before:
        return ""
    low = bool(_UNBROKEN.match(_plain(line[0])))
    if re.search(r"[^\W\d_]-$", before):
        return "-" if low and not before[-2].isupper() else ""
    if "\t" in line or "\t" in before or _BULLET.match(line):
        return "\n"
    if pending:
        return " " if low and re.search(r"[^\W_,]$|,$|'$", before) and not line[0].isdigit() else "\n"
    return "\n" if short and line[0].isupper() else " "


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    return {"œ": "o", "Œ": "O", "æ": "a", "“": '"', "”": '"', "«": "«", "–": "-", "—": "-", "‐": "-"}.get(base, base)
