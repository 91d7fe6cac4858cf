"""The answer to a catalogue query: what was asked, with which values, and what came back, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, Text, pick
from campuskg.publish import words
from campuskg.queries import Column, Query
from campuskg.store import QueryRefused, Rows
from campuskg.store.engine import Term

LICENCE: Final = Text("Licence Ouverte 2.0 (Etalab)", "Licence Ouverte 2.0 (Etalab Open Licence)")
LICENCE_IRI: Final = "https://spdx.org/licenses/etalab-2.0.html"
ONTOLOGY_LICENCE_IRI: Final = "https://creativecommons.org/licenses/by/4.0/"
EVIDENCE: Final = "evidence"
"""The column that evidence on demand adds."""

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + kind for kind in ("decimal", "integer", "double", "float"))
_TRUTH: Final = {"true": Text("oui", "yes"), "1": Text("oui", "yes"), "false": Text("non", "no"), "0": Text("non", "no")}

_WORDED: Final[Mapping[str, Callable[[str, Lang], str]]] = {
    "euro": words.euro,
    "percent": words.percent,
    "date": words.date,
    "number": words.number,
    "days": words.number,
}


def licence_of(path: str) -> str:
    """Return the IRI of the licence of the document at *path*: the ontology has one of its own.

    >>> licence_of("ontology/0.2.0") == ONTOLOGY_LICENCE_IRI, licence_of("id/campus/msi") == LICENCE_IRI
    (True, True)
    """
    return ONTOLOGY_LICENCE_IRI if path.partition("/")[0] == "ontology" else LICENCE_IRI


class Namer(Protocol):
    """Who knows the names of things."""

    def name(self, iri: str, lang: str, /) -> str:
        """Return the name of *iri*."""


class Asked(Protocol):
    """A store that answers any read-only query."""

    def run(self, sparql: str, /) -> Rows | bool | Sequence[ox.Triple]:
        """Run a query."""


@dataclass(frozen=True)
class Answer:
    """One answer, ready to be written as a table, a file or a page."""

    query: Query
    result: Rows | Sequence[ox.Triple]
    names: Namer
    lang: Lang
    values: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    """The parameters that the reader gave; the others have their defaults."""
    digest: str = ""
    """SHA-256 of the release that answered."""
    issued: str = ""
    """ISO date of that release."""

    @property
    def rows(self) -> Rows:
        """The rows; QueryRefused when the answer is a graph."""
        if isinstance(self.result, Rows):
            return self.result
        raise QueryRefused("query-not-select")

    @property
    def triples(self) -> Sequence[ox.Triple]:
        """The triples; QueryRefused when the answer is a table."""
        if isinstance(self.result, Rows):
            raise QueryRefused("query-not-construct")
        return self.result

    @property
    def is_table(self) -> bool:
        """Whether the answer has rows."""
        return isinstance(self.result, Rows)

    @property
    def sparql(self) -> str:
        """The query as it ran, with the values in place, without its header."""
        return replace(self.query, sparql=self.query.bound(self.values)).body

    def text(self, words_of: Text) -> str:
        """Return bilingual words in the language of the answer."""
        return pick(words_of, self.lang)

    def column(self, name: str) -> Column:
        """Return what is known of a column."""
        return self.query.columns.get(name) or Column(name, Text(name, name))

    def headings(self) -> list[str]:
        """Return the heading of each column, with its unit."""
        columns = [self.column(name) for name in self.rows.variables]
        return [self.text(c.label) + (f" ({c.unit})" if c.unit else "") for c in columns]

    def cells(self) -> list[list[str]]:
        """Return every row as people read it."""
        names = self.rows.variables
        return [[self.shown(name, term) for name, term in zip(names, row, strict=True)] for row in self.rows.rows]

    def shown(self, column: str, term: Term | None) -> str:
        """Return one value in words: a name for an IRI, an amount, a date; nothing for what is unknown."""
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return self.names.name(term.value, self.lang)
        if isinstance(term, ox.BlankNode):
            return "–"
        return self._literal(self.column(column).form, term)

    def _literal(self, form: str, term: ox.Literal) -> str:
        text, kind = term.value, term.datatype.value
        if form in _WORDED:
            return _WORDED[form](text, self.lang)
        if form == "year":
            return text[:4] if kind == _XSD + "date" else text
        if kind == _XSD + "boolean" and text in _TRUTH:
            return self.text(_TRUTH[text])
        if kind in _NUMBERS:
            return words.number(text, self.lang)
        return words.date(text, self.lang) if kind == _XSD + "date" else text

    def parameters(self) -> list[tuple[str, str]]:
        """Return each parameter with the values that held, in words; those left out are not told."""
        found = []
        for name, parameter in self.query.parameters.items():
            terms = self.values.get(name) or parameter.default
            if terms:
                found.append((self.text(parameter.label), ", ".join(self.shown(name, term) for term in terms)))
        return found

    def with_evidence(self, locators: Sequence[Sequence[str]]) -> "Answer":
        """Return the answer with one more column: the passages that prove each row."""
        name = EVIDENCE if EVIDENCE not in self.rows.variables else f"{EVIDENCE}_"
        label = Column(name, Text("Passages", "Passages"))
        query = replace(self.query, columns={**self.query.columns, name: label})
        added = [
            (*row, ox.Literal(" ".join(found)) if found else None) for row, found in zip(self.rows.rows, locators, strict=True)
        ]
        return replace(self, query=query, result=Rows((*self.rows.variables, name), added))


def answer_query(  # noqa: PLR0913  what an answer needs to know, by keyword
    query: Query,
    store: Asked,
    names: Namer,
    lang: Lang,
    *,
    values: Mapping[str, Sequence[Term]] | None = None,
    digest: str = "",
    issued: str = "",
) -> Answer:
    """Run *query* with *values* and return its answer."""
    given = values or {}
    result = store.run(query.bound(given))
    if isinstance(result, bool):
        truth = ox.Literal("true" if result else "false", datatype=ox.NamedNode(_XSD + "boolean"))
        result = Rows(("answer",), [(truth,)])
    return Answer(query, result, names, lang, given, digest, issued)


def empty_reason(answer: Answer) -> str:
    """Return why an answer has no row: what the author says of the default answer, else that the sources are silent."""
    if not answer.values and answer.query.answer.rows == 0:
        return answer.text(answer.query.answer.empty)
    silent = Text(
        "Aucune réponse pour ces valeurs : les sources de cette livraison n'en disent rien. Cela ne prouve pas qu'il n'y a rien.",
        "No answer for these values: the sources of this release say nothing of it. That does not prove that there is nothing.",
    )
    return answer.text(silent)


def address(answer: Answer) -> str:
    """Return the IRI of the query in its release, for citation."""
    return f"{BASE_IRI}r/{answer.digest}/queries/{answer.query.name}" if answer.digest else query_iri(answer.query.name)


def query_iri(name: str) -> str:
    """Return the IRI of a catalogue query."""
    return f"{BASE_IRI}query/{name}"
