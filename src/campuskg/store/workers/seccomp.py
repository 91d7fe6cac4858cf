"""The system calls a worker may make, as a filter of the Linux kernel (seccomp(2), classic BPF).

It is a list of what is allowed: to compute, to use memory, and to speak on the one socket the worker already has.
All else fails with "not permitted", opening a file with "permission denied"; nothing is killed by it, so that a
library that asks in vain can go on.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

# name -> numbers on x86_64 and on aarch64 (asm/unistd.h); None where the machine has no such call.
_COMPUTE: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "poll": (7, None), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "readv": (19, 65), "writev": (20, 66),
    "sched_yield": (24, 124), "mremap": (25, 216), "mincore": (27, 232), "madvise": (28, 233), "nanosleep": (35, 101),
    "getpid": (39, 172), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212),
    "shutdown": (48, 210), "exit": (60, 93), "uname": (63, 160), "fcntl": (72, 25), "getcwd": (79, 17),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "sigaltstack": (131, 132), "gettid": (186, 178), "time": (201, None), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "restart_syscall": (219, 128), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94), "tgkill": (234, 131),
    "ppoll": (271, 73), "set_robust_list": (273, 99), "getcpu": (309, 168), "getrandom": (318, 278),
    "membarrier": (324, 283), "rseq": (334, 293),
}  # fmt: skip
_READ: dict[str, tuple[int | None, int | None]] = {
    "stat": (4, None), "lstat": (6, None), "pread64": (17, 67), "access": (21, None), "readlink": (89, None),
    "statfs": (137, 43), "fstatfs": (138, 44), "readahead": (187, 213), "getdents64": (217, 61), "fadvise64": (221, 223),
    "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48), "statx": (332, 291), "faccessat2": (439, 439),
}  # fmt: skip
_CONNECT: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "getsockname": (51, 204), "getpeername": (52, 205), "setsockopt": (54, 208),
    "getsockopt": (55, 209), "ioctl": (16, 29), "sendmmsg": (307, 269), "bind": (49, 200),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
}  # fmt: skip
_OPEN = {"open": (2, None), "openat": (257, 56), "openat2": (437, 437)}
_CLONE, _CLONE3 = (56, 220), (435, 435)

_CLONE_THREAD = 0x00010000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000
_PR_SET_NO_NEW_PRIVS, _SET_MODE_FILTER, _TSYNC = 38, 1, 1


@dataclass(frozen=True, slots=True)
class _Machine:
    column: int
    arch: int  # AUDIT_ARCH_* of linux/audit.h
    seccomp: int


_MACHINES = {"x86_64": _Machine(0, 0xC000003E, 317), "aarch64": _Machine(1, 0xC00000B7, 277)}


class SeccompMissing(Exception):
    """The kernel or the machine has no such filter."""


def program(machine: str, *, reads: bool, connects: bool) -> bytes:
    """Return the filter for *machine*, as the kernel wants it."""
    this = _MACHINES[machine]
    allowed = _COMPUTE | (_READ if reads or connects else {}) | (_CONNECT if connects else {})
    steps = [(_LD, 0, 0, _ARCH), (_JEQ, 1, 0, this.arch), (_RET, 0, 0, _KILL), (_LD, 0, 0, _NUMBER)]
    if this.column == 0:  # the 32-bit numbers of x32 would slip through
        steps += [(_JGE, 0, 1, _X32), (_RET, 0, 0, _ERRNO | errno.EPERM)]
    for numbers in sorted({n[this.column] for n in allowed.values()} - {None}, key=lambda n: n or 0):
        steps += [(_JEQ, 0, 1, numbers or 0), (_RET, 0, 0, _ALLOW)]
    if (clone := _CLONE[this.column]) is not None:  # threads yes, processes no
        steps += [(_JEQ, 0, 4, clone), (_LD, 0, 0, _ARGUMENTS), (_JSET, 0, 1, _CLONE_THREAD), (_RET, 0, 0, _ALLOW)]
        steps += [(_RET, 0, 0, _ERRNO | errno.EPERM)]
    # glibc falls back to clone, whose flags a filter can read
    steps += [(_JEQ, 0, 1, _CLONE3[this.column]), (_RET, 0, 0, _ERRNO | errno.ENOSYS)]
    for name, opens in _OPEN.items():
        steps += _opening(name, opens[this.column], reads=reads or connects)
    steps.append((_RET, 0, 0, _ERRNO | errno.EPERM))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _opening(name: str, number: int | None, *, reads: bool) -> list[tuple[int, int, int, int]]:
    if number is None:
        return []
    if not reads or name == "openat2":  # the flags of openat2 are behind a pointer
        return [(_JEQ, 0, 1, number), (_RET, 0, 0, _ERRNO | errno.EACCES)]
    flags = _ARGUMENTS + 8 * (1 if name == "open" else 2)
    return [
        (_JEQ, 0, 4, number),
        (_LD, 0, 0, flags),
        (_JSET, 0, 1, _WRITES),
        (_RET, 0, 0, _ERRNO | errno.EACCES),
        (_RET, 0, 0, _ALLOW),
    ]


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(*, reads: bool, connects: bool) -> None:
    """Lock every thread of this process in, for good. Raises SeccompMissing."""
    machine = _MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        raise SeccompMissing(platform.platform())
    code = program(platform.machine(), reads=reads, connects=connects)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise SeccompMissing(os.strerror(ctypes.get_errno()))
    steps = ctypes.create_string_buffer(code, len(code))
    what = _Program(len(code) // 8, ctypes.addressof(steps))
    failed = libc.syscall(
        ctypes.c_long(machine.seccomp), ctypes.c_ulong(_SET_MODE_FILTER), ctypes.c_ulong(_TSYNC), ctypes.byref(what)
    )
    if failed:
        raise SeccompMissing(os.strerror(ctypes.get_errno()) if failed < 0 else "threads")
