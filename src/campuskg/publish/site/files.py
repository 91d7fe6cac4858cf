"""Files written only when they changed, each whole or not at all; what is no longer made is removed.

A site that is finished stays as it is until all that changes lies written beside it: a full disk leaves the old site.
"""

import json
import os
import shutil
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
_WAITING: Final = ".campuskg-site.new"
"""The folder of what changes in a finished site, until all of it is written."""

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
    waiting: Path | None = None
    """Where what changes waits, as ``begun`` told; by default it is put in place at once."""

    def put(self, name: str, body: bytes) -> None:
        """Make the file *name* hold *body*; it is left alone when it does already."""
        digest = (sha256(body).hexdigest(), len(body))
        place = f"{self.path}/{name}"
        if self.known.get(name) != digest or not _has_size(place, len(body)):
            try:
                if self.waiting is not None:
                    _write_new(f"{self.waiting}/{name}", body)
                else:
                    (_write if name in self.known else _write_new)(place, body)
            except OSError as error:
                raise _refused(self.path, error, intact=self.waiting is not None) from error
            self.written.append(name)
        self.made[name] = digest


@contextmanager
def _refusals(path: Path, *, intact: bool = False) -> Iterator[None]:
    """Say in words that the disk refuses the site at *path*, and whether the one that was there is *intact*."""
    try:
        yield
    except OSError as error:
        raise _refused(path, error, intact=intact) from error


def _refused(path: Path, error: OSError, *, intact: bool) -> MissingInput:
    code = "site-intact" if intact else "site-unwritable"
    return MissingInput(code, folder=str(path), reason=error.strerror or "")


def _has_size(place: str, size: int) -> bool:
    try:
        return os.stat(place).st_size == size  # noqa: PTH116  tens of thousands of files
    except OSError:
        return False


def _write_new(place: str, body: bytes) -> None:
    """Write a file that was not there: until the run is noted as finished nothing counts on it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(place, flags, 0o644)
    except FileNotFoundError:
        _folder_of(place)
        descriptor = os.open(place, flags, 0o644)
    except FileExistsError:  # left by a run that was killed
        _write(place, body)
        return
    try:
        _filled(descriptor, body)
    except OSError:  # no half of a file on a full disk
        with suppress(OSError):
            os.unlink(place)  # noqa: PTH108
        raise


def _write(place: str, body: bytes) -> None:
    """Write *body* beside *place* and put it there in one step: an interruption leaves the old file or the new one."""
    descriptor, aside = _aside(place)
    try:
        _filled(descriptor, body)
        os.chmod(aside, 0o644)  # noqa: PTH101
        os.replace(aside, place)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)  # noqa: PTH108
        raise


def _filled(descriptor: int, body: bytes) -> None:
    """Write *body* and close; file objects and paths would take twice the time of the disk."""
    try:
        done = os.write(descriptor, body)
        while done < len(body):  # a disk that fills takes a part, and refuses the rest
            done += os.write(descriptor, memoryview(body)[done:])
    finally:
        os.close(descriptor)


def _aside(place: str) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(prefix=_ASIDE, dir=os.path.dirname(place))  # noqa: PTH120
    except FileNotFoundError:
        return tempfile.mkstemp(prefix=_ASIDE, dir=_folder_of(place))


def _folder_of(place: str) -> Path:
    """Return the folder of *place*, made where it was not there."""
    folder = Path(place).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_ASIDE: Final = ".campuskg-new-"


def opened(path: Path) -> dict[str, Digest]:
    """Return what an earlier run left at *path*; UsageProblem when the folder holds files that no run made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not any(path.iterdir()):
            return {}
        known = _noted(path / MANIFEST)
        if (path / _UNFINISHED).exists():  # that run may have replaced what it did not live to note
            names = known.keys() | (_noted(path / _WAITING / MANIFEST) if (path / _WAITING / MANIFEST).exists() else {}).keys()
            return {name: found for name in sorted(names) if (found := _digest(path / name)) is not None}
    except (FileExistsError, FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageProblem("site-folder", folder=str(path)) from error
    except OSError as error:
        raise MissingInput("file-unwritable", folder=str(path), reason=error.strerror or "") from error
    return known


def _noted(manifest: Path) -> dict[str, Digest]:
    return {name: (digest, size) for name, (digest, size) in json.loads(manifest.read_bytes())["files"].items()}


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
    dropped(path)  # of a run that was killed
    return Counted(0, len(sizes), 0, sum(sizes.values()))


def _digest(place: Path) -> Digest | None:
    try:
        body = place.read_bytes()
    except OSError:
        return None
    return sha256(body).hexdigest(), len(body)


def begun(path: Path) -> Path | None:
    """Begin a run; return the folder for what it changes in a finished site, None where there is none.

    There the run is noted: should it end before its time, the next one looks at every file again.
    """
    intact = (path / MANIFEST).exists() and not (path / _UNFINISHED).exists()
    with _refusals(path, intact=intact):
        dropped(path)
        if intact:
            (path / _WAITING).mkdir()
            return path / _WAITING
        if (path / _UNFINISHED).exists():
            for leftover in path.rglob(f"{_ASIDE}*"):
                leftover.unlink(missing_ok=True)
        if not (path / MANIFEST).exists():
            _write(f"{path}/{MANIFEST}", _listed({}, ""))
        (path / _UNFINISHED).touch()
    return None


def dropped(path: Path) -> None:
    """Forget what waits to be put in place at *path*."""
    shutil.rmtree(path / _WAITING, ignore_errors=True)


def given_up(path: Path) -> None:
    """End a run that failed at *path*; what waits is kept when the site had begun to change, for it tells what to look at."""
    if not (path / _UNFINISHED).exists():
        dropped(path)


def finished(here: Folder, known: Mapping[str, Digest], origin: str = "") -> Counted:
    """Put in place what waits, remove the files of *known* that were not made again, note those that were and their *origin*.

    Return the count of what the run did *here*.
    """
    path, waiting, made, written = here.path, here.waiting, here.made, dict.fromkeys(here.written)
    stale, body = known.keys() - made.keys(), _listed(made, origin)
    if waiting is not None:
        with _refusals(path, intact=True):  # whatever needs room comes before the first file is replaced
            _prepare(path, waiting, written, body)
    with _refusals(path):
        if waiting is not None:
            for name in written:
                os.replace(f"{waiting}/{name}", f"{path}/{name}")  # noqa: PTH105  tens of thousands of files
        for name in sorted(stale):
            _remove(path, name)
        if not (path / MANIFEST).is_file() or (path / MANIFEST).read_bytes() != body:
            if waiting is not None:
                (waiting / MANIFEST).replace(path / MANIFEST)
            else:
                _write(f"{path}/{MANIFEST}", body)
        (path / _UNFINISHED).unlink(missing_ok=True)
    dropped(path)
    return Counted(len(written), len(made) - len(written), len(stale), sum(size for _, size in made.values()))


def _prepare(path: Path, waiting: Path, written: Iterable[str], manifest: bytes) -> None:
    """Make the folders that the files *written* go to, write the *manifest* beside them, and note that the site changes."""
    _write_new(f"{waiting}/{MANIFEST}", manifest)
    for folder in {name.rpartition("/")[0] for name in written}:
        (path / folder).mkdir(parents=True, exist_ok=True)
    (path / _UNFINISHED).touch()


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
