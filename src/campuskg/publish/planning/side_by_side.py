"""The tables of a comparison: members in both or in one, with what each says and where it is read."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.errors import Text
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.evidence import evidence
from campuskg.publish.planning.block import Block, composed
from campuskg.publish.planning.desk import Desk, Row, rows, value
from campuskg.publish.planning.words import planning_words
from campuskg.queries import Column
from campuskg.store import Rows
from campuskg.store.engine import Term

_MOST: Final = 4
"""Roles, activities or passages told in one cell; the questions have them all."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of members with its counts: in both, in the first only, in the second only."""

    key: str
    title: str
    block: Block
    both: int
    first: int
    second: int

    @property
    def total(self) -> int:
        """All members, each once."""
        return self.both + self.first + self.second


@dataclass(frozen=True)
class Pair:
    """The two things that are compared."""

    desk: Desk
    a: str
    b: str

    @property
    def name_a(self) -> str:
        """The name of the first."""
        return self.desk.name(self.a, self.desk.lang)

    @property
    def name_b(self) -> str:
        """The name of the second."""
        return self.desk.name(self.b, self.desk.lang)

    def asked(self, query: str, parameter: str) -> tuple[Answer, Answer]:
        """Return the answers of *query* about each."""
        ask = self.desk.ask
        return ask(query, **{parameter: ox.NamedNode(self.a)}), ask(query, **{parameter: ox.NamedNode(self.b)})

    def part(  # noqa: PLR0913  what a table needs, by keyword
        self,
        key: str,
        found: Sequence[Sequence[Row]],
        by: tuple[str, ...],
        columns: Sequence[Column],
        sources: Sequence[Answer],
        *,
        told: str = "",
        own_lines: bool = True,
    ) -> Part:
        """Return the members *by* of both lists; *told* is a column whose values are listed for each side.

        Without *own_lines* the rows prove something else, so the proofs of the members are looked up.
        """
        members = [_grouped(side, by) for side in found]
        keys = list(dict.fromkeys([*members[0], *members[1]]))
        order = {key: self._where(key, members) for key in keys}
        keys.sort(key=lambda one: (order[one], [self._label(term) for term in one]))
        proofs = [self._lines(iri, keys, side, own=own_lines) for iri, side in zip((self.a, self.b), members, strict=True)]
        lines = []
        for at, one in enumerate(keys):
            line: list[Term | None] = [*one, ox.Literal(self._said(order[one]))]
            for side, places in zip(members, proofs, strict=True):
                if told:
                    line.append(self._told(side.get(one, ()), told))
                line.append(ox.Literal(places[at]) if places[at] else None)
            lines.append(line)
        title = self._words[key]
        table = composed(
            key, title, self.desk, [*columns, *self._own_columns(told)], lines, sources=sources, note=self._words[f"{key}_note"]
        )
        count = [sum(1 for one in order.values() if one == place) for place in range(3)]
        return Part(key, title, table, *count)

    def listed(self, key: str, answers: tuple[Answer, Answer], columns: Sequence[Column]) -> Block:
        """Return the rows of both answers one after the other, with whose they are."""
        whose = Column("of", Text("Chez", "At"))
        lines = [
            [ox.NamedNode(iri), *(row[column.name] for column in columns)]
            for iri, answer in zip((self.a, self.b), answers, strict=True)
            for row in rows(answer)
        ]
        return composed(
            key, self._words[key], self.desk, [whose, *columns], lines, sources=answers, note=self._words[f"{key}_note"]
        )

    def figures(self, key: str, found: Sequence[Sequence[Row]], columns: Sequence[Column], sources: Sequence[Answer]) -> Block:
        """Return observed values side by side: those that both have first."""
        by = tuple(column.name for column in columns)
        members = [_grouped(side, by) for side in found]
        keys = sorted(
            dict.fromkeys([*members[0], *members[1]]),
            key=lambda one: (self._where(one, members), [self._label(term) for term in one]),
        )
        lines = [
            [*one, *(cell for side in members for cell in (self._values(side.get(one, ())), _places(side.get(one, ()))))]
            for one in keys
        ]
        return composed(
            key, self._words[key], self.desk, [*columns, *self._own_columns("value")], [tuple(line) for line in lines],
            sources=sources, note=self._words[f"{key}_note"],
        )  # fmt: skip

    @property
    def _words(self) -> "dict[str, str]":
        return dict(planning_words("compare", self.desk.lang))

    def _own_columns(self, told: str) -> list[Column]:
        """Return the columns of both sides."""
        where = [] if told == "value" else [Column("where", Text("Où", "Where"))]
        found = []
        for side, name in (("A", self.a), ("B", self.b)):
            fr, en = self.desk.short(name, "fr"), self.desk.short(name, "en")
            if told:
                found.append(Column(f"told{side}", Text(fr, en)))
            found.append(Column(f"lines{side}", Text(f"Preuve : {fr}", f"Evidence: {en}")))
        return [*where, *found]

    @staticmethod
    def _where(key: Hashable, members: Sequence[dict[tuple[Term | None, ...], list[Row]]]) -> int:
        first, second = key in members[0], key in members[1]
        return 0 if first and second else 1 if first else 2

    def _said(self, where: int) -> str:
        lang = self.desk.lang
        return (self._words["both"], self.desk.short(self.a, lang), self.desk.short(self.b, lang))[where]

    def _label(self, term: Term | None) -> str:
        shown = self.desk.name(term.value, self.desk.lang) if isinstance(term, ox.NamedNode) else value(term)
        return shown.casefold()

    def _told(self, side: Sequence[Row], column: str) -> Term | None:
        names = [self.desk.name(value(row[column]), self.desk.lang) for row in side if row[column] is not None]
        return _listed(names, " ; ")

    def _values(self, side: Sequence[Row]) -> Term | None:
        """Return the values of one side, with their qualifier; several are told, none is chosen."""
        told = []
        for row in side:
            qualifier = self.desk.name(value(row["qualifier"]), self.desk.lang) if row["qualifier"] is not None else ""
            told.append(f"{qualifier} {self._number(row)}".strip())
        return _listed(told, " / ")

    def _number(self, row: Row) -> str:
        return words.number(value(row["value"]), self.desk.lang)

    def _lines(
        self, iri: str, keys: Sequence[tuple[Term | None, ...]], side: dict[tuple[Term | None, ...], list[Row]], *, own: bool
    ) -> list[str]:
        """Return where it is read that each member is one of *iri*: its own lines, else what the graph proves."""
        if own and any("lines" in row for found in side.values() for row in found):
            return [value(_places(side.get(key, ()))) for key in keys]
        rows_of = [(ox.NamedNode(iri), key[0]) for key in keys]
        proved = evidence(Rows(("owner", "member"), rows_of), self.desk.store)
        return [proof[0].replace(":", "/") if proof and key in side else "" for proof, key in zip(proved, keys, strict=True)]


def _grouped(found: Sequence[Row], by: tuple[str, ...]) -> dict[tuple[Term | None, ...], list[Row]]:
    grouped: dict[tuple[Term | None, ...], list[Row]] = {}
    for row in found:
        grouped.setdefault(tuple(row[name] for name in by), []).append(row)
    return grouped


def _listed(told: Sequence[str], between: str) -> ox.Literal | None:
    several = list(dict.fromkeys(told))
    more = " …" if len(several) > _MOST else ""
    return ox.Literal(between.join(several[:_MOST]) + more) if several else None


def _places(side: Sequence[Row]) -> ox.Literal | None:
    """Return the first passage of *side*."""
    found = sorted(value(row["lines"]) for row in side if row.get("lines") is not None)
    return ox.Literal(found[0]) if found else None
