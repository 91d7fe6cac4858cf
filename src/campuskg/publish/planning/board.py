"""The board: promises and warnings at a date, the most urgent first, each with its proof and the question it answers."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Final

from campuskg.content import BASE_IRI
from campuskg.errors import Text
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.planning.block import Block, asked, kept
from campuskg.publish.planning.cards import LEVELS, Card, Dealer, merged
from campuskg.publish.planning.desk import Desk, Row, day, integer, rows, value
from campuskg.publish.planning.form import CAMPUSES, Values, entity
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.scope import Scope, scope
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Parameter

_WITHIN: Final = 365
_COMPANIES: Final = 3
_THINGS: Final = ("thing", "campus", "activity", "entity", "organisation", "post")
"""Columns that hold what a row is about."""
_TABLES: Final = ("programme-warnings", "commitments-due", "label-chain", "posts-at-date", "vacancies", "promise-and-evidence",
                  "contradictions", "doubtful-readings")  # fmt: skip


def make(desk: Desk, values: Values) -> Made:
    """Put the board together."""
    date = value(values["date"][0]) if "date" in values else desk.curated
    within = int(values["within"][0].value) if "within" in values else _WITHIN
    companies = int(values["companies"][0].value) if "companies" in values else _COMPANIES
    campus = value(values["campus"][0]) if "campus" in values else ""
    answers = _answers(desk, date, within, companies)
    belongs = scope(desk.store, desk.digest)
    cards = _cards(Dealer(desk, date, companies, within, belongs), answers)
    chosen = [card for card in cards if not campus or campus in card.campuses]
    said = planning_words("board", desk.lang)
    groups = [
        {"key": level, "title": said[level], "lead": said[f"{level}_lead"], "cards": found}
        for level in LEVELS
        if (found := [_named(card, desk) for card in chosen if card.level == level])
    ]
    read_until = desk.read_until
    data = {
        "date": words.date(date, desk.lang),
        "groups": groups,
        "counts": Counter(card.level for card in chosen),
        "count": len(chosen),
        "loose": len([card for card in cards if not card.campuses]) if campus else 0,
        "read_until": words.date(read_until, desk.lang) if read_until < date else "",
        "read_until_iso": read_until,
    }
    title = desk.name(campus, desk.lang) if campus else ""
    return Made([_block(answer, campus, belongs) for answer in answers.values()], data, title)


def _answers(desk: Desk, date: str, within: int, companies: int) -> dict[str, Answer]:
    given = {
        "programme-warnings": {"date": day(date), "within": integer(within), "companies": integer(companies)},
        "commitments-due": {"date": day(date)},
        "posts-at-date": {"date": day(date)},
    }
    return {name: desk.ask(name, **given.get(name, {})) for name in _TABLES}


def _cards(dealer: Dealer, answers: dict[str, Answer]) -> list[Card]:
    cards = [
        *dealer.warnings(answers["programme-warnings"]),
        *dealer.commitments(answers["commitments-due"]),
        *dealer.posts(answers["posts-at-date"]),
        *dealer.promises(answers["promise-and-evidence"]),
        *dealer.contradictions(answers["contradictions"]),
        *dealer.doubts(answers["doubtful-readings"]),
    ]
    # The longest overdue is not the most urgent: what just lapsed can still be mended, so the nearest to the date come first.
    return sorted(
        merged(cards, dealer.desk), key=lambda card: (LEVELS.index(card.level), _distance(card, dealer.date), card.name)
    )


def _distance(card: Card, date: str) -> int:
    if not card.due:
        return 0
    return abs((dt.date.fromisoformat(card.due) - dt.date.fromisoformat(date)).days)


def _named(card: Card, desk: Desk) -> dict[str, object]:
    """Return a card with its campuses in words, those that its name does not already say."""
    others = [campus for campus in card.campuses if campus != card.thing]
    return {"card": card, "campuses": [(f"/page/{c.removeprefix(BASE_IRI)}", desk.name(c, desk.lang)) for c in others]}


def _block(answer: Answer, campus: str, belongs: Scope) -> Block:
    title = answer.text(answer.query.question)
    note = answer.text(answer.query.note)
    if not campus:
        return asked(answer.query.name, title, answer, note)
    return kept(answer.query.name, title, answer, [row for row in rows(answer) if _of(row, campus, belongs)], note)


def _of(row: Row, campus: str, belongs: Scope) -> bool:
    things: Sequence[str] = [value(row[name]) for name in _THINGS if name in row]
    return any(campus in belongs.get(thing, ()) for thing in things)


PAGE: Final = PlanningPage(
    "board",
    {
        "date": Parameter("date", text("board", "date"), "date", optional=True, means=text("board", "date_means")),
        "campus": entity("campus", Text("Campus", "Campus"), CAMPUSES, text("board", "campus_means")),
        "within": Parameter("within", text("board", "within"), "integer", optional=True, means=text("board", "within_means")),
        "companies": Parameter(
            "companies", text("board", "companies"), "integer", optional=True, means=text("board", "companies_means")
        ),
    },
    make,
)
