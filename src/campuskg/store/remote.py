"""A SPARQL 1.1 service somewhere else, asked by the protocol; the same interface as the engine in this process.

The dataset is always named (SPARQL 1.1 Protocol, section 2.1.4): each graph of a release is sent as a default graph
and as a named graph. Engines differ in what their default graph is when nothing is said; this way it is the union
of the release's graphs on all of them, and GRAPH patterns still find each one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import pyoxigraph as ox

from campuskg.store.answer import UNION, Dataset, Solutions
from campuskg.store.booleans import with_booleans
from campuskg.store.credentials import Credentials
from campuskg.store.datasets import dataset_of, relative
from campuskg.store.engine import GraphStore, Rows, Term
from campuskg.store.exchange import HttpAnswer, Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.lookups import Lookups
from campuskg.store.memory import code_only
from campuskg.store.refusal import QueryRefused
from campuskg.store.service import NO_GRAPH, RELEASE_GRAPHS, Ask, HttpService, Service
from campuskg.store.spelling import in_sparql, quoted

__all__ = ["RELEASE_GRAPHS", "RemoteStore"]

_RESULTS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ACCEPT_ROWS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_ACCEPT_GRAPH: Final = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
_FORM: Final = re.compile(r"(?<![?$:\w-])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?![:-])", re.IGNORECASE)
_DATASET: Final = re.compile(r"(?<![?$:\w-])FROM\b(?!:)", re.IGNORECASE)
_DISTINCT: Final = re.compile(r"\A[^{]*?(?<![?$:\w-])SELECT\s+DISTINCT\b", re.IGNORECASE)
_PREFIX: Final = re.compile(r"(?<![?$:\w-])PREFIX\s+([\w.-]*):", re.IGNORECASE)

_CUT: Final = frozenset({"x-sparql-maxrows", "x-sql-state"})
"""Headers of an answer that is not whole: it has as many rows as it may, or it took as long as it may (Virtuoso)."""

_Form = TypeVar("_Form", ox.QueryResultsFormat, ox.RdfFormat)


class RemoteStore(GraphStore):
    """A remote SPARQL service with the methods of MemoryStore."""

    def __init__(
        self,
        url: str = "",
        *,
        credentials: Credentials | None = None,
        limits: Limits | None = None,
        graphs: Sequence[str] = RELEASE_GRAPHS,
        service: Service | None = None,
    ) -> None:
        """Ask *url*, or a *service* made elsewhere; the dataset of each query is *graphs* (none: what the service takes)."""
        self._service = service or HttpService(url, credentials=credentials, limits=limits)
        self._graphs = tuple(graphs)
        self._lookups = Lookups(self.select)

    def __repr__(self) -> str:
        """Return the address only: never the credentials."""
        return f"RemoteStore({self._service.shown!r})"

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query; *prefixes* are known without declaration. Raises QueryRefused, RemoteFailed."""
        code = code_only(sparql)
        form = _form(code)
        text = _declared(sparql, code, prefixes or {}) + _values(bindings or {})
        graphs = self._graphs if _DATASET.search(code) is None else ()
        answer = self._service.ask(Ask(text, _accept(form), graphs, graphs))
        self._whole(answer)
        if form == "ASK":
            return _yes(self._results(answer))
        if form != "SELECT":
            return self._triples(answer)
        found = self._results(answer)
        if not isinstance(found, Rows):
            return found
        if _DISTINCT.search(code):
            found = _distinct(found)
        return with_booleans(found, sparql) if self._graphs else found  # without them it is read letter by letter

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""
        return self._lookups.about(subject)

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""
        return self._lookups.to(node)

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*, fetched while they are read."""
        return self._lookups.matching(predicate)

    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*, fetched while they are read."""
        return self._lookups.where("?s", "?p", "?o", quoted(graph) if graph else "?g")

    def solutions(self, sparql: str, dataset: Dataset = UNION, *, named_in_text: bool, base: str | None = None) -> Solutions:
        """Return the answer of the service to what somebody wrote, for the graphs of the release and no others.

        The text is parsed here first: what the engine in this process would refuse is refused in the same words, and is not
        sent: neither an extension of the service nor a function of its own. It is not evaluated here.
        """
        ox.Store().query(sparql, base_iri=base)
        if named_in_text and not (dataset.default_graphs or dataset.named_graphs):
            dataset = dataset_of(sparql, base or "")
        elif not (dataset.default_graphs or dataset.named_graphs):
            dataset = Dataset(self._graphs, self._graphs)
        form = _form(code_only(sparql))
        text = f"BASE {quoted(base)} {sparql}" if base and relative(sparql) else sparql
        answer = self._service.ask(Ask(text, _accept(form), self._ours(dataset.default_graphs), self._ours(dataset.named_graphs)))
        self._whole(answer)
        return self._written(answer, form)

    def _ours(self, graphs: Sequence[str]) -> tuple[str, ...]:
        """Return those of *graphs* that are the release's: all others are empty, as they are in the engine in this process."""
        return tuple(graph for graph in graphs if graph in self._graphs) or (NO_GRAPH,)

    def _written(self, answer: HttpAnswer, form: str) -> Solutions:
        """Return what the service answered in the types of the engine, which write themselves in any format."""
        try:
            if form in ("CONSTRUCT", "DESCRIBE"):
                held = ox.Store()
                held.bulk_extend(ox.parse(answer.body, self._known(answer, _GRAPHS)))
                return held.query("CONSTRUCT WHERE { ?s ?p ?o }")
            parsed = ox.parse_query_results(answer.body, self._known(answer, _RESULTS))
            if form == "ASK" and isinstance(parsed, ox.QuerySolutions):
                return _boolean("true" if _yes(Rows.of(parsed)) else "false")
        except (SyntaxError, ValueError, OSError) as error:
            raise self._malformed(error) from error
        return parsed

    def _whole(self, answer: HttpAnswer) -> None:
        """Raise RemoteFailed when the service says that it left rows out: Virtuoso does so with status 200."""
        if _CUT & answer.headers.keys():
            raise RemoteFailed("remote-cut", url=self._service.shown)

    def _malformed(self, error: Exception) -> RemoteFailed:
        return RemoteFailed("remote-malformed", url=self._service.shown, said=str(error))

    def _results(self, answer: HttpAnswer) -> Rows | bool:
        form = self._known(answer, _RESULTS)
        try:
            parsed = ox.parse_query_results(answer.body, form)
            if isinstance(parsed, ox.QueryBoolean):
                return bool(parsed)
            variables = tuple(variable.value for variable in parsed.variables)
            rows = [tuple(_plain(row[i]) for i in range(len(variables))) for row in parsed]
        except (SyntaxError, ValueError, OSError) as error:
            raise self._malformed(error) from error
        return Rows(variables, rows)

    def _triples(self, answer: HttpAnswer) -> Sequence[ox.Triple]:
        form = self._known(answer, _GRAPHS)
        try:
            return [quad.triple for quad in ox.parse(answer.body, form)]
        except (SyntaxError, ValueError) as error:
            raise self._malformed(error) from error

    def _known(self, answer: HttpAnswer, forms: Mapping[str, _Form]) -> _Form:
        form = forms.get(answer.media)
        if form is None:
            raise RemoteFailed("remote-not-sparql", url=self._service.shown, media=answer.media or "?")
        return form


def _plain(term: object) -> Term | None:
    if term is None or isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)):
        return term
    raise QueryRefused("query-triple-term")


def _distinct(found: Rows) -> Rows:
    """Return *found* with each row once: now and then Virtuoso gives equal rows with decimals twice, DISTINCT or not."""
    return Rows(found.variables, list(dict.fromkeys(found.rows)))


def _form(code: str) -> str:
    """Return the form of the query with this *code*; raises QueryRefused for what only looks like one."""
    found = _FORM.search(code)
    if found is None:
        raise QueryRefused("remote-form")
    return found[1].upper()


def _accept(form: str) -> str:
    return _ACCEPT_ROWS if form in ("SELECT", "ASK") else _ACCEPT_GRAPH


def _boolean(text: str) -> ox.QueryBoolean:
    said = ox.parse_query_results(f'{{"head":{{}},"boolean":{text}}}'.encode(), ox.QueryResultsFormat.JSON)
    assert isinstance(said, ox.QueryBoolean)  # noqa: S101  so that the type is known
    return said


def _yes(found: Rows | bool) -> bool:  # noqa: FBT001  an answer, not a flag
    """Return the answer to an ASK; Virtuoso gives it as a table with the number 1, or without a row."""
    return found if isinstance(found, bool) else any(term is not None and term.value == "1" for row in found.rows for term in row)


def _declared(sparql: str, code: str, prefixes: Mapping[str, str]) -> str:
    """Return the query with declarations of the *prefixes* that it uses, on its first line, so that lines keep their numbers."""
    own = set(_PREFIX.findall(code))
    used = {name for name in prefixes if name not in own and re.search(rf"(?<![\w-]){re.escape(name)}:", code)}
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used)) + sparql


def _values(bindings: Mapping[str, Term]) -> str:
    """Return *bindings* as the VALUES clause after a query: terms in the syntax of N-Triples, never pasted text."""
    if not bindings:
        return ""
    if any(isinstance(term, ox.BlankNode) for term in bindings.values()):
        raise QueryRefused("query-binding", said="_:")
    try:
        names = " ".join(f"?{ox.Variable(name).value}" for name in bindings)
    except ValueError as error:
        raise QueryRefused("query-binding", said=str(error)) from error
    return f"\nVALUES ({names}) {{ ({' '.join(in_sparql(str(term)) for term in bindings.values())}) }}"
