"""Files written only when they changed, each whole or not at all; what is no longer made is removed."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from campuskg.errors import MissingInput, UsageProblem

MANIFEST: Final = ".campuskg-site.json"
"""What the last run wrote: file -> digest and size; and of what it was made."""

_UNFINISHED: Final = ".campuskg-site.unfinished"

Digest = tuple[str, int]


@dataclass
class Counted:
    """What a run did: how many files it wrote, left and removed, and the size of all."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    bytes: int = 0
    lost: tuple[str, ...] = ()
    """Addresses of the server that pages lead to and at which there is nothing."""

    @property
    def files(self) -> int:
        """The number of files of the site."""
        return self.written + self.unchanged


@dataclass
class Folder:
    """The folder of a site as the last run left it; one in each process, for files of its own."""

    path: Path
    known: Mapping[str, Digest]
    made: dict[str, Digest] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def put(self, name: str, body: bytes) -> None:
        """Make the file *name* hold *body*; it is left alone when it does already."""
        digest = (sha256(body).hexdigest(), len(body))
        place = self.path / name
        if self.known.get(name) != digest or not _has_size(place, len(body)):
            with _refusals(self.path):
                (_write if name in self.known else _write_new)(place, body)
            self.written.append(name)
        self.made[name] = digest


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Say in words that the disk refuses the site at *path*."""
    try:
        yield
    except OSError as error:
        raise MissingInput("site-unwritable", folder=str(path), reason=error.strerror or "") from error


def _has_size(place: Path, size: int) -> bool:
    try:
        return place.stat().st_size == size
    except OSError:
        return False


def _write_new(place: Path, body: bytes) -> None:
    """Write a file that was not there: until the run is noted as finished nothing counts on it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(place, flags, 0o644)
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, flags, 0o644)
    except FileExistsError:  # left by a run that was killed
        _write(place, body)
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
    except OSError:  # no half of a file on a full disk
        with suppress(OSError):
            place.unlink()
        raise


def _write(place: Path, body: bytes) -> None:
    """Write *body* beside *place* and put it there in one step: an interruption leaves the old file or the new one."""
    descriptor, aside = _aside(place)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        os.chmod(aside, 0o644)  # noqa: PTH101  the name is no Path yet, and there are many files
        os.replace(aside, place)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)  # noqa: PTH108
        raise


def _aside(place: Path) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(prefix=_ASIDE, dir=place.parent)
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(prefix=_ASIDE, dir=place.parent)


_ASIDE: Final = ".campuskg-new-"


def opened(path: Path) -> dict[str, Digest]:
    """Return what an earlier run left at *path*; UsageProblem when the folder holds files that no run made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not any(path.iterdir()):
            return {}
        loaded = json.loads((path / MANIFEST).read_bytes())
        known = {name: (digest, size) for name, (digest, size) in loaded["files"].items()}
        if (path / _UNFINISHED).exists():  # that run may have replaced what it did not live to note
            return {name: found for name in known if (found := _digest(path / name)) is not None}
    except (FileExistsError, FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageProblem("site-folder", folder=str(path)) from error
    except OSError as error:
        raise MissingInput("file-unwritable", folder=str(path), reason=error.strerror or "") from error
    return known


def standing(path: Path, origin: str) -> Counted | None:
    """Return the count of the site at *path* when it was made of what *origin* stands for, and all its files are there."""
    try:
        loaded = json.loads((path / MANIFEST).read_bytes())
        if loaded["origin"] != origin or (path / _UNFINISHED).exists():
            return None
        sizes = {name: size for name, (_, size) in loaded["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    root = f"{path}/"
    for name, size in sizes.items():
        try:
            if os.stat(root + name).st_size != size:  # noqa: PTH116  tens of thousands of files
                return None
        except OSError:
            return None
    return Counted(0, len(sizes), 0, sum(sizes.values()))


def _digest(place: Path) -> Digest | None:
    try:
        body = place.read_bytes()
    except OSError:
        return None
    return sha256(body).hexdigest(), len(body)


def begun(path: Path) -> None:
    """Note that a run is at work: should it end before its time, the next one looks at every file again."""
    with _refusals(path):
        if (path / _UNFINISHED).exists():
            for leftover in path.rglob(f"{_ASIDE}*"):
                leftover.unlink(missing_ok=True)
        if not (path / MANIFEST).exists():
            _write(path / MANIFEST, _listed({}, ""))
        (path / _UNFINISHED).touch()


def finished(
    path: Path, known: Mapping[str, Digest], made: Mapping[str, Digest], written: Iterable[str], origin: str = ""
) -> Counted:
    """Remove the files that were not made again, note those that were and their *origin*, and return the count."""
    stale = known.keys() - made.keys()
    body = _listed(made, origin)
    with _refusals(path):
        for name in sorted(stale):
            _remove(path, name)
        if not (path / MANIFEST).is_file() or (path / MANIFEST).read_bytes() != body:
            _write(path / MANIFEST, body)
        (path / _UNFINISHED).unlink(missing_ok=True)
    count = len(set(written))
    return Counted(count, len(made) - count, len(stale), sum(size for _, size in made.values()))


def _remove(path: Path, name: str) -> None:
    """Remove a file that an earlier run made, and the folders that it leaves empty; never anything outside *path*."""
    place = path / name
    if not place.resolve().is_relative_to(path.resolve()):
        return
    place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == path:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _listed(made: Mapping[str, Digest], origin: str) -> bytes:
    lines = (f"{json.dumps(name)}: {json.dumps(digest)}" for name, digest in sorted(made.items()))
    return (f'{{"origin": "{origin}", "files": {{\n' + ",\n".join(lines) + "\n}}\n").encode()
