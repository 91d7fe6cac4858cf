"""Data that go into a release beside the curated graph: imported, or made up for trials of scale."""

import gzip
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from campuskg.errors import MissingInput, UsageProblem
from campuskg.release.layers import LAYERS, graph_name
from campuskg.store import MemoryStore

_FORMATS: Final = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES}


def add_file(store: MemoryStore, path: Path) -> None:
    """Add the N-Quads or N-Triples in *path* (also ``.gz``) to *store*: quads to their layer, triples to the facts.

    Raises UsageProblem for another kind of file, for what is no valid RDF (with the line), and for a quad outside the layers
    of a release; MissingInput for what cannot be read.
    """
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    form = _FORMATS.get(plain.suffix)
    if form is None:
        raise UsageProblem("added-format", file=str(path), known=", ".join(_FORMATS))
    before = store.graph_names()
    try:
        with cast("IO[bytes]", gzip.open(path) if path.suffix == ".gz" else path.open("rb")) as file:
            store.load_stream(file, form, None if form is ox.RdfFormat.N_QUADS else graph_name("facts"))
    except SyntaxError as error:
        raise UsageProblem("added-syntax", file=str(path), line=error.lineno or 0) from error
    except (OSError, EOFError, ValueError) as error:
        raise MissingInput(
            "added-unreadable", file=str(path), reason=getattr(error, "strerror", None) or type(error).__name__
        ) from error
    strange = store.graph_names() - before - {graph_name(layer).value for layer in LAYERS}
    if strange:
        raise UsageProblem("added-graph", file=str(path), graph=min(strange))
