"""Dates, amounts, percentages and counts in a text, read into the forms that curators write."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from campuskg.curation.patterns import load_patterns
from campuskg.curation.reading import Reading, Span

_MONTHS: Final = ("janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece")
_SCALES: Final = {"k": 1_000, "m": 1_000_000, "md": 1_000_000_000}
_CENTURY: Final = 100
_LAST_MONTH: Final = 12


@dataclass(frozen=True, order=True, slots=True)
class Figure:
    """A figure of the text."""

    span: Span
    lines: tuple[int, int]
    kind: str
    """``date``, ``period``, ``amount``, ``percent`` or ``count``."""
    shown: str
    """As the text writes it."""
    value: str
    """As curators write it: euros or a number with a point; a date; the first day or year of a period."""
    until: str = ""
    """The end of a period."""
    unit: str = ""
    """The word after a count."""


def find_figures(reading: Reading) -> list[Figure]:
    """Return the figures of *reading* in order; where two readings overlap, the more precise one."""
    taken: list[Span] = []
    found: list[Figure] = []
    for rule, pattern in load_patterns().figures:
        for match in pattern.finditer(reading.plain):
            span = Span(match.start(), match.end())
            if any(span.overlaps(other) for other in taken):
                continue
            for figure in _figure(rule, match, reading, span):
                taken.append(span)
                found.append(figure)
    return sorted(found)


def _figure(rule: str, match: re.Match[str], reading: Reading, span: Span) -> Iterator[Figure]:
    lines, shown = reading.lines(span), reading.text[span.start : span.end]
    if rule in ("amount", "percent", "count"):
        unit = match["unit"] if rule == "count" else ""
        yield Figure(span, lines, rule, shown, amount(match["value"], _scale(match)), unit=unit)
        return
    dates = _dates(rule, match)
    if dates:
        yield Figure(span, lines, "period" if dates[1] else "date", shown, *dates)


def _scale(match: re.Match[str]) -> str:
    raw = (match.groupdict().get("scale") or "").lower()
    return "md" if raw.startswith(("md", "milliard")) else raw[:1]


def amount(number: str, scale: str = "") -> str:
    """Return *number* as French texts write it, times *scale*, with a decimal point.

    >>> amount("71,5", "k"), amount("15 790"), amount("2", "m"), amount("9.000")
    ('71500', '15790', '2000000', '9000')
    """
    joined = re.sub(r"[ .](?=\d{3}(?!\d))", "", number).replace(",", ".")
    value = Decimal(joined) * _SCALES.get(scale, 1)
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _dates(rule: str, match: re.Match[str]) -> tuple[str, str] | None:
    """Return the date, or first and last; None when no calendar has it."""
    groups = match.groupdict()
    year = _full_year(match["year"])
    if rule == "year":
        return str(year), ""
    if rule == "school-year":
        last = int(match["last"])
        return (str(year), str(last)) if year < last else None
    if rule == "month":
        return f"{year}-{_month(match['m1']):02}", ""
    if rule in ("range", "days"):
        end = _iso(year, _month(match["m2"]), int(match["d2"]))
        first = _iso(year, _month(groups.get("m1") or match["m2"]), int(match["d1"]))
        return (first, end) if first and end and first <= end else None
    month = int(match["n1"]) if rule == "slashes" else _month(match["m1"])
    day = _iso(year, month, int(match["d1"]))
    return (day, "") if day else None


def _full_year(text: str) -> int:
    year = int(text)
    return year + 2000 if year < _CENTURY else year


def _month(word: str) -> int:
    return _MONTHS.index(word.lower()[:4].strip()) + 1


def _iso(year: int, month: int, day: int) -> str:
    if not 1 <= month <= _LAST_MONTH or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return date(year, month, day).isoformat()


def within(figures: Iterable[Figure], span: Span, kind: str) -> list[Figure]:
    """Return the *figures* of *kind* that lie in *span*."""
    return [f for f in figures if f.kind == kind and span.covers(f.span)]
