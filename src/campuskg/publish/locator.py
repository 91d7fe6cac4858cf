"""A small map that says where a place is: the outlines of the départements around it, as static SVG."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, radians
from typing import Any, Final

from campuskg.content import content
from campuskg.errors import Lang
from campuskg.publish import words
from campuskg.publish.pages import interface_words

_SCALE: Final = 110.0
"""Units for one degree of latitude."""
_NARROW: Final = cos(radians(46.6))
"""How much shorter a degree of longitude is in the middle of France."""
_WIDTH: Final = 300
_HEIGHT: Final = 220

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """One département: its name, the box around it, its path, the middle of the box."""

    name: str
    box: tuple[float, float, float, float]
    path: str


@dataclass(frozen=True, slots=True)
class Locator:
    """The map around one point, in the units of its view box."""

    title: str
    coordinates: str
    box: str
    x: float
    y: float
    paths: Sequence[str]
    here: str
    """The outline of the département that the point is in; empty outside France."""
    name: str


def locator(point: Point, name: str, lang: Lang) -> Locator:
    """Return the map around *point* (latitude, longitude) of the thing *name*."""
    x, y = placed(point[1], point[0])
    left, top = x - _WIDTH / 2, y - _HEIGHT / 2
    near, inside = _around(x, y, (left, top, left + _WIDTH, top + _HEIGHT))
    latitude, longitude = (words.number(f"{value:.4f}", lang) for value in point)
    said = interface_words(lang)
    where = f"{name}, {inside.name}" if inside else name
    return Locator(
        said["map_title"].format(name=where),
        said["map_coordinates"].format(latitude=latitude, longitude=longitude),
        f"{left:.0f} {top:.0f} {_WIDTH} {_HEIGHT}",
        round(x, 1),
        round(y, 1),
        [o.path for o in near if o is not inside],
        inside.path if inside else "",
        inside.name if inside else "",
    )


@lru_cache(maxsize=1 << 10)  # many things share a place, and each has a page in two languages
def _around(x: float, y: float, box: tuple[float, float, float, float]) -> tuple[Sequence[Outline], Outline | None]:
    """Return the départements that *box* shows, and the one that the point is in."""
    near = [outline for outline in outlines() if _meets(outline.box, box)]
    return near, next((outline for outline in near if _inside(outline.path, x, y)), None)


def placed(longitude: float, latitude: float) -> Point:
    """Return where a position is in the units of the outlines."""
    """Return where a point is in the units of the outlines."""
    return (longitude + 6) * _SCALE * _NARROW, (52 - latitude) * _SCALE


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


@cache
def outlines() -> tuple[Outline, ...]:
    """Return the départements of the outlines that the maps of the atlas use (TopoJSON 1.0)."""
    topology = json.loads((content("viz") / "outlines" / "departements.topo.json").read_bytes())
    arcs = [list(_unpacked(arc, topology["transform"])) for arc in topology["arcs"]]
    found = []
    for geometry in topology["objects"]["departements"]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        rings = [_ring(ring, arcs) for polygon in polygons for ring in polygon]
        points = [point for ring in rings for point in ring]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        path = "".join(map(_path, rings))
        found.append(Outline(geometry["properties"]["name"], (min(xs), min(ys), max(xs), max(ys)), path))
    return tuple(found)


def _unpacked(arc: Iterable[Sequence[int]], transform: Mapping[str, Any]) -> Iterable[Point]:
    """Yield the points of a quantised arc: each position is told as the step from the one before (section 2.1.4)."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield placed(x * scale_x + move_x, y * scale_y + move_y)


def _ring(numbers: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Return the closed ring of *numbers*: a negative one is the arc ~n backwards (section 2.1.4)."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points else arc[1:]
    return points


def _path(ring: Sequence[Point]) -> str:
    """Return a ring as a path of whole units, steps that stay in place left out."""
    first, *rest = [(round(x), round(y)) for x, y in ring]
    steps, (x, y) = [], first
    for to_x, to_y in rest:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    return f"M{first[0]} {first[1]}l{' '.join(steps)}z"


def _inside(path: str, x: float, y: float) -> bool:
    """Tell whether a point lies in *path*, by counting the sides to its right."""
    odd = False
    for ring in path.split("z")[:-1]:
        points = list(_points(ring))
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def _points(ring: str) -> Iterable[Point]:
    head, _, steps = ring.removeprefix("M").partition("l")
    x, y = map(float, head.split())
    yield x, y
    numbers = [float(n) for n in steps.split()]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x, y
