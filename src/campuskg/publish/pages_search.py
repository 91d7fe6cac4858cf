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


def render_search(frame: Frame, text: str, hits: Sequence[Hit], count: int, facets: Sequence[Facet]) -> str:
    """Return the page of the search for *text*: the first *hits* of *count*, and the *facets*."""
    said = interface_words(frame.lang)
    found = said["search_found_one"] if count == 1 else said["search_found"].format(count=words.number(str(count), frame.lang))
    shown = [{"label": said[f"facet_{facet.name}"], "choices": _choices(frame, facet), "first": _FIRST} for facet in facets]
    kept = [(name, value) for name, value in frame.query if name not in ("q", "limit")]
    more = frame.with_query("limit", str(min(len(hits) + _MORE, _MOST))) if len(hits) < min(count, _MOST) else ""
    return render("search.html", frame, text=text, hits=hits, count=count, found=found, facets=shown, kept=kept, more=more)


def _choices(frame: Frame, facet: Facet) -> list[_Choice]:
    found = []
    for value, label, count in facet.values:
        on = value in facet.chosen
        pairs = [(name, old) for name, old in frame.query if (name, old) != (facet.name, value) and name != "limit"]
        pairs = pairs if on else [*pairs, (facet.name, value)]
        href = f"{frame.path}?{urlencode(pairs)}" if pairs else frame.path
        found.append(_Choice(label[:1].upper() + label[1:], words.number(str(count), frame.lang), href, on))
    return sorted(found, key=lambda choice: not choice.on)
