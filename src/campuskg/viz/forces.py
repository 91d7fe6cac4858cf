"""A force layout that shows groups: LinLog attraction and degree-weighted repulsion, deterministic to the last digit.

The model is that of Noack, "Modularity clustering is force-directed layout" (2009), with the masses of Jacomy et al.,
"ForceAtlas2" (2014). No random numbers and no BLAS are used: the same links give the same positions on each run.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Ends = NDArray[np.int64]

_STEPS: Final = 260
_FEW: Final = 700
"""Up to so many nodes every pair repels; beyond, far nodes repel by the centre of their cell."""
_CELLS: Final = 24
"""Most cells along a side: their number times that of the nodes is the work of a step."""
_GRAVITY: Final = 0.04
_START: Final = 0.12
"""First longest move, as a share of the picture's radius."""
_SOFT: Final = 0.01
"""Keeps the repulsion of two things on one spot finite."""
_GOLDEN: Final = 2.399963229728653
"""The golden angle: neighbours on its spiral are well apart."""


@dataclass(frozen=True, slots=True)
class Network:
    """What is to be laid out: how many nodes, the two ends and the weight of each link."""

    count: int
    ends: Ends
    weights: Points

    @classmethod
    def of(cls, count: int, pairs: list[tuple[int, int]], weights: list[float]) -> "Network":
        """Return the network of *pairs*; several links of the same pair pull together, a loop pulls nothing."""
        pulls: dict[tuple[int, int], float] = {}
        for (one, other), weight in zip(pairs, weights, strict=True):
            if one != other:
                key = (min(one, other), max(one, other))
                pulls[key] = pulls.get(key, 0.0) + max(weight, 0.0)
        keys = sorted(pulls)
        ends = np.array(keys, dtype=np.int64).reshape(-1, 2)
        return cls(count, ends, np.sqrt(np.array([1.0 + pulls[key] for key in keys], dtype=np.float64)))

    @property
    def degrees(self) -> Points:
        """The number of links of each node."""
        return np.bincount(self.ends.ravel(), minlength=self.count).astype(np.float64)

    def components(self) -> list[list[int]]:
        """Return the connected parts, the largest first."""
        near = self.neighbours()
        seen, found = [False] * self.count, []
        for first in range(self.count):
            part, left = [], [] if seen[first] else [first]
            while left:
                node = left.pop()
                if not seen[node]:
                    seen[node] = True
                    part.append(node)
                    left += near[node]
            if part:
                found.append(sorted(part))
        return sorted(found, key=lambda part: (-len(part), part[0]))

    def neighbours(self) -> list[list[int]]:
        """Return the neighbours of each node, in order."""
        near: list[list[int]] = [[] for _ in range(self.count)]
        for one, other in self.ends.tolist():
            near[one].append(other)
            near[other].append(one)
        return near

    def part(self, nodes: list[int]) -> "Network":
        """Return the network of some nodes, numbered in their order."""
        place = np.full(self.count, -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        kept = (place[self.ends] >= 0).all(axis=1) if len(self.ends) else np.zeros(0, dtype=bool)
        return Network(len(nodes), place[self.ends[kept]], self.weights[kept])


def spread(network: Network, start: Points, fixed: NDArray[np.bool_] | None = None, steps: int = _STEPS) -> Points:
    """Return positions after the forces have acted on *start*; *fixed* nodes push and pull but do not move."""
    places = start.copy()
    if network.count < 2:  # noqa: PLR2004  nothing acts on one node
        return places
    masses = network.degrees + 1.0
    moving = np.ones(network.count, dtype=bool) if fixed is None else ~fixed
    radius = float(np.sqrt(masses.sum())) + 1.0
    for step in range(steps):
        force = _pushes(places, masses) + _pulls(network, places)
        force -= _GRAVITY * masses[:, None] * places
        longest = radius * _START * (1.0 - step / steps) ** 1.5
        size = np.sqrt((force * force).sum(axis=1)) / masses
        move = force / masses[:, None] * np.minimum(1.0, longest / np.maximum(size, 1e-9))[:, None]
        places[moving] += move[moving]
    return places


def spiral(count: int) -> Points:
    """Return *count* points well apart on a spiral, to start from."""
    turns = np.arange(count, dtype=np.float64)
    far = np.sqrt(turns + 0.5)
    return np.stack([far * np.cos(turns * _GOLDEN), far * np.sin(turns * _GOLDEN)], axis=1)


def _pulls(network: Network, places: Points) -> Points:
    """Return the attraction of links: the logarithm of their length, so that long links do not tie groups together."""
    force = np.zeros_like(places)
    if len(network.ends) == 0:
        return force
    one, other = network.ends[:, 0], network.ends[:, 1]
    away = places[other] - places[one]
    length = np.sqrt((away * away).sum(axis=1)) + 1e-9
    pull = away * (network.weights * np.log1p(length) / length)[:, None]
    for axis in (0, 1):
        force[:, axis] += np.bincount(one, pull[:, axis], network.count)
        force[:, axis] -= np.bincount(other, pull[:, axis], network.count)
    return force


def _pushes(places: Points, masses: Points) -> Points:
    return _all_pushes(places, masses, places, masses) if len(places) <= _FEW else _cell_pushes(places, masses)


def _all_pushes(places: Points, masses: Points, others: Points, weights: Points) -> Points:
    """Return the repulsion of *others*, with their *weights*, on *places*: masses over distance."""
    dx = places[:, 0, None] - others[None, :, 0]
    dy = places[:, 1, None] - others[None, :, 1]
    scale = weights[None, :] / (dx * dx + dy * dy + _SOFT)
    return np.stack([(dx * scale).sum(axis=1), (dy * scale).sum(axis=1)], axis=1) * masses[:, None]


def _cell_pushes(places: Points, masses: Points) -> Points:
    """Return the repulsion with the nodes of a cell of a grid taken together, but within a cell each by itself."""
    side = min(max(4, int(np.sqrt(len(places) / 4))), _CELLS)
    low, high = places.min(axis=0), places.max(axis=0)
    cells = np.minimum(((places - low) / np.maximum(high - low, 1e-9) * side).astype(np.int64), side - 1)
    number = cells[:, 0] * side + cells[:, 1]
    weight: Points = np.bincount(number, masses, side * side).astype(np.float64)
    used = np.flatnonzero(weight)
    middle = np.stack(
        [np.bincount(number, masses * places[:, axis], side * side)[used] / weight[used] for axis in (0, 1)], axis=1
    )
    force = _all_pushes(places, masses, middle, weight[used])
    own = np.searchsorted(used, number)
    away = places - middle[own]
    force -= away * (masses * weight[used][own] / ((away * away).sum(axis=1) + _SOFT))[:, None]
    return force + _cellmates(places, masses, number)


def _cellmates(places: Points, masses: Points, number: Ends) -> Points:
    """Return the repulsion between the nodes of the same cell: in cell order, each with the next, then with the one after."""
    force, order = np.zeros_like(places), np.argsort(number, kind="stable")
    for shift in range(1, int(np.bincount(number).max())):
        one, other = order[:-shift], order[shift:]
        same = number[one] == number[other]
        one, other = one[same], other[same]
        away = places[one] - places[other]
        push = away * (masses[one] * masses[other] / ((away * away).sum(axis=1) + _SOFT))[:, None]
        force[one] += push
        force[other] -= push
    return force
