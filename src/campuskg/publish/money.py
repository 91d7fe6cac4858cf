"""Money in and out of one thing, by stage: planned, requested, granted and paid sums never meet in one figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish import words
from campuskg.publish.pages import interface_words
from campuskg.publish.sheet import Grid, Item, Line
from campuskg.release.description import StatementView

_STAGES: Final = ("planned", "requested", "granted", "paid")
_OUT: Final = frozenset({"cmq:funder"})
_IN: Final = frozenset({"cmq:beneficiary", "cmq:fundedItem"})


@dataclass(slots=True)
class _Sum:
    total: dict[str, Decimal] = field(default_factory=dict)
    statements: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    disputed: bool = False


def money(views: Iterable[StatementView], lang: Lang) -> Grid | None:
    """Return the sums of the fundings of one thing by direction and stage, each funding once; None when it has none.

    Where two fundings contradict each other no sum is given: which one counts is for the reader to judge.
    """
    sums = {"in": _Sum(), "out": _Sum()}
    for view in views:
        if view.cls == expand("cmq:Funding"):
            direction = "out" if compact(view.link) in _OUT else "in" if compact(view.link) in _IN else ""
            if direction and view.iri not in sums[direction].statements:
                _add(sums[direction], view)
    lines = [_line(name, one, lang) for name, one in sums.items() if one.statements]
    if not lines:
        return None
    said = interface_words(lang)
    headings = (said["money_direction"], *(said[f"money_{stage}"] for stage in _STAGES), said["money_silent"])
    return Grid(headings, lines, proved=False, numbers=[False, *(True for _ in _STAGES), True])


def _add(into: _Sum, view: StatementView) -> None:
    into.statements.add(view.iri)
    amounts = {compact(fact.property): fact.value.value for fact in view.facts}
    found = [(stage, amounts[f"cmq:{stage}Amount"]) for stage in _STAGES if f"cmq:{stage}Amount" in amounts]
    for stage, amount in found:
        into.total[stage] = into.total.get(stage, Decimal(0)) + Decimal(amount)
    if not found:
        into.silent.add(view.iri)
    into.disputed = into.disputed or "cmq:contradicts" in amounts


def _line(direction: str, one: _Sum, lang: Lang) -> Line:
    said = interface_words(lang)
    cells: list[Sequence[Item]] = [[Item(said[f"money_{direction}"])]]
    for stage in _STAGES:
        told = stage in one.total
        text = said["money_disputed"] if told and one.disputed else words.euro(str(one.total[stage]), lang) if told else ""
        cells.append([Item(text)] if text else [])
    cells.append([Item(words.number(str(len(one.silent)), lang))] if one.silent else [])
    return Line(cells)
