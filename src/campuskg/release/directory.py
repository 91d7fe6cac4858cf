"""Writing a release directory: aside first, then put in place in one step, so that a kill at any moment loses nothing."""

import ctypes
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from campuskg.errors import MissingInput, UsageProblem

MANIFEST: Final = "manifest.json"
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def put_in_place(files: Mapping[str, bytes], out: Path) -> None:
    """Make *out* a directory that holds exactly *files*; the previous release there is replaced whole or not at all.

    Raises UsageProblem when *out* is something else than a release, MissingInput when the disk refuses.
    """
    recover(out)
    if out.exists() and not _replaceable(out):
        raise UsageProblem("out-not-release", folder=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
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


def _replaceable(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))


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
    return sha256(data).hexdigest()


def as_json(value: object) -> bytes:
    """Return *value* as stable, readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
