"""The pictures of the home page, drawn from answers of the catalogue as static SVG: shared partners, places, granted money."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin, sqrt
from typing import Final

from campuskg.errors import Lang
from campuskg.publish import words
from campuskg.publish.campus_cards import Card
from campuskg.publish.drawn import address, shortened
from campuskg.publish.locator import Outline, outlines, placed
from campuskg.publish.pages import interface_words
from campuskg.queries import catalogue
from campuskg.release import Release

_ROUND: Final = 112
"""Radius of the ring of campuses."""
_GRANTED: Final = "/funding-stage/granted"
_FLOWS: Final = 6
_NAMED: Final = 5
"""Places that bear their name on the map."""
_LONG: Final = 44
_MARGIN: Final = (14.0, 12.0, 90.0, 12.0)
"""Room around the départements of the map: left, top, right (where names stand), bottom."""
_LINE: Final = 16
"""The height of a name."""
_DISC: Final = 3.0
"""The radius of the disc of one organisation."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two campuses: its path, its width, how many partners they share."""

    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot with its label."""

    x: float
    y: float
    radius: float
    label: str = ""
    title: str = ""
    href: str = ""
    anchor: str = "middle"
    label_x: float = 0
    label_y: float = 0


@dataclass(frozen=True, slots=True)
class Ring:
    """Campuses on a ring, tied by the partners that they share."""

    says: str
    ties: Sequence[Tie]
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the organisations are: the départements with dots as large as the number of organisations."""

    says: str
    box: str
    around: Sequence[str]
    inside: Sequence[str]
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class Flow:
    """A granted sum: from whom, to whom, how much; the bar in per cent of the largest."""

    giver: str
    giver_href: str
    taker: str
    taker_href: str
    amount: str
    width: float


@dataclass(frozen=True, slots=True)
class Money:
    """The largest granted sums, and how many there are."""

    says: str
    flows: Sequence[Flow]


def ring(release: Release, known: Sequence[Card], lang: Lang) -> Ring | None:
    """Return the ring of the campuses *known* as cards; None when no two of them share a partner."""
    order = {f"{card.id}": number for number, card in enumerate(known)}
    shared = {}
    for row in _rows(release, "campus-links"):
        pair = (_id(row["first"]), _id(row["second"]))
        if order.keys() >= set(pair):
            shared[pair] = int(row["organisations"])
    if not shared:
        return None
    points = [_on_ring(number, len(known)) for number in range(len(known))]
    most = max(shared.values())
    ties = [
        Tie(_bent(points[order[a]], points[order[b]]), round(1 + 9 * count / most, 1))
        for (a, b), count in sorted(shared.items(), key=lambda one: one[1])
    ]
    spots = [_ring_spot(card, point) for card, point in zip(known, points, strict=True)]
    (one, other), best = max(shared.items(), key=lambda pair: pair[1])
    said = interface_words(lang)["picture_ring_says"]
    short = {card.id: card.acronym or card.name for card in known}
    return Ring(said.format(pairs=len(shared), one=short[one], other=short[other], count=best), ties, spots)


def _on_ring(number: int, count: int) -> tuple[float, float]:
    turn = 2 * pi * number / count - pi / 2
    return _ROUND * cos(turn), _ROUND * sin(turn)


def _bent(one: tuple[float, float], other: tuple[float, float]) -> str:
    """Return a curve that bends towards the middle."""
    x, y = (one[0] + other[0]) / 5, (one[1] + other[1]) / 5
    return f"M{one[0]:.1f} {one[1]:.1f}Q{x:.1f} {y:.1f} {other[0]:.1f} {other[1]:.1f}"


def _ring_spot(card: Card, point: tuple[float, float]) -> Spot:
    x, y = point
    away = 1 + 16 / _ROUND
    side = "middle" if abs(x) < 1 else "start" if x > 0 else "end"
    return Spot(
        round(x, 1), round(y, 1), 7, card.acronym or shortened(card.name, 12), card.name, card.href, side,
        round(x * away, 1), round(y * away + 4.5, 1),
    )  # fmt: skip


def places(release: Release, lang: Lang) -> Places | None:
    """Return the map of the organisations by commune, framed by the départements that have some."""
    rows = [row for row in _rows(release, "organisations-by-commune") if row.get("latitude")]
    spots_at = Counter(row["commune"] for row in rows)
    if not spots_at:
        return None
    points = {row["commune"]: placed(float(row["longitude"]), float(row["latitude"])) for row in rows}
    home = _home(release)
    if not home:
        return None
    frame = _frame(home)
    drawn = {iri: at for iri, at in points.items() if frame[0] <= at[0] <= frame[2] and frame[1] <= at[1] <= frame[3]}
    ordered = sorted(drawn, key=lambda iri: (-spots_at[iri], iri))
    middle = (frame[0] + frame[2]) / 2
    spots = [_dot(release.names.name(iri, lang), iri, drawn[iri], spots_at[iri]) for iri in ordered]
    others = [o.path for o in outlines() if o not in home and _meets(o.box, frame)]
    said = interface_words(lang)["picture_places_says"].format(
        organisations=words.number(str(sum(spots_at.values())), lang), communes=len(spots_at)
    )
    box = f"{frame[0]:.0f} {frame[1]:.0f} {frame[2] - frame[0]:.0f} {frame[3] - frame[1]:.0f}"
    return Places(said, box, others, [o.path for o in home], _named(spots, middle))


def _named(spots: Sequence[Spot], middle: float) -> list[Spot]:
    """Return the dots, the largest with their names: towards the nearer edge, and never over another name."""
    found, rows = [], list[tuple[float, bool]]()
    for spot in spots:
        right = spot.x > middle
        if len(rows) < _NAMED and all(abs(spot.y - y) > _LINE or side != right for y, side in rows):
            rows.append((spot.y, right))
            away = spot.radius + 4
            where = ("start", round(spot.x + away, 1)) if right else ("end", round(spot.x - away, 1))
            found.append(replace(spot, label=spot.title, anchor=where[0], label_x=where[1], label_y=round(spot.y + 4.5, 1)))
        else:
            found.append(spot)
    return found


def _home(release: Release) -> list[Outline]:
    """Return the outlines of the départements that the graph knows organisations in."""
    names = {release.names.name(row["departement"], "fr") for row in _rows(release, "organisations-by-departement")}
    return [outline for outline in outlines() if outline.name in names]


def _frame(home: Sequence[Outline]) -> tuple[float, float, float, float]:
    left, top, right, bottom = _MARGIN
    return (
        min(o.box[0] for o in home) - left,
        min(o.box[1] for o in home) - top,
        max(o.box[2] for o in home) + right,
        max(o.box[3] for o in home) + bottom,
    )


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _dot(name: str, iri: str, at: tuple[float, float], count: int) -> Spot:
    return Spot(round(at[0], 1), round(at[1], 1), round(_DISC * sqrt(count), 1), "", f"{name}, {count}", address(iri))


def money(release: Release, lang: Lang) -> Money | None:
    """Return the largest granted sums; planned, requested and paid ones are other stages and stay out."""
    granted = [row for row in _rows(release, "funding-flows") if row["stage"].endswith(_GRANTED) and row.get("amount")]
    ordered = sorted(granted, key=lambda row: -float(row["amount"]))
    if not ordered:
        return None
    most = float(ordered[0]["amount"])
    name = release.names.name
    flows = [
        Flow(
            shortened(name(row["funder"], lang), _LONG), address(row["funder"]),
            shortened(name(row["beneficiary"], lang), _LONG), address(row["beneficiary"]),
            words.euro(row["amount"], lang), round(100 * float(row["amount"]) / most, 1),
        )
        for row in ordered[:_FLOWS]
    ]  # fmt: skip
    said = interface_words(lang)["picture_money_says"].format(shown=len(flows), count=len(ordered))
    return Money(said, flows)


def _rows(release: Release, name: str) -> Iterable[Mapping[str, str]]:
    return release.store.select(catalogue()[name].sparql).dicts() if name in catalogue() else ()


def _id(iri: str) -> str:
    return "/".join(iri.rsplit("/", 2)[-2:])
