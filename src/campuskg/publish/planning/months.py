"""The months in which something changed: what the strip and the slider of the page of a date mark."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.planning.desk import Desk
from campuskg.publish.planning.words import planning_words

_QUERY: Final = """PREFIX cmq: <{cmq}>
SELECT ?thing ?date ?precision
WHERE {{
  GRAPH <{facts}> {{
    VALUES ?kind {{ cmq:Mandate cmq:LabelAward cmq:Agreement cmq:Milestone cmq:Event cmq:Decision cmq:Project cmq:Programme
      cmq:TrainingProgramme cmq:OrganisationChange cmq:Funding }}
    ?thing a ?kind .
    {{ ?thing cmq:validFrom ?date ; cmq:fromPrecision ?precision }}
    UNION {{ ?thing cmq:validUntil ?date ; cmq:untilPrecision ?precision }}
  }}
}}"""
_MONTHS: Final = 12
_MANY: Final = 5
"""Changes from which a month stands out."""
_EARLIEST: Final = "2008"
"""Laws of 1901 are dates too; the strip begins where the campuses do."""
_KEPT: dict[str, tuple[Counter[str], Counter[str]]] = {}


@dataclass(frozen=True, slots=True)
class Month:
    """One month: how much changed, the last day of it, what to say."""

    count: int
    date: str
    label: str
    many: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One year with its twelve months."""

    name: str
    count: int
    date: str
    label: str
    months: tuple[Month, ...]
    here: bool


def strip(desk: Desk, date: str) -> list[Year]:
    """Return the years in which something changed, the first one first; *date* is where the reader is."""
    months, years = _changes(desk)
    by_year: defaultdict[str, int] = defaultdict(int)
    for month, count in months.items():
        by_year[month[:4]] += count
    for name, count in years.items():
        by_year[name] += count
    said = planning_words("at", desk.lang)
    return [
        Year(name, count, f"{name}-12-31", said["year_says"].format(year=name, count=count),
             tuple(_month(f"{name}-{number:02}", months, desk, date) for number in range(1, _MONTHS + 1)),
             date.startswith(name))
        for name, count in sorted(by_year.items())
        if name >= _EARLIEST
    ]  # fmt: skip


def _month(name: str, months: Counter[str], desk: Desk, date: str) -> Month:
    said = planning_words("at", desk.lang)
    count = months[name]
    label = said["month_says"].format(month=words.date(f"{name}-01", desk.lang, "month"), count=count)
    return Month(count, last_day(name), label, count >= _MANY, date.startswith(name))


def last_day(month: str) -> str:
    """Return the last day of a month.

    >>> last_day("2024-02"), last_day("2021-12")
    ('2024-02-29', '2021-12-31')
    """
    year, number = int(month[:4]), int(month[5:7])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 29 if number == 2 and leap else 28 if number == 2 else 30 if number in (4, 6, 9, 11) else 31  # noqa: PLR2004
    return f"{month}-{days}"


def _changes(desk: Desk) -> tuple[Counter[str], Counter[str]]:
    """Return how much changed in each month, and in each year where only the year is known."""
    if desk.digest not in _KEPT:
        months: Counter[str] = Counter()
        years: Counter[str] = Counter()
        asked = _QUERY.format(cmq=expand("cmq:"), facts=f"{BASE_IRI}graph/facts")
        for row in {(r["thing"], r["date"], r["precision"]) for r in desk.store.select(asked).dicts()}:
            if row[2] == "year":
                years[row[1][:4]] += 1
            else:
                months[row[1][:7]] += 1
        _KEPT[desk.digest] = months, years
    return _KEPT[desk.digest]
