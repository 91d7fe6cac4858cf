"""Which other door a release is opened by, when a command says so: commands open a folder, and need not know of the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from campuskg.release.opened import Release

Opener = Callable[[Path], "Release"]
"""Opens a release that is elsewhere; the folder may be one of the same release, or none at all."""

_OPENER: Final[ContextVar[Opener | None]] = ContextVar("opener", default=None)


def opener() -> Opener | None:
    """Return the other door, if there is one."""
    return _OPENER.get()


@contextmanager
def opening_by(other: Opener) -> Iterator[None]:
    """Open every release by the *other* door meanwhile."""
    token = _OPENER.set(other)
    try:
        yield
    finally:
        _OPENER.reset(token)
