"""Moments and periods on one axis of years; what has no end fades, what is known by the year only spans it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from campuskg.publish.svg.drawing import Data, Drawing, Shape, colour, path
from campuskg.publish.svg.words import fitted, width

_WIDTH: Final = 680.0
_ROW: Final = 22.0
_AXIS: Final = 26.0
_LETTER: Final = 10.0
_FEW: Final = 12
"""Years that all fit a label."""
_LABEL: Final = 230.0


@dataclass(frozen=True, slots=True)
class Span:
    """One line: from *start* (ISO date) to *end*; without an end a moment, or a period that goes on."""

    label: str
    start: str
    end: str = ""
    ongoing: bool = False
    text: str = ""
    """The dates in words."""
    data: Data | None = None
    colour: int = 1
    shape: Shape = "circle"


def timeline(name: str, title: str, spans: Sequence[Span], now: str = "", description: str = "") -> str:
    """Return the lines in their order; *now* (ISO date) is marked by an upright line."""
    ends = [day for span in spans for day in (span.start, span.end) if day] + ([now] if now else [])
    first, last = min(_year(day) for day in ends), max(_year(day) for day in ends) + 1
    height = _AXIS + _ROW * len(spans) + 6
    drawing = Drawing(name, (_WIDTH, height), title, description)
    scale = _Scale(first, last)
    for year in range(first, last + 1):
        x = scale.at(year)
        drawing.line(path("M", x, _AXIS - 6, "V", height - 6), stroke_width=0.7)
        if year < last and (last - first <= _FEW or (year - first) % 5 == 0):
            drawing.text(
                scale.at(year + 0.5) if last - first <= _FEW else x,
                12,
                str(year),
                {"axis": "year"},
                text_anchor="middle",
                font_size=_LETTER,
                class_="muted",
            )
    if now:
        drawing.line(
            path("M", scale.at(_year_of(now)), _AXIS - 8, "V", height - 4),
            stroke="#1a2129",
            class_="ink",
            stroke_dasharray="3 2",
        )
    for i, span in enumerate(spans):
        _span(drawing, span, scale, _AXIS + _ROW * (i + 0.5))
    return str(drawing)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float

    def at(self, year: float) -> float:
        """Return the place of a moment told in years."""
        return _LABEL + (_WIDTH - _LABEL - 8) * (year - self.first) / (self.last - self.first)


def _span(drawing: Drawing, span: Span, scale: _Scale, y: float) -> None:
    label = fitted(span.label, _LETTER, _LABEL - 14)
    drawing.text(_LABEL - 10, y + 3.5, label, None, text_anchor="end", font_size=_LETTER)
    x1 = scale.at(_year_of(span.start))
    fill, look = colour(span.colour), f"colour-{span.colour}"
    if span.end or span.ongoing:
        x2 = scale.at(_year_of(span.end)) if span.end else scale.at(scale.last)
        dash = "" if span.end else "8 3"
        drawing.line(
            path("M", x1, y, "H", x2),
            stroke=fill,
            stroke_width=5,
            stroke_opacity=0.45,
            stroke_dasharray=dash,
            class_=look.replace("colour", "stroke"),
        )
    drawing.shape(span.shape, (x1, y), 4, span.colour, f"{span.label}, {span.text}")
    long = width(span.text, 9)
    place = (x1 + 9, "start") if x1 + 9 + long < _WIDTH else (x1 - 9, "end")
    drawing.text(place[0], y - 5, span.text, span.data, text_anchor=place[1], font_size=9, class_="muted")


def _year(day: str) -> int:
    return date.fromisoformat(day).year


def _year_of(day: str) -> float:
    """Return a day as a number of years.

    >>> _year_of("2021-01-01")
    2021.0
    """
    moment = date.fromisoformat(day)
    return moment.year + (moment.timetuple().tm_yday - 1) / 366
