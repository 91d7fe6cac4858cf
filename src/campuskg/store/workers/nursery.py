"""The parent of the workers: a fresh, single-threaded process that loads the dataset once and forks workers from it.

Started as ``python -m campuskg.store.workers.nursery FD``. It reads frames from that socket, the first with what to load,
and answers with frames; the sockets of the workers travel beside them (SCM_RIGHTS). It ends when the socket closes,
and its workers end with it.

It forks as soon as the dataset is there. A handler that has more to prepare does so between two orders, in steps, and
numbers the stages that it reaches: a worker can do what needs no more than the stage at which it was forked.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from campuskg.errors import CampuskgError, InternalFault
from campuskg.store.workers.failures import WorkersUnsafe, described
from campuskg.store.workers.frames import packed, receive, send
from campuskg.store.workers.limits import COLD, WARM, PoolLimits
from campuskg.store.workers.process import LINUX, die_with_parent, threads
from campuskg.store.workers.sandbox import holes
from campuskg.store.workers.worker import SOCKET, Handler, begin, serve, warm

_TEST_SECONDS = 10.0
_THREAD_SECONDS = 2.0
_STAGE_ORDER = 0.2  # seconds that an order of a new stage is waited for before the preparations go on


class Nursery:
    """Forks workers on demand and tells how each of them died."""

    def __init__(self, control: socket.socket, handler: Handler, limits: PoolLimits) -> None:
        """Answer the pool on *control*; workers run *handler* within *limits*."""
        self._control = control
        self._handler = handler
        self._limits = limits
        self._kept: Callable[[], Iterable[int]] = getattr(handler, "descriptors", tuple)
        self._asked = False
        self._patience: float | None = None  # the first order comes, when the pool has time: nothing is prepared before it

    def fork(self, work: Callable[[socket.socket], None]) -> tuple[int, socket.socket]:
        """Make a worker that does *work*; return its pid and the other end of its socket."""
        patience = time.monotonic() + _THREAD_SECONDS
        while threads() != 1:  # those of a store on disk, just begun, go to sleep at once
            if time.monotonic() > patience:
                raise InternalFault("internal", said="threads before fork")
            time.sleep(_THREAD_SECONDS / 1000)
        ours, its = socket.socketpair()
        me = os.getpid()
        child = os.fork()
        if child == 0:
            begin(its, me, self._limits, work, self._kept())
        its.close()
        return child, ours

    def deliver(self) -> None:
        """Make a worker and hand it to the pool."""
        pid, ours = self.fork(lambda sock: serve(sock, self._handler, self._limits))
        handles = [os.pidfd_open(pid)] if LINUX else []
        socket.send_fds(self._control, [packed({"worker": pid, "fds": 1 + len(handles)})], [ours.fileno(), *handles])
        ours.close()
        for handle in handles:
            os.close(handle)

    def bury(self) -> None:
        """Tell the pool of every worker that died."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                send(self._control, {"dead": pid, "status": os.waitstatus_to_exitcode(status)})

    def prepare(self, steps: Iterator[int | None]) -> bool:
        """Take the next of *steps*; tell the pool of a stage, and of a failure; return False after the last."""
        failed, stage = None, WARM
        try:
            stage = next(steps) or COLD
            if stage == COLD:
                return True
            settle()
        except StopIteration:
            settle()
        except CampuskgError as error:
            failed = described(error)
        except Exception as error:  # noqa: BLE001  whatever a step raises is the pool's to say
            failed = described(InternalFault("internal", said=f"{type(error).__name__}: {error}"))
        send(self._control, {"stage": stage, "failed": failed})
        self._asked, self._patience = False, _STAGE_ORDER  # the pool may order workers of this stage: before the next step
        return failed is None and stage != WARM

    def run(self, steps: Iterator[int | None] | None = None) -> None:
        """Fork on demand until the pool goes; between two orders, take one of the *steps* that make workers warm."""
        bell, ringer = socket.socketpair()
        ringer.settimeout(0)
        bell.settimeout(0)
        signal.set_wakeup_fd(ringer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ, self._control)
            selector.register(bell, selectors.EVENT_READ, bell)
            while True:
                if steps is not None and self._asked and not self.prepare(steps):
                    steps = None
                patience: float | None = None if steps is None else 0 if self._asked else self._patience
                events = selector.select(patience)
                self._asked = True
                for key, _ in events:
                    if key.data is bell:
                        with contextlib.suppress(BlockingIOError):
                            bell.recv(4096)
                        self.bury()
                    elif (order := receive(self._control)) is None:
                        return
                    else:
                        for _ in range(int(order.meta["fork"])):
                            self.deliver()

    def self_test(self) -> None:
        """Let a worker try to break out, in all the ways that matter; raises WorkersUnsafe when one succeeds."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            port = int(listener.getsockname()[1])
            pid, ours = self.fork(lambda sock: send(sock, {"holes": holes(self._limits, port)}))
            with ours:
                ours.settimeout(_TEST_SECONDS)
                said = receive(ours)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            found = ["seccomp"] if said is None else list(said.meta["holes"])
            with contextlib.suppress(BlockingIOError):
                listener.accept()[0].close()
                found.append("loopback")
        if self._limits.service_allow:
            found = [hole for hole in found if hole != "loopback"]
        if found and not self._limits.allow_unsafe:
            raise WorkersUnsafe(", ".join(found))


def settle() -> None:
    """Take what there is for good, so that no collection touches the pages that the workers share."""
    gc.collect()
    gc.freeze()
    gc.disable()


def reserve() -> None:
    """Take the number that the socket of a worker will have, so that no file of a store gets it."""
    with contextlib.suppress(OSError):
        os.fstat(SOCKET)
        return
    free = os.open(os.devnull, os.O_RDONLY)
    if free != SOCKET:
        os.dup2(free, SOCKET)
        os.close(free)


def _loaded(order: dict[str, Any]) -> Handler:
    """Import the loader that *order* names and call it."""
    sys.path[:] = order["path"]
    module, _, function = str(order["loader"]).partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)(**order["args"])
    warm()
    return handler


def _limits(order: dict[str, Any]) -> PoolLimits:
    said = dict(order["limits"])
    return PoolLimits(**{**said, "service_allow": tuple(said["service_allow"]), "reads": tuple(said["reads"])})


def main(descriptor: int, parent: int) -> int:
    """Serve the pool at the other end of *descriptor*, a child of *parent*; return the exit code."""
    die_with_parent(parent)
    control = socket.socket(fileno=descriptor)
    reserve()
    first = receive(control)
    if first is None:
        return 0
    try:
        handler = _loaded(first.meta)
        nursery = Nursery(control, handler, _limits(first.meta))
        settle()
        nursery.self_test()
    except CampuskgError as error:
        send(control, {"failed": described(error)})
        return error.exit_code
    except Exception as error:  # noqa: BLE001  whatever the loader raises is the pool's to say
        send(control, {"failed": described(InternalFault("internal", said=f"{type(error).__name__}: {error}"))})
        return InternalFault.exit_code
    warming = getattr(handler, "warming", None)
    send(control, {"ready": os.getpid(), "stage": WARM if warming is None else COLD})
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        nursery.run(warming() if callable(warming) else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
