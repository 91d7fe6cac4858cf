"""The answer to a query as bytes: the formats of SPARQL 1.1 (JSON, XML, CSV, TSV) and of RDF graphs, within limits.

The engine writes every answer; where rows must be counted or an answer cut, that is done on the bytes (``store.cut``).
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from campuskg.errors import UsageProblem
from campuskg.store.cut import cut, rows_fit
from campuskg.store.refusal import QueryRefused

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


class AnswerTooLong(UsageProblem):
    """The answer has more than *limit* rows or triples."""

    def __init__(self, limit: int) -> None:
        """Name the limit."""
        super().__init__("answer-too-many-rows", limit=limit)
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
    """How large an answer may be, in bytes and in rows (or triples): beyond that it is refused or, with *cut*, cut."""

    bytes_: int | None = None
    rows: int | None = None
    cut: bool = False


WHOLE: Final = AnswerLimits()


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer; *cut* names the limit by which it was cut (``bytes=…`` or ``rows=…``), if it was."""

    body: bytes
    cut: str = ""


class CappedBuffer(io.RawIOBase):
    """A file in memory that refuses to grow beyond its cap; *full* tells whether more came."""

    def __init__(self, cap: int | None) -> None:
        """Hold up to *cap* bytes."""
        super().__init__()
        self._cap = cap
        self._pieces: list[bytes] = []
        self._size = 0
        self.full = False

    @property
    def file(self) -> IO[bytes]:
        """Return this as the engine's type for files; it only ever writes to it."""
        return cast("IO[bytes]", self)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Keep *data*, as much of it as fits; raises AnswerTooBig when that is not all."""
        if self._cap is not None and self._size + len(data) > self._cap:
            self._pieces.append(bytes(data[: self._cap - self._size]))
            self._size, self.full = self._cap, True  # the engine tries its buffer once more when it gives up
            raise AnswerTooBig(self._cap)
        self._size += len(data)
        self._pieces.append(bytes(data))
        return len(data)

    def bytes(self) -> bytes:
        """Return all that was written."""
        return b"".join(self._pieces)


def serialised(answer: Solutions, media_type: str, limits: AnswerLimits = WHOLE) -> Answer:
    """Write *answer* as *media_type*, whole or, where *limits* allow it, cut after its last row that fits.

    Raises AnswerTooBig, AnswerTooLong, and QueryRefused when the form of the query has no such format or XML cannot say
    the answer.
    """
    media_type = media_type.partition(";")[0].strip().lower()
    known: Mapping[str, object] = GRAPH_FORMATS if isinstance(answer, ox.QueryTriples) else RESULT_FORMATS
    if media_type not in known:
        raise QueryRefused("query-format", format=media_type, known=", ".join(known))
    if isinstance(answer, ox.QueryBoolean):
        limits = replace(limits, rows=None, cut=False)
    if isinstance(answer, ox.QueryTriples) and limits.cut:
        done = _cut_graph(answer, media_type, limits)
    else:
        done = _within(_written(answer, media_type, limits), media_type, limits)
    if media_type.endswith("+xml") and _NOT_XML.search(done.body):
        raise QueryRefused("answer-not-xml")
    return done


def _written(answer: Solutions, media_type: str, limits: AnswerLimits) -> CappedBuffer:
    """Have the engine write *answer*; raises AnswerTooBig when it may not be cut."""
    out = CappedBuffer(limits.bytes_)
    try:
        if isinstance(answer, ox.QueryTriples):
            answer.serialize(out.file, GRAPH_FORMATS[media_type])
        else:
            answer.serialize(out.file, RESULT_FORMATS[media_type])
    except AnswerTooBig:
        if not limits.cut:
            raise
    return out


def _within(out: CappedBuffer, media_type: str, limits: AnswerLimits) -> Answer:
    """Return what was written, cut where *limits* ask for it."""
    body, named = out.bytes(), ""
    if out.full:
        body, named = cut(body, media_type), f"bytes={limits.bytes_}"
    if limits.rows is None or rows_fit(body, media_type, limits.rows):
        return Answer(body, named)
    if not limits.cut:
        raise AnswerTooLong(limits.rows)
    return Answer(cut(body, media_type, limits.rows), f"rows={limits.rows}")


def _cut_graph(answer: ox.QueryTriples, media_type: str, limits: AnswerLimits) -> Answer:
    """Write triples one a line, where they can be cut, then as *media_type*, whose text may be twice as long."""
    lines = "application/n-triples"
    room = limits if media_type == lines or limits.bytes_ is None else replace(limits, bytes_=limits.bytes_ // 2)
    done = _within(_written(answer, lines, room), lines, limits)
    if media_type == lines:
        return done
    body = ox.serialize(ox.parse(done.body, format=ox.RdfFormat.N_TRIPLES), format=GRAPH_FORMATS[media_type]) or b""
    return Answer(body, done.cut)
