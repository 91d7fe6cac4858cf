"""The queries of one dossier: each asked once, numbered in the order of reading, with the rows that were kept of its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from campuskg.errors import Lang
from campuskg.publish.answers import Answer
from campuskg.publish.cite import permalink
from campuskg.queries import catalogue
from campuskg.queries.choices import choices
from campuskg.release import Release
from campuskg.store import GraphStore, Rows
from campuskg.store.engine import Term

ANALYSIS: Final = "analysis:"
"""How the names of what is worked out beyond SPARQL begin."""
Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer, and which of its rows the dossier shows."""

    number: int
    answer: Answer
    kept: Sequence[int]
    columns: Sequence[str] = ()
    """The columns by which rows were kept; none where all are."""
    among: str = ""

    @property
    def name(self) -> str:
        """The name of the query."""
        return self.answer.query.name

    @property
    def rows(self) -> Rows:
        """All rows of the answer."""
        return self.answer.rows

    @property
    def given(self) -> str:
        """The values given, as the query string of the permanent link: enough to ask again."""
        return urlencode([(name, term.value) for name, terms in self.answer.values.items() for term in terms])

    @property
    def permalink(self) -> str:
        """Where the same answer of the same release is; nothing for an analysis, which is no query of the catalogue."""
        return "" if self.name.startswith(ANALYSIS) else permalink(self.answer)

    def term(self, row: int, column: str) -> Term | None:
        """Return one cell; nothing where the answer has no such column."""
        names = self.rows.variables
        return self.rows.rows[row][names.index(column)] if column in names else None

    def column(self, name: str) -> list[Term]:
        """Return the different values of a column in the rows kept, in their order."""
        return list(dict.fromkeys(term for row in self.kept if (term := self.term(row, name)) is not None))


_SHARED: Final[WeakKeyDictionary[GraphStore, dict[object, Rows]]] = WeakKeyDictionary()
"""Answers about all campuses, by store: a run makes the dossiers of several."""
_OWN: Final[WeakKeyDictionary[GraphStore, dict[object, Rows]]] = WeakKeyDictionary()
"""The last answers about one campus, by store: its dossier in the other language asks for the same."""
_MOST: Final = 80
_FITTING: Final[WeakKeyDictionary[GraphStore, dict[tuple[str, ...], frozenset[Term]]]] = WeakKeyDictionary()
"""The entities of some classes, by store."""


@dataclass(slots=True)
class Desk:
    """Asks the queries of one dossier."""

    release: Release
    lang: Lang
    asked: list[Asked] = field(default_factory=list)

    def ask(self, name: str, values: Values, keep: Sequence[str] = (), among: tuple[str, Sequence[Term]] = ("", ())) -> Asked:
        """Return the answer of the query *name*; of its rows those where a column of *keep* is one of *among*."""
        answer = Answer(
            catalogue()[name], self._rows(name, values, shared=bool(keep)), self.release.names, self.lang, values,
            self.release.digest, self.release.date,
        )  # fmt: skip
        wanted, names = frozenset(among[1]), answer.rows.variables
        places = [names.index(column) for column in keep]
        kept = [i for i, row in enumerate(answer.rows.rows) if not keep or any(row[place] in wanted for place in places)]
        found = Asked(len(self.asked) + 1, answer, kept, tuple(keep), among[0] if keep else "")
        self.asked.append(found)
        return found

    def _rows(self, name: str, values: Values, *, shared: bool) -> Rows:
        """Return the rows of the answer; those of which a dossier keeps a few are *shared* with the next dossiers."""
        query = catalogue()[name]
        kept = (_SHARED if shared else _OWN).setdefault(self.release.store, {})
        key = (name, tuple((parameter, tuple(terms)) for parameter, terms in sorted(values.items())))
        if key not in kept:
            if not shared and len(kept) >= _MOST:
                kept.pop(next(iter(kept)))
            kept[key] = self.release.store.select(query.bound(values))
        return kept[key]

    def add(self, answer: Answer) -> Asked:
        """Return *answer*, made elsewhere, with a number of its own."""
        found = Asked(len(self.asked) + 1, answer, range(len(answer.rows.rows)))
        self.asked.append(found)
        return found

    def fitting(self, name: str, parameter: str, terms: Sequence[Term]) -> Sequence[Term]:
        """Return those of *terms* that the parameter can be: what a reader of the link could give too."""
        known = catalogue()[name].parameters[parameter]
        if len(terms) > 1 and known.type == "entity":
            classes = _FITTING.setdefault(self.release.store, {})
            if known.classes not in classes:
                classes[known.classes] = frozenset(choice.term for choice in choices(self.release.store, known))
            terms = [term for term in terms if term in classes[known.classes]]
        return terms if known.many else terms[:1]


def things(terms: Sequence[Term], *kinds: str) -> list[Term]:
    """Return the entities among *terms* of some *kinds*, the part of their id."""
    marks = tuple(f"/id/{kind}/" for kind in kinds)
    return [term for term in terms if isinstance(term, ox.NamedNode) and (not kinds or any(mark in term.value for mark in marks))]
