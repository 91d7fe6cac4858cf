"""Opening a release: read-only, checked against its manifest."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from campuskg.errors import MissingInput
from campuskg.ontology import CMQ, expand
from campuskg.release.directory import file_digest, read_manifest, recover
from campuskg.release.elsewhere import opener
from campuskg.release.names import NameIndex
from campuskg.release.seen import Seen
from campuskg.release.tables import Tables
from campuskg.store import GraphStore
from campuskg.store.disk_build import Part
from campuskg.store.storage import Stored, current_storage

_DATE: Final = expand("dcterms:date")
_LINE: Final = 190
"""Bytes of a quad in N-Quads, measured: for a release that does not say how many it has."""


@dataclass(frozen=True)
class Release:
    """An opened release: its folder, its manifest, its store."""

    folder: Path
    manifest: dict[str, Any]
    store: GraphStore

    @cached_property
    def names(self) -> NameIndex:
        """The names of the release."""
        return NameIndex(self.store)

    @cached_property
    def partners(self) -> Callable[[str], frozenset[str]]:
        """Tells what a thing is a partner of; remembers it, for a thing is drawn around each of its partners."""

        @lru_cache(maxsize=1 << 12)
        def partners(iri: str) -> frozenset[str]:
            about = self.store.about(ox.NamedNode(iri))
            found = (quad.object for quad in about if quad.predicate == CMQ.partnerOf)
            return frozenset(term.value for term in found if isinstance(term, ox.NamedNode))

        return partners

    @property
    def digest(self) -> str:
        """The SHA-256 of the dataset: what identifies the release in a citation."""
        return str(self.manifest["outputs"]["dataset.nq"])

    def statistics(self) -> dict[str, dict[str, int]]:
        """Return the counts written by the build."""
        loaded: dict[str, dict[str, int]] = json.loads((self.folder / "statistics.json").read_bytes())
        return loaded

    @cached_property
    def date(self) -> str:
        """The day of the latest curation that the release records: the same for everyone who has it, unlike a file's time."""
        days = (quad.object for quad in self.store.matching(_DATE) if isinstance(quad.object, ox.Literal))
        return max((day.value for day in days), default="")

    @cached_property
    def retired(self) -> dict[str, dict[str, str]]:
        """The retired ids: on which day, why (fr, en), replaced by which id."""
        path = self.folder / "retired.json"
        loaded: dict[str, dict[str, str]] = json.loads(path.read_bytes()) if path.is_file() else {}
        return loaded


def whole_release(folder: Path, seen: Seen | None = None) -> dict[str, Any]:
    """Return the manifest of the release in *folder* once every file was found to be what it says; MissingInput otherwise.

    What was *seen* to be whole and has not changed since is not read again.
    """
    recover(folder)
    manifest = read_manifest(folder)
    for name, known in manifest["outputs"].items():
        path = folder / name
        if not path.is_file() or not ((seen and seen.knows(path, known)) or file_digest(path) == known):
            raise MissingInput("release-damaged", folder=str(folder), file=name)
    if seen:
        seen.write()
    return manifest


def stored_release(folder: Path, manifest: Mapping[str, Any], *, quotations: bool = True) -> Stored:
    """Return the dataset of the release in *folder* as its *manifest* has it, and about how many quads it holds."""
    names = ["dataset.nq", *(["quotations.nq"] if quotations and "quotations.nq" in manifest["outputs"] else [])]
    try:
        quads = sum((folder / name).stat().st_size for name in names) // _LINE
        with suppress(ValueError, KeyError, TypeError):
            quads = max(quads, int(json.loads((folder / "statistics.json").read_bytes())["totals"]["quads"]))
    except OSError as error:
        raise MissingInput("release-damaged", folder=str(folder), file="dataset.nq") from error
    parts = [Part(folder / name, ox.RdfFormat.N_QUADS) for name in names]
    return Stored(parts, [str(manifest["outputs"][name]) for name in names], quads)


def prepare_release(folder: Path, *, quotations: bool = True) -> Path | None:
    """Make the store on disk that the release in *folder* needs, if it needs one; return its folder. Raises MissingInput."""
    recover(folder)
    dataset = stored_release(folder, read_manifest(folder), quotations=quotations)
    place = current_storage().place(dataset)
    if place is not None:
        whole_release(folder, Seen(place))
    return current_storage().prepare(dataset)


def open_release(folder: Path, *, quotations: bool = True) -> Release:
    """Open the release in *folder*; MissingInput when there is none or a file is not what the manifest says.

    Without *quotations* the cited lines stay out, where the release has them: what is published holds locators only.
    A command that was told of a SPARQL service opens what is there (``release.elsewhere``).
    One that exceeds the memory budget (``store.storage``) is read from a store on disk, which the first opening makes.
    """
    elsewhere = opener()
    if elsewhere is not None:
        return elsewhere(folder)
    recover(folder)
    storage, dataset = current_storage(), stored_release(folder, read_manifest(folder), quotations=quotations)
    place = storage.place(dataset)
    manifest = whole_release(folder, None if place is None else Seen(place))
    store = storage.open(dataset)
    store.remembered = Tables.of(folder)
    return Release(folder, manifest, store)
