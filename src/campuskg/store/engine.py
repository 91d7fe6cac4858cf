"""What every engine of queries does, wherever it runs: the interface that the catalogue, pages and commands see."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.store.answer import UNION, Dataset, Solutions
from campuskg.store.refusal import QueryRefused

Term = ox.NamedNode | ox.Literal | ox.BlankNode
_PLAIN: Final = frozenset((ox.NamedNode, ox.Literal, ox.BlankNode, type(None)))
"""What a table can show; no type of the engine has types below it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: variable names and rows of terms (None where unbound)."""

    variables: tuple[str, ...]
    rows: Sequence[tuple[Term | None, ...]]

    @classmethod
    def of(cls, solutions: ox.QuerySolutions) -> "Rows":
        """Return all *solutions*; raises QueryRefused for terms that tables cannot show."""
        variables = tuple(variable.value for variable in solutions.variables)
        rows: list[tuple[Term | None, ...]] = [tuple(row) for row in solutions]
        if not _PLAIN.issuperset({type(term) for row in rows for term in row}):
            raise QueryRefused("query-triple-term")
        return cls(variables, rows)

    def dicts(self) -> list[dict[str, str]]:
        """Return each row as variable -> lexical value, unbound ones left out."""
        return [
            {name: term.value for name, term in zip(self.variables, row, strict=True) if term is not None} for row in self.rows
        ]


class Engine(ABC):
    """A dataset with SPARQL 1.1 Query: in this process, in workers, or behind an address."""

    @abstractmethod
    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query, with *bindings* bound as terms (never pasted); *prefixes* are known without declaration.

        Raises QueryRefused, and what stops the engine at hand.
        """

    def select(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        """Run a SELECT with *bindings* bound as terms; raises QueryRefused for another form."""
        answer = self.run(sparql, bindings)
        if not isinstance(answer, Rows):
            raise QueryRefused("query-not-select")
        return answer

    def construct(self, sparql: str) -> Sequence[ox.Triple]:
        """Run a CONSTRUCT or DESCRIBE and return its triples; raises QueryRefused for another form."""
        answer = self.run(sparql)
        if isinstance(answer, (Rows, bool)):
            raise QueryRefused("query-not-construct")
        return answer


class GraphStore(Engine):
    """An engine that holds a release: its quads can be looked up too, and its answers written out by a server.

    Pages look things up term by term, which in this process costs microseconds; an engine elsewhere fetches what they will
    look up next together with what they ask for.
    """

    @abstractmethod
    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""

    @abstractmethod
    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""

    @abstractmethod
    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""

    @abstractmethod
    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*."""

    @abstractmethod
    def solutions(self, sparql: str, dataset: Dataset = UNION, *, named_in_text: bool, base: str | None = None) -> Solutions:
        """Return the answer to a query that was inspected, ready to be written in any format.

        *named_in_text* tells whether the text names its dataset, *base* is what its relative IRIs are resolved against.
        Raises SyntaxError for what does not parse; ValueError, RuntimeError, OSError for what does not run.
        """
