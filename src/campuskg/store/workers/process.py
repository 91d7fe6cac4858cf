"""What the system tells of a process and does to it: signals, priority, processor time, memory.

Linux gives all of it; elsewhere wall clock stands in for processor time and memory is not known.
"""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_CPUCLOCK_SCHED = 2
_PAGE = os.sysconf("SC_PAGE_SIZE")
LINUX = sys.platform == "linux"


class Process:
    """One worker, seen from outside. On Linux it is held by a file descriptor, so that no other process is ever hit."""

    __slots__ = ("_handle", "_held", "_start", "pid")

    def __init__(self, pid: int, handle: int | None) -> None:
        """Hold process *pid* by its pidfd *handle*."""
        self.pid = pid
        self._handle = handle
        self._start = time.monotonic()
        self._held = self._resident()

    def signal(self, number: signal.Signals) -> None:
        """Send signal *number*; a process that has gone is no fault."""
        try:
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.kill(self.pid, number)
        except (ProcessLookupError, OSError):
            pass

    def release(self) -> None:
        """Let go of the descriptor."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def yield_to_others(self) -> None:
        """Give the process the lowest priority."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)
            for thread in Path(f"/proc/{self.pid}/task").iterdir() if LINUX else ():
                os.setpriority(os.PRIO_PROCESS, int(thread.name), 19)
        except (ProcessLookupError, OSError):
            pass

    def cpu(self) -> float:
        """Return the seconds of processor time used by all threads since birth (clock_getcpuclockid(3))."""
        if not LINUX:
            return time.monotonic() - self._start
        try:
            return time.clock_gettime((~self.pid << 3) | _CPUCLOCK_SCHED)
        except OSError:
            return 0.0

    def growth(self) -> int:
        """Return the bytes of memory held beyond those at birth; 0 where unknown."""
        return max(0, self._resident() - self._held)

    def _resident(self) -> int:
        try:
            with open(f"/proc/{self.pid}/statm", "rb") as file:  # noqa: PTH123  read every tick
                return int(file.read().split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0


def die_with_parent(parent: int) -> None:
    """Ask the system to kill this process when *parent*, which started it, dies."""
    if not LINUX:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def threads() -> int:
    """Return the number of threads of this process that a fork could tear from their work; 1 where unknown.

    Those that a store on disk keeps for writers do not count while they wait: nobody writes, so they hold no lock.
    """
    return sum(not _waits_for_writers(task) for task in Path("/proc/self/task").iterdir()) if LINUX else 1


def _waits_for_writers(task: Path) -> bool:
    name, _, rest = (task / "stat").read_text("utf-8", "replace").partition("(")[2].rpartition(")")
    return name.startswith("rocksdb:") and rest.split()[0] == "S"


def data_bytes() -> int:
    """Return what RLIMIT_DATA counts of this process (VmData of proc(5)); 0 where unknown."""
    if not LINUX:
        return 0
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123
        return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmData:")), 0)
