"""The work of a run in pieces, done by as many processes as there are cores; all share the release that was read once."""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final, NamedTuple, TypeVar

from campuskg.errors import MissingInput, UsageProblem

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_DO: list[Callable[[object], object]] = []
"""What the processes do with a piece: handed over by the fork, not by a message."""
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

    Who takes the results may add pieces meanwhile, at either end.
    """
    if jobs < 2 or not hasattr(os, "fork"):  # noqa: PLR2004  one process is this one
        while pieces:
            yield do(pieces.popleft())
        return
    _DO.append(do)  # type: ignore[arg-type]
    gc.freeze()  # what the processes share is left alone by their collectors, and so stays shared
    pool = ProcessPoolExecutor(jobs, get_context("fork"), _begin)
    try:
        yield from _collected(pool, pieces, jobs)  # type: ignore[misc, arg-type]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _DO.clear()
        gc.unfreeze()


def _collected(pool: ProcessPoolExecutor, pieces: deque[object], jobs: int) -> Iterator[object]:
    waiting: set[Future[object]] = set()
    while pieces or waiting:
        while pieces and len(waiting) < jobs * _AHEAD:
            waiting.add(pool.submit(_doing, pieces.popleft()))
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from map(_result, finished)


def _result(future: Future[object]) -> object:
    result = future.result()
    if isinstance(result, _Wrong):
        raise (MissingInput if result.missing else UsageProblem)(result.code, **result.params)
    return result


class _Wrong(NamedTuple):
    """An error of a piece: errors themselves are not made to travel between processes."""

    code: str
    params: Mapping[str, object]
    missing: bool


def _doing(piece: object) -> object:
    try:
        return _DO[0](piece)
    except (UsageProblem, MissingInput) as error:
        return _Wrong(error.code, dict(error.params), isinstance(error, MissingInput))


def _begin() -> None:
    """Prepare a process: the interruption is left to the one that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_YOUNG, _NEVER, _NEVER)  # looking for old cycles would take a fifth of the seconds that a process lives,
    gc.enable()  # but memory that is used again is faster than new memory
