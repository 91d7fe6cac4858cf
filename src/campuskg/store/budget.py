"""How much memory there is for a dataset, and how much one needs: what is too large is read from disk (``store.disk``)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024
QUAD_BYTES: Final = 410
"""Memory of a quad in the engine, measured on releases of 0.1, 1.3 and 10 million (docs/decisions/0020-on-disk-store.md)."""
_SHARE: Final = 2
"""Half of what is free: the other half is for queries, for indexes of names and for whoever else uses the machine."""
_UNLIMITED: Final = 1 << 60
"""A control group without a limit says "max" (version 2) or a number near the largest (version 1)."""


def needed_mib(quads: int) -> int:
    """Return the MiB that *quads* take in memory.

    >>> needed_mib(1_000_000)
    391
    """
    return quads * QUAD_BYTES // MEBIBYTE


def default_budget_mib(root: Path = Path("/")) -> int:
    """Return the MiB that a dataset may take where nobody said how much: half of what is free."""
    return available(root) // _SHARE // MEBIBYTE


def available(root: Path = Path("/")) -> int:
    """Return the bytes that programs can still get: what the machine has, and less where a control group allows less."""
    return min(_machine(root), *_groups(root), _UNLIMITED)


def _machine(root: Path) -> int:
    """Return what the machine has left (proc_meminfo(5)); half of all where only that is known."""
    with suppress(OSError, ValueError):
        for line in (root / "proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNLIMITED


def _groups(root: Path) -> Iterator[int]:
    """Yield what each control group around this process has left (cgroups(7)), of both versions."""
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, _, rest = line.partition(":")
            kinds, _, path = rest.partition(":")
            if kinds == "":
                names, top = ("memory.max", "memory.current"), root / "sys/fs/cgroup"
            elif "memory" in kinds.split(","):
                names, top = ("memory.limit_in_bytes", "memory.usage_in_bytes"), root / "sys/fs/cgroup/memory"
            else:
                continue
            folder = top / path.strip("/")  # seen from inside a container, the path may name nothing: then the top is ours
            for group in (folder, *(up for up in folder.parents if up.is_relative_to(top))):
                with suppress(OSError, ValueError):
                    yield _left(group, *names)


def _left(group: Path, limit: str, usage: str) -> int:
    """Return what a group has left; the files that it holds in memory can go (``inactive_file``). ValueError for no limit."""
    most = int((group / limit).read_text())
    if most >= _UNLIMITED:
        raise ValueError
    used = int((group / usage).read_text())
    with suppress(OSError, ValueError):
        for line in (group / "memory.stat").read_text().splitlines():
            if line.startswith(("inactive_file ", "total_inactive_file ")):
                used -= int(line.split()[1])
                break
    return max(0, most - max(0, used))
