"""Whether a build has the memory that it will need: better said before than ended by the system half way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from campuskg.errors import MissingInput
from campuskg.store.budget import MEBIBYTE, available

_QUAD: Final = 2_100
"""Memory of a quad while a release is built, measured from 0.1 to 1.2 million (docs/decisions/0020-on-disk-store.md)."""
_BASE_MIB: Final = 200
_LINE: Final = {".nq": 190, ".nt": 150}
"""Bytes of a line, measured."""
_COMPRESSED: Final = 10
"""How much shorter a line is in a compressed file."""
_SMALL_MIB: Final = 1024
"""A build that needs less is begun on any machine."""


def needed_mib(added: Sequence[Path]) -> int:
    """Return about how many MiB a build with the files *added* takes; what cannot be read is said by who reads it."""
    quads = 0
    for path in added:
        plain = path.with_suffix("") if path.suffix == ".gz" else path
        size = path.stat().st_size if path.is_file() else 0
        quads += size * (_COMPRESSED if path.suffix == ".gz" else 1) // _LINE.get(plain.suffix, 150)
    return _BASE_MIB + quads * _QUAD // MEBIBYTE


def check_memory(added: Sequence[Path], budget_mib: int | None = None) -> None:
    """Raise MissingInput when a build with the files *added* needs more than *budget_mib*, by default what is free."""
    need = needed_mib(added)
    if need <= _SMALL_MIB and budget_mib is None:
        return
    free = available() // MEBIBYTE if budget_mib is None else budget_mib
    if need > free:
        raise MissingInput("added-memory", need=need, free=free)
