"""Oxigraph in this process: the union of all named graphs is the default graph, so queries need no GRAPH clause."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from campuskg.errors import UsageProblem

Term = ox.NamedNode | ox.Literal | ox.BlankNode
# Long strings, short strings, IRIs and comments, by the productions of SPARQL 1.1, section 19.8.
_NOT_CODE = "|".join(  # noqa: FLY002  one production a line
    (
        r'"""(?:[^"\\]|\\.|"(?!""))*"""',
        r"'''(?:[^'\\]|\\.|'(?!''))*'''",
        r'"(?:[^"\\\n]|\\.)*"',
        r"'(?:[^'\\\n]|\\.)*'",
        r'<[^<>"{}|^`\\\s]*>',
        r"#[^\n]*",
    )
)
_NEAR = 30
_FEDERATED = re.compile(r"(?<![?$:\w-])SERVICE\b(?!:)", re.IGNORECASE)


class QueryRefused(UsageProblem):
    """A query that cannot be parsed or that the engine will not run."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: variable names and rows of terms (None where unbound)."""

    variables: tuple[str, ...]
    rows: Sequence[tuple[Term | None, ...]]

    def dicts(self) -> list[dict[str, str]]:
        """Return each row as variable -> lexical value, unbound ones left out."""
        return [
            {name: term.value for name, term in zip(self.variables, row, strict=True) if term is not None} for row in self.rows
        ]


class MemoryStore:
    """An in-memory dataset with SPARQL 1.1 Query."""

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        """Hold *quads*."""
        self._store = ox.Store()
        self._store.bulk_extend(quads)

    @classmethod
    def open(cls, nquads: Path) -> "MemoryStore":
        """Load an N-Quads file."""
        store = cls()
        store._store.bulk_load(path=nquads, format=ox.RdfFormat.N_QUADS)
        return store

    def load(self, nquads: Path) -> None:
        """Add an N-Quads file."""
        self._store.bulk_load(path=nquads, format=ox.RdfFormat.N_QUADS)

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""
        return self._store.quads_for_pattern(None, ox.NamedNode(predicate), None)

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self._store)

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add *quads*."""
        self._store.bulk_extend(quads)

    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*."""
        return self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None)

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""
        return self._store.quads_for_pattern(subject, None, None)

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""
        return self._store.quads_for_pattern(None, None, node)

    def select(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        """Run a SELECT with *bindings* bound as terms (never pasted); raises QueryRefused."""
        answer = self.run(sparql, bindings)
        if not isinstance(answer, Rows):
            raise QueryRefused("query-not-select")
        return answer

    def construct(self, sparql: str) -> Sequence[ox.Triple]:
        """Run a CONSTRUCT and return its triples; raises QueryRefused."""
        answer = self.run(sparql)
        if isinstance(answer, (Rows, bool)):
            raise QueryRefused("query-not-construct")
        return answer

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query; *prefixes* are known without declaration. Raises QueryRefused."""
        if _FEDERATED.search(_code_only(sparql)):
            raise QueryRefused("query-service")
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): term for name, term in (bindings or {}).items()
        }
        try:
            answer = self._store.query(
                sparql, prefixes=dict(prefixes or {}), use_default_graph_as_union=True, substitutions=substitutions
            )
        except RuntimeError as error:  # a binding for a variable that the query does not project
            raise QueryRefused("query-binding", said=str(error)) from error
        except SyntaxError as error:
            raise QueryRefused("query-syntax", **_position(str(error), sparql)) from error
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if isinstance(answer, ox.QueryTriples):
            return list(answer)
        variables = tuple(v.value for v in answer.variables)
        return Rows(variables, [tuple(_plain(row[i]) for i in range(len(variables))) for row in answer])


def _plain(term: object) -> Term | None:
    if term is None or isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)):
        return term
    raise QueryRefused("query-triple-term")


def _code_only(sparql: str) -> str:
    """Return *sparql* without IRIs, strings and comments, so that a keyword test sees only code.

    Unicode escapes are resolved first, as SPARQL 1.1 section 19.2 asks.
    """
    text = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: chr(int(m[1] or m[2], 16) % 0x110000), sparql)
    return re.sub(_NOT_CODE, " ", text, flags=re.DOTALL)


def _position(message: str, sparql: str) -> dict[str, object]:
    """Return line, column and what stands there, from the engine's ``error at LINE:COLUMN: …``.

    The engine's list of what it expected is left out: it names character ranges, which help nobody.
    """
    match = re.match(r"error at (\d+):(\d+):", message)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    lines = sparql.splitlines() or [""]
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    near = {"fr": f"près de « {rest[:_NEAR]} »", "en": f"near '{rest[:_NEAR]}'"}
    end = {
        "fr": "à la fin : il manque peut-être une accolade ou une parenthèse",
        "en": "at the end: perhaps a brace or bracket is missing",
    }
    plain = message if not match else ""
    return {"line": line, "column": column, "near": near if rest else end, "said": plain}
