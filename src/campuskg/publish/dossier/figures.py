"""The pictures of a dossier, drawn from the rows of its answers: each mark says which cell it stands for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from campuskg.publish import words as said
from campuskg.publish.dossier.asked import Asked
from campuskg.publish.dossier.plan import PartPlan, words
from campuskg.publish.dossier.table import cell, numeric
from campuskg.publish.svg import Bar, Branch, Flow, Panel, Span, Spot, Stage, Twig, bars, fan, map_of, sankey, timeline
from campuskg.publish.svg.drawing import Data, Shape
from campuskg.publish.svg.words import plain
from campuskg.store.engine import Term

_SHAPES: Final[Sequence[Shape]] = ("circle", "square", "diamond", "triangle")
_FIRST_YEAR: Final = 1990
"""Earlier dates would squeeze the others."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a picture needs beside its rows: what it is called, the campus in the middle, the day, the title."""

    name: str
    campus: str
    at: str
    title: str
    looks: dict[str, list[str]] = field(default_factory=dict)
    """Column -> values in the order in which they got their colour: the same in every picture of a dossier."""

    def look(self, column: str, term: Term | None) -> int:
        """Return the colour of a value of *column*, from 1."""
        known = self.looks.setdefault(column, [])
        key = term.value if term is not None else ""
        if key not in known:
            known.append(key)
        return known.index(key) + 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, and the sentence that says how to read it."""

    svg: str
    caption: str


def figure(asked: Asked, part: PartPlan, around: Around) -> Figure | None:
    """Return the picture that *part* asks for; None where there is nothing to draw."""
    drawn = _DRAWINGS[part.draw](asked, part, around) if part.draw else ""
    return Figure(drawn, words(asked.answer.lang)[_CAPTIONS[part.draw]]) if drawn else None


def _data(asked: Asked, row: int, column: str) -> Data:
    term = asked.term(row, column)
    return {"rows": str(row), "column": column, "value": plain(term.value) if term is not None else ""}


def _text(asked: Asked, part: PartPlan, row: int, role: str) -> str:
    return cell(asked, part, (row,), part.roles[role]).text


def _bars(asked: Asked, part: PartPlan, around: Around) -> str:
    found = [bar for row in asked.kept if (bar := _bar(asked, part, row, around)) is not None]
    return bars(around.name, around.title, [Panel("", found)]) if found else ""


def _bar(asked: Asked, part: PartPlan, row: int, around: Around) -> Bar | None:
    column, name = part.roles["value"], part.roles["label"]
    value = numeric(asked.term(row, column))
    if value is None:
        return None
    look = around.look(name, asked.term(row, name))
    return Bar(_text(asked, part, row, "label"), value, _text(asked, part, row, "value"), _data(asked, row, column), look)


def _panels(asked: Asked, part: PartPlan, around: Around) -> str:
    panels: dict[str, list[Bar]] = {}
    for row in asked.kept:
        bar = _bar(asked, part, row, around)
        if bar is not None:
            panels.setdefault(_text(asked, part, row, "panel"), []).append(bar)
    return bars(around.name, around.title, [Panel(heading, found) for heading, found in panels.items()]) if panels else ""


def _timeline(asked: Asked, part: PartPlan, around: Around) -> str:
    spans, seen = [], set()
    for row in asked.kept:
        span = _span(asked, part, row, around)
        if span is not None and (span.label, span.text) not in seen:
            seen.add((span.label, span.text))
            spans.append(span)
    spans.sort(key=lambda one: (one.start, one.label, one.text))
    return timeline(around.name, around.title, spans, around.at) if spans else ""


def _span(asked: Asked, part: PartPlan, row: int, around: Around) -> Span | None:
    start = asked.term(row, part.roles["start"])
    end = asked.term(row, part.roles["end"]) if "end" in part.roles else None
    if start is None or not start.value[:4].isdigit() or int(start.value[:4]) < _FIRST_YEAR:
        return None
    precisions = tuple(_precision(asked, part, row, role) for role in ("start", "end"))
    text = said.period(start.value, end.value if end else "", asked.answer.lang, (precisions[0], precisions[1]))
    label, look = _text(asked, part, row, "label"), 1
    if "colour" in part.roles:
        role = asked.term(row, part.roles["colour"])
        label = f"{label}, {_text(asked, part, row, 'colour').lower()}"
        look = around.look(part.roles["colour"], role)
    lasting = "end" in part.roles
    moment = said.date(start.value, asked.answer.lang, precisions[0])
    return Span(
        label, start.value, end.value if end else "", lasting and not end, text if lasting else moment,
        _data(asked, row, part.roles["start"]), look, _SHAPES[(look - 1) % len(_SHAPES)],
    )  # fmt: skip


def _precision(asked: Asked, part: PartPlan, row: int, role: str) -> str:
    term = asked.term(row, part.dates.get(part.roles.get(role, ""), ""))
    return term.value if term is not None else "day"


def _fan(asked: Asked, part: PartPlan, around: Around) -> str:
    groups: dict[Term | None, dict[str, list[int]]] = {}
    for row in asked.kept:
        name = asked.term(row, part.roles["label"])
        if name is not None:
            groups.setdefault(asked.term(row, part.group), {}).setdefault(name.value, []).append(row)
    branches = []
    for group, things in groups.items():
        look, rows = around.look(part.group, group), next(iter(things.values()))
        heading = cell(asked, part, rows, part.group).text
        branches.append(Branch(heading, look, _SHAPES[(look - 1) % 4], [_twig(asked, part, one) for one in things.values()]))
    return fan(around.name, around.title, around.campus, branches) if branches else ""


def _twig(asked: Asked, part: PartPlan, rows: Sequence[int]) -> Twig:
    roles = dict.fromkeys(cell(asked, part, (row,), part.roles["weight"]).text for row in rows)
    label = _text(asked, part, rows[0], "label")
    return Twig(label, f"{label} ({', '.join(roles)})", len(rows), _data(asked, rows[0], part.roles["label"]))


def _map(asked: Asked, part: PartPlan, around: Around) -> str:
    places: dict[str, list[int]] = {}
    for row in asked.kept:
        place = asked.term(row, part.roles["label"])
        if place is not None and numeric(asked.term(row, part.roles["lat"])) is not None:
            places.setdefault(place.value, []).append(row)
    spots = [_spot(asked, part, rows) for rows in places.values()]
    return map_of(around.name, around.title, spots) if spots else ""


def _spot(asked: Asked, part: PartPlan, rows: Sequence[int]) -> Spot:
    column = part.roles["value"]
    latitude, longitude = (numeric(asked.term(rows[0], part.roles[role])) or 0.0 for role in ("lat", "long"))
    many = len({asked.term(row, column) for row in rows})
    data: Data = {"rows": " ".join(map(str, rows)), "distinct": column}
    return Spot(latitude, longitude, _text(asked, part, rows[0], "label"), many, str(many), data)


def _sankey(asked: Asked, part: PartPlan, around: Around) -> str:
    stages: dict[tuple[str, int], list[Flow]] = {}
    labels: dict[str, str] = {}
    for row in asked.kept:
        ends = [asked.term(row, part.roles[role]) for role in ("source", "target")]
        value = numeric(asked.term(row, part.roles["value"]))
        if value is None or not all(isinstance(end, ox.NamedNode) for end in ends):
            continue
        keys = [end.value for end in ends if end is not None]
        labels |= {key: _text(asked, part, row, role) for key, role in zip(keys, ("source", "target"), strict=True)}
        flow = Flow(keys[0], keys[1], value, _text(asked, part, row, "value"), _data(asked, row, part.roles["value"]))
        look = around.look(part.roles["stage"], asked.term(row, part.roles["stage"]))
        stages.setdefault((_text(asked, part, row, "stage"), look), []).append(flow)
    drawn = [Stage(heading, look, flows) for (heading, look), flows in sorted(stages.items())]
    return sankey(around.name, around.title, drawn, labels) if drawn else ""


_DRAWINGS: Final[Mapping[str, Callable[[Asked, PartPlan, Around], str]]] = {
    "bars": _bars,
    "panels": _panels,
    "timeline": _timeline,
    "fan": _fan,
    "map": _map,
    "sankey": _sankey,
}
_CAPTIONS: Final[Mapping[str, str]] = {
    "bars": "bars_says",
    "panels": "bars_says",
    "timeline": "now",
    "fan": "fan_says",
    "map": "map_says",
    "sankey": "sankey_says",
}
