"""One worker: a fork of the parent of workers that answers one task after another and can reach nothing else."""

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from campuskg.errors import CampuskgError, InternalFault, catalogue
from campuskg.store.answer import AnswerTooBig
from campuskg.store.hints import hint
from campuskg.store.workers import outside
from campuskg.store.workers.failures import QueryTooBig, described
from campuskg.store.workers.frames import Reply, receive, send
from campuskg.store.workers.landlock import LandlockMissing
from campuskg.store.workers.limits import MEBIBYTE, PoolLimits
from campuskg.store.workers.process import LINUX, die_with_parent
from campuskg.store.workers.sandbox import lock_in
from campuskg.store.workers.seccomp import SeccompMissing

Handler = Callable[[dict[str, Any]], Reply]
SOCKET = 3
_STACK = 16 * MEBIBYTE
_EXIT_UNSAFE = 3
_MAXRSS_UNIT = 1024 if LINUX else 1  # kibibytes on Linux, bytes on macOS


def begin(
    sock: socket.socket,
    parent: int,
    limits: PoolLimits,
    work: Callable[[socket.socket], None],
    kept: Iterable[int] = (),
) -> NoReturn:
    """Turn this fresh fork into a worker that does *work* on its *sock*; never returns.

    All other open files are closed, but for those *kept*: a store on disk is read through the files of the parent.

    The work is done in a new thread: the engine keeps its source of random numbers per thread, so that workers that
    used the forked one would all give the same UUID() and RAND(). The thread also has the deeper stack.
    """
    die_with_parent(parent)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(sock.fileno(), SOCKET)
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in range(SOCKET):  # what the engine says when it dies is not for the log
        os.dup2(silence, standard)
    least = SOCKET + 1
    for descriptor in sorted(kept):
        os.closerange(least, descriptor)
        least = descriptor + 1
    os.closerange(least, 1 << 16)
    own = socket.socket(fileno=SOCKET)

    def run() -> None:
        try:
            lock_in(limits)
            work(own)
        except (SeccompMissing, LandlockMissing):
            os._exit(_EXIT_UNSAFE)
        except BaseException:  # noqa: BLE001  nothing may go back into the parent's code
            os._exit(1)
        os._exit(0)

    threading.stack_size(_STACK)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    os._exit(1)


def serve(sock: socket.socket, handler: Handler, limits: PoolLimits) -> None:
    """Answer tasks until the other side goes."""
    gc.enable()
    outside.open_line(sock)
    born = _peak()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while (task := receive(sock)) is not None:
            meta, body = _answer(handler, task.meta, limits)
            if _peak() - born > limits.recycle_mib * MEBIBYTE:
                meta["retire"] = True
            send(sock, meta, body)


def _answer(handler: Handler, task: dict[str, Any], limits: PoolLimits) -> tuple[dict[str, Any], bytes]:
    try:
        reply = handler(task)
    except CampuskgError as error:
        return {"error": described(error)}, b""
    except (MemoryError, RecursionError):
        return {"error": described(QueryTooBig(limits.memory_mib)), "retire": True}, b""
    except Exception as error:  # noqa: BLE001  a fault of ours: said to the parent, which writes it down
        fault = InternalFault("internal", said=type(error).__name__)
        return {"error": described(fault), "trace": _trace(error)}, b""
    if len(reply.body) > limits.answer_bytes:
        return {"error": described(AnswerTooBig(limits.answer_bytes))}, b""
    return {"reply": reply.meta}, reply.body


def _trace(error: Exception) -> str:
    """Return where *error* came from, without reading source files."""
    frames = traceback.extract_tb(error.__traceback__, limit=-8)
    places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    return f"{type(error).__name__}: {error} at {places}"


def _peak() -> int:
    """Return the most memory this process has ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT


def warm() -> None:
    """Import and use what Python fetches lazily, while files may still be opened."""
    import encodings.ascii
    import encodings.idna
    import encodings.latin_1
    import encodings.utf_8  # noqa: F401

    hint("SELEC * { x:y }", "")
    catalogue()
    "warm".encode("idna")
    "warm".encode("ascii", "xmlcharrefreplace")
    try:
        json.loads("{")
    except ValueError as error:
        _trace(error)
        traceback.format_exception(error)
    sys.stdout.flush()
    sys.stderr.flush()
