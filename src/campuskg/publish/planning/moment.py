"""The state of things at a date, and what came and went between two: who leads, labels, activities, agreements, funding."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.planning.block import Block, asked, kept
from campuskg.publish.planning.desk import Desk, Row, day, rows, value
from campuskg.publish.planning.form import Values
from campuskg.publish.planning.months import strip
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.sides import sides
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Parameter
from campuskg.store import Rows

Holds = Callable[[Row, str], bool]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the state: its question, whether that takes the date, what tells its rows apart, which rows hold."""

    key: str
    query: str
    dated: bool
    by: tuple[str, ...]
    holds: Holds | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """A question about what happened: the column of its date, empty when the question itself takes both dates."""

    key: str
    query: str
    column: str


def _label_holds(row: Row, date: str) -> bool:
    start, expiry = value(row["start"]), value(row["expiry"])
    return (not start or start <= date) and (not expiry or expiry > date)


def _same_year(row: Row, date: str) -> bool:
    return value(row["year"]) == date[:4]


_SECTIONS: Final = (
    Section("people", "mandates-at-date", dated=True, by=("organisation", "person", "role")),
    Section("carriers", "campus-carriers", dated=True, by=("campus", "organisation", "how")),
    Section("labels", "label-chain", dated=False, by=("campus", "category", "start", "expiry"), holds=_label_holds),
    Section("activities", "activities-at-date", dated=True, by=("activity",)),
    Section("agreements", "agreements-in-force", dated=True, by=("agreement",)),
    Section("fundings", "funding-relations", dated=False, by=("funder", "item", "stage", "year", "lines"), holds=_same_year),
)
_HAPPENED: Final = (
    Happened("campus-steps", "campus-timeline", "date"),
    Happened("project-steps", "project-timeline", "start"),
    Happened("events", "events-and-attendance", ""),
    Happened("trainings", "trainings-opened", "date"),
    Happened("decisions", "decisions-and-approvals", "date"),
    Happened("changes", "organisation-changes", "date"),
)


def make(desk: Desk, values: Values) -> Made:
    """Put the page together."""
    date = value(values["date"][0]) if "date" in values else desk.read_until or desk.curated
    other = value(values["with"][0]) if "with" in values else ""
    first, last = min(date, other or date), max(date, other or date)
    said = planning_words("at", desk.lang)
    blocks: list[Block] = []
    parts: list[dict[str, object]] = []
    for section in _SECTIONS:
        made, part = _compared(desk, section, first, last) if first < last else _state(desk, section, date)
        blocks += made
        parts.append({"title": said[section.key], "note": said[f"{section.key}_note"], **part})
    happened = [_between(desk, one, first, last) for one in _HAPPENED] if first < last else []
    data = {
        "date": words.date(date, desk.lang),
        "first": words.date(first, desk.lang),
        "last": words.date(last, desk.lang),
        "compared": first < last,
        "parts": parts,
        "happened": [block.key for block in happened],
        "years": strip(desk, date),
        "read_until": words.date(desk.read_until, desk.lang) if last > desk.read_until else "",
        "most": max([1, *(int(str(part.get(name, 0))) for part in parts for name in ("came", "went"))]),
    }
    return Made([*blocks, *happened], data, words.date(date, desk.lang))


def _answer(desk: Desk, section: Section, date: str) -> Answer:
    return desk.ask(section.query, date=day(date)) if section.dated else desk.ask(section.query)


def _holding(answer: Answer, section: Section, date: str) -> list[Row]:
    return [row for row in rows(answer) if section.holds is None or section.holds(row, date)]


def _state(desk: Desk, section: Section, date: str) -> tuple[list[Block], dict[str, object]]:
    """Return one part of the state at *date*."""
    answer = _answer(desk, section, date)
    title = planning_words("at", desk.lang)[section.key]
    holding = _holding(answer, section, date)
    found = kept(section.key, title, answer, holding)
    return [found], {"block": section.key, "count": len({tuple(value(row[name]) for name in section.by) for row in holding})}


def _compared(desk: Desk, section: Section, first: str, last: str) -> tuple[list[Block], dict[str, object]]:
    """Return what of one part went, came and stayed between two dates."""
    before, after = _answer(desk, section, first), _answer(desk, section, last)

    def key(row: Row) -> tuple[str, ...]:
        return tuple(value(row[name]) for name in section.by)

    found = sides(_holding(before, section, first), _holding(after, section, last), key)
    said = planning_words("at", desk.lang)
    title, both = f"{said[section.key]}{said['colon']}", (before, after)
    came = _part(f"{section.key}-came", title + said["came"], after, found.second, both)
    went = _part(f"{section.key}-went", title + said["went"], before, found.first, both)
    stayed = _part(f"{section.key}-stayed", title + said["stayed"], after, found.both, both)
    counts = {"came": came.count, "went": went.count, "stayed": stayed.count}
    blocks = [came, went, stayed]
    return blocks, {**counts, "blocks": [block.key for block in blocks if block.count]}


def _part(key: str, title: str, answer: Answer, chosen: Sequence[Row], sources: tuple[Answer, Answer]) -> Block:
    names = answer.rows.variables
    told = Rows(names, [tuple(row[name] for name in names) for row in chosen])
    asked_twice = sources if sources[0] is not sources[1] else sources[:1]
    return Block(key, title, replace(answer, result=told), asked_twice)


def _between(desk: Desk, one: Happened, first: str, last: str) -> Block:
    """Return what happened after *first* and until *last*."""
    title = planning_words("at", desk.lang)[one.key]
    if not one.column:
        after = (dt.date.fromisoformat(first) + dt.timedelta(days=1)).isoformat()
        return asked(one.key, title, desk.ask(one.query, **{"from": day(after), "until": day(last)}))
    answer = desk.ask(one.query)
    return kept(one.key, title, answer, [row for row in rows(answer) if first < value(row[one.column]) <= last])


PAGE: Final = PlanningPage(
    "at",
    {
        "date": Parameter("date", text("at", "date"), "date", optional=True, means=text("at", "date_means")),
        "with": Parameter("with", text("at", "with"), "date", optional=True, means=text("at", "with_means")),
    },
    make,
)
