"""The diagram of the model: boxes in columns, the properties of each box at its sides, a curve from each property to its values.

A small layered layout (after Sugiyama, Tagawa and Toda, 1981): the columns are given, the order in each is found by barycentres.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.ontology_terms import OURS, Vocabulary, local
from campuskg.publish.ontology_words import bands

_WIDTHS: Final = (262, 330, 262)
_GAP: Final = 84
"""Between columns: room for the curves."""
_HEAD: Final = 32
_ROW: Final = 24
"""Height of a line: the smallest target that a finger hits (WCAG 2.2, 2.5.8)."""
_BETWEEN: Final = 14
_BAND: Final = 40
"""Between bands, with the second one's heading."""
_SWEEPS: Final = 4
_MOST_LETTERS: Final = 34


GATHERING: Final = ("org:Organization", "cmq:JointEndeavour")
"""The classes whose boxes list the classes below them."""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text that leads to a term: where it stands, what it says in short and in full."""

    iri: str
    text: str
    full: str
    y: int
    side: str = ""
    """``left`` or ``right`` for a property that leads there; empty for a class."""

    @property
    def anchor(self) -> str:
        """The term's anchor."""
        return local(self.iri)


@dataclass(slots=True)
class Box:
    """A class: its place, the classes below it, its properties at either side."""

    iri: str
    column: int
    subs: tuple[str, ...] = ()
    ports: dict[str, list[str]] = field(default_factory=lambda: {"left": [], "right": []})
    y: int = 0

    @property
    def x(self) -> int:
        """The left side."""
        return sum(_WIDTHS[: self.column]) + _GAP * self.column + 1

    @property
    def width(self) -> int:
        """The width."""
        return _WIDTHS[self.column]

    @property
    def port_rows(self) -> int:
        """The number of lines that the properties take, above the classes."""
        return max(map(len, self.ports.values()))

    @property
    def rows(self) -> int:
        """The number of lines under the title."""
        return len(self.subs) + self.port_rows

    @property
    def height(self) -> int:
        """The height."""
        return _HEAD + _ROW * self.rows + (6 if self.rows else 0)

    def port_y(self, side: str, name: str) -> int:
        """Return the height at which the curves of a property leave."""
        return self.y + _HEAD + _ROW * self.ports[side].index(name) + _ROW // 2


@dataclass(frozen=True, slots=True)
class Link:
    """A property that leads from one box to another in the next column."""

    name: str
    source: Box
    target: Box
    side: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box with its lines, ready to be written."""

    box: Box
    title: Label
    lines: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the template writes as SVG."""

    width: int
    height: int
    headings: tuple[tuple[int, str], ...]
    boxes: tuple[Drawn, ...]
    curves: tuple[str, ...]


def diagram(terms: Vocabulary, lang: Lang) -> Diagram:
    """Return the diagram of the main classes in *lang*."""
    top, headings, boxes, curves = 0, [], [], []
    for band in bands():
        columns = [[_box(terms, expand(name), i) for name in names] for i, names in enumerate(band["columns"])]
        links = list(_links(terms, columns, band.get("extra", ())))
        for _ in range(_SWEEPS):
            _order(columns, links)
        headings.append((top + 16, str(band[lang])))
        bottom = _place(columns, links, top + 30)
        boxes += [_drawn(terms, box, lang) for column in columns for box in column]
        curves += list(_curves(links))
        top = bottom + _BAND
    width = sum(_WIDTHS) + _GAP * (len(_WIDTHS) - 1) + 2
    return Diagram(width, top - _BAND + 2, tuple(headings), tuple(boxes), tuple(curves))


def _box(terms: Vocabulary, iri: str, column: int) -> Box:
    """Return the box of a class; below it the classes of ours that specialise it without another of ours between."""
    below = terms.down(iri) - {iri}
    own = {cls for cls in below if cls.startswith(OURS)}
    nearest = [cls for cls in own if not (terms.up(cls) - {cls}) & own]
    is_general = iri in set(map(expand, GATHERING))
    return Box(iri, column, tuple(sorted(nearest, key=local)) if is_general else ())


def _links(terms: Vocabulary, columns: Sequence[Sequence[Box]], extra: Sequence[Sequence[str]]) -> Iterator[Link]:
    """Yield what leads from each box to its neighbours; a property stands on one side only: that where it leads to more."""
    known = [*((prop, terms.domain(prop), terms.range(prop)) for prop in terms.properties if terms.kind(prop) == "object")]
    known += [(expand(name), [expand(source)], [expand(target)]) for source, name, target in extra]
    for i, column in enumerate(columns):
        for box in column:
            for prop, domain, ranges in known:
                if not terms.up(box.iri) & set(domain):
                    continue
                sides = {"right": columns[i + 1] if i + 1 < len(columns) else (), "left": columns[i - 1] if i else ()}
                found = {side: [other for other in others if _fits(terms, other.iri, ranges)] for side, others in sides.items()}
                side = max(found, key=lambda key: len(found[key]))
                if found[side]:
                    box.ports[side].append(prop)
                yield from (Link(prop, box, other, side) for other in found[side])


def _fits(terms: Vocabulary, cls: str, ranges: Sequence[str]) -> bool:
    return any(found in terms.up(cls) or found in terms.down(cls) for found in ranges)


def _order(columns: Sequence[list[Box]], links: Sequence[Link]) -> None:
    """Sort each column by the mean place of what each box is linked to."""
    for column in columns:
        places = {box.iri: i / max(len(other) - 1, 1) for other in columns for i, box in enumerate(other)}
        near: defaultdict[str, list[float]] = defaultdict(list)
        for link in links:
            near[link.source.iri].append(places[link.target.iri])
            near[link.target.iri].append(places[link.source.iri])
        before = {box.iri: i for i, box in enumerate(column)}
        means = {iri: sum(values) / len(values) for iri, values in near.items()}
        column.sort(key=lambda box: (round(means.get(box.iri, 0.5), 6), before[box.iri]))


def _place(columns: Sequence[Sequence[Box]], links: Sequence[Link], top: int) -> int:
    """Give each box its place below *top* and return the bottom: the tallest column is stacked, the others spread along it."""
    heights = [sum(box.height for box in column) + _BETWEEN * (len(column) - 1) for column in columns]
    total = max(heights)
    for column, height in zip(columns, heights, strict=True):
        spare = (total - height) // max(len(column), 1)
        y = top + spare // 2
        for box in column:
            box.y = y
            y += box.height + _BETWEEN + spare
    for box in (box for column in columns for box in column):
        for side, names in box.ports.items():
            names.sort(key=lambda name: (_mean(links, box, side, name), name))
    return top + total


def _mean(links: Sequence[Link], box: Box, side: str, name: str) -> float:
    found = [link.target.y for link in links if (link.source is box, link.side, link.name) == (True, side, name)]
    return sum(found) / max(len(found), 1)


def _curves(links: Sequence[Link]) -> Iterator[str]:
    """Yield the curves as SVG paths; those that meet at one side of a box arrive one above the other."""
    arriving: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        arriving[link.target.iri, link.side].append(link)
    for (_, side), found in sorted(arriving.items(), key=lambda item: item[0]):
        found.sort(key=lambda link: (link.source.port_y(link.side, link.name), link.name))
        for i, link in enumerate(found, 1):
            box, source = link.target, link.source
            start, end = (source.x + source.width, box.x - 7) if side == "right" else (source.x, box.x + box.width + 7)
            y1, y2 = source.port_y(side, link.name), box.y + round(box.height * i / (len(found) + 1))
            middle = (start + end) // 2
            yield f"M{start} {y1}C{middle} {y1} {middle} {y2} {end} {y2}"


def _drawn(terms: Vocabulary, box: Box, lang: Lang) -> Drawn:
    title = _label(terms, box.iri, lang, box.y + 21)
    rows = [_label(terms, iri, lang, box.y + _HEAD + _ROW * i + 16) for i, iri in enumerate(box.subs, box.port_rows)]
    for side, names in box.ports.items():
        for name in names:
            full = terms.label(name, lang)
            rows.append(Label(name, _name(name), full, box.port_y(side, name) + 4, side))
    return Drawn(box, title, tuple(rows))


def _name(prop: str) -> str:
    return prop.removeprefix(OURS) if prop.startswith(OURS) else local(prop).replace("-", ":", 1)


def _label(terms: Vocabulary, iri: str, lang: Lang, y: int) -> Label:
    full = terms.label(iri, lang)
    short = full if len(full) <= _MOST_LETTERS else full[: _MOST_LETTERS - 1].rstrip(" ,(") + "…"
    return Label(iri, short, full, y)
