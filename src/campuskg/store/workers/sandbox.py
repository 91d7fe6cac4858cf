"""Locking a worker in, and trying from inside whether the lock holds."""

import os
import resource
import socket

import pyoxigraph as ox

from campuskg.store.workers.landlock import LandlockMissing, confine
from campuskg.store.workers.limits import MEBIBYTE, PoolLimits
from campuskg.store.workers.process import data_bytes
from campuskg.store.workers.seccomp import SeccompMissing, install

_KEPT_FILES = 4  # standard input, output, error and the worker's own socket
_MANY_FILES = 1024


def lock_in(limits: PoolLimits) -> None:
    """Limit memory, files and system calls of this process for good. Raises SeccompMissing, LandlockMissing."""
    memory = data_bytes() + limits.memory_mib * MEBIBYTE
    _limit(resource.RLIMIT_DATA, memory)
    _limit(resource.RLIMIT_CORE, 0)
    connects = bool(limits.service_allow)
    _limit(resource.RLIMIT_NOFILE, _MANY_FILES if limits.reads or connects else _KEPT_FILES)
    try:
        if limits.reads and not connects:  # to find an address, the system's own files must be read
            confine(limits.reads)
        install(reads=bool(limits.reads), connects=connects)
    except (SeccompMissing, LandlockMissing):
        if not limits.allow_unsafe:
            raise


def _limit(what: int, value: int) -> None:
    """Set a limit that cannot be raised again."""
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def holes(limits: PoolLimits, port: int) -> list[str]:
    """Return what this locked-in process can do and should not; *port* is one where somebody listens on loopback."""
    found = []
    if not limits.service_allow:
        if _can_connect():
            found.append("socket")
        if _can_call(port):
            found.append("SERVICE")
    if not limits.service_allow and _can_open(os.devnull, os.O_RDONLY):
        found.append("open")
    if _can_open(os.devnull, os.O_WRONLY):
        found.append("write")
    if _can_fork():
        found.append("fork")
    return found


def _can_connect() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


def _can_open(path: str, flags: int) -> bool:
    try:
        os.close(os.open(path, flags))
    except OSError:
        return False
    return True


def _can_fork() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def _can_call(port: int) -> bool:
    """Tell whether a SERVICE clause gets an answer; the listener, too, is asked whether anybody came."""
    try:
        return bool(ox.Store().query(f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))
    except (OSError, RuntimeError, ValueError, SyntaxError):
        return False
