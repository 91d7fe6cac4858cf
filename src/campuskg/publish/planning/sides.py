"""Two lists side by side: what is in both, only in the first, only in the second; and the same over time: stayed, went, came."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sides(Generic[T]):
    """The members of two lists, by a key: those of both come from the first list."""

    both: Sequence[T]
    first: Sequence[T]
    second: Sequence[T]


def sides(first: Sequence[T], second: Sequence[T], key: Callable[[T], Hashable]) -> Sides[T]:
    """Return *first* and *second* sorted out by *key*, each in its own order, each key once.

    >>> sides(["a", "B"], ["b", "c"], str.lower)
    Sides(both=['B'], first=['a'], second=['c'])
    """
    ours, theirs = {key(one): one for one in reversed(first)}, {key(one): one for one in reversed(second)}
    return Sides(
        [one for one in _once(first, key) if key(one) in theirs],
        [one for one in _once(first, key) if key(one) not in theirs],
        [one for one in _once(second, key) if key(one) not in ours],
    )


def _once(found: Sequence[T], key: Callable[[T], Hashable]) -> list[T]:
    return list({key(one): one for one in reversed(found)}.values())[::-1]
