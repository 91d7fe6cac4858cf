"""What a server serves: a release folder, or one RDF file."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from campuskg.errors import MissingInput, UsageProblem

if TYPE_CHECKING:
    from campuskg.server.tasks import Context

_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}


class Source(NamedTuple):
    """A source that exists and says what it is: its digest, and its manifest when it is a release."""

    path: Path
    digest: str
    manifest: Mapping[str, Any] | None


def check_source(path: Path) -> Source:
    """Return what *path* is, without loading it; MissingInput or UsageProblem when it cannot be served."""
    if path.is_dir():
        from campuskg.release.directory import read_manifest, recover

        recover(path)
        manifest = read_manifest(path)
        return Source(path, str(manifest["outputs"]["dataset.nq"]), manifest)
    if path.suffix not in _FORMATS:
        raise UsageProblem("serve-source", source=str(path), known=", ".join(_FORMATS))
    try:
        with path.open("rb") as file:
            digest = sha256()
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise MissingInput("file-missing", file=str(path)) from error
    return Source(path, digest.hexdigest(), None)


def open_source(source: str, base: str, corrections: str = "", *, quotations: bool = False) -> "Context":
    """Load *source* whole, checked: for the parent of the workers."""
    from campuskg.release import open_release
    from campuskg.server.tasks import Context
    from campuskg.store import MemoryStore

    path = Path(source)
    if path.is_dir():
        release = open_release(path, quotations=quotations)
        return Context(release.store, release, release.digest, base, corrections)
    store = MemoryStore()
    try:
        store.engine.bulk_load(path=path, format=_FORMATS[path.suffix], base_iri=path.resolve().as_uri())
    except (SyntaxError, ValueError) as error:
        raise UsageProblem("serve-syntax", file=str(path), said=str(error)[:300]) from error
    except OSError as error:
        raise MissingInput("file-missing", file=str(path)) from error
    return Context(store, None, check_source(path).digest, base, corrections)
