"""The pool's line to the parent of the workers: starts it, orders workers, hears of births and deaths."""

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from campuskg.errors import CampuskgError
from campuskg.store.workers.failures import WorkerLost, rebuilt
from campuskg.store.workers.frames import packed, split
from campuskg.store.workers.job import received
from campuskg.store.workers.limits import PoolLimits
from campuskg.store.workers.process import Process

_PROGRAM = ("-P", "-m", "campuskg.store.workers.nursery")
_SECONDS_TO_DIE = 5.0


@dataclass(frozen=True, slots=True)
class Events:
    """Whom to tell."""

    born: Callable[[Process, socket.socket], None]
    died: Callable[[int, int], None]
    lost: "Callable[[NurseryLink], None]"
    prepared: Callable[[int, CampuskgError | None], None]
    """The workers born from now on are of that stage; or why no later stage will be reached."""


class NurseryLink:
    """One life of the parent of the workers."""

    def __init__(self, loader: str, args: Mapping[str, object], limits: PoolLimits, events: Events) -> None:
        """Prepare to start it with *loader*, called with *args*."""
        self._first = {"loader": loader, "args": dict(args), "limits": limits.as_json(), "path": sys.path}
        self._events = events
        self._descriptors: deque[int] = deque()
        self._births: deque[dict[str, Any]] = deque()
        self._data = b""
        self._child: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None
        self._ready: asyncio.Future[None] | None = None
        self.alive = False

    @property
    def pid(self) -> int | None:
        """Return the process id while there is one."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Start the process and wait until it has loaded; raises what the loader or the self-test raised."""
        loop = asyncio.get_running_loop()
        ours, its = socket.socketpair()
        with its:
            self._child = subprocess.Popen(  # noqa: ASYNC220, S603  our own interpreter; takes a millisecond
                [sys.executable, *_PROGRAM, str(its.fileno()), str(os.getpid())],
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "MALLOC_ARENA_MAX": "2"},
                start_new_session=True,  # a Ctrl-C in the terminal is for the server only
            )
        self._sock = ours
        ours.sendall(packed(self._first))
        ours.settimeout(0)
        self._ready = loop.create_future()
        loop.add_reader(ours.fileno(), self._readable)
        try:
            await self._ready
        except BaseException:
            self.close()
            raise
        self.alive = True

    def fork(self, count: int) -> None:
        """Order *count* workers."""
        if self._sock is not None:
            try:
                self._sock.send(packed({"fork": count}))
            except OSError:
                self._gone()

    def close(self) -> None:
        """End the process, and with it all its workers."""
        self.alive = False
        if self._sock is not None:
            asyncio.get_running_loop().remove_reader(self._sock.fileno())
            self._sock.close()
            self._sock = None
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        if self._child is not None:
            self._child.kill()
            self._child.wait(_SECONDS_TO_DIE)

    def _readable(self) -> None:
        if self._sock is None:
            return
        try:
            data, descriptors, _, _ = socket.recv_fds(self._sock, 1 << 16, 16)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._gone()
            return
        self._descriptors += descriptors
        events, self._data = split(self._data + data)
        for event in events:
            self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        if "worker" in event:
            its = [self._descriptors.popleft() for _ in range(int(event["fds"]))]
            self._events.born(*received(int(event["worker"]), its))
        elif "dead" in event:
            self._events.died(int(event["dead"]), int(event["status"]))
        elif self._ready is not None and not self._ready.done():
            if "failed" in event:
                self._ready.set_exception(rebuilt(event["failed"]))
                return
            self._ready.set_result(None)
            if event["stage"]:
                self._events.prepared(int(event["stage"]), None)
        else:
            self._events.prepared(int(event["stage"]), rebuilt(event["failed"]) if event["failed"] else None)

    def _gone(self) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(WorkerLost())
            return
        self.close()
        self._events.lost(self)
