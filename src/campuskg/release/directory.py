"""Writing a release directory: aside first, then put in place in one step, so that a kill at any moment loses nothing."""

import ctypes
import errno
import glob
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from campuskg.errors import MissingInput, UsageProblem

MANIFEST: Final = "manifest.json"
_SEAL: Final = "seal"
_KEYS: Final = frozenset({"campuskg", "inputs", "outputs"})
_BLOCK: Final = 1 << 23
"""Bytes read at a time: after each, a thread beside a busy one waits its turn (5 ms), and ``hashlib.file_digest`` takes 2**18."""
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def sealed(manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of *manifest* with a seal: the digest of all the rest, so that damage to it shows too."""
    return as_json({**manifest, _SEAL: digest(as_json(manifest))})


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the release in *folder*; MissingInput when there is none or it is damaged.

    A manifest without a seal, of an earlier version, is taken as it is.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(data)
        known = manifest["campuskg"], manifest["outputs"]["dataset.nq"]
    except (OSError, KeyError, TypeError) as error:
        raise MissingInput("release-missing", folder=str(folder)) from error
    except ValueError as error:
        raise MissingInput("release-damaged", folder=str(folder), file=MANIFEST) from error
    unsealed = {key: value for key, value in manifest.items() if key != _SEAL}
    as_written = sealed(unsealed) if _SEAL in manifest else data
    if not all(isinstance(text, str) for text in known) or data != as_written or unsealed.keys() - _KEYS:
        raise MissingInput("release-damaged", folder=str(folder), file=MANIFEST)
    return manifest


def put_in_place(files: Mapping[str, bytes], out: Path) -> None:
    """Make *out* a directory that holds exactly *files*; the previous release there is replaced whole or not at all.

    Raises UsageProblem when *out* is something else than a release, MissingInput when the disk refuses.
    """
    recover(out)
    if out.exists() and not _replaceable(out):
        raise UsageProblem("out-not-release", folder=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _writing(out):
            aside = Path(tempfile.mkdtemp(prefix=_aside_prefix(out), dir=out.parent))
            try:
                for name, data in files.items():
                    _write(aside / name, data)
                aside.chmod(0o755)
                _sync(aside)
                _swap(aside, out)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
                _sync(out.parent)
    except OSError as error:
        raise MissingInput("file-unwritable", folder=str(out.parent), reason=error.strerror or "") from error


def recover(out: Path) -> None:
    """Put back a previous release that a kill left aside (only where the system cannot exchange two directories)."""
    previous = _previous(out)
    if not out.exists() and previous.is_dir():
        previous.rename(out)


def _previous(out: Path) -> Path:
    return out.with_name(f".{out.name}.previous")


def _aside_prefix(out: Path) -> str:
    return f".{out.name}.new-"


def _replaceable(out: Path) -> bool:
    """Tell whether *out* is an empty directory, or a release and nothing else: other people's files are never removed."""
    if not out.is_dir():
        return False
    names = {path.name for path in out.iterdir()}
    if not names:
        return True
    try:
        manifest = json.loads((out / MANIFEST).read_bytes())
        return "campuskg" in manifest and names <= {MANIFEST, *manifest["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Mark that a release is being written beside *out*; the first to write removes what killed builds left there.

    The mark is a lock on the parent directory, which the system releases even when the process is killed: a leftover is
    removed only while no other build writes beside it.
    """
    if sys.platform == "win32":  # no such lock: leftovers stay
        yield
        return
    import fcntl

    parent = os.open(out.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # another build is writing, or a file system without locks
            fcntl.flock(parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for leftover in out.parent.glob(f"{glob.escape(_aside_prefix(out))}*"):
                shutil.rmtree(leftover, ignore_errors=True)
        with suppress(OSError):
            fcntl.flock(parent, fcntl.LOCK_SH)
        yield
    finally:
        os.close(parent)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if not folder.is_dir() or sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(aside: Path, out: Path, *, exchange: Callable[[Path, Path], bool] | None = None) -> None:
    """Put *aside* at *out* in one step; what was at *out* ends at *aside*."""
    if not out.exists():
        aside.rename(out)
        return
    if (exchange or _exchange)(aside, out):
        return
    previous = _previous(out)
    shutil.rmtree(previous, ignore_errors=True)
    out.rename(previous)  # from here to the next line only recover() brings the old release back
    aside.rename(out)
    shutil.rmtree(previous, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two directories atomically (Linux renameat2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code))


def digest(data: bytes) -> str:
    """Return the SHA-256 of *data* in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the file *path* in hexadecimal, however large it is."""
    found, room = hashlib.sha256(), memoryview(bytearray(min(_BLOCK, path.stat().st_size) or 1))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(room):
            found.update(room[:size])
    return found.hexdigest()


def as_json(value: object) -> bytes:
    """Return *value* as stable, readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
