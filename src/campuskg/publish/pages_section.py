"""The page of a section: one sentence, its views, its tools, what it lists with facets and an order, its questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.errors import pick
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_search import Facet, Hit, listing
from campuskg.publish.sections import Section
from campuskg.queries import Query, tags
from campuskg.viz import View

SORTS: Final = ("proofs", "name")
"""The orders of a listing: what the sources say most about first, or by name."""
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Listed:
    """What a section lists: the first hits of *count*, the facets, the words that were searched, the order."""

    hits: Sequence[Hit]
    count: int
    facets: Sequence[Facet]
    text: str = ""
    sort: str = SORTS[0]


def render_section(
    frame: Frame, section: Section, listed: Listed, views: Iterable[View], queries: Mapping[str, Query], tools: Collection[str]
) -> str:
    """Return the page of *section*; *tools* are the paths of the planning tools that this site has."""
    said, lang = interface_words(frame.lang), frame.lang
    offered = [(path, said[f"tool_{path[1:]}"], said[f"tool_{path[1:]}_why"]) for path in section.tools if path in tools]
    themes = [(key, pick(tags()[key], lang), _questions(key, frame, queries)) for key in section.tags if key in tags()]
    own = (view for view in views if view.section == section.name)
    shown = [(view.name, pick(view.title, lang), _first(pick(view.about, lang))) for view in own]
    sorts = [(name, said[f"sort_{name}"], frame.with_query("sort", "" if name == SORTS[0] else name)) for name in SORTS]
    return render(
        "section.html",
        frame,
        title=said[f"nav_{section.name}"],
        lead=said[f"section_{section.name}"],
        views=shown,
        tools=offered,
        themes=[theme for theme in themes if theme[2]],
        heading=said[f"list_{section.name}"],
        text=listed.text,
        sort=listed.sort,
        sorts=sorts,
        found=listing(frame, listed.hits, listed.count, listed.facets, most=_MOST),
    )


def _questions(tag: str, frame: Frame, queries: Mapping[str, Query]) -> list[tuple[str, str]]:
    """Return the questions whose first theme is *tag*."""
    found = ((f"/queries/{query.name}", query.asked(frame.lang)) for query in queries.values() if query.tags[:1] == (tag,))
    return sorted(found, key=lambda one: one[1])


def _first(text: str) -> str:
    """Return the first sentence of *text*.

    >>> _first("Qui travaille avec qui. La taille dit le nombre.")
    'Qui travaille avec qui.'
    """
    head, mark, _ = text.partition(". ")
    return head + "." if mark else text
