"""The desk of a planner's page: asks the catalogue, with values in place, and says where each row is proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.answers import Answer, answer_query
from campuskg.queries import catalogue
from campuskg.release import Release
from campuskg.release.names import NameIndex
from campuskg.store import GraphStore
from campuskg.store.engine import Term

ID: Final = BASE_IRI + "id/"
_DATE: Final = ox.NamedNode(expand("xsd:date"))
_CURATED: Final = expand("dcterms:date")
_APPLICATION: Final = expand("cmq:applicationFor")
_ACRONYM: Final = expand("cmq:acronym")
_SHORT: Final = 24
"""Letters of a name that a heading holds."""
_FIRST_DAY: Final = "1900-01-01"

Row = Mapping[str, Term | None]


def day(text: str) -> ox.Literal:
    """Return an ISO date as a term."""
    return ox.Literal(text, datatype=_DATE)


def integer(number: int) -> ox.Literal:
    """Return a whole number as a term."""
    return ox.Literal(number)


def decimal(number: float, digits: int = 3) -> ox.Literal:
    """Return a number as a decimal term, rounded so that every machine writes the same."""
    return ox.Literal(f"{round(number, digits):.{digits}f}", datatype=ox.NamedNode(expand("xsd:decimal")))


def value(term: Term | None) -> str:
    """Return the plain value of *term*; nothing for what is unknown."""
    return "" if term is None else term.value


@dataclass
class Desk:
    """Answers the questions of one page, each once, in the reader's language."""

    store: GraphStore
    names: NameIndex
    lang: Lang
    digest: str = ""
    release: Release | None = None
    """The release that the store is of; a plain RDF file is of none."""
    _kept: dict[tuple[str, str], Answer] = field(default_factory=dict, repr=False)

    def ask(self, query: str, **values: Term | Sequence[Term]) -> Answer:
        """Return the answer of the catalogue's *query* with *values*."""
        given = {name: [found] if isinstance(found, Term) else list(found) for name, found in values.items()}
        key = query, repr(sorted(given.items(), key=lambda pair: pair[0]))
        if key not in self._kept:
            self._kept[key] = answer_query(catalogue()[query], self.store, self, self.lang, values=given, digest=self.digest)
        return self._kept[key]

    def name(self, iri: str, lang: str) -> str:
        """Return the name of *iri*; an application, which has none, is named after what it applies for."""
        target = self.applied_for(iri)
        if target:
            return {"fr": "Dossier : {}", "en": "Application: {}"}[lang].format(self.names.name(target, lang))
        return self.names.name(iri, lang)

    def short(self, iri: str, lang: str, most: int = _SHORT) -> str:
        """Return a name that fits a heading: the acronym where the graph has one and the name has more than *most* letters."""
        name = self.name(iri, lang)
        return name if len(name) <= most else self.object(iri, _ACRONYM) or name

    def applied_for(self, iri: str) -> str:
        """Return what the application *iri* is for; empty for what is no application."""
        return self.object(iri, _APPLICATION) if iri.startswith(ID + "application/") else ""

    def object(self, iri: str, predicate: str) -> str:
        """Return the first value of a property of *iri*, empty when there is none."""
        found = self.store.select(f"SELECT DISTINCT ?o {{ <{iri}> <{predicate}> ?o }} ORDER BY ?o LIMIT 1").rows
        return value(found[0][0]) if found else ""

    def is_a(self, iri: str, cls: str) -> bool:
        """Tell whether *iri* is of the class *cls* (compact)."""
        return bool(self.store.run(f"ASK {{ <{iri}> a <{expand(cls)}> }}"))

    @property
    def curated(self) -> str:
        """The day of the latest curation of this graph: the date that a page has when the reader gives none."""
        days = (quad.object.value for quad in self.store.matching(_CURATED) if isinstance(quad.object, ox.Literal))
        return max(days, default=_FIRST_DAY)

    @property
    def read_until(self) -> str:
        """The day of the latest document that was read; what came after it, no source can say."""
        return max((value(row["issued"]) for row in rows(self.ask("documents"))), default="")


def rows(answer: Answer) -> list[dict[str, Term | None]]:
    """Return the rows of *answer* by column."""
    names = answer.rows.variables
    return [dict(zip(names, row, strict=True)) for row in answer.rows.rows]
