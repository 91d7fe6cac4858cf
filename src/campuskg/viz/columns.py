"""Layouts in rows and columns: two sides, levels, matrix, heat-map, timeline, map; and the star around one thing."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from campuskg.viz.forces import Network, Points
from campuskg.viz.model import Edge, Node
from campuskg.viz.spacing import SIDE

_SWEEPS: Final = 12
_MARGIN: Final = 40.0
_NOTHING: Final = 1e-12


def in_columns(nodes: Sequence[Node], network: Network, column: Sequence[int]) -> Points:
    """Return nodes in columns, each ordered by the mean place of its neighbours so that links cross little."""
    near = network.neighbours()
    order = {c: [i for i in range(len(nodes)) if column[i] == c] for c in sorted(set(column))}
    rank = {node: place / max(len(held) - 1, 1) for held in order.values() for place, node in enumerate(held)}
    for sweep in range(_SWEEPS):
        for c in sorted(order, reverse=bool(sweep % 2)):
            means = {i: (sum(rank[j] for j in near[i]) / len(near[i]) if near[i] else rank[i]) for i in order[c]}
            order[c].sort(key=lambda i: (means[i], nodes[i].id))
            rank |= {node: (place + 0.5) / len(order[c]) for place, node in enumerate(order[c])}
    width = max(max(order, default=0), 1)
    x = [_MARGIN + column[i] / width * (SIDE - 2 * _MARGIN) for i in range(len(nodes))]
    return np.array([(x[i], rank[i] * SIDE) for i in range(len(nodes))], dtype=np.float64).reshape(-1, 2)


def star(nodes: Sequence[Node], network: Network, middle: int) -> Points:
    """Return *middle* in the middle, the others on rings around it, those of one group side by side."""
    others = sorted((i for i in range(len(nodes)) if i != middle), key=lambda i: (nodes[i].group, nodes[i].id))
    direct = set(network.neighbours()[middle])
    rings = _rings([i for i in others if i in direct]) + [held for held in ([i for i in others if i not in direct],) if held]
    places = np.full((len(nodes), 2), SIDE / 2)
    for number, ring in enumerate(rings):
        far = (SIDE / 2 - _MARGIN) * (number + 1.6) / (len(rings) + 0.6)
        for place, i in enumerate(ring):
            angle = 2 * math.pi * (place + 0.5 * (number % 2)) / len(ring) - math.pi / 2
            places[i] += (far * math.cos(angle), far * math.sin(angle))
    return places


def _rings(ordered: Sequence[int]) -> list[list[int]]:
    """Return *ordered* dealt in turn to as many rings as keep names apart: groups stay in the same sectors."""
    count = 1 if len(ordered) <= 18 else 2 if len(ordered) <= 48 else math.ceil(math.sqrt(len(ordered) / 6))  # noqa: PLR2004
    return [list(ordered[ring::count]) for ring in range(count) if ordered[ring::count]]


def levels(nodes: Sequence[Node], edges: Sequence[Edge], stated: Mapping[str, float]) -> list[int]:
    """Return the column of each node from its *stated* level; without one, the column after what leads to it."""
    known = sorted(set(stated.values()))
    found = {iri: known.index(level) + 1 for iri, level in stated.items()}
    loose = {edge.target for edge in edges if edge.target not in found and edge.source not in found}
    return [found.get(node.id, 1 if node.id in loose else 0) for node in nodes]


def seriated(nodes: Sequence[Node], network: Network) -> list[int]:
    """Return the rank of each node in an order that puts neighbours side by side: part by part, along the slowest mode."""
    rank, place = [0] * len(nodes), 0
    for part in network.components():
        inner = network.part(part)
        values = _slowest(inner)
        for i in sorted(range(len(part)), key=lambda i: (round(float(values[i]), 9), nodes[part[i]].id)):
            rank[part[i]] = place
            place += 1
    return rank


def _slowest(network: Network, rounds: int = 400) -> Points:
    """Return the second mode of the random walk on *network*, by power iteration from a fixed start."""
    degree = np.maximum(np.bincount(network.ends.ravel(), np.repeat(network.weights, 2), network.count), 1e-9)
    value = np.cos(np.arange(network.count, dtype=np.float64) * 1.7) + np.arange(network.count) / max(network.count, 1)
    one, other = network.ends[:, 0], network.ends[:, 1]
    for _ in range(rounds):
        value -= (value * degree).sum() / degree.sum()
        size = math.sqrt(float((value * value * degree).sum()))
        if size < _NOTHING:
            break
        value /= size
        moved = np.bincount(one, network.weights * value[other], network.count)
        moved += np.bincount(other, network.weights * value[one], network.count)
        value = 0.5 * value + 0.5 * moved / degree
    return value


def in_time(spans: Sequence[tuple[str, str]]) -> Points:
    """Return each span at its first day, in the first lane where it does not touch another; those without a day below."""
    days = [(_day(begins) or _day(ends), _day(ends) or _day(begins)) for begins, ends in spans]
    known = [day for pair in days for day in pair if day]
    low, width = min(known, default=0), max(max(known, default=1) - min(known, default=0), 1)
    lanes: list[float] = []
    places = np.zeros((len(spans), 2))
    for i in sorted(range(len(spans)), key=lambda i: (days[i][0] or math.inf, i)):
        first, last = days[i]
        x = (first - low) / width * SIDE if first else 0.0
        end = (last - low) / width * SIDE if last else SIDE
        lane = next((number for number, busy in enumerate(lanes) if busy <= x), len(lanes))
        lanes[lane : lane + 1] = [max(end, x + 25.0)]
        places[i] = (x, lane)
    places[:, 1] = (places[:, 1] + 0.5) * SIDE / max(len(lanes), 1)
    return places


def _day(text: str) -> int:
    try:
        return dt.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return 0


def on_map(nodes: Sequence[Node]) -> Points:
    """Return nodes by their latitude and longitude (equirectangular, true at the middle); those without at the foot."""
    known = [node.point for node in nodes if node.point]
    places = np.zeros((len(nodes), 2))
    if not known:
        return places
    latitudes, longitudes = zip(*known, strict=True)
    middle = (min(latitudes) + max(latitudes)) / 2
    shrink = math.cos(math.radians(middle))
    span = max(max(latitudes) - min(latitudes), (max(longitudes) - min(longitudes)) * shrink, 1e-6)
    loose = 0
    for i, node in enumerate(nodes):
        if node.point:
            north, east = node.point
            places[i] = ((east - min(longitudes)) * shrink / span * SIDE, (max(latitudes) - north) / span * SIDE)
        else:
            places[i] = (loose % 50 * 20.0, SIDE + 20.0 + loose // 50 * 20.0)
            loose += 1
    return places
