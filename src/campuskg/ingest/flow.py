"""Work on several items at once, its results in order: for blocks of rows, on all processors."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST: Final = 4
"""Items at once: what takes their results goes one by one, and each takes memory."""


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result]:
    """Yield the result of *work* on each of *items*, in their order; as many as there are processors are under way, in threads.

    What *work* raises is raised where its result would stand. Close the generator when the results are no longer wanted.
    """
    threads = min(os.cpu_count() or 1, _MOST) + 1  # one more: each waits for the others now and then
    under_way: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads, "rows") as pool:
        try:
            for item in items:
                under_way.append(pool.submit(work, item))
                if len(under_way) > threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
