"""One query on its way through the pool, and the worker that holds it."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from campuskg.store.workers.frames import FrameBroken, Inbox, Reply
from campuskg.store.workers.limits import COLD
from campuskg.store.workers.process import Process

_SLACK = 1 << 16


@dataclass(eq=False, slots=True)
class Job:
    """A task, who asked, and how far it is. Times are those of the event loop."""

    frame: bytes
    client: str
    page: bool
    timeout: float
    key: int
    future: "asyncio.Future[Reply]"
    asked: float
    worker: "Worker | None" = None
    begun: float = 0.0
    deadline: float | None = None
    cpu_before: float = 0.0
    cpu: float = 0.0
    """Processor time used, as last measured; in the slow lane, at the beginning of the present turn."""
    retried: bool = False


class Worker:
    """The pool's end of one worker: sends it a job, hears its reply or its death."""

    __slots__ = (
        "_inbox",
        "_loop",
        "_on_gone",
        "_on_reply",
        "_rest",
        "_sock",
        "_waits_since",
        "away",
        "job",
        "lane",
        "process",
        "stage",
        "status",
        "unread",
    )

    def __init__(
        self,
        process: Process,
        sock: socket.socket,
        most: int,
        on_reply: "Callable[[Worker, Reply], None]",
        on_gone: "Callable[[Worker], None]",
    ) -> None:
        """Listen to *sock* for answers of up to *most* bytes."""
        self.process = process
        self.job: Job | None = None
        self.lane: Literal["fast", "slow", "parked"] = "fast"
        self.status: int | None = None
        self.unread = False
        self.stage = COLD
        self.away = 0.0
        self._waits_since: float | None = None
        self._sock = sock
        self._inbox = Inbox(most + _SLACK)
        self._on_reply, self._on_gone = on_reply, on_gone
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        sock.settimeout(0)
        self._loop.add_reader(sock.fileno(), self._readable)

    def give(self, job: Job) -> None:
        """Send *job*; a worker that died meanwhile is heard of on the reading side."""
        self.job, job.worker = job, self
        self.away, self._waits_since = 0.0, None
        job.cpu_before = self.process.cpu()
        self._write(job.frame)

    def _write(self, data: bytes) -> None:
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.unread = True
            return
        if sent < len(data):
            if not self._rest:
                self._loop.add_writer(self._sock.fileno(), self._writable)
            self._rest = data[sent:]

    def _writable(self) -> None:
        rest, self._rest = self._rest, b""
        self._loop.remove_writer(self._sock.fileno())
        self._write(rest)

    def _readable(self) -> None:
        try:
            data = self._sock.recv(self._inbox.wanted)
            if not data:
                self._on_gone(self)
            elif (reply := self._inbox.feed(data)) is not None:
                self._on_reply(self, reply)
        except BlockingIOError:
            pass
        except ConnectionResetError:  # it died with our frame unread: the query had not begun
            self.unread = True
            self._on_gone(self)
        except (OSError, FrameBroken):
            self._on_gone(self)

    def wait(self) -> None:
        """Note that the worker waits for an answer of the outside from now on."""
        self._waits_since = self._loop.time()

    def hear(self, frame: bytes) -> None:
        """Send the answer that the worker waits for."""
        if self._waits_since is not None:
            self.away += self._loop.time() - self._waits_since
            self._waits_since = None
        self._write(frame)

    def cpu(self) -> float:
        """Return the processor time that the present job has used, here or, while it waited for an answer, elsewhere."""
        waited = self.away if self._waits_since is None else self.away + self._loop.time() - self._waits_since
        return self.process.cpu() - self.job.cpu_before + waited if self.job else 0.0

    def stop(self) -> None:
        """Hold the worker where it is."""
        self.process.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a held worker run again."""
        self.process.signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill the worker and let go of it."""
        if self._sock.fileno() < 0:
            return
        self.process.signal(signal.SIGKILL)
        self.process.release()
        self._loop.remove_reader(self._sock.fileno())
        self._loop.remove_writer(self._sock.fileno())
        self._sock.close()


def received(pid: int, descriptors: list[int]) -> tuple[Process, socket.socket]:
    """Return the worker *pid* whose socket and, on Linux, pidfd have just arrived."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.set_inheritable(descriptor, False)  # noqa: FBT003  its only form
    sock, *handles = descriptors
    return Process(pid, handles[0] if handles else None), socket.socket(fileno=sock)
