"""A map of France or of a part of it: outlines of the départements, and marks whose area tells how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from campuskg.publish.locator import outlines, placed
from campuskg.publish.svg.drawing import HALO, Data, Drawing, Shape
from campuskg.publish.svg.words import plain, width

_WIDTH: Final = 680.0
_MARGIN: Final = 0.35
"""Degrees around the outermost mark."""
_FAR: Final = 2.4
"""Degrees from the middle mark beyond which a mark is left out of the picture, and counted in words."""
_SMALLEST: Final = 3.2
_LARGEST: Final = 15.0
_LETTER: Final = 10.0
_TALLEST: Final = 400.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: latitude, longitude, name, how many, and the cell it stands for."""

    latitude: float
    longitude: float
    label: str
    value: float = 1.0
    text: str = ""
    data: Data | None = None
    colour: int = 1
    shape: Shape = "circle"


def shown(spots: Sequence[Spot]) -> list[Spot]:
    """Return the spots near the middle one: those that a map of the region can hold."""
    if not spots:
        return []
    lats, longs = sorted(s.latitude for s in spots), sorted(s.longitude for s in spots)
    lat, long = lats[len(lats) // 2], longs[len(longs) // 2]
    return [s for s in spots if abs(s.latitude - lat) <= _FAR and abs(s.longitude - long) <= _FAR * 1.4]


def map_of(name: str, title: str, spots: Sequence[Spot], description: str = "") -> str:
    """Return the map of the spots that are ``shown``, larger marks below smaller ones."""
    near = shown(spots)
    (left, top), scale, height = _window(near)
    drawing = Drawing(name, (_WIDTH, height), title, description)
    drawing.mark("rect", "", None, width=_WIDTH, height=height, fill="#eef2f5", class_="sea")
    box = (left, top, left + _WIDTH / scale, top + height / scale)
    transform = f"scale({scale:.4f}) translate({-left:.1f} {-top:.1f})"
    with drawing.group(transform=transform, class_="outlines"):
        for outline in outlines():
            if outline.box[0] <= box[2] and box[0] <= outline.box[2] and outline.box[1] <= box[3] and box[1] <= outline.box[3]:
                drawing.mark(
                    "path",
                    outline.name,
                    None,
                    d=outline.path,
                    fill="#ffffff",
                    stroke="#aab3bb",
                    stroke_width=f"{1 / scale:.3f}",
                    class_="outline",
                )
    _spots(drawing, near, (left, top), scale)
    return str(drawing)


def _window(spots: Sequence[Spot]) -> tuple[tuple[float, float], float, float]:
    """Return the corner of the window in units of the outlines, its scale, and the height of the picture."""
    if spots:
        north, south = max(s.latitude for s in spots) + _MARGIN, min(s.latitude for s in spots) - _MARGIN
        west, east = min(s.longitude for s in spots) - _MARGIN * 1.6, max(s.longitude for s in spots) + _MARGIN * 1.6
    else:
        north, south, west, east = 51.2, 42.2, -5.2, 8.4
    (left, top), (right, bottom) = placed(west, north), placed(east, south)
    scale = min(_WIDTH / (right - left), _TALLEST / (bottom - top))
    spare = _WIDTH / scale - (right - left)
    return (left - spare / 2, top), scale, (bottom - top) * scale


def _spots(drawing: Drawing, spots: Sequence[Spot], corner: tuple[float, float], scale: float) -> None:
    most = max((spot.value for spot in spots), default=1.0) or 1.0
    taken: list[tuple[float, float, float, float]] = []
    for spot in sorted(spots, key=lambda one: (-one.value, one.label)):
        x, y = placed(spot.longitude, spot.latitude)
        x, y = (x - corner[0]) * scale, (y - corner[1]) * scale
        radius = max(_SMALLEST, _LARGEST * sqrt(spot.value / most))
        with drawing.group(fill_opacity=0.82):
            drawing.shape(spot.shape, (x, y), radius, spot.colour, f"{spot.label} {spot.text}".strip())
        if spot.text and radius > _LETTER * 0.75:
            drawing.text(
                x,
                y + 3.6,
                spot.text,
                spot.data,
                text_anchor="middle",
                fill="#ffffff",
                font_size=_LETTER,
                font_weight=600,
                class_="on-mark",
            )
        _name(drawing, spot, (x, y, radius), taken)


def _name(drawing: Drawing, spot: Spot, mark: tuple[float, float, float], taken: list[tuple[float, float, float, float]]) -> None:
    x, y, radius = mark
    words = plain(spot.label, 28)
    long = width(words, _LETTER)
    choices = (
        (x + radius + 3, y + 3.5, "start", x + radius + 3),
        (x - radius - 3 - long, y + 3.5, "end", x - radius - 3),
        (x - long / 2, y - radius - 3, "middle", x),
        (x - long / 2, y + radius + 11, "middle", x),
    )
    for left, base, anchor, at in choices:
        box = (left, base - 9, left + long, base + 2)
        free = all(box[2] < l or r < box[0] or box[3] < t or b < box[1] for l, t, r, b in taken)  # noqa: E741  left and right
        if free and left > 0 and left + long < _WIDTH:
            taken += [box, (x - radius, y - radius, x + radius, y + radius)]
            drawing.text(at, base, words, None, text_anchor=anchor, font_size=_LETTER, **HALO)
            return
