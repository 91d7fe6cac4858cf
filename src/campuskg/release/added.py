"""Data that go into a release beside the curated graph: imported, or made up for trials of scale."""

import gzip
import io
import re
import zlib
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import MissingInput, UsageProblem, no_file
from campuskg.release.layers import ID, LAYERS, graph_name
from campuskg.store import MemoryStore

_FORMATS: Final = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES}
_CHUNK: Final = 1 << 20
_EVIDENCE: Final = rb"[ \t]*<" + re.escape(ID.encode()) + rb"(?:document|passage|activity)/"
_CODES: Final = rb"[ \t]*<" + re.escape(BASE_IRI.encode()) + rb"scheme/"
_LINES: Final = {
    "facts": re.compile(rb"^(?:" + _EVIDENCE + rb"|" + _CODES + rb")[^\n]*", re.MULTILINE),
    "sources": re.compile(rb"^(?!" + _EVIDENCE + rb")[^\n]+", re.MULTILINE),
    "vocabulary": re.compile(rb"^(?!" + _CODES + rb")[^\n]+", re.MULTILINE),
}
"""Layer -> the lines of N-Triples that do not belong to it: documents, passages and activities are sources, codes and their lists
are vocabulary, the rest are facts."""


def add_file(store: MemoryStore, path: Path) -> None:
    """Add the N-Quads or N-Triples in *path* (also ``.gz``) to *store*: quads to their layer, triples to theirs.

    Raises UsageProblem for another kind of file, for what is no valid RDF (with the line), and for a quad outside the layers
    of a release; MissingInput for what cannot be read.
    """
    if path.is_dir():
        raise no_file(path)
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    form = _FORMATS.get(plain.suffix)
    if form is None:
        raise UsageProblem("added-format", file=str(path), known=", ".join(_FORMATS))
    before = store.graph_names()
    try:
        if form is ox.RdfFormat.N_QUADS:
            with _open(path) as file:
                store.load_stream(file, form)
        else:
            for layer, others in _LINES.items():
                with _open(path) as file:
                    store.load_stream(cast("IO[bytes]", _Sieve(file, others)), form, graph_name(layer))
    except SyntaxError as error:
        raise UsageProblem("added-syntax", file=str(path), line=error.lineno or 0) from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise MissingInput(
            "added-unreadable", file=str(path), reason=getattr(error, "strerror", None) or type(error).__name__
        ) from error
    strange = store.graph_names() - before - {graph_name(layer).value for layer in LAYERS}
    if strange:
        raise UsageProblem("added-graph", file=str(path), graph=min(strange))


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


class _Sieve(io.RawIOBase):
    """A file of lines, read without some of them; these are left empty, so that every line keeps its number."""

    def __init__(self, file: IO[bytes], others: re.Pattern[bytes]) -> None:
        self._file, self._others, self._rest = file, others, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what the io module hands over
        if not self._rest and (data := self._file.read(_CHUNK)):
            self._rest = memoryview(self._others.sub(b"", data + self._file.readline()))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
