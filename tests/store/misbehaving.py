"""Handlers for the tests of the workers: they do what a broken or conquered query would do. Imported by the nursery."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from campuskg.errors import MissingInput, Place, Problem, ProblemsFound, Severity
from campuskg.store.workers import Reply


def act(task: dict[str, Any]) -> Reply:
    """Do the ``do`` of *task*; say what came of it."""
    if task["do"] == "big":
        return Reply({}, b"x" * task["size"])
    deed: Callable[[], object] = {
        "echo": lambda: task["say"],
        "pid": os.getpid,
        "sleep": lambda: time.sleep(task["seconds"]),
        "spin": lambda: _spin(task["seconds"]),
        "hold": lambda: len(bytearray(task["mib"] * 1024 * 1024)),
        "raise": lambda: 1 // 0,
        "socket": lambda: socket.socket(socket.AF_INET),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "read": lambda: Path("/etc/hostname").read_bytes(),
        "write": lambda: Path(task["path"]).write_bytes(b"x"),
        "exec": lambda: subprocess.run(["/bin/true"], check=False),
        "fork": os.fork,
        "kill": lambda: os.kill(task["pid"], 9),
        "thread": _thread,
        "service": lambda: list(ox.Store().query(task["query"])),
        "grow": lambda: (bytearray(b"x") * (task["mib"] << 20), _spin(30)),
    }[task["do"]]
    try:
        return Reply({"did": deed()}, b"")
    except OSError as error:
        return Reply({"refused": type(error).__name__}, b"")


def _spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def _thread() -> str:
    said: list[str] = []
    thread = threading.Thread(target=said.append, args=("thread",))
    thread.start()
    thread.join()
    return said[0]


def load() -> Callable[[dict[str, Any]], Reply]:
    """Return the handler."""
    return act


def load_slowly() -> Callable[[dict[str, Any]], Reply]:
    """Return the handler after a while."""
    time.sleep(0.5)
    return act


class Preparing:
    """A handler that takes two steps to be warm, and tells which of them its worker has seen."""

    def __init__(self, last: Callable[[], object]) -> None:
        """End the preparations with *last*."""
        self._last = last
        self._steps = 0

    def __call__(self, task: dict[str, Any]) -> Reply:
        """Tell how many steps were taken before this worker was born."""
        if task["do"] == "steps":
            return Reply({"did": self._steps}, b"")
        return act(task)

    def warming(self) -> Iterator[int | None]:
        """Take the steps; the first ends the stage 1."""
        time.sleep(0.3)
        self._steps += 1
        yield 1
        time.sleep(0.3)
        self._steps += 1
        self._last()
        yield None


def prepare() -> Preparing:
    """Return a handler that gets warm."""
    return Preparing(lambda: None)


def prepare_badly(**_: object) -> Preparing:
    """Return a handler that does not, whatever it is to load."""
    return Preparing(find_problems)


PROBLEMS = ProblemsFound(
    [
        Problem("unknown-key", Place("b.yaml", 3, 4), {"key": Path("été"), "known": ["x"]}, Severity.WARNING),
        Problem("unknown-class", Place("a.yaml", 7), {"value": {"fr": "un", "en": "one"}, "known": 2}),
    ]
)


def find_problems() -> None:
    """Fail as a faulty catalogue does."""
    raise PROBLEMS


def fail() -> None:
    """Fail as a missing release does."""
    raise MissingInput("release-missing", folder="nowhere")


def crash() -> None:
    """Fail as nobody foresaw."""
    raise ZeroDivisionError("soon")


def threaded() -> Callable[[dict[str, Any]], Reply]:
    """Leave a thread behind, which a fork would lose."""
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    return act
