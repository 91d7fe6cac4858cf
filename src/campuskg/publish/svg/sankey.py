"""Money from who gives to who receives, one picture a stage: planned, requested, granted and paid sums never meet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.publish.svg.drawing import HALO, Data, Drawing, colour, path
from campuskg.publish.svg.words import lines, plain

_WIDTH: Final = 680.0
_SIDE: Final = 236.0
"""Where the blocks of the givers stand, from each edge: names are outside, flows inside."""
_BLOCK: Final = 7.0
_TALLEST: Final = 170.0
"""Height of the largest stage; the others are drawn to the same scale."""
_THINNEST: Final = 1.5
_LEAST: Final = 24.0
"""Room of a name of two lines."""
_HEAD: Final = 30.0
_LETTER: Final = 10.0


@dataclass(frozen=True, slots=True)
class Flow:
    """One sum: from whom (key, label), to whom, how much, its words, the cell it stands for."""

    source: str
    target: str
    value: float
    text: str
    data: Data | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The flows of one stage of the money."""

    heading: str
    colour: int
    flows: Sequence[Flow]


@dataclass(slots=True)
class _Block:
    """One end: where it stands, how tall it is, how much of it is used by flows drawn so far."""

    label: str
    y: float
    tall: float
    used: float = 0.0


def sankey(name: str, title: str, stages: Sequence[Stage], labels: Mapping[str, str], description: str = "") -> str:
    """Return the stages one below another, drawn to one scale; *labels* name the ends of the flows."""
    totals = [sum(flow.value for flow in stage.flows) for stage in stages]
    scale = _TALLEST / max([*totals, 1e-9])
    laid = [(stage, *_laid(stage.flows, scale, labels)) for stage in stages]
    heights = [max(_bottom(left), _bottom(right)) + _HEAD + 6 for _, left, right in laid]
    drawing = Drawing(name, (_WIDTH, sum(heights)), title, description)
    top = 0.0
    for (stage, left, right), height in zip(laid, heights, strict=True):
        drawing.text(0, top + 16, stage.heading, None, font_size=11, font_weight=600)
        drawing.line(path("M", 0, top + 22, "H", _WIDTH))
        _flows(drawing, stage, (left, right), (top + _HEAD, scale))
        _ends(drawing, (left, right), top + _HEAD)
        top += height
    return str(drawing)


def _laid(flows: Iterable[Flow], scale: float, labels: Mapping[str, str]) -> tuple[dict[str, _Block], dict[str, _Block]]:
    """Return the blocks of both sides, the largest sum first, each with room for its name."""
    sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for flow in flows:
        for side, key in zip(sides, (flow.source, flow.target), strict=True):
            side[key] = side.get(key, 0.0) + flow.value
    found = []
    for side in sides:
        blocks, y = {}, 0.0
        for key in sorted(side, key=lambda one: (-side[one], labels.get(one, one), one)):
            tall = max(side[key] * scale, _THINNEST)
            room = max(tall, _LEAST)
            blocks[key] = _Block(labels.get(key, key), y + (room - tall) / 2, tall)
            y += room + 5
        found.append(blocks)
    return found[0], found[1]


def _bottom(blocks: Mapping[str, _Block]) -> float:
    return max((block.y + max(block.tall, _LEAST) for block in blocks.values()), default=0.0)


def _flows(drawing: Drawing, stage: Stage, sides: tuple[dict[str, _Block], dict[str, _Block]], at: tuple[float, float]) -> None:
    (left, right), (top, scale) = sides, at
    order = {key: i for i, key in enumerate(right)}
    x1, x2 = _SIDE + _BLOCK, _WIDTH - _SIDE - _BLOCK
    for flow in sorted(stage.flows, key=lambda one: (list(left).index(one.source), order[one.target])):
        one, other, thick = left[flow.source], right[flow.target], max(flow.value * scale, _THINNEST)
        y1, y2 = top + one.y + one.used + thick / 2, top + other.y + other.used + thick / 2
        one.used += thick
        other.used += thick
        middle = (x1 + x2) / 2
        steps = path("M", x1, y1, "C", middle, y1, middle, y2, x2, y2)
        tip = f"{one.label} → {other.label}, {flow.text}"
        drawing.mark(
            "path",
            tip,
            None,
            d=steps,
            stroke=colour(stage.colour),
            stroke_opacity=0.32,
            stroke_width=thick,
            fill="none",
            class_=f"stroke-{stage.colour}",
        )
        drawing.text(x1 + 6, y1 + 3.4, flow.text, flow.data, font_size=_LETTER, **HALO)


def _ends(drawing: Drawing, sides: tuple[dict[str, _Block], dict[str, _Block]], top: float) -> None:
    for side, blocks in zip((-1, 1), sides, strict=True):
        for block in blocks.values():
            x = _SIDE if side < 0 else _WIDTH - _SIDE - _BLOCK
            drawing.mark(
                "rect",
                block.label,
                None,
                x=x,
                y=top + block.y,
                width=_BLOCK,
                height=block.tall,
                fill="#1a2129",
                class_="ink-fill",
            )
            anchor, at = ("end", _SIDE - 8) if side < 0 else ("start", _WIDTH - _SIDE + 8)
            told = lines(plain(block.label, 80), _LETTER, _SIDE - 12, 2)
            for i, line in enumerate(told):
                y = top + block.y + block.tall / 2 + 3.5 + (i - (len(told) - 1) / 2) * 12
                drawing.text(at, y, line, None, text_anchor=anchor, font_size=_LETTER)
