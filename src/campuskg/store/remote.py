"""A SPARQL 1.1 service somewhere else, asked by the protocol; the same interface as the engine in this process.

The dataset is always named (SPARQL 1.1 Protocol, section 2.1.4): each graph of a release is sent as a default graph
and as a named graph. Engines differ in what their default graph is when nothing is said; this way it is the union
of the release's graphs on all of them, and GRAPH patterns still find each one.
"""

import re
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper

from campuskg.content import BASE_IRI
from campuskg.store.credentials import Credentials
from campuskg.store.engine import Engine, Rows, Term
from campuskg.store.exchange import Exchange, HttpAnswer, Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.memory import code_only
from campuskg.store.refusal import QueryRefused
from campuskg.store.spelling import in_sparql

RELEASE_GRAPHS: Final = tuple(f"{BASE_IRI}graph/{layer}" for layer in ("facts", "claims", "sources", "vocabulary", "inferred"))
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
_PREFIX: Final = re.compile(r"(?<![?$:\w-])PREFIX\s+([\w.-]*):", re.IGNORECASE)

_Form = TypeVar("_Form", ox.QueryResultsFormat, ox.RdfFormat)


class _Request(SPARQLWrapper):
    """The package's request, with the query form told by us: its own guess reads words such as 'move' in comments."""

    form = "SELECT"

    def _parseQueryType(self, query: str) -> str:  # noqa: ARG002, N802  the package's names
        return self.form


class RemoteStore(Engine):
    """A remote SPARQL service with the query methods of MemoryStore."""

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        limits: Limits | None = None,
        graphs: Sequence[str] = RELEASE_GRAPHS,
    ) -> None:
        """Ask *url*; the dataset of each query is *graphs* (none: whatever the service takes by default)."""
        self._exchange = Exchange(url, credentials=credentials, limits=limits)
        self._graphs = tuple(graphs)

    def __repr__(self) -> str:
        """Return the address only: never the credentials."""
        return f"RemoteStore({self._exchange.shown!r})"

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query; *prefixes* are known without declaration. Raises QueryRefused, RemoteFailed."""
        code = code_only(sparql)
        found = _FORM.search(code)
        if found is None:
            raise QueryRefused("remote-form")
        form = found[1].upper()
        text = _declared(sparql, code, prefixes or {}) + _values(bindings or {})
        answer = self._exchange.send(self._request(text, form, named=_DATASET.search(code) is None))
        if form == "ASK":
            return _yes(self._results(answer))
        return self._results(answer) if form == "SELECT" else self._triples(answer)

    def _request(self, text: str, form: str, *, named: bool) -> urllib.request.Request:
        request = _Request(self._exchange.url, agent="campuskg")
        request.form = form
        request.setMethod(POST)
        request.setOnlyConneg(True)
        for graph in self._graphs if named else ():
            request.addParameter("default-graph-uri", graph)
            request.addParameter("named-graph-uri", graph)
        request.addCustomHttpHeader("Accept", _ACCEPT_ROWS if form in ("SELECT", "ASK") else _ACCEPT_GRAPH)
        request.setQuery(text)
        made: urllib.request.Request = request._createRequest()  # noqa: SLF001  its query() would follow redirects and read without end
        return made

    def _results(self, answer: HttpAnswer) -> Rows | bool:
        form = self._known(answer, _RESULTS)
        try:
            parsed = ox.parse_query_results(answer.body, form)
            if isinstance(parsed, ox.QueryBoolean):
                return bool(parsed)
            variables = tuple(variable.value for variable in parsed.variables)
            rows = [tuple(_plain(row[i]) for i in range(len(variables))) for row in parsed]
        except (SyntaxError, ValueError, OSError) as error:
            raise RemoteFailed("remote-malformed", url=self._exchange.shown, said=str(error)) from error
        return Rows(variables, rows)

    def _triples(self, answer: HttpAnswer) -> Sequence[ox.Triple]:
        form = self._known(answer, _GRAPHS)
        try:
            return [quad.triple for quad in ox.parse(answer.body, form)]
        except (SyntaxError, ValueError) as error:
            raise RemoteFailed("remote-malformed", url=self._exchange.shown, said=str(error)) from error

    def _known(self, answer: HttpAnswer, forms: Mapping[str, _Form]) -> _Form:
        form = forms.get(answer.media)
        if form is None:
            raise RemoteFailed("remote-not-sparql", url=self._exchange.shown, media=answer.media or "?")
        return form


def _plain(term: object) -> Term | None:
    if term is None or isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)):
        return term
    raise QueryRefused("query-triple-term")


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
