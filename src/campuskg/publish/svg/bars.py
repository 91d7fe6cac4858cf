"""Bars in small panels that share one scale, each with its value beside it: what can be read needs no axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.publish.svg.drawing import Data, Drawing, colour, path
from campuskg.publish.svg.words import fitted, width

_WIDTH: Final = 680.0
_ROW: Final = 19.0
_HEAD: Final = 24.0
_GAP: Final = 12.0
_LETTER: Final = 10.5
_MOST_LABEL: Final = 250.0
_MANY: Final = 4
"""Panels that stand in two columns."""
_BETWEEN: Final = 24.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One value: its label, its length, its words, and the cell it stands for."""

    label: str
    value: float
    text: str
    data: Data | None = None
    colour: int = 1


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars under one heading."""

    heading: str
    bars: Sequence[Bar]


def bars(name: str, title: str, panels: Sequence[Panel], description: str = "") -> str:
    """Return the panels, many of them in two columns; the longest bar of all fills its column."""
    columns = _columns(panels)
    wide = (_WIDTH - _BETWEEN * (len(columns) - 1)) / len(columns)
    everything = [bar for panel in panels for bar in panel.bars]
    label = min(max((width(bar.label, _LETTER) for bar in everything), default=0.0) + 10, _MOST_LABEL / len(columns) ** 0.5)
    told = max((width(bar.text, _LETTER) for bar in everything), default=0.0) + 12
    drawing = Drawing(name, (_WIDTH, max(map(_height, columns), default=_GAP)), title, description)
    scale = (wide - label - told) / (max((bar.value for bar in everything), default=0.0) or 1.0)
    for number, column in enumerate(columns):
        left, y = number * (wide + _BETWEEN), 0.0
        for panel in column:
            _panel(drawing, panel, (left, y), (label, scale))
            y += _height([panel])
    return str(drawing)


def _columns(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    """Return all panels in one column, or many of them in two of about equal height."""
    if len(panels) < _MANY:
        return [panels]
    cut = min(range(1, len(panels)), key=lambda at: (abs(_height(panels[:at]) - _height(panels[at:])), at))
    return [panels[:cut], panels[cut:]]


def _height(panels: Sequence[Panel]) -> float:
    return sum((_HEAD if panel.heading else 4) + _ROW * len(panel.bars) + _GAP for panel in panels)


def _panel(drawing: Drawing, panel: Panel, at: tuple[float, float], sizes: tuple[float, float]) -> None:
    (left, y), (label, scale) = at, sizes
    if panel.heading:
        drawing.text(left, y + 14, panel.heading, None, font_size=11, font_weight=600)
    y += _HEAD if panel.heading else 4
    drawing.line(path("M", left + label, y - 2, "v", _ROW * len(panel.bars) + 2), stroke_width=1)
    for bar in panel.bars:
        _bar(drawing, bar, (left + label, y), (label - 8, scale * max(bar.value, 0.0)))
        y += _ROW


def _bar(drawing: Drawing, bar: Bar, at: tuple[float, float], sizes: tuple[float, float]) -> None:
    (x, y), (room, long) = at, sizes
    words = fitted(bar.label, _LETTER, room)
    drawing.text(x - 8, y + 11.5, words, None, text_anchor="end", font_size=_LETTER)
    if bar.value > 0:
        fill = colour(bar.colour)
        drawing.mark(
            "rect",
            f"{bar.label}, {bar.text}",
            None,
            x=x,
            y=y + 2,
            width=max(long, 1.0),
            height=_ROW - 7,
            fill=fill,
            class_=f"colour-{bar.colour}",
        )
    drawing.text(x + max(long, 0) + 6, y + 11.5, bar.text, bar.data, font_size=_LETTER)
