"""The cards of the board: one for each row of the steering questions, in plain words, with its proof and its question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.drawn import address
from campuskg.publish.evidence import evidence, given_things
from campuskg.publish.planning.block import Source, source
from campuskg.publish.planning.desk import Desk, Row, day, rows, value
from campuskg.publish.planning.proofs import proof
from campuskg.publish.planning.scope import Scope
from campuskg.publish.planning.words import planning_words
from campuskg.publish.sheet import Proof

LEVELS: Final = ("late", "soon", "later", "open", "unproved", "proved", "contradicted", "doubtful")
"""The groups of the board, the most urgent first."""
SOON: Final = 90
"""Days within which an end is near."""
_EVER: Final = "1000-01-01"
_LABEL: Final = "https://w3id.org/cmq/id/programme/label-cmq"
_PTECH: Final = "https://w3id.org/cmq/id/programme/p-tech"
_AGREEMENT: Final = expand("cmq:Agreement")
_DIRECTOR: Final = expand("mrole:operational-director")
_VALIDITY: Final = expand("clause:validity")


@dataclass(frozen=True, slots=True)
class Card:
    """One promise or warning."""

    level: str
    kind: str
    thing: str
    name: str
    href: str
    said: str
    due: str = ""
    """ISO date, empty where there is none."""
    unknown: bool = False
    """Whether the sources are silent on what would settle it."""
    campuses: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Dealer:
    """Makes the cards of one board: at one date, for a number of companies."""

    desk: Desk
    date: str
    companies: int
    within: int
    scope: Scope

    @property
    def w(self) -> Mapping[str, str]:
        """The words of the board."""
        return planning_words("board", self.desk.lang)

    def warnings(self, answer: Answer) -> list[Card]:
        """Return a card for each row of ``programme-warnings``."""
        precise = self._precisions()
        found = []
        for row, locators in zip(rows(answer), self._evidence(answer), strict=True):
            key = value(row["thing"]), value(row["rule"]), value(row["due"])
            precision, lines = precise.get(key, ("day", ""))
            card = self._warning(row, precision)
            said = () if value(row["rule"]) == _DIRECTOR else self._proofs([lines] if lines else locators)
            found.append(replace(card, proofs=said, sources=(source(answer),)))
        return found

    def _precisions(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        """Return how precise each dated commitment is, and where it is read, whatever its date."""
        told = rows(self.desk.ask("commitments-due", date=day(_EVER)))
        return {(value(r["thing"]), value(r["kind"]), value(r["due"])): (value(r["precision"]), value(r["lines"])) for r in told}

    def _warning(self, row: Row, precision: str) -> Card:
        rule, due = value(row["rule"]), value(row["due"])
        if rule == _PTECH:
            count = int(value(row["count"]) or 0)
            said = self.w["mentors" if count else "mentors_none"].format(count=count, wanted=self.companies)
            return self._card("open", row, said, unknown=not count)
        if rule == _DIRECTOR:
            return self._card("open", row, self.w["no_holder"], unknown=True)
        key = {_LABEL: "label", _AGREEMENT: "agreement"}.get(rule, "step")
        return self._due(key, row, due, int(value(row["days"]) or 0), precision)

    def commitments(self, answer: Answer) -> list[Card]:
        """Return a card for each row of ``commitments-due`` that falls within the days asked for."""
        found = []
        for row in rows(answer):
            days = int(value(row["days"]) or 0)
            if days <= self.within:
                told = {**row, "rule": row["kind"]}
                key = "agreement" if value(row["kind"]) == _VALIDITY else "step"
                card = self._due(key, told, value(row["due"]), days, value(row["precision"]))
                found.append(replace(card, proofs=self._proofs([value(row["lines"])]), sources=(source(answer),)))
        return found

    def _due(self, key: str, row: Row, due: str, days: int, precision: str) -> Card:
        level = "late" if days < 0 else "soon" if days <= SOON else "later"
        when = words.date(due, self.desk.lang, precision)
        tense = "late" if days < 0 else "today" if days == 0 else "next"
        said = self.w[f"{key}_{tense}"].format(due=when, days=words.number(str(abs(days)), self.desk.lang))
        return self._card(level, row, said, due=due, unknown=days < 0)

    def posts(self, answer: Answer) -> list[Card]:
        """Return a card for each post of ``posts-at-date`` without a known holder."""
        return [
            self._card("open", {**row, "rule": row["campus"], "thing": row["post"]}, self.w["no_post_holder"], unknown=True,
                       sources=(source(answer),), proofs=self._proofs(locators), campus=value(row["campus"]))
            for row, locators in zip(rows(answer), self._evidence(answer), strict=True)
            if row["person"] is None
        ]  # fmt: skip

    def promises(self, answer: Answer) -> list[Card]:
        """Return a card for each promise: proved by another document, or not."""
        found = []
        for at, row in enumerate(rows(answer)):
            shown = dict(zip(answer.rows.variables, answer.cells()[at], strict=True))
            proved = row["observed"] is not None
            unit = plural(shown["unit"], value(row["promised"]), self.desk.lang)
            figure = " ".join(part for part in (shown["qualifier"], shown["promised"], unit) if part)
            said = self.w["promise_proved" if proved else "promise_unproved"].format(
                indicator=shown["indicator"], figure=figure, observed=shown["observed"]
            )
            told = {**row, "rule": row["indicator"], "thing": row["activity"]}
            lines = [value(row["promiseLines"]), value(row["evidenceLines"])]
            card = self._card("proved" if proved else "unproved", told, said, unknown=not proved)
            found.append(replace(card, proofs=self._proofs(lines), sources=(source(answer),)))
        return found

    def contradictions(self, answer: Answer) -> list[Card]:
        """Return a card for each contradiction: both values, both proofs."""
        found = []
        for at, row in enumerate(rows(answer)):
            shown = dict(zip(answer.rows.variables, answer.cells()[at], strict=True))
            said = self.w["contradiction"].format(about=shown["about"], one=shown["value1"], other=shown["value2"])
            told = {**row, "rule": row["kind"], "thing": row["entity"]}
            card = self._card("contradicted", told, said)
            found.append(
                replace(card, proofs=self._proofs([value(row["lines1"]), value(row["lines2"])]), sources=(source(answer),))
            )
        return found

    def doubts(self, answer: Answer) -> list[Card]:
        """Return a card for each figure that was read in a damaged text."""
        found = []
        for at, row in enumerate(rows(answer)):
            shown = dict(zip(answer.rows.variables, answer.cells()[at], strict=True))
            said = self.w["doubt"].format(value=shown["value"], read=shown["asRead"], confidence=shown["confidence"])
            told = {**row, "rule": row["indicator"], "thing": row["entity"] or row["statement"]}
            card = self._card("doubtful", told, said)
            found.append(replace(card, proofs=self._proofs([value(row["lines"])]), sources=(source(answer),)))
        return found

    def _card(  # noqa: PLR0913  the parts of a card, by keyword
        self, level: str, row: Row, said: str, *, due: str = "", unknown: bool = False,
        sources: tuple[Source, ...] = (), proofs: tuple[Proof, ...] = (), campus: str = "",
    ) -> Card:  # fmt: skip
        thing, rule = value(row["thing"]), value(row["rule"])
        lang = self.desk.lang
        campuses = self.scope.get(thing, (campus,) if campus else ())
        kind = self.desk.name(rule, lang) if rule else ""
        name = self.desk.name(thing, lang)
        return Card(level, kind, thing, name, address(thing), said, due, unknown, campuses, proofs, sources)

    def _proofs(self, locators: Iterable[str]) -> tuple[Proof, ...]:
        return tuple(proof(locator, self.desk) for locator in dict.fromkeys(locators) if locator)

    def _evidence(self, answer: Answer) -> list[tuple[str, ...]]:
        return evidence(answer.rows, self.desk.store, given_things(answer))


def plural(unit: str, count: str, lang: str) -> str:
    """Return the name of a *unit* as it stands after *count*.

    >>> plural("an", "5", "fr"), plural("jour", "0.5", "fr"), plural("company", "2", "en"), plural("€", "9000", "fr")
    ('ans', 'jour', 'companies', '€')
    """
    many = abs(float(count)) >= (2 if lang == "fr" else 1.001)
    if not many or not unit[-1:].isalpha() or unit[-1:] in "sxz":
        return unit
    return f"{unit[:-1]}ies" if lang == "en" and unit.endswith("y") else f"{unit}s"


def merged(cards: Sequence[Card], desk: Desk) -> list[Card]:
    """Return *cards* with those of one thing and one day as one, which names both questions and all passages.

    An application stands for what it applies for.
    """
    found: dict[object, Card] = {}
    for at, card in enumerate(cards):
        thing = desk.applied_for(card.thing) or card.thing
        key: object = (thing, card.due) if card.due else at
        if key in found:
            first = found[key]
            found[key] = replace(
                first,
                proofs=tuple(dict.fromkeys((*first.proofs, *card.proofs))),
                sources=tuple(dict.fromkeys((*first.sources, *card.sources))),
                campuses=first.campuses or card.campuses,
            )
        else:
            found[key] = card
    return list(found.values())
