"""What the bytes of a site come from, as one digest: a site made of the same need not be made again."""

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import MissingInput

_LIBRARIES: Final = ("jinja2", "markupsafe", "pyoxigraph", "xlsxwriter", "numpy", "networkx", "pyvis")
"""What else writes the bytes of pages and data."""
_BUILT: Final = ("dist", "src/style")
"""Folders of ``viz/web`` that the pages are made with."""


def origin(release: Path, options: Sequence[str]) -> str:
    """Return the digest of all that the bytes of a site come from: the *release*, *options*, program, words, templates.

    Raises MissingInput when there is no release.
    """
    found = sha256()
    try:
        found.update((release / "manifest.json").read_bytes())
    except OSError as error:
        raise MissingInput("release-missing", folder=str(release)) from error
    for part in (*_written_by(), *options):
        found.update(part.encode() + b"\0")
    for path in _program():
        found.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _written_by() -> Iterator[str]:
    yield sys.version
    for library in _LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:
            yield library


def _program() -> Iterator[Path]:
    """Yield the files that say how pages and data are written."""
    package = Path(__file__).resolve().parents[2]
    yield from sorted(path for path in package.rglob("*") if path.suffix in (".py", ".html", ".toml"))
    viz = content("viz")
    own = [path for path in viz.iterdir() if path.name != "web"]
    yield from sorted(path for path in own if path.is_file())
    folders = [path for path in own if path.is_dir()] + [viz / "web" / name for name in _BUILT]
    for folder in (content("ontology"), content("queries"), *sorted(folders)):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
