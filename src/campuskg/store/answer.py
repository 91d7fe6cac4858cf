"""The answer to a query as bytes: the formats of SPARQL 1.1 (JSON, XML, CSV, TSV) and of RDF graphs, in a capped buffer."""

import io
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from campuskg.errors import UsageProblem
from campuskg.store.refusal import QueryRefused
from campuskg.store.rows import write_rows

RESULT_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""For SELECT and ASK (SPARQL 1.1 Query Results JSON, XML, CSV and TSV formats)."""

GRAPH_FORMATS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
"""For CONSTRUCT and DESCRIBE."""

# What the engine writes for a property whose last part is no XML name, and characters that XML 1.0 section 2.2 forbids.
_NOT_XML = re.compile(rb"<oxprefix: |[\x00-\x08\x0b\x0c\x0e-\x1f]")


class AnswerTooBig(UsageProblem):
    """The answer is larger than *limit* bytes."""

    def __init__(self, limit: int) -> None:
        """Name the limit."""
        super().__init__("answer-too-big", limit=limit)
        self.limit = limit


Solutions = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a query is about, when the caller says so: the protocol's ``default-graph-uri`` and ``named-graph-uri``.

    Graphs given here win over FROM in the text (SPARQL 1.1 Protocol, section 2.1.4). Without either, the default graph
    is the union of all named graphs; without *union*, the store's own.
    """

    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    union: bool = True

    def options(self, *, named_in_text: bool) -> dict[str, Any]:
        """Return the engine's options; its union option would override FROM, so it goes only where there is none."""
        if self.default_graphs or self.named_graphs:
            graphs = {"default_graph": self.default_graphs, "named_graphs": self.named_graphs}
            return {option: [ox.NamedNode(graph) for graph in given] for option, given in graphs.items()}
        return {"use_default_graph_as_union": self.union and not named_in_text}


UNION: Final = Dataset()


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How large an answer may be: beyond *bytes_* it is refused; beyond *rows* it is cut, and says so."""

    bytes_: int | None = None
    rows: int | None = None


WHOLE: Final = AnswerLimits()


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer; *rows* are counted only where a limit on them was asked for."""

    body: bytes
    truncated: bool = False
    rows: int | None = None


class CappedBuffer(io.RawIOBase):
    """A file in memory that refuses to grow beyond its cap."""

    def __init__(self, cap: int | None) -> None:
        """Hold up to *cap* bytes."""
        super().__init__()
        self._cap = cap
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def file(self) -> IO[bytes]:
        """Return this as the engine's type for files; it only ever writes to it."""
        return cast("IO[bytes]", self)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Keep *data*; raises AnswerTooBig."""
        self._size += len(data)
        if self._cap is not None and self._size > self._cap:
            raise AnswerTooBig(self._cap)
        self._pieces.append(bytes(data))
        return len(data)

    def bytes(self) -> bytes:
        """Return all that was written."""
        return b"".join(self._pieces)


def serialised(answer: Solutions, media_type: str, limits: AnswerLimits = WHOLE) -> Answer:
    """Write *answer* as *media_type*, whole or cut after the rows that *limits* allow.

    Raises AnswerTooBig, and QueryRefused when the form of the query has no such format or XML cannot say the answer.
    """
    media_type = media_type.partition(";")[0].strip().lower()
    known: Mapping[str, object] = GRAPH_FORMATS if isinstance(answer, ox.QueryTriples) else RESULT_FORMATS
    if media_type not in known:
        raise QueryRefused("query-format", format=media_type, known=", ".join(known))
    out = CappedBuffer(limits.bytes_)
    if isinstance(answer, ox.QueryTriples):
        done = _graph(answer, GRAPH_FORMATS[media_type], out, limits.rows)
    elif limits.rows is not None and isinstance(answer, ox.QuerySolutions):
        names = [variable.value for variable in answer.variables]
        count = write_rows(media_type, names, itertools.islice(answer, limits.rows), out)
        done = Answer(out.bytes(), next(iter(answer), None) is not None, count)
    else:
        answer.serialize(out.file, RESULT_FORMATS[media_type])
        done = Answer(out.bytes())
    if media_type.endswith("+xml") and _NOT_XML.search(done.body):
        raise QueryRefused("answer-not-xml")
    return done


def _graph(triples: ox.QueryTriples, form: ox.RdfFormat, out: CappedBuffer, most: int | None) -> Answer:
    if most is None:
        triples.serialize(out.file, form)
        return Answer(out.bytes())
    first = list(itertools.islice(triples, most))
    ox.serialize(first, out.file, form)
    return Answer(out.bytes(), next(iter(triples), None) is not None, len(first))
