"""Making a store on disk: aside first, put in place in one step, by one program at a time; a kill leaves nothing in the way."""

import errno
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

import pyoxigraph as ox

from campuskg.errors import CampuskgError, MissingInput, Text
from campuskg.store.budget import MEBIBYTE
from campuskg.store.disk import DATA, STAMP, Stamp, read_stamp, sizes

Progress = Callable[[Text, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""

QUAD_DISK_BYTES: Final = 320
"""Room on disk of a quad, measured (docs/decisions/0020-on-disk-store.md); twice as much while the store is being made."""
_BUILDING: Final = 2
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

_LOADING = Text("Préparation du magasin sur disque", "Preparing the store on disk")
_TIDYING = Text("Rangement du magasin sur disque", "Tidying the store on disk")
_WAITING = Text("Un autre programme prépare ce magasin : attente", "Another program prepares this store: waiting")


class Part(NamedTuple):
    """One RDF file of a dataset."""

    path: Path
    form: ox.RdfFormat
    base: str | None = None


def build_store(target: Path, parts: Sequence[Part], quads: int, progress: Progress) -> None:
    """Make the store *target* of *parts*, about so many *quads*, unless another program has just done so.

    Raises MissingInput when the disk is full or refuses, SyntaxError for a part that is no valid RDF.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target, progress):
            if not is_usable(target):
                _check_room(target.parent, quads)
                _build(target, parts, progress)
    except (OSError, RuntimeError) as error:
        if (error.errno in _FULL) if isinstance(error, OSError) and error.errno else "No space left" in str(error):
            raise _full(target.parent, quads) from error
        reason = getattr(error, "strerror", None) or str(error)[:200]
        raise MissingInput("disk-unwritable", folder=str(target.parent), reason=reason) from error


def is_usable(target: Path) -> bool:
    """Tell whether *target* is a store of this version with all its files."""
    try:
        read_stamp(target)
    except CampuskgError:
        return False
    return True


def _check_room(folder: Path, quads: int) -> None:
    if shutil.disk_usage(folder).free < quads * QUAD_DISK_BYTES * _BUILDING:
        raise _full(folder, quads)


def _full(folder: Path, quads: int) -> MissingInput:
    need = quads * QUAD_DISK_BYTES * _BUILDING // MEBIBYTE + 1
    return MissingInput("disk-full", folder=str(folder), need=need, free=shutil.disk_usage(folder).free // MEBIBYTE)


@contextmanager
def _alone(target: Path, progress: Progress) -> Iterator[None]:
    """Wait until no other program makes *target*, then remove what killed ones left.

    The system releases the lock even when the process is killed, so what lies aside while we hold it is nobody's.
    """
    lock = os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress(_WAITING, 0, 1)
                fcntl.flock(lock, fcntl.LOCK_EX)
            for leftover in target.parent.glob(f"{glob.escape(_aside_prefix(target))}*"):
                shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        os.close(lock)


def _aside_prefix(target: Path) -> str:
    return f".{target.name}.new-"


def _build(target: Path, parts: Sequence[Part], progress: Progress) -> None:
    aside = Path(tempfile.mkdtemp(prefix=_aside_prefix(target), dir=target.parent))
    try:
        quads = _load(aside / DATA, parts, progress)
        _write(aside / STAMP, Stamp(quads, sizes(aside / DATA)).as_json())
        aside.chmod(0o755)
        _sync(aside)
        if target.exists():  # of another version, or damaged: whoever has it open keeps its files
            target.rename(aside / "previous")
        aside.rename(target)
        _sync(target.parent)
        shutil.rmtree(target / "previous", ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load(data: Path, parts: Sequence[Part], progress: Progress) -> int:
    """Load *parts* into a new store, in the engine's own order on disk; return the number of quads."""
    store = ox.Store(str(data))
    whole = sum(part.path.stat().st_size for part in parts)
    done = 0
    for part in parts:
        with part.path.open("rb") as file:
            counted = cast("IO[bytes]", _Counted(file, lambda read, before=done: progress(_LOADING, before + read, whole)))  # type: ignore[misc]
            store.bulk_load(counted, part.form, base_iri=part.base)
            done += file.tell()
    progress(_TIDYING, 0, 1)
    store.optimize()
    store.flush()
    progress(_TIDYING, 1, 1)
    return len(store)


class _Counted:
    """A file that tells how far it was read."""

    def __init__(self, file: IO[bytes], told: Callable[[int], None]) -> None:
        self._file = file
        self._told = told
        self._read = self._last = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._read += len(data)
        if self._read - self._last >= MEBIBYTE or not data:
            self._last = self._read
            self._told(self._read)
        return data


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
