"""Where each thing stands in a picture: the same on every run, near where it stood in the release before.

The positions in ``viz/layouts`` are those of the last release laid out (``campuskg viz layout --write``). A thing that has one
keeps it; a new thing is placed by the same forces among the things that stay. Nothing depends on the language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from campuskg.viz import columns
from campuskg.viz.forces import Network, Points, spiral, spread
from campuskg.viz.links import Reading, decimal, roles_of, short
from campuskg.viz.model import Edge, Node, Picture
from campuskg.viz.seeds import seeds
from campuskg.viz.spacing import SIDE, apart, fitted, packed

UNLIKE: Final = ("matrix", "heatmap", "timeline", "map")
"""Drawings whose places say nothing once links are drawn as lines."""
_COLUMNS: Final = 60
"""A bipartite picture of so many things stands in two columns; a larger one would be a wall of lines."""
_KNOWN: Final = 0.5
"""Share of the things that must have an old position; with fewer, the picture is another one and is laid out afresh."""

_NEAR: Final = 90.0
"""How far the forces may carry a new thing from the middle of its neighbours."""
_FITTED: Final = 0.5
"""Share of the room of a node that is left once the whole is fitted into the square."""
_SMALL: Final = 64
"""Nodes of a part that is remembered: networks have many small parts, and few that differ."""

Places = tuple[tuple[float, float], ...]


def placed(picture: Picture) -> list[Node]:
    """Return the nodes of *picture* with their positions."""
    found = positions(picture, seeds(picture.view.name))
    return [replace(node, x=x, y=y) for node, (x, y) in zip(picture.nodes, found, strict=True)]


def positions(picture: Picture, old: Mapping[str, tuple[float, float]]) -> Places:
    """Return the positions of the nodes, to a tenth, *old* positions kept where there are."""
    return _rounded(_laid_out(picture, picture.nodes, _network(picture), old))


def as_network(picture: Picture) -> Places:
    """Return positions as things and links, for programs that can draw only these: a matrix, a timeline or a map as a network."""
    if picture.edges and picture.view.drawing in UNLIKE:
        return _rounded(_among(picture.nodes, _network(picture), picture, {}))
    return tuple((node.x, node.y) for node in picture.nodes)


def _network(picture: Picture) -> Network:
    place = {node.id: i for i, node in enumerate(picture.nodes)}
    pairs = [(place[edge.source], place[edge.target]) for edge in picture.edges]
    return Network.of(len(picture.nodes), pairs, [edge.weight for edge in picture.edges])


def _laid_out(picture: Picture, nodes: Sequence[Node], network: Network, old: Mapping[str, tuple[float, float]]) -> Points:
    match picture.view.drawing:
        case "timeline":
            return columns.in_time(_spans(nodes, picture.edges))
        case "map":
            return columns.on_map(nodes)
        case "matrix":
            rank = np.array(columns.seriated(nodes, network), dtype=np.float64)
            return np.stack([rank, rank], axis=1) * SIDE / max(len(nodes), 1)
        case "heatmap" | "sankey":
            return columns.in_columns(nodes, network, _sides(nodes, picture.edges))
        case "pathways":
            return columns.in_columns(nodes, network, columns.levels(nodes, picture.edges, _levels(picture)))
    return _among(nodes, network, picture, old)


def _among(nodes: Sequence[Node], network: Network, picture: Picture, old: Mapping[str, tuple[float, float]]) -> Points:
    """Return a layout by forces: afresh, or around the things that have an old position."""
    held = [old.get(short(node.id)) for node in nodes]
    kept = sum(place is not None for place in held)
    if kept == len(nodes) and nodes:
        return np.array(held, dtype=np.float64)
    if kept >= _KNOWN * len(nodes) and kept:
        return _joined(nodes, network, held)
    middle = _middle(network)
    if middle is not None:
        return columns.star(nodes, network, middle)
    if picture.view.drawing == "bipartite" and len(nodes) <= _COLUMNS:
        return columns.in_columns(nodes, network, _sides(nodes, picture.edges))
    return fresh(network, [node.size for node in nodes])


def fresh(network: Network, sizes: Sequence[float]) -> Points:
    """Return a layout by forces of the whole network: each connected part by itself, then all packed."""
    return _fresh(network.count, network.ends.tobytes(), network.weights.tobytes(), tuple(sizes)).copy()


@lru_cache(maxsize=8)  # a view is drawn in two languages
def _fresh(count: int, ends: bytes, weights: bytes, sizes: tuple[float, ...]) -> Points:
    """Return the layout of the network that the bytes of its links and their weights tell."""
    if count == 0:
        return np.zeros((0, 2))
    network, radii = _of_bytes(count, ends, weights), _radii(sizes)
    parts = network.components()
    laid = [_turned_apart(_part(network.part(part)), radii[part]) for part in parts]
    found = np.zeros((count, 2))
    for part, places in zip(parts, packed(laid, float(radii.max()) * 4.0), strict=True):
        found[part] = places
    return fitted(found)


def _part(network: Network) -> Points:
    """Return one connected part as the forces leave it."""
    if network.count > _SMALL:
        return spread(network, spiral(network.count))
    return _small_part(network.count, network.ends.tobytes(), network.weights.tobytes())


@lru_cache(maxsize=256)
def _small_part(count: int, ends: bytes, weights: bytes) -> Points:
    return spread(_of_bytes(count, ends, weights), spiral(count))


def _of_bytes(count: int, ends: bytes, weights: bytes) -> Network:
    return Network(count, np.frombuffer(ends, dtype=np.int64).reshape(-1, 2), np.frombuffer(weights, dtype=np.float64))


def _turned_apart(places: Points, radii: Points) -> Points:
    """Return one part at the scale of its circles, none over another."""
    if len(places) < 2:  # noqa: PLR2004
        return places * 0.0
    span = float(np.ptp(places, axis=0).max())
    room = float(np.sqrt((radii * radii).sum()) * 4.2)
    return apart((places - places.mean(axis=0)) / max(span, 1e-9) * room, radii)


def _joined(nodes: Sequence[Node], network: Network, held: Sequence[tuple[float, float] | None]) -> Points:
    """Return the old positions, and places for the new things: by forces from the middle of their neighbours."""
    fixed = np.array([place is not None for place in held])
    start = _beside(network, held)
    scale = SIDE / (np.sqrt(float((network.degrees + 1.0).sum())) * 4.0)
    moved: Points = spread(network, (start - SIDE / 2) / scale, fixed, steps=80) * scale + SIDE / 2
    away = moved - start
    far = np.sqrt((away * away).sum(axis=1))[:, None]
    moved = start + away * np.minimum(1.0, _NEAR / np.maximum(far, 1e-9)) * ~fixed[:, None]
    radii = _radii([node.size for node in nodes]) * _FITTED
    return apart(moved, radii, ~fixed)


def _beside(network: Network, held: Sequence[tuple[float, float] | None]) -> Points:
    """Return the old places, and for new things a start: amid their neighbours, from near to far; the loose ones at the edge."""
    near, nudges = network.neighbours(), spiral(len(held)) * 2.0
    known = dict(enumerate(place for place in held))
    places = {i: np.array(place) for i, place in known.items() if place is not None}
    waiting = [i for i, place in known.items() if place is None]
    while found := [i for i in waiting if any(j in places for j in near[i])]:
        placed_now = {i: np.mean([places[j] for j in near[i] if j in places], axis=0) + nudges[i] for i in found}
        places |= placed_now
        waiting = [i for i in waiting if i not in places]
    places |= {i: np.array([SIDE * 1.05, SIDE / 2]) + nudges[i] for i in waiting}
    return np.array([places[i] for i in range(len(held))], dtype=np.float64)


def _radii(sizes: Sequence[float]) -> Points:
    """Return the room that each node takes, at the scale at which all fill a good part of the square."""
    values = np.sqrt(np.maximum(np.array(sizes, dtype=np.float64), 0.0))
    top = float(values.max()) if len(values) else 1.0
    base = 0.42 * SIDE / np.sqrt(max(len(values), 1))
    room: Points = np.minimum(base * (0.6 + 0.5 * values / max(top, 1e-9)), 80.0)
    return room


def _middle(network: Network) -> int | None:
    """Return the one node that stands in every link, where there is one."""
    if len(network.ends) < 3:  # noqa: PLR2004  a star has rays
        return None
    top = int(np.argmax(network.degrees))
    return top if bool((network.ends == top).any(axis=1).all()) else None


def _sides(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[int]:
    """Return 0 for what links leave, 1 for what they only reach."""
    sources = {edge.source for edge in edges}
    return [0 if node.id in sources else 1 for node in nodes]


def _spans(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[str, str]]:
    """Return the days of each node: its own, or those of its links."""
    days: dict[str, list[tuple[str, str]]] = {}
    for edge in edges:
        for iri in (edge.source, edge.target):
            days.setdefault(iri, []).append((edge.begins, edge.ends))
    found = []
    for node in nodes:
        own = [*days.get(node.id, []), (node.begins, node.ends)]
        found.append((min((b for b, _ in own if b), default=""), max((e for _, e in own if e), default="")))
    return found


def _levels(picture: Picture) -> dict[str, float]:
    """Return the level that the rows state for each thing."""
    reading = Reading(roles_of(picture.view, picture.query.view.roles), picture.rows)
    found: dict[str, float] = {}
    for row in range(len(picture.rows.rows)):
        for role in ("source", "target"):
            level = decimal(reading.text(row, f"{role}_level"))
            if level is not None:
                found[reading.text(row, role)] = float(level)
    return found


def _rounded(places: Points) -> Places:
    return tuple((round(float(x), 1) + 0.0, round(float(y), 1) + 0.0) for x, y in places)
