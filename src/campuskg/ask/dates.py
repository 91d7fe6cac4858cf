"""Dates, years and amounts in the words of a question, French or English."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from campuskg.ask.words import plain

_MONTHS: Final = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_NUMBER: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH: Final = "(?P<month>" + "|".join(sorted(_NUMBER, key=lambda name: (-len(name), name))) + r")\.?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS: Final = tuple(
    re.compile(rf"(?<![\w/-]){pattern}(?![\w/-]|\.\d)")
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)",  # ISO 8601
        r"(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4})",  # as French forms write it
        rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?(?: of)? {_MONTH} {_YEAR}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH} {_YEAR}",
        r"(?P<year>\d{4})-(?P<number>\d\d)",
        rf"{_YEAR}",
    )
)
_AMOUNT: Final = re.compile(
    r"(?:€\s?(?P<after>\d[\d\s.,]*\d|\d)|(?P<before>\d[\d\s.,]*\d|\d)\s?(?P<unit>k€|m€|€|euros?\b|eur\b|k euros?\b))"
)
_SCALE: Final = {"k€": 1_000, "m€": 1_000_000, "k euro": 1_000, "k euros": 1_000}
_EDGE: Final = re.compile(r"\b(fin|end of|end|debut|early|start of|beginning of)\s*$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a month or a year that a question names."""

    year: int
    month: int | None
    day: int | None
    said: str
    span: tuple[int, int]

    @property
    def asked(self) -> date:
        """The day to ask about: the day itself, or the last day of the month or of the year."""
        if self.day:
            return date(self.year, self.month or 1, self.day)
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money that a question names."""

    euros: int
    span: tuple[int, int]


def moments(text: str) -> list[Moment]:
    """Return the dates of *text*, the most precise reading of each.

    >>> [m.asked.isoformat() for m in moments("au 1er décembre 2021, en 2020, on 3 May 2019, 01/02/2022")]
    ['2021-12-01', '2020-12-31', '2019-05-03', '2022-02-01']
    """
    folded, found = _same_length(text), list[Moment]()
    for pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if all(match.end() <= m.span[0] or match.start() >= m.span[1] for m in found):
                found += _moment(match, folded)
    return sorted(found, key=lambda moment: moment.span)


def _moment(match: re.Match[str], text: str) -> Iterator[Moment]:
    parts = match.groupdict()
    month = _NUMBER[parts["month"]] if parts.get("month") else int(parts["number"]) if parts.get("number") else None
    day = int(parts["day"]) if parts.get("day") else None
    edge = _EDGE.search(text[: match.start()])
    if edge and month is None and edge[1] not in ("fin", "end", "end of"):
        month, day = 1, 1
    try:
        date(int(parts["year"]), month or 1, day or 1)
    except ValueError:  # 31/02/2021 is no date
        return
    yield Moment(int(parts["year"]), month, day, match[0], match.span())


def amounts(text: str) -> list[Amount]:
    """Return the sums of money of *text*.

    >>> [a.euros for a in amounts("plus de 15 790 € ou 10 k€, €3,000")]
    [15790, 10000, 3000]
    """
    found = []
    for match in _AMOUNT.finditer(_same_length(text)):
        digits = re.sub(r"\D", "", re.sub(r"[.,]\d\d?$", "", match["after"] or match["before"]))
        if digits:
            found.append(Amount(int(digits) * _SCALE.get(match["unit"] or "", 1), match.span()))
    return found


def without(text: str) -> str:
    """Return *text* with its dates and amounts blanked, so that their figures are not taken for words."""
    chars = list(text)
    for span in (*(m.span for m in moments(text)), *(a.span for a in amounts(text))):
        chars[span[0] : span[1]] = " " * (span[1] - span[0])
    return "".join(chars)


def _same_length(text: str) -> str:
    """Return *text* folded character by character, so that places keep their meaning."""
    return "".join((plain(c) or " ")[0] for c in text.replace("\u202f", " ").replace("\u00a0", " "))
