"""The sections of the site (/network, /money …), the home page and « À propos »: what each page gathers inside a worker."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unicodedata import combining, normalize

from campuskg.ontology import compact, expand
from campuskg.publish.pages import Frame, interface_words
from campuskg.publish.pages_about import render_about
from campuskg.publish.pages_search import Facet, Hit
from campuskg.publish.pages_section import SORTS, Listed, render_section
from campuskg.publish.sections import SECTIONS
from campuskg.publish.words import number
from campuskg.queries import catalogue
from campuskg.server import facets
from campuskg.server.asked import only, whole
from campuskg.server.problem import Refusal
from campuskg.server.resource_tasks import published_of
from campuskg.server.resources import html
from campuskg.server.routes import Route
from campuskg.server.search import MAX_LENGTH, class_of, index_of
from campuskg.server.thing_tasks import frame_of
from campuskg.store.workers import Reply
from campuskg.viz import views

if TYPE_CHECKING:
    from campuskg.server.app import App
    from campuskg.server.request import Request
    from campuskg.server.response import Response
    from campuskg.server.tasks import Context, Task
    from campuskg.store import GraphStore

_PAGE: Final = 40
_MOST: Final = 400
_STATED: Final = """PREFIX cmq: <{cmq}>
SELECT ?thing (COUNT(DISTINCT ?statement) AS ?statements)
WHERE {{
  {{ SELECT DISTINCT ?statement WHERE {{ ?statement cmq:sourcePassage ?passage }} }}
  ?statement ?link ?thing .
  FILTER(ISIRI(?thing))
}}
GROUP BY ?thing"""
_WEIGHTS: dict[str, Mapping[str, int]] = {}


def alphabetical(name: str) -> str:
    """Return *name* as an alphabetical list reads it: without accents and capitals.

    >>> sorted(["Lycée Les Huisselets", "lycée Édouard-Belin", "Lycée Jules Haag"], key=alphabetical)
    ['lycée Édouard-Belin', 'Lycée Jules Haag', 'Lycée Les Huisselets']
    """
    return "".join(c for c in normalize("NFKD", name) if not combining(c)).casefold()


def weights(store: "GraphStore") -> Mapping[str, int]:
    """Return how many proved statements speak of each thing."""
    return {row["thing"]: int(row["statements"]) for row in store.select(_STATED.format(cmq=expand("cmq:"))).dicts()}


def weights_of(context: "Context") -> Mapping[str, int]:
    """Return the table of *context*, made once."""
    if context.digest not in _WEIGHTS:
        _WEIGHTS[context.digest] = weights(context.store)
    return _WEIGHTS[context.digest]


@cache
def _tools() -> frozenset[str]:
    """Return the paths of the pages that this server has: a section offers those of its tools that are there."""
    from campuskg.server.tables import routes

    return frozenset(route.pattern for route in routes())


def section_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a section, with what it lists as the reader narrowed and ordered it."""
    frame, section, index = frame_of(context, task), SECTIONS[task["section"]], index_of(context)
    found, counts = facets.task_answer(context, {**task, "kinds": section.kinds})
    chosen = {"class": task["shown"], **task["wanted"]}
    shown = [
        Facet(name, facets.values(index, name, counts[name], frame.lang), chosen[name])
        for name in facets.NAMES
        if chosen[name] or _parts(counts[name], len(found))
    ]
    ordered = _ordered(context, found, task, frame.lang)
    hits = [_weighed(context, iri, frame) for iri in ordered[: task["limit"]]]
    listed = Listed(hits, len(found), shown, task["q"], task["sort"])
    return Reply({}, render_section(frame, section, listed, views().values(), catalogue(), _tools()).encode())


def _weighed(context: "Context", iri: str, frame: Frame) -> Hit:
    """Return what the list shows of *iri*, with how many statements speak of it."""
    shown, count = facets.hit(context, index_of(context), iri, frame), weights_of(context).get(iri, 0)
    said = interface_words(frame.lang)["list_weight"]
    return replace(shown, weight=said.format(count=number(str(count), frame.lang))) if count > 1 else shown


def _parts(counts: Counter[str], total: int) -> bool:
    """Tell whether a facet would leave anything out."""
    return any(number < total for number in counts.values())


def _ordered(context: "Context", found: list[str], task: Mapping[str, Any], lang: str) -> list[str]:
    """Return what was *found* in the order that the reader chose; the best answers first to who typed words and chose none."""
    names, known = index_of(context).names, weights_of(context)
    if task["sort"] == "name":
        return sorted(found, key=lambda iri: alphabetical(names.name(iri, lang)))
    return found if task["q"] else sorted(found, key=lambda iri: (-known.get(iri, 0), alphabetical(names.name(iri, lang))))


def about_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page « À propos »."""
    published = published_of(context) if context.release is not None else None
    return Reply({}, render_about(frame_of(context, task), published).encode())


def warm(context: "Context") -> None:
    """Count what is stated of each thing, and make each page once, before workers are locked in."""
    weights_of(context)
    _tools()
    given = {"q": "", "classes": [], "shown": [], "wanted": {name: [] for name in facets.NAMES[1:]}, "limit": 1, "sort": SORTS[0]}
    for lang in ("fr", "en"):
        frame: dict[str, Any] = {"frame": {"lang": lang, "path": "/about", "query": []}}
        about_task(context, frame)
        for name in SECTIONS:
            section_task(context, {**frame, **given, "section": name})


async def section(request: "Request", app: "App") -> "Response":
    """GET /network, /territory, /money, /projects, /organisations, /trainings."""
    only(request, "q", "limit", "lang", "sort", *facets.NAMES, many=facets.NAMES)
    sort = request.get("sort") or SORTS[0]
    if sort not in SORTS:
        raise Refusal(400, "parameter-code", name="sort", value=sort[:MAX_LENGTH], known=", ".join(SORTS))
    text = request.get("q", "") or ""
    if len(text) > MAX_LENGTH:
        raise Refusal(400, "parameter-long", name="q", limit=MAX_LENGTH)
    classes = [class_of(value) for value in request.all("class") if value]
    wanted = {name: [value[:MAX_LENGTH] for value in request.all(name) if value] for name in facets.NAMES[1:]}
    given: dict[str, object] = {"q": text, "classes": classes, "shown": [*map(compact, classes)], "wanted": wanted, "sort": sort}
    limit = whole(request, "limit", _PAGE, most=_MOST)
    return await html(request, app, "page-section", section=request.path.strip("/"), limit=limit, **given)


async def about(request: "Request", app: "App") -> "Response":
    """GET /about: method, sources and what they cover, contradictions, limits, how to cite."""
    only(request, "lang")
    return await html(request, app, "page-about")


ROUTES: Final = (*(Route(("GET",), f"/{name}", section) for name in SECTIONS), Route(("GET",), "/about", about))
TASKS: "Final[Mapping[str, Task]]" = {"page-section": section_task, "page-about": about_task}
