"""Opening a release: read-only, checked against its manifest."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from campuskg.errors import MissingInput
from campuskg.ontology import expand
from campuskg.release.directory import file_digest, read_manifest, recover
from campuskg.release.names import NameIndex
from campuskg.store import MemoryStore

_DATE: Final = expand("dcterms:date")


@dataclass(frozen=True)
class Release:
    """An opened release: its folder, its manifest, its store."""

    folder: Path
    manifest: dict[str, Any]
    store: MemoryStore

    @cached_property
    def names(self) -> NameIndex:
        """The names of the release."""
        return NameIndex(self.store)

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


def whole_release(folder: Path) -> dict[str, Any]:
    """Return the manifest of the release in *folder* once every file was seen to be what it says; MissingInput otherwise."""
    recover(folder)
    manifest = read_manifest(folder)
    for name, known in manifest["outputs"].items():
        if not (folder / name).is_file() or file_digest(folder / name) != known:
            raise MissingInput("release-damaged", folder=str(folder), file=name)
    return manifest


def open_release(folder: Path, *, quotations: bool = True) -> Release:
    """Open the release in *folder*; MissingInput when there is none or a file is not what the manifest says.

    Without *quotations* the cited lines stay out, where the release has them: what is published holds locators only.
    """
    manifest = whole_release(folder)
    outputs = manifest["outputs"]
    store = MemoryStore.open(folder / "dataset.nq")
    if quotations and "quotations.nq" in outputs:
        store.load(folder / "quotations.nq")
    return Release(folder, manifest, store)
