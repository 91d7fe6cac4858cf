"""Where a dataset is read from: memory when it fits into the budget, else a store on disk, made once and then reused.

Every door to a dataset (a release, a file that is served) asks here, so that all commands keep the same rule.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from campuskg.errors import Text, UsageProblem
from campuskg.store.budget import default_budget_mib, needed_mib
from campuskg.store.disk import DiskStore, StoreDamaged
from campuskg.store.disk_build import Part, Progress, build_store, is_usable
from campuskg.store.memory import MemoryStore, OxigraphStore

MEMORY: Final = "CAMPUSKG_MEMORY"
FOLDER: Final = "CAMPUSKG_STORE"


@dataclass(frozen=True, slots=True)
class Stored:
    """A dataset as files: their digests, and about how many quads they hold."""

    parts: Sequence[Part]
    digests: Sequence[str]
    quads: int

    @property
    def key(self) -> str:
        """The name of its store on disk: the same content, the same name."""
        bases = [part.base or "" for part in self.parts]
        return hashlib.sha256("\n".join([*self.digests, *bases]).encode()).hexdigest()[:32]


def _silent(_what: Text, _done: int, _count: int, /) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class Storage:
    """The rule: the MiB that a dataset may take in memory (None: half of what is free), and where the stores on disk are."""

    budget_mib: int | None = None
    folder: Path | None = None
    progress: Progress = _silent

    @classmethod
    def from_environment(cls) -> "Storage":
        """Return what CAMPUSKG_MEMORY (MiB) and CAMPUSKG_STORE say; raises UsageProblem for a budget that is no number."""
        said, folder = os.environ.get(MEMORY, ""), os.environ.get(FOLDER, "")
        if said and not (said.isascii() and said.isdigit() and int(said)):
            raise UsageProblem("disk-budget", said=said[:40])
        return cls(int(said) if said else None, Path(folder) if folder else None)

    def settled(self) -> "Storage":
        """Return the same rule with the budget as a number and the folder in full: what is free changes, an answer must not."""
        budget = default_budget_mib() if self.budget_mib is None else self.budget_mib
        return replace(self, budget_mib=budget, folder=self.stores().resolve())

    def as_json(self) -> dict[str, object]:
        """Return the arguments by which another process makes the same rule."""
        return {"budget_mib": self.budget_mib, "folder": None if self.folder is None else str(self.folder)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Storage":
        """Return the rule that ``as_json`` described."""
        return cls(said["budget_mib"], said["folder"] and Path(said["folder"]))

    def stores(self) -> Path:
        """Return the folder of the stores (XDG Base Directory Specification: derived data are a cache)."""
        if self.folder is not None:
            return self.folder
        cache = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
        return base / "campuskg" / "stores"

    def place(self, dataset: Stored) -> Path | None:
        """Return the folder of the store of *dataset* on disk, there or not; None when the dataset goes into memory."""
        budget = default_budget_mib() if self.budget_mib is None else self.budget_mib
        return self.stores() / dataset.key if needed_mib(dataset.quads) > budget else None

    def prepare(self, dataset: Stored) -> Path | None:
        """Make the store on disk where one is needed and none is there; return its folder. Raises MissingInput, SyntaxError."""
        place = self.place(dataset)
        if place is not None and not is_usable(place):
            build_store(place, dataset.parts, dataset.quads, self.progress)
        return place

    def open(self, dataset: Stored) -> OxigraphStore:
        """Return *dataset*, ready to be asked; a store on disk that is damaged is made again.

        Raises MissingInput when the disk refuses, SyntaxError for a file that is no valid RDF.
        """
        place = self.prepare(dataset)
        if place is None:
            store = MemoryStore()
            for part in dataset.parts:
                store.load(part.path, part.form, part.base)
            return store
        try:
            return DiskStore(place)
        except StoreDamaged:
            (place / "stamp.json").unlink()
            build_store(place, dataset.parts, dataset.quads, self.progress)
            return DiskStore(place)


_CURRENT: ContextVar[Storage | None] = ContextVar("storage", default=None)


def current_storage() -> Storage:
    """Return the rule of the command that runs, or that of the environment."""
    return _CURRENT.get() or Storage.from_environment()


def keep_to(storage: Storage) -> None:
    """Make *storage* the rule of this whole process, a parent of workers."""
    _CURRENT.set(storage)


@contextmanager
def using(storage: Storage) -> Iterator[None]:
    """Make *storage* the rule for what is opened in this context."""
    token = _CURRENT.set(storage)
    try:
        yield
    finally:
        _CURRENT.reset(token)
