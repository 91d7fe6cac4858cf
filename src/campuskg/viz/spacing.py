"""Room for everyone: nodes pushed off each other, parts packed side by side, the whole fitted into the square."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from campuskg.viz.forces import Points

SIDE: Final = 1000.0
"""Side of the square into which every layout fits."""
_ROUNDS: Final = 60
_CHUNK: Final = 500
_TRIED: Final = 16
"""Most places tried at once."""
_ROOM: Final = 100_000
"""Distances measured at once, as a rule."""
_NOTHING: Final = 1e-6


def apart(places: Points, radii: Points, moving: NDArray[np.bool_] | None = None) -> Points:
    """Return *places* with overlapping circles pushed off each other; only the *moving* ones give way."""
    found = places.copy()
    free = np.ones(len(found), dtype=bool) if moving is None else moving
    for _ in range(_ROUNDS):
        move, worst = _shoves(found, radii, free)
        found += move
        if worst < 0.01 * float(radii.mean()):
            break
    return found


def _shoves(places: Points, radii: Points, free: NDArray[np.bool_]) -> tuple[Points, float]:
    """Return how far each node is pushed by those that it overlaps, and the deepest overlap met."""
    move, worst, count = np.zeros_like(places), 0.0, len(places)
    for start in range(0, count, _CHUNK):
        rows = slice(start, min(start + _CHUNK, count))
        away = places[rows, None, :] - places[None, :, :]
        far = np.sqrt((away * away).sum(axis=2))
        depth = radii[rows, None] + radii[None, :] - far
        depth[np.arange(depth.shape[0]), np.arange(rows.start, rows.stop)] = 0.0
        one, other = np.nonzero(depth > 0.0)
        if len(one) == 0:
            continue
        deep, way, length = depth[one, other], away[one, other], far[one, other]
        flat = length < _NOTHING  # on the very same spot: apart along a direction that their numbers give
        turn = (one + start + other).astype(np.float64)
        sign = np.where(one + start < other, 1.0, -1.0)
        way[flat] = np.stack([np.cos(turn) * sign, np.sin(turn) * sign], axis=1)[flat]
        unit = way / np.where(flat, 1.0, length)[:, None]
        share = np.where(free[one + start], np.where(free[other], 0.5, 1.0), 0.0)
        push = unit * (deep * share * 0.9)[:, None]
        for axis in (0, 1):
            move[rows, axis] += np.bincount(one, push[:, axis], depth.shape[0])
        worst = max(worst, float((deep * (share > 0)).max()))
    return move, worst


def packed(parts: list[Points], gap: float) -> list[Points]:
    """Return the *parts*, largest first, side by side: each at the free place nearest to the middle, *gap* from the others."""
    centred = [part - (part.min(axis=0) + part.max(axis=0)) / 2 for part in parts]
    found: list[Points] = []
    for part in centred:
        taken = np.concatenate(found) if found else np.zeros((0, 2))
        found.append(part + _free_place(taken, part, gap))
    return found


def _free_place(taken: Points, part: Points, gap: float) -> Points:
    """Return the first shift, along a spiral from the middle, that keeps *part* at *gap* from what is *taken*."""
    if len(taken) == 0:
        return np.zeros(2)
    span = np.ptp(taken, axis=0) + gap
    tried = max(1, min(_TRIED, _ROOM // (len(taken) * len(part))))
    for start in range(1, 4000, tried):
        shifts = np.array([_spiral(turn, span) for turn in range(start, min(start + tried, 4000))])
        moved = part[None, :, :] + shifts[:, None, :]
        dx = taken[None, :, None, 0] - moved[:, None, :, 0]
        dy = taken[None, :, None, 1] - moved[:, None, :, 1]
        free = (dx * dx + dy * dy).min(axis=(1, 2)) >= gap * gap
        if free.any():
            found: Points = shifts[int(np.argmax(free))]
            return found
    return np.array([float(np.ptp(taken, axis=0)[0] + np.ptp(part, axis=0)[0]) + gap, 0.0])


def _spiral(turn: int, span: Points) -> Points:
    angle = turn * 0.35
    place: Points = np.array([np.cos(angle) * span[0], np.sin(angle) * span[1]]) * (turn / 400.0)
    return place


def fitted(places: Points, margin: float = 20.0) -> Points:
    """Return *places* turned so that the widest way lies flat, in the square, proportions kept."""
    if len(places) == 0:
        return places
    flat = _turned(places)
    low, high = flat.min(axis=0), flat.max(axis=0)
    span = float(max(high - low))
    scale = (SIDE - 2 * margin) / span if span > _NOTHING else 1.0
    found: Points = (flat - (low + high) / 2) * scale + SIDE / 2
    return found


def _turned(places: Points) -> Points:
    centred = places - places.mean(axis=0)
    xx, yy, xy = (centred[:, 0] ** 2).sum(), (centred[:, 1] ** 2).sum(), (centred[:, 0] * centred[:, 1]).sum()
    angle = 0.5 * float(np.arctan2(2 * xy, xx - yy))
    cos, sin = np.cos(-angle), np.sin(-angle)
    x, y = centred[:, 0], centred[:, 1]
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)
