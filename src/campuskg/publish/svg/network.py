"""A network as static SVG, at the positions that its layout gave: what readers without scripts see, and what paper holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from campuskg.publish.drawn import address
from campuskg.publish.svg.drawing import HALO, Drawing
from campuskg.publish.svg.words import plain, width
from campuskg.viz.model import Edge, Group, Node, Picture

_WIDTH: Final = 1000.0
_MARGIN: Final = 24.0
_FLATTEST: Final = 0.55
_SMALLEST: Final = 5.0
_LARGEST: Final = 16.0
_THINNEST: Final = 0.8
_THICKEST: Final = 5.0
_LETTER: Final = 14.0
_LONGEST: Final = 34
_LEGEND: Final = 30.0

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Free:
    """The places that labels may still take."""

    size: tuple[float, float]
    taken: list[Box] = field(default_factory=list)

    def takes(self, box: Box) -> bool:
        """Take *box* when it is free and inside the picture."""
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self.size[0] or bottom > self.size[1]:
            return False
        if any(left < r and l < right and top < b and t < bottom for l, t, r, b in self.taken):  # noqa: E741  left and right
            return False
        self.taken.append(box)
        return True


def network(picture: Picture, *, name: str = "network", links: bool = True, description: str = "") -> str:
    """Return *picture* as SVG; *links* makes of every node a link to its page.

    Labels that would cover others are left to the tooltips and the table: the most connected things are named first.
    """
    title = getattr(picture.view.title, picture.lang)
    places, height = _places(picture.nodes)
    drawing = Drawing(name, (_WIDTH, height + _LEGEND), title, description or getattr(picture.view.about, picture.lang))
    radii = _scaled({node.id: node.size for node in picture.nodes}, _SMALLEST, _LARGEST)
    _edges(drawing, picture.edges, places)
    looks = {group.key: group for group in picture.groups}
    for node in sorted(picture.nodes, key=lambda one: (-radii[one.id], one.id)):
        with drawing.group(address(node.id) if links else "", class_="node"):
            _node(drawing, node, places[node.id], radii[node.id], looks.get(node.group))
    _labels(drawing, picture.nodes, places, radii, height)
    legend(drawing, picture.groups, (_MARGIN, height + _LEGEND / 2))
    return str(drawing)


def legend(drawing: Drawing, groups: Iterable[Group], at: tuple[float, float]) -> None:
    """Say in one line what shapes and colours mean."""
    x, y = at
    for group in groups:
        drawing.shape(group.shape, (x, y), 5, group.colour)
        drawing.text(x + 11, y + 4.5, group.label, class_="muted", font_size=13)
        x += 11 + width(group.label, 13) + 20


def _places(nodes: Sequence[Node]) -> tuple[Mapping[str, tuple[float, float]], float]:
    """Return the places of *nodes* fitted to the width of the picture, and its height."""
    if not nodes:
        return {}, 200.0
    xs, ys = [node.x for node in nodes], [node.y for node in nodes]
    left, top = min(xs), min(ys)
    wide, high = max(max(xs) - left, 1.0), max(max(ys) - top, 1.0)
    inner = _WIDTH - 2 * _MARGIN - 120
    height = max(inner * min(high / wide, 1.0), _WIDTH * _FLATTEST * (high > 1))
    placed = {n.id: (_MARGIN + 60 + (n.x - left) / wide * inner, _MARGIN + (n.y - top) / high * height) for n in nodes}
    return placed, height + 2 * _MARGIN


def _scaled(values: Mapping[str, float], least: float, most: float) -> dict[str, float]:
    """Return radii whose areas grow with *values*."""
    top = max(values.values(), default=0.0)
    return {key: least + (most - least) * sqrt(max(value, 0.0) / top) if top > 0 else least for key, value in values.items()}


def _edges(drawing: Drawing, edges: Iterable[Edge], places: Mapping[str, tuple[float, float]]) -> None:
    known = [edge for edge in edges if edge.source in places and edge.target in places]
    top = max((edge.weight for edge in known), default=1.0)
    with drawing.group(class_="edges", stroke="#7d8790", stroke_opacity=0.55):
        for edge in known:
            (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
            thick = _THINNEST + (_THICKEST - _THINNEST) * (edge.weight / top if top > 0 else 0)
            drawing.mark("line", "", None, x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=thick)


def _node(drawing: Drawing, node: Node, place: tuple[float, float], radius: float, look: Group | None) -> None:
    shape, colour = (look.shape, look.colour) if look else ("circle", 8)
    drawing.shape(shape, place, radius, colour, node.label if look is None else f"{node.label} ({look.label})")


def _labels(
    drawing: Drawing, nodes: Sequence[Node], places: Mapping[str, tuple[float, float]], radii: Mapping[str, float], height: float
) -> None:
    free = _Free((_WIDTH, height), [_around(places[n.id], radii[n.id]) for n in nodes if radii[n.id] > _SMALLEST * 1.3])
    for node in sorted(nodes, key=lambda one: (-radii[one.id], one.label, one.id)):
        words, (x, y), away = plain(node.label, _LONGEST), places[node.id], radii[node.id] + 3
        long = width(words, _LETTER)
        half = _LETTER * 0.55
        choices = (
            (x + away, y - half, "start", x + away),
            (x - away - long, y - half, "end", x - away),
            (x - long / 2, y - away - 2 * half, "middle", x),
            (x - long / 2, y + away, "middle", x),
        )
        for left, top, anchor, at in choices:
            if free.takes((left, top, left + long, top + 2 * half)):
                drawing.text(at, top + 1.6 * half, words, None, font_size=_LETTER, text_anchor=anchor, **HALO)
                break


def _around(place: tuple[float, float], radius: float) -> Box:
    return place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius
