"""Search with facets: type, category, campus, département, sector; as JSON for programs, as a page for readers."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from campuskg.ask.entities import kind_of
from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish.pages import Frame
from campuskg.publish.pages_search import Facet, Hit, render_search
from campuskg.server.asked import only, whole
from campuskg.server.problem import Refusal
from campuskg.server.resources import html, see
from campuskg.server.search import MAX_LENGTH, NARROWING, SearchIndex, class_of, index_of
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.app import App
    from campuskg.server.request import Request
    from campuskg.server.response import Response
    from campuskg.server.tasks import Context, Task
    from campuskg.store import GraphStore

NAMES: Final = ("class", *NARROWING)
"""The facets, in their order; the values of ``class`` are prefixed names, of the others ids or codes."""
MOST: Final = 200
_EVERY: Final = 100_000
_PAGE: Final = 40
_ID: Final = BASE_IRI + "id/"
_IDENT: Final = re.compile(r"[a-z][a-z-]*/[a-z0-9][a-z0-9/-]*")
_TRAITS: Final = """PREFIX cmq: <{cmq}>
SELECT DISTINCT ?thing ?facet ?value
WHERE {{
  {{ ?thing cmq:partnerCategory|cmq:category ?value . BIND("category" AS ?facet) }}
  UNION {{ ?thing cmq:sector ?value . BIND("sector" AS ?facet) }}
  UNION {{ ?thing cmq:participatesIn|cmq:concerns|cmq:partOf ?value . ?value a cmq:Campus . BIND("campus" AS ?facet) }}
  UNION {{ ?value a cmq:Campus . BIND(?value AS ?thing) BIND("campus" AS ?facet) }}
  UNION {{ ?thing cmq:locatedIn?/cmq:within* ?value . ?value cmq:placeKind <{kind}> . BIND("department" AS ?facet) }}
}}"""
_TABLES: "dict[str, Traits]" = {}

Traits = Mapping[str, Mapping[str, frozenset[str]]]
"""Facet -> thing -> its values."""


def traits(store: "GraphStore") -> Traits:
    """Return the values of each facet of each thing."""
    kind = f"{BASE_IRI}scheme/place-kind/departement"
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in store.select(_TRAITS.format(cmq=expand("cmq:"), kind=kind)).dicts():
        if row["thing"].startswith(_ID):
            found[row["facet"]][row["thing"]].add(row["value"])
    return {name: {thing: frozenset(values) for thing, values in things.items()} for name, things in found.items()}


def traits_of(context: "Context") -> Traits:
    """Return the table of *context*, made once."""
    if context.digest not in _TABLES:
        _TABLES[context.digest] = traits(context.store)
    return _TABLES[context.digest]


def value_name(iri: str) -> str:
    """Return how an address names a value of a facet.

    >>> value_name("https://w3id.org/cmq/id/campus/msi"), value_name("https://w3id.org/cmq/scheme/sector/industry")
    ('msi', 'industry')
    """
    return iri.rpartition("/")[2]


def narrowed(found: Iterable[str], wanted: Mapping[str, Sequence[str]], table: Traits) -> list[str]:
    """Return those of *found* that have, for each facet, one of the wanted values."""
    kept = []
    for iri in found:
        values = {name: {value_name(v) for v in table.get(name, {}).get(iri, ())} for name in wanted}
        if all(set(wanted[name]) & values[name] for name in wanted):
            kept.append(iri)
    return kept


def task_answer(context: "Context", task: Mapping[str, Any]) -> tuple[list[str], dict[str, Counter[str]]]:
    """Return everything that answers, best first, and how often each value of each facet occurs in it.

    Where the task names ``kinds`` of things, only those.
    """
    index, table = index_of(context), traits_of(context)
    wanted = {name: values for name, values in task["wanted"].items() if values}
    found = narrowed(index.find(task["q"], task["classes"], _EVERY), wanted, table)
    if "kinds" in task:
        found = [iri for iri in found if kind_of(iri) in task["kinds"]]
    counts = {name: Counter(v for iri in found for v in table.get(name, {}).get(iri, ())) for name in NAMES[1:]}
    counts = {"class": Counter(_class(index, iri) for iri in found), **counts}
    return found, counts


def _class(index: SearchIndex, iri: str) -> str:
    return index.described(iri, "fr")["type"]


def facets_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Answer a search with its facets, for programs."""
    index, lang = index_of(context), task["lang"]
    found, counts = task_answer(context, task)
    facets = {
        name: [{"value": value, "label": label, "count": count} for value, label, count in values(index, name, of, lang)]
        for name, of in counts.items()
    }
    results = [index.described(iri, lang) for iri in found[: task["limit"]]]
    return Reply({"found": {"count": len(found), "results": results, "facets": facets}}, b"")


def page_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a search."""
    frame = task["frame"]
    around = Frame(frame["lang"], frame["path"], tuple((n, v) for n, v in frame["query"]), context.digest, context.base)
    index, (found, counts) = index_of(context), task_answer(context, task)
    chosen = {"class": task["shown"], **task["wanted"]}
    facets = [
        Facet(name, values(index, name, counts[name], around.lang), chosen[name])
        for name in NAMES
        if chosen[name] or any(number < len(found) for number in counts[name].values())
    ]
    hits = [hit(context, index, iri, around) for iri in found[: task["limit"]]]
    return Reply({}, render_search(around, task["q"], hits, len(found), facets).encode())


def hit(context: "Context", index: SearchIndex, iri: str, frame: Frame) -> Hit:
    """Return what a list shows of *iri*: name, class, département and sectors."""
    told, table = index.described(iri, frame.lang), traits_of(context)
    own = [value for name in ("department", "sector") for value in sorted(table.get(name, {}).get(iri, ()))]
    notes = [index.names.name(value, frame.lang) for value in own]
    return Hit(told["label"], f"/page/id/{told['id']}", told["typeLabel"], tuple(notes[:3]))


def values(index: SearchIndex, facet: str, counts: Counter[str], lang: Lang) -> list[tuple[str, str, int]]:
    """Return the values of a *facet*: as addresses name them, their label, how often they occur; the most frequent first."""
    return [(_named(facet, iri), _label(index, facet, iri, lang), count) for iri, count in _ordered(counts)]


def _named(facet: str, value: str) -> str:
    return value if facet == "class" else value_name(value)


def _label(index: SearchIndex, facet: str, value: str, lang: Lang) -> str:
    return index.names.name(expand(value) if facet == "class" and value else value, lang)


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(((value, n) for value, n in counts.items() if value), key=lambda one: (-one[1], one[0]))


def asked(request: "Request") -> dict[str, Any]:
    """Return the arguments of the tasks, from what the reader asked."""
    only(request, "q", "limit", "lang", "facets", *NAMES, many=NAMES)
    text = request.get("q", "") or ""
    if len(text) > MAX_LENGTH:
        raise Refusal(400, "parameter-long", name="q", limit=MAX_LENGTH)
    shown = [value for value in request.all("class") if value]
    wanted = {name: [value[:MAX_LENGTH] for value in request.all(name) if value] for name in NAMES[1:]}
    classes = [class_of(value) for value in shown]
    return {"q": text, "classes": classes, "shown": [compact(cls) for cls in classes], "wanted": wanted}


async def page(request: "Request", app: "App") -> "Response":
    """GET /search, for readers."""
    limit = whole(request, "limit", _PAGE, most=MOST)
    named = (request.get("q") or "").strip()
    if _IDENT.fullmatch(named):  # what the suggestions fill in: the reader chose one thing
        with suppress(Refusal):
            await app.run("resource-about", request, path=f"id/{named}")
            return see(app, f"/page/id/{named}")
    return await html(request, app, "page-search", **asked(request), limit=limit)


def warm(context: "Context") -> None:
    """Make the table of facets, and the page once, before workers are locked in."""
    for lang in ("fr", "en"):
        frame: dict[str, Any] = {"frame": {"lang": lang, "path": "/search", "query": []}}
        task = {"q": "campus", "classes": [], "shown": [], "wanted": {name: [] for name in NAMES[1:]}, "limit": _PAGE}
        page_task(context, {**frame, **task})


TASKS: "Final[Mapping[str, Task]]" = {"search-facets": facets_task, "page-search": page_task}
HOOKS: Final = {"search": page}
