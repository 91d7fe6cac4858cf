"""The work of a run in pieces, done by as many processes as there are cores; all share the release that was read once."""

import gc
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Final, NamedTuple, TypeVar

from campuskg.errors import MissingInput, UsageProblem

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_YOUNG: Final = 30_000
"""New objects after which cycles among them are looked for."""
_NEVER: Final = 1 << 30
_AHEAD: Final = 2
"""Pieces that each process has at hand: what is found out later, and takes longer, should not wait behind many."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the search for cycles while what stays is read: looking takes a tenth of a run."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def begun(do: Callable[[], Result]) -> Callable[[], Result]:
    """Begin *do* in a process of its own where there is a core for it; return what waits for its result.

    What it returns must be able to travel between processes. Where that process fails or is killed, *do* is done in this one.
    """
    if cores() < 2 or not hasattr(os, "fork"):  # noqa: PLR2004  one process is this one
        return do
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_beside, args=(do, sending), daemon=True)
    process.start()
    sending.close()

    def result() -> Result:
        try:
            found: Result = receiving.recv()
        except EOFError:
            return do()
        finally:
            process.join()
        return found

    return result


def _beside(do: Callable[[], object], sending: Connection) -> None:
    """Send what *do* returns; what goes wrong is left to the process that waits, which has its reader."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        sending.send(do())


def done(do: Callable[[Piece], Result], pieces: deque[Piece], jobs: int) -> Iterator[Result]:
    """Yield what *do* returns for each of *pieces*, in any order, in *jobs* processes; in this one where that is 1.

    Who takes the results may add pieces meanwhile, at either end. Processes take pieces from either end, so that two of them
    are seldom in one folder, where they would wait for each other and both find out what its pages share.

    Raises what *do* raises, and MissingInput when a process was ended from outside.
    """
    if jobs < 2 or not hasattr(os, "fork"):  # noqa: PLR2004  one process is this one
        while pieces:
            yield do(pieces.popleft())
        return
    gc.freeze()  # what the processes share is left alone by their collectors, and so stays shared
    workers: list[_Worker] = []
    try:
        for _ in range(jobs):
            workers.append(_Worker(do, workers))  # type: ignore[arg-type]
        yield from _collected(workers, pieces)  # type: ignore[misc, arg-type]
    except BaseException:
        for worker in workers:
            worker.process.terminate()
        raise
    finally:
        for worker in workers:
            worker.connection.close()  # it then ends
        for worker in workers:
            worker.process.join()
        gc.unfreeze()


def _collected(workers: Sequence["_Worker"], pieces: deque[object]) -> Iterator[object]:
    while True:
        for number, worker in enumerate(workers):
            while pieces and worker.given < _AHEAD:
                worker.give(pieces.pop() if number % 2 else pieces.popleft())
        busy = {worker.connection: worker for worker in workers if worker.given}
        if not busy:
            return
        for connection in wait(list(busy)):
            yield busy[connection].taken()  # type: ignore[index]


class _Worker:
    """A process that does one piece after the other."""

    def __init__(self, do: Callable[[object], object], others: Sequence["_Worker"]) -> None:
        """Begin the process; the *others* were begun before it."""
        context = get_context("fork")
        self.connection, theirs = context.Pipe()
        foreign = [self.connection, *(other.connection for other in others)]
        self.process = context.Process(target=_work, args=(do, theirs, foreign), daemon=True)
        self.process.start()
        theirs.close()
        self.given = 0
        """Pieces that it was given and whose results were not taken."""

    def give(self, piece: object) -> None:
        """Give it a piece."""
        with suppress(OSError):  # that it is gone is seen when its result is taken
            self.connection.send(piece)
        self.given += 1

    def taken(self) -> object:
        """Return the result of a piece; raise what went wrong with it."""
        try:
            result = self.connection.recv()
        except (EOFError, OSError) as error:
            raise MissingInput("site-process") from error
        self.given -= 1
        if isinstance(result, (_Wrong, _Fault)):
            raise result.error()
        return result


class _Wrong(NamedTuple):
    """An error of a piece: errors themselves are not made to travel between processes."""

    code: str
    params: Mapping[str, object]
    missing: bool

    def error(self) -> UsageProblem | MissingInput:
        """Return the error as it was."""
        return (MissingInput if self.missing else UsageProblem)(self.code, **self.params)


class _Fault(NamedTuple):
    """A fault of ours: what it says, and where it was."""

    said: str
    where: str

    def error(self) -> RuntimeError:
        """Return an error that says as much."""
        found = RuntimeError(self.said)
        found.add_note(self.where)
        return found


def _work(do: Callable[[object], object], connection: Connection, foreign: Sequence[Connection]) -> None:
    """Do pieces until nobody gives any more: the interruption is left to the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in foreign:
        other.close()  # or this process would keep them open when the one that hands out the work is gone
    gc.set_threshold(_YOUNG, _NEVER, _NEVER)  # looking for old cycles would take a fifth of the seconds that a process lives,
    gc.enable()  # but memory that is used again is faster than new memory
    with suppress(EOFError, OSError):
        while True:
            connection.send(_doing(do, connection.recv()))


def _doing(do: Callable[[object], object], piece: object) -> object:
    try:
        return do(piece)
    except (UsageProblem, MissingInput) as error:
        return _Wrong(error.code, dict(error.params), isinstance(error, MissingInput))
    except Exception as error:  # noqa: BLE001  told where the results are taken
        return _Fault(f"{type(error).__name__}: {error}", traceback.format_exc())
