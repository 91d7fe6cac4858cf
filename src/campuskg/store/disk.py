"""Oxigraph on disk, read only: for a dataset that does not fit into memory. ``store.disk_build`` makes what is opened here.

The folder of such a store holds the engine's files in ``data`` and, written last, a stamp that says what they are.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from campuskg.errors import CampuskgError, MissingInput
from campuskg.store.answer import UNION, WHOLE, Answer, AnswerLimits, Dataset, Solutions
from campuskg.store.engine import Rows, Term
from campuskg.store.guard import DEFAULT_LIMITS, GuardLimits
from campuskg.store.memory import OxigraphStore

DATA: Final = "data"
STAMP: Final = "stamp.json"
FORM: Final = 1
"""Version of this folder's form; the engine has its own."""
_BROKEN: Final = ("Corruption", "IO error")


class StoreDamaged(MissingInput):
    """A store on disk of which a file is not what it was when it was made."""

    def __init__(self, folder: Path | str, said: object) -> None:
        """Name the *folder*, and what was *said* of it."""
        super().__init__("disk-damaged", folder=str(folder), said=str(said).strip().replace("\n", " ")[:200])


def damage(error: BaseException | None, folder: Path | str = "") -> StoreDamaged | None:
    """Return what the engine says in *error* of a file of the store, if that is what it speaks of."""
    told = isinstance(error, (OSError, RuntimeError)) and any(word in str(error) for word in _BROKEN)
    return StoreDamaged(folder, error) if told else None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the store in a folder is: the form, the engine that wrote it, the number of quads, its files by size."""

    quads: int
    files: Mapping[str, int]
    form: int = FORM
    engine: str = ox.__version__

    def as_json(self) -> bytes:
        """Return the bytes of the file."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()


def sizes(data: Path) -> dict[str, int]:
    """Return the files that a store cannot do without, by name, with their sizes; its journals are none of them."""
    return {
        path.name: path.stat().st_size
        for path in sorted(data.iterdir())
        if path.suffix == ".sst" or path.name.startswith(("MANIFEST", "CURRENT"))
    }


def read_stamp(folder: Path) -> Stamp:
    """Return what the store in *folder* is, once its files were seen to be there; MissingInput otherwise."""
    try:
        said: dict[str, Any] = json.loads((folder / STAMP).read_bytes())
        form, engine = said["form"], said["engine"]
        stamp = Stamp(int(said["quads"]), {str(name): int(size) for name, size in said["files"].items()})
    except OSError as error:
        raise MissingInput("disk-missing", folder=str(folder)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(folder, STAMP) from error
    if (form, engine) != (FORM, ox.__version__):
        raise MissingInput("disk-version", folder=str(folder), found=str(engine)[:40], known=ox.__version__)
    found: Mapping[str, int] = {}
    with suppress(OSError):
        found = sizes(folder / DATA)
    if found != stamp.files:
        raise StoreDamaged(folder, min(name for name in {*found, *stamp.files} if found.get(name) != stamp.files.get(name)))
    return stamp


class DiskStore(OxigraphStore):
    """A dataset on disk with the interface of the one in memory; whoever opened it may read, nobody writes.

    The engine keeps three threads that wait for work of writers, and none ever comes: a process that has opened such a
    store may still fork, and the fork reads through the files that its parent opened (docs/decisions/0020-on-disk-store.md).
    """

    def __init__(self, folder: Path, *, guard: GuardLimits | None = DEFAULT_LIMITS) -> None:
        """Open the store in *folder*; raises MissingInput where there is none, one of another version, or a damaged one."""
        self.folder = folder.resolve()
        self._quads = read_stamp(folder).quads
        try:
            super().__init__(ox.Store.read_only(str(self.folder / DATA)), guard)
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreDamaged(folder, error) from error

    def __len__(self) -> int:
        """Return the number of quads, counted when the store was made: to count them means to read them all."""
        return self._quads

    def descriptors(self) -> frozenset[int]:
        """Return the open files of the store, which a fork must not close."""
        data = str(self.folder / DATA) + os.sep
        found = []
        for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():  # noqa: PTH112,PTH208  at every fork
            with suppress(OSError):
                if os.readlink(f"/proc/self/fd/{name}").startswith(data):  # noqa: PTH115
                    found.append(int(name))
        return frozenset(found)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Say of a file that turns out to be damaged while it is read that it is."""
        try:
            yield
        except (CampuskgError, OSError, RuntimeError) as error:
            found = damage(error.__cause__ if isinstance(error, CampuskgError) else error, self.folder)
            if found is not None:
                raise found from error
            raise

    def _soundly(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        with self._sound():
            yield from quads

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""
        return self._soundly(super().matching(predicate))

    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*."""
        return self._soundly(super().quads(graph))

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""
        return self._soundly(super().about(subject))

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""
        return self._soundly(super().to(node))

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run any read-only query, or give what is remembered; raises QueryRefused, StoreDamaged."""
        with self._sound():
            return super().run(sparql, bindings, prefixes)

    def solutions(self, sparql: str, dataset: Dataset = UNION, *, named_in_text: bool, base: str | None = None) -> Solutions:
        """Return the answer to a query that was inspected, as the engine gives it."""
        with self._sound():
            return super().solutions(sparql, dataset, named_in_text=named_in_text, base=base)

    def serialize(
        self,
        sparql: str,
        media_type: str,
        *,
        dataset: Dataset = UNION,
        bindings: Mapping[str, Term] | None = None,
        prefixes: Mapping[str, str] | None = None,
        limits: AnswerLimits = WHOLE,
    ) -> Answer:
        """Return the answer to a query over *dataset* as *media_type*; raises QueryRefused, AnswerTooBig, StoreDamaged."""
        with self._sound():
            return super().serialize(sparql, media_type, dataset=dataset, bindings=bindings, prefixes=prefixes, limits=limits)
