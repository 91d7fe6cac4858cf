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
Axes = tuple[Points, Points]
"""The two coordinates, each by itself."""

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
    if network.count < 2:  # noqa: PLR2004  nothing acts on one node
        return start.copy()
    x, y = start[:, 0].copy(), start[:, 1].copy()  # by themselves: most networks are small, and each operation counts
    masses = network.degrees + 1.0
    moving = slice(None) if fixed is None else ~fixed
    radius = float(np.sqrt(masses.sum())) + 1.0
    for step in range(steps):
        push_x, push_y = _pushes(x, y, masses)
        pull_x, pull_y = _pulls(network, x, y)
        force_x = push_x + pull_x - _GRAVITY * masses * x
        force_y = push_y + pull_y - _GRAVITY * masses * y
        longest = radius * _START * (1.0 - step / steps) ** 1.5
        size = np.sqrt(force_x * force_x + force_y * force_y) / masses
        share = np.minimum(1.0, longest / np.maximum(size, 1e-9))
        x[moving] += (force_x / masses * share)[moving]
        y[moving] += (force_y / masses * share)[moving]
    return np.stack([x, y], axis=1)


def spiral(count: int) -> Points:
    """Return *count* points well apart on a spiral, to start from."""
    turns = np.arange(count, dtype=np.float64)
    far = np.sqrt(turns + 0.5)
    return np.stack([far * np.cos(turns * _GOLDEN), far * np.sin(turns * _GOLDEN)], axis=1)


def _pulls(network: Network, x: Points, y: Points) -> Axes:
    """Return the attraction of links: the logarithm of their length, so that long links do not tie groups together."""
    one, other = network.ends[:, 0], network.ends[:, 1]
    away_x, away_y = x[other] - x[one], y[other] - y[one]
    length = np.sqrt(away_x * away_x + away_y * away_y) + 1e-9
    strength = network.weights * np.log1p(length) / length
    pull_x, pull_y, count = away_x * strength, away_y * strength, network.count
    force_x: Points = np.subtract(np.bincount(one, pull_x, count), np.bincount(other, pull_x, count), dtype=np.float64)
    force_y: Points = np.subtract(np.bincount(one, pull_y, count), np.bincount(other, pull_y, count), dtype=np.float64)
    return force_x, force_y


def _pushes(x: Points, y: Points, masses: Points) -> Axes:
    return _all_pushes((x, y), masses, (x, y), masses) if len(x) <= _FEW else _cell_pushes(x, y, masses)


def _all_pushes(places: Axes, masses: Points, others: Axes, weights: Points) -> Axes:
    """Return the repulsion of *others*, with their *weights*, on *places*: masses over distance."""
    dx = places[0][:, None] - others[0][None, :]
    dy = places[1][:, None] - others[1][None, :]
    scale = weights[None, :] / (dx * dx + dy * dy + _SOFT)
    return (dx * scale).sum(axis=1) * masses, (dy * scale).sum(axis=1) * masses


def _cell_pushes(x: Points, y: Points, masses: Points) -> Axes:
    """Return the repulsion with the nodes of a cell of a grid taken together, but within a cell each by itself."""
    side = min(max(4, int(np.sqrt(len(x) / 4))), _CELLS)
    number = _cells(x, side) * side + _cells(y, side)
    weight: Points = np.bincount(number, masses, side * side).astype(np.float64)
    used = np.flatnonzero(weight)
    middle_x = np.bincount(number, masses * x, side * side)[used] / weight[used]
    middle_y = np.bincount(number, masses * y, side * side)[used] / weight[used]
    force_x, force_y = _all_pushes((x, y), masses, (middle_x, middle_y), weight[used])
    own = np.searchsorted(used, number)
    away_x, away_y = x - middle_x[own], y - middle_y[own]
    back = masses * weight[used][own] / (away_x * away_x + away_y * away_y + _SOFT)
    near_x, near_y = _cellmates(x, y, masses, number)
    return force_x - away_x * back + near_x, force_y - away_y * back + near_y


def _cells(places: Points, side: int) -> Ends:
    """Return the place along one axis of the cell of each node."""
    low, high = places.min(), places.max()
    found: Ends = np.minimum(((places - low) / np.maximum(high - low, 1e-9) * side).astype(np.int64), side - 1)
    return found


def _cellmates(x: Points, y: Points, masses: Points, number: Ends) -> Axes:
    """Return the repulsion between the nodes of the same cell: in cell order, each with the next, then with the one after."""
    force_x, force_y, order = np.zeros_like(x), np.zeros_like(y), np.argsort(number, kind="stable")
    for shift in range(1, int(np.bincount(number).max())):
        one, other = order[:-shift], order[shift:]
        same = number[one] == number[other]
        one, other = one[same], other[same]
        away_x, away_y = x[one] - x[other], y[one] - y[other]
        push = masses[one] * masses[other] / (away_x * away_x + away_y * away_y + _SOFT)
        force_x[one] += away_x * push
        force_x[other] -= away_x * push
        force_y[one] += away_y * push
        force_y[other] -= away_y * push
    return force_x, force_y
