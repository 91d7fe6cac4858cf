"""What a worker may read, as a rule of the Linux kernel (landlock(7)): the folders of a store on disk, and nothing else.

The filter of system calls (``store.workers.seccomp``) sees that a file is opened, not which one: this rule sees the path.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on all machines
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ALL: Final = (1 << 13) - 1
"""Every right over files that the first version of the interface knows (linux/landlock.h)."""


class LandlockMissing(Exception):
    """The kernel has no such rule, or does not let us make one."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def confine(folders: Iterable[str]) -> None:
    """Let this thread, and those that it will start, open files below *folders* only, to read. Raises LandlockMissing."""
    if not sys.platform.startswith("linux"):
        raise LandlockMissing(sys.platform)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long

    def call(number: int, *arguments: object) -> int:
        result = int(libc.syscall(ctypes.c_long(number), *arguments))
        if result < 0:
            raise LandlockMissing(os.strerror(ctypes.get_errno()))
        return result

    handled = _Ruleset(_ALL)
    rules = call(_CREATE_RULESET, ctypes.byref(handled), ctypes.c_size_t(ctypes.sizeof(handled)), ctypes.c_uint32(0))
    try:
        for folder in folders:
            parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                beneath = _PathBeneath(_READ_FILE | _READ_DIR, parent)
                call(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), ctypes.byref(beneath), ctypes.c_uint32(0))
            finally:
                os.close(parent)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise LandlockMissing(os.strerror(ctypes.get_errno()))
        call(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)
