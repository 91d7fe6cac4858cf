"""The page of a search: what was found, and facets to narrow it, all of it links and one form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from campuskg.publish import words
from campuskg.publish.pages import Frame, interface_words, render

_FIRST: Final = 10
_MORE: Final = 80
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    label: str
    href: str
    kind: str
    notes: tuple[str, ...] = ()
    weight: str = ""
    """How many statements speak of it, in words, where a list is ordered by that."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its values (name in the address, label, count), and those that the reader chose."""

    name: str
    values: Sequence[tuple[str, str, int]]
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Choice:
    label: str
    count: str
    href: str
    on: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Hits, facets and the way to more of them, as the template draws them."""

    hits: Sequence[Hit]
    count: int
    says: str
    facets: Sequence[dict[str, object]]
    kept: Sequence[tuple[str, str]]
    """The facets that the reader chose, for the form of the words."""
    more: str


def listing(frame: Frame, hits: Sequence[Hit], count: int, facets: Sequence[Facet], most: int = _MOST) -> Listing:
    """Return the first *hits* of *count* with the *facets* as links; at most *most* hits fit on a page."""
    said = interface_words(frame.lang)
    found = said["search_found_one"] if count == 1 else said["search_found"].format(count=words.number(str(count), frame.lang))
    shown: list[dict[str, object]] = [
        {"label": said[f"facet_{facet.name}"], "choices": _choices(frame, facet), "first": _FIRST} for facet in facets
    ]
    kept = [(name, value) for name, value in frame.query if name not in ("q", "limit")]
    more = frame.with_query("limit", str(min(len(hits) + _MORE, most))) if len(hits) < min(count, most) else ""
    return Listing(hits, count, found if count else said["search_none"], shown, kept, more)


def render_search(frame: Frame, text: str, hits: Sequence[Hit], count: int, facets: Sequence[Facet]) -> str:
    """Return the page of the search for *text*: the first *hits* of *count*, and the *facets*."""
    return render("search.html", frame, text=text, found=listing(frame, hits, count, facets))


def _choices(frame: Frame, facet: Facet) -> list[_Choice]:
    found = []
    for value, label, count in facet.values:
        on = value in facet.chosen
        pairs = [(name, old) for name, old in frame.query if (name, old) != (facet.name, value) and name != "limit"]
        pairs = pairs if on else [*pairs, (facet.name, value)]
        href = f"{frame.path}?{urlencode(pairs)}" if pairs else frame.path  # the template puts the root before it
        found.append(_Choice(label[:1].upper() + label[1:], words.number(str(count), frame.lang), href, on))
    return sorted(found, key=lambda choice: not choice.on)
