"""The files that an import writes: each appears whole or not at all, and is written while the next triples are made."""

import gzip
import os
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from campuskg.errors import MissingInput, no_file

_AHEAD: Final = 4
"""Pieces that may wait to be written."""
_STRETCH: Final = 1 << 25
"""Bytes after which the disk is told to begin with what it has."""


class Output:
    """A file of triples, written in a thread while the next ones are made."""

    def __init__(self, plain: BinaryIO, packed: gzip.GzipFile | None) -> None:
        """Write to *plain*, through *packed* when there is one."""
        self._plain, self._packed = plain, packed
        self._under_way: deque[Future[None]] = deque()
        self._pool = ThreadPoolExecutor(1, "write")
        self._given = self._begun = 0

    def write(self, data: bytes) -> None:
        """Have *data* written; raises OSError when that, or what was given before, cannot be."""
        if len(self._under_way) == _AHEAD:
            self._under_way.popleft().result()
        self._under_way.append(self._pool.submit(self._put, data))

    def end(self) -> None:
        """Wait until all is on the disk, before anything else is said to be done; OSError when it cannot be."""
        while self._under_way:
            self._under_way.popleft().result()
        if self._packed:
            self._packed.close()
        self._plain.flush()
        os.fsync(self._plain.fileno())

    def leave(self) -> None:
        """Let the thread end."""
        self._pool.shutdown(cancel_futures=True)

    def _put(self, data: bytes) -> None:
        (self._packed or self._plain).write(data)
        self._given += len(data)
        if self._given > _STRETCH and hasattr(os, "posix_fadvise"):
            # Linux begins to write what it is told to forget, and forgets what was told before and lies on the disk by now:
            # less is left to wait for at the end, and the memory just used is used again instead of that of other programs.
            file = self._plain.fileno()
            place = os.lseek(file, 0, os.SEEK_CUR)
            os.posix_fadvise(file, self._begun, place - self._begun, os.POSIX_FADV_DONTNEED)
            if self._begun:
                os.posix_fadvise(file, 0, self._begun, os.POSIX_FADV_DONTNEED)
            self._given, self._begun = 0, place


@contextmanager
def written(out: Path) -> Iterator[Output]:
    """Give the file *out* to write triples to, packed when its name ends in .gz; it appears when all went well."""
    with aside(out) as path, path.open("wb") as plain, ExitStack() as stack:
        # No time and no name in the head of the file: same input, same bytes.
        packed = gzip.GzipFile(filename="", fileobj=plain, mode="wb", compresslevel=4, mtime=0) if out.suffix == ".gz" else None
        if packed:
            stack.enter_context(packed)
        output = Output(plain, packed)
        stack.callback(output.leave)
        yield output
        output.end()


@contextmanager
def aside(final: Path) -> Iterator[Path]:
    """Give a file beside *final* to write to, and put it in its place in one step when all went well."""
    if final.is_dir():
        raise no_file(final)
    path = Path()
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{final.name}.", dir=final.parent)
        os.close(handle)
        path = Path(name)
        yield path
        path.chmod(0o644)
        path.replace(final)
    except OSError as error:
        raise MissingInput("import-unwritable", folder=str(final.parent), reason=error.strerror or "") from error
    finally:
        if path.name:
            with suppress(OSError):
                path.unlink(missing_ok=True)
