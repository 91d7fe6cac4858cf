"""The small network picture of a page: the thing in the middle, what it works with on both sides, the same in lists.

The layout is fixed by names alone: the same thing has the same picture in every build.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox
from markupsafe import Markup

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.drawn import address
from campuskg.publish.marks import escaped
from campuskg.publish.pages import interface_words
from campuskg.publish.sheet import Entry, Item, Shape
from campuskg.release import Release
from campuskg.release.layers import graph_name

_LINKS: Final = ("cmq:partnerOf", "cmq:participatesIn")
_ID: Final = BASE_IRI + "id/"
_MOST: Final = 24
_ROW: Final = 24
_HALF: Final = 260
_NEAR: Final = 92
_LONGEST: Final = 24
_LOSS: Final = 9
"""A label is cut between words unless that would lose more letters than this."""
_GROUPS: Final[Mapping[str, tuple[str, Shape]]] = {
    "campus": ("ego_campuses", "square"),
    "organisation": ("ego_organisations", "circle"),
    "project": ("ego_endeavours", "diamond"),
    "programme": ("ego_endeavours", "diamond"),
    "event": ("ego_events", "triangle"),
    "person": ("ego_people", "circle"),
}
"""Kind of thing (the part of the id) -> key of its group's words, and shape; the others are endeavours."""
_ORDER: Final = ("ego_campuses", "ego_organisations", "ego_people", "ego_endeavours", "ego_events")


class Dot(NamedTuple):
    """One thing in the picture."""

    x: float
    y: float
    label: str
    title: str
    href: str
    shape: Shape
    group: str
    left: bool


@dataclass(frozen=True, slots=True)
class Ego:
    """The picture: its size, its dots, the curves between them, and the lists that say the same."""

    title: str
    description: str
    box: str
    middle: tuple[float, float]
    dots: Sequence[Dot]
    spokes: Sequence[str]
    ties: Sequence[str]
    groups: Sequence[Entry]
    more: str = ""

    def drawn(self) -> Markup:
        """Return the curves and the dots with their labels as SVG: for a template, each would be a dozen values to fill in."""
        ties, spokes = ("".join([f'<path d="{escaped(path)}"/>' for path in paths]) for paths in (self.ties, self.spokes))
        dots = "\n".join(map(_dotted, self.dots))
        return Markup(f'<g class="ties">{ties}</g>\n    <g class="spokes">{spokes}</g>\n{dots}')  # noqa: S704  all escaped


def ego(release: Release, iri: str, lang: Lang) -> Ego | None:
    """Return the picture of what works with *iri*; None when fewer than two things do."""
    around = neighbours(release, iri)
    if len(around) < 2:  # noqa: PLR2004  one line says one link better than a picture
        return None
    said = interface_words(lang)
    ordered = sorted(around, key=lambda one: (_ORDER.index(_group(one)[0]), release.names.name(one, lang)))
    drawn = _chosen(ordered)
    dots = _dots(release, drawn, lang)
    height = max(len(drawn) + 1, 4) // 2 * _ROW + _ROW
    middle = (_HALF, height / 2)
    places = dict(zip(drawn, dots, strict=True))
    name = release.names.name(iri, lang)
    description = said["ego_says"].format(count=len(around), name=name)
    more = said["ego_more"].format(count=len(around) - len(drawn)) if len(around) > len(drawn) else ""
    return Ego(
        said["ego_title"].format(name=name),
        description,
        f"0 0 {2 * _HALF} {height}",
        middle,
        dots,
        [_curve(middle[0], middle[1], dot.x, dot.y) for dot in dots],
        [_tie(places[a], places[b]) for a, b in _ties(release, drawn)],
        _lists(release, ordered, lang),
        more,
    )


def neighbours(release: Release, iri: str) -> set[str]:
    """Return what *iri* is a partner of, takes part in, or has as participants (inferred from proved statements)."""
    node, wanted, inferred = ox.NamedNode(iri), {expand(name) for name in _LINKS}, graph_name("inferred")
    ahead = (q.object for q in release.store.about(node) if q.predicate.value in wanted)
    behind = (q.subject for q in release.store.to(node) if q.predicate.value in wanted and q.graph_name == inferred)
    found = {term.value for term in (*ahead, *behind) if isinstance(term, ox.NamedNode)}
    return {other for other in found if other.startswith(_ID) and other != iri}


def _group(iri: str) -> tuple[str, Shape]:
    return _GROUPS.get(iri.removeprefix(_ID).partition("/")[0], ("ego_endeavours", "diamond"))


def _chosen(ordered: Sequence[str]) -> list[str]:
    """Return what is drawn: a fair share of each group where there are too many."""
    if len(ordered) <= _MOST:
        return list(ordered)
    groups = {key: [iri for iri in ordered if _group(iri)[0] == key] for key in _ORDER}
    share = {key: min(len(found), max(2, _MOST * len(found) // len(ordered))) for key, found in groups.items()}
    return [iri for key in _ORDER for iri in groups[key][: share[key]]][:_MOST]


def _dots(release: Release, drawn: Sequence[str], lang: Lang) -> list[Dot]:
    half = (len(drawn) + 1) // 2
    found = []
    for number, iri in enumerate(drawn):
        left = number < half
        rows = half if left else len(drawn) - half
        row = number if left else number - half
        y = _ROW * (row + 1 + (half - rows) / 2)
        lean = _lean(row, rows)
        x = _HALF - _NEAR + lean if left else _HALF + _NEAR - lean
        name, (key, shape) = release.names.name(iri, lang), _group(iri)
        found.append(Dot(round(x, 1), round(y, 1), _short(name), name, address(iri), shape, key, left))
    return found


def _dotted(dot: Dot) -> str:
    """Return a dot, and its label on its outer side."""
    x, anchor = (dot.x - 11, "end") if dot.left else (dot.x + 11, "start")
    shape = f'<use href="#shape-{dot.shape}" x="{dot.x - 6}" y="{dot.y - 6}" width="12" height="12"/>'
    return f'{shape}<text class="halo" x="{x}" y="{dot.y + 4}" text-anchor="{anchor}">{escaped(dot.label)}</text>'


def _lean(row: int, rows: int) -> float:
    """Return how far a dot stands towards the middle: the ends of a column curve in."""
    if rows < 3:  # noqa: PLR2004  no curve in two dots
        return 0
    offset = abs(2 * row / (rows - 1) - 1)
    return 26 * offset * offset


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    whole = name[: _LONGEST - 1].rsplit(" ", 1)[0]
    cut = whole if len(whole) > _LONGEST - _LOSS else name[: _LONGEST - 1]
    return cut.rstrip(" ,-–’'(«") + "…"


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return a path that leaves the middle sideways and arrives level."""
    bend = (x + to_x) / 2
    return f"M{x:g} {y:g}C{bend:g} {y:g} {bend:g} {to_y:g} {to_x:g} {to_y:g}"


def _tie(one: Dot, other: Dot) -> str:
    if one.left == other.left:
        bulge = 34 if one.left else -34
        return f"M{one.x:g} {one.y:g}Q{(one.x + other.x) / 2 + bulge:g} {(one.y + other.y) / 2:g} {other.x:g} {other.y:g}"
    return f"M{one.x:g} {one.y:g}L{other.x:g} {other.y:g}"


def _ties(release: Release, drawn: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of drawn things that are partners of each other."""
    known = set(drawn)
    return sorted({(min(iri, other), max(iri, other)) for iri in known for other in release.partners(iri) & known})


def _lists(release: Release, ordered: Sequence[str], lang: Lang) -> list[Entry]:
    said = interface_words(lang)
    groups: dict[str, list[Item]] = {}
    for iri in ordered:
        key, shape = _group(iri)
        groups.setdefault(key, []).append(Item(release.names.name(iri, lang), address(iri), shape=shape))
    return [Entry(said[key], groups[key]) for key in _ORDER if key in groups]
