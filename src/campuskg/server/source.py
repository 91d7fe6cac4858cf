"""What a server serves: a release folder, or one RDF file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from campuskg.errors import MissingInput, UsageProblem, no_file

if TYPE_CHECKING:
    from campuskg.server.tasks import Context
    from campuskg.store.storage import Stored

_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}
_QUAD_BYTES: Final = {".nq": 190, ".trig": 50, ".ttl": 50, ".nt": 150}
"""About how long a quad is in a file of each format, measured: to know before it is loaded how much memory it needs."""


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
    if path.suffix not in _FORMATS and not path.exists():
        raise MissingInput("serve-missing", source=str(path))
    if path.suffix not in _FORMATS:
        raise UsageProblem("serve-source", source=str(path), known=", ".join(_FORMATS))
    try:
        with path.open("rb") as file:
            digest = sha256()
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise no_file(path) from error
    return Source(path, digest.hexdigest(), None)


def open_source(source: str, base: str, corrections: str = "", *, quotations: bool = False) -> "Context":
    """Load *source* whole, checked: for the parent of the workers."""
    from campuskg.release import open_release
    from campuskg.server.tasks import Context
    from campuskg.store.storage import current_storage

    path = Path(source)
    if path.is_dir():
        release = open_release(path, quotations=quotations)
        return Context(release.store, release, release.digest, base, corrections)
    digest = check_source(path).digest
    with _readable(path):
        return Context(current_storage().open(_file(path, digest)), None, digest, base, corrections)


def prepare_source(source: Source, *, quotations: bool = False) -> Path | None:
    """Make the store on disk that *source* needs, if it exceeds the memory budget; return its folder."""
    from campuskg.release.opened import prepare_release
    from campuskg.store.storage import current_storage

    if source.manifest is not None:
        return prepare_release(source.path, quotations=quotations)
    with _readable(source.path):
        return current_storage().prepare(_file(source.path, source.digest))


def _file(path: Path, digest: str) -> "Stored":
    from campuskg.store.disk_build import Part
    from campuskg.store.storage import Stored

    part = Part(path, _FORMATS[path.suffix], path.resolve().as_uri())
    return Stored([part], [digest], path.stat().st_size // _QUAD_BYTES[path.suffix])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise UsageProblem("serve-syntax", file=str(path), said=str(error)[:300]) from error
    except OSError as error:
        raise no_file(path) from error
