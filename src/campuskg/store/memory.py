"""Oxigraph in this process: the union of all named graphs is the default graph, so queries need no GRAPH clause."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from campuskg.store.answer import UNION, WHOLE, Answer, AnswerLimits, Dataset, Solutions, serialised
from campuskg.store.engine import GraphStore, Rows, Term
from campuskg.store.guard import DEFAULT_LIMITS, GuardLimits, Inspected, inspect
from campuskg.store.mistakes import place
from campuskg.store.refusal import QueryRefused
from campuskg.store.tokens import tokens

Remembered = Callable[[str], Rows | None]
"""Gives the answer to a text that was asked of these data before, if it is known."""


def _nothing(sparql: str) -> None:
    """Remember nothing."""


class OxigraphStore(GraphStore):
    """A dataset in an engine of this process, with SPARQL 1.1 Query; where its quads are is the business of who opens it."""

    def __init__(self, engine: ox.Store, guard: GuardLimits | None) -> None:
        """Ask *engine*; every query passes the *guard*. Without one the store is safe only inside a worker."""
        self.guard = guard
        self.remembered: Remembered = _nothing
        self._store = engine

    def graph_names(self) -> set[str]:
        """Return the IRIs of the named graphs; the default graph, if it holds anything, as an empty one."""
        names = {name.value for name in self._store.named_graphs()}
        return names | ({""} if next(self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) else set())

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""
        return self._store.quads_for_pattern(None, ox.NamedNode(predicate), None)

    @property
    def engine(self) -> ox.Store:
        """The engine itself, for who writes its answers out without making Python terms of them."""
        return self._store

    @property
    def has_named_graphs(self) -> bool:
        """Whether there is a named graph: without any, the default graph is the union, and cheaper to ask."""
        return next(iter(self._store.named_graphs()), None) is not None

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self._store)

    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*."""
        return self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None)

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""
        return self._store.quads_for_pattern(subject, None, None)

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""
        return self._store.quads_for_pattern(None, None, node)

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query, or give what is remembered; *prefixes* are known without declaration. Raises QueryRefused."""
        known = None if bindings or prefixes else self.remembered(sparql)
        if known is not None:
            return known
        answer = self._answer(sparql, bindings, prefixes)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if isinstance(answer, ox.QueryTriples):
            return list(answer)
        return Rows.of(answer)

    def solutions(self, sparql: str, dataset: Dataset = UNION, *, named_in_text: bool, base: str | None = None) -> Solutions:
        """Return the answer to a query that was inspected, as the engine gives it; without named graphs the union is dear."""
        if not self.has_named_graphs:
            dataset = replace(dataset, union=False)
        return self._store.query(sparql, base_iri=base, **dataset.options(named_in_text=named_in_text))

    def serialize(
        self,
        sparql: str,
        media_type: str,
        *,
        dataset: Dataset = UNION,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        limits: AnswerLimits = WHOLE,
    ) -> Answer:
        """Return the answer to a query over *dataset* as *media_type*; raises QueryRefused, AnswerTooBig."""
        answer = self._answer(sparql, bindings, prefixes, dataset)
        try:
            return serialised(answer, media_type, limits)
        except (OSError, RuntimeError) as error:  # met while rows are computed
            raise QueryRefused("query-failed", said=str(error)) from error

    def _answer(
        self,
        sparql: str,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        dataset: Dataset = UNION,
    ) -> Solutions:
        found = inspect(sparql, self.guard) if self.guard is not None else Inspected()
        if found.form == "UPDATE":
            raise QueryRefused("query-update")
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): term for name, term in (bindings or {}).items()
        }
        try:
            return self._store.query(
                sparql, prefixes=dict(prefixes or {}), substitutions=substitutions, **dataset.options(named_in_text=found.dataset)
            )
        except RuntimeError as error:  # a binding for a variable that the query does not project
            raise QueryRefused("query-binding", said=str(error)) from error
        except OSError as error:  # a SERVICE that cannot be reached
            raise QueryRefused("query-failed", said=str(error)) from error
        except SyntaxError as error:
            raise QueryRefused("query-syntax", **place(str(error), sparql)) from error


class MemoryStore(OxigraphStore):
    """A dataset in memory, which grows while it is built."""

    def __init__(self, quads: Iterable[ox.Quad] = (), *, guard: GuardLimits | None = DEFAULT_LIMITS) -> None:
        """Hold *quads*; every query passes the *guard*. Without one the store is safe only inside a worker."""
        super().__init__(ox.Store(), guard)
        self._store.bulk_extend(quads)

    @classmethod
    def open(cls, nquads: Path) -> "MemoryStore":
        """Load an N-Quads file."""
        store = cls()
        store.load(nquads)
        return store

    def load(self, path: Path, form: ox.RdfFormat = ox.RdfFormat.N_QUADS, base: str | None = None) -> None:
        """Add an RDF file; *base* is what its relative IRIs are resolved against. Raises SyntaxError, OSError."""
        self._store.bulk_load(path=path, format=form, base_iri=base)

    def load_stream(self, file: IO[bytes], form: ox.RdfFormat, graph: ox.NamedNode | None = None) -> None:
        """Add what *file* holds in the format *form*; its triples go to *graph*. Raises SyntaxError, OSError."""
        self._store.bulk_load(file, form, to_graph=graph)

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add *quads*."""
        self._store.bulk_extend(quads)

    def sorted_nquads(self) -> bytes:
        """Return all quads in N-Quads, in the order of their bytes: the same content, the same bytes."""
        lines = (self._store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
        lines.sort()
        return b"".join(lines)

    def ntriples(self) -> str:
        """Return the triples of all graphs as N-Triples; one that is in several graphs comes as often."""
        graphs = [ox.NamedNode(name) if name else ox.DefaultGraph() for name in sorted(self.graph_names())]
        return b"".join(self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in graphs).decode()

    def has_triple(self, triple: ox.Triple) -> bool:
        """Tell whether some graph holds *triple*."""
        return next(iter(self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object)), None) is not None


def code_only(sparql: str) -> str:
    """Return *sparql* without IRIs, strings and comments, so that a keyword test sees only code."""
    return "".join(" " if token.kind in ("gap", "iri", "string") else token.text for token in tokens(sparql))
