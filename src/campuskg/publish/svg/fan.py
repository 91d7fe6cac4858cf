"""One thing in the middle and what surrounds it on both sides, by group: every name horizontal and readable on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.publish.svg.drawing import Data, Drawing, Shape, colour, path
from campuskg.publish.svg.words import fitted, lines, plain

_WIDTH: Final = 680.0
_MIDDLE: Final = 340.0
_NEAR: Final = 84.0
_ROW: Final = 15.0
_HEAD: Final = 26.0
_LETTER: Final = 9.0
_BENT: Final = 24.0


@dataclass(frozen=True, slots=True)
class Twig:
    """One thing at the end of a link; *weight* widens the link."""

    label: str
    tip: str = ""
    weight: float = 1.0
    data: Data | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of things, with its colour and shape."""

    label: str
    colour: int
    shape: Shape
    twigs: Sequence[Twig]
    data: Data | None = None


def fan(name: str, title: str, middle: str, branches: Sequence[Branch], description: str = "") -> str:
    """Return the picture of *middle* among *branches*, set in two columns of about equal height."""
    left, right = _halves(branches)
    height = max(_height(left), _height(right), 120.0) + 8
    drawing = Drawing(name, (_WIDTH, height), title, description)
    for side, column in ((-1, left), (1, right)):
        y = (height - _height(column)) / 2
        for branch in column:
            y += _HEAD
            _heading(drawing, branch, side, y)
            for twig in branch.twigs:
                y += _ROW
                _twig(drawing, branch, twig, (side, y), height)
    _middle(drawing, middle, height / 2)
    return str(drawing)


def _halves(branches: Sequence[Branch]) -> tuple[list[Branch], list[Branch]]:
    """Return the branches of the left and of the right: whole groups, in their order, as even as they can be."""
    cuts = range(1, len(branches)) if len(branches) > 1 else range(1, 2)
    best = min(cuts, key=lambda cut: (abs(_height(branches[:cut]) - _height(branches[cut:])), cut))
    return list(branches[:best]), list(branches[best:])


def _height(branches: Sequence[Branch]) -> float:
    return sum(_HEAD + _ROW * len(branch.twigs) for branch in branches)


def _heading(drawing: Drawing, branch: Branch, side: int, y: float) -> None:
    anchor = "start" if side > 0 else "end"
    drawing.text(
        _MIDDLE + side * (_NEAR + 10),
        y + 4,
        branch.label,
        branch.data,
        text_anchor=anchor,
        font_size=10.5,
        font_weight=600,
        class_=f"colour-{branch.colour}",
        fill=colour(branch.colour),
    )


def _twig(drawing: Drawing, branch: Branch, twig: Twig, place: tuple[int, float], height: float) -> None:
    side, y = place
    x = _MIDDLE + side * _NEAR
    half = height / 2
    bend = _MIDDLE + side * (_NEAR - _BENT)
    steps = path("M", _MIDDLE, half, "C", _MIDDLE + side * _BENT, y, bend, y, x, y)
    drawing.line(
        steps,
        stroke=colour(branch.colour),
        class_=f"stroke-{branch.colour}",
        stroke_opacity=0.5,
        stroke_width=0.6 + 0.5 * min(twig.weight, 6),
    )
    drawing.shape(branch.shape, (x, y), 3.4, branch.colour, twig.tip or twig.label)
    anchor = "start" if side > 0 else "end"
    label = fitted(plain(twig.label, 80), _LETTER, _MIDDLE - _NEAR - 14)
    drawing.text(x + side * 9, y + 3.4, label, twig.data, text_anchor=anchor, font_size=_LETTER)


def _middle(drawing: Drawing, words: str, y: float) -> None:
    told = lines(plain(words, 70), 10, 104, 4)
    wide, high = 118.0, 14.0 * len(told) + 11
    drawing.mark(
        "rect",
        words,
        None,
        x=_MIDDLE - wide / 2,
        y=y - high / 2,
        width=wide,
        height=high,
        rx=3,
        fill="#ffffff",
        stroke="#1a2129",
        stroke_width=1.2,
        class_="middle",
    )
    for i, line in enumerate(told):
        top = y - high / 2 + 16 + 14 * i
        drawing.text(_MIDDLE, top, line, None, text_anchor="middle", font_size=10, font_weight=600)
