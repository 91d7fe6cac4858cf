"""What is found about a release is found once; an engine, which may change, is asked every time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campuskg.analysis.asked import Source, once
from campuskg.release import Release
from campuskg.store import MemoryStore


@pytest.fixture
def empty() -> Release:
    return Release(Path(), {"outputs": {"dataset.nq": "nothing"}}, MemoryStore())


def counted(numbers: Iterator[int]) -> tuple[list[tuple[object, ...]], Callable[..., int]]:
    asked: list[tuple[object, ...]] = []

    @once
    def count(_source: Source, /, *given: object, **named: object) -> int:
        """Count."""
        asked.append((*given, *named.items()))
        return next(numbers)

    return asked, count


def test_a_release_is_asked_once_for_the_same(empty: Release) -> None:
    asked, count = counted(iter(range(9)))
    assert [count(empty), count(empty), count(empty, 2), count(empty, minimum=2), count(empty, 2)] == [0, 0, 1, 2, 1]
    assert asked == [(), (2,), (("minimum", 2),)]
    assert count.__doc__ == "Count."


def test_another_release_is_asked_for_itself(empty: Release) -> None:
    _, count = counted(iter(range(9)))
    other = Release(Path(), empty.manifest, MemoryStore())
    assert (count(empty), count(other), count(empty)) == (0, 1, 0)


def test_an_engine_is_asked_every_time(empty: Release) -> None:
    _, count = counted(iter(range(9)))
    assert [count(empty.store), count(empty.store)] == [0, 1]


def test_what_is_kept_of_a_release_is_bounded(empty: Release) -> None:
    asked, count = counted(iter(range(99)))
    for minimum in range(40):
        count(empty, minimum)
    count(empty, 39)
    assert len(asked) == 40
    count(empty, 0)
    assert len(asked) == 41
