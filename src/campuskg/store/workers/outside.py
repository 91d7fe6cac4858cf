"""A worker's one way out: a question that its pool puts to somebody else for it, while its task waits.

A worker has no network. Whether there is anybody to ask, and what may be asked, is for who made the pool.
"""

import socket
from collections.abc import Mapping
from typing import Any

from campuskg.store.workers.failures import WorkerLost, rebuilt
from campuskg.store.workers.frames import Reply, receive, send

_LINE: list[socket.socket] = []
"""The socket to the pool, in a worker; nothing elsewhere."""


def open_line(sock: socket.socket) -> None:
    """Let the tasks of this worker ask through *sock*."""
    _LINE[:] = [sock]


def in_worker() -> bool:
    """Tell whether this process is a worker, which can reach nobody by itself."""
    return bool(_LINE)


def put(asked: Mapping[str, Any]) -> Reply:
    """Return the answer of the outside to *asked*; raises what went wrong there."""
    send(_LINE[0], {"ask": asked})
    reply = receive(_LINE[0])
    if reply is None:
        raise WorkerLost
    if "error" in reply.meta:
        raise rebuilt(reply.meta["error"])
    return reply
