"""Search as you type: things by the beginning of their names, then by their words, then by near spellings."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rapidfuzz import fuzz

from campuskg.ask.entities import KINDS, kind_of, labels_in, types_of
from campuskg.content import BASE_IRI
from campuskg.errors import Lang, nearest
from campuskg.ontology import compact, expand, load_terms, prefixes
from campuskg.release.names import NameIndex, fold
from campuskg.server.asked import flag, only, whole
from campuskg.server.negotiation import prefers_html
from campuskg.server.problem import Refusal
from campuskg.server.response import JSON, Response, json_answer
from campuskg.server.routes import Route
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.app import App
    from campuskg.server.request import Request
    from campuskg.server.tasks import Context, Task
    from campuskg.store import GraphStore

MOST: Final = 50
USUAL: Final = 10
MAX_LENGTH: Final = 200
NARROWING: Final = ("category", "campus", "department", "sector")
"""The facets beside ``class``, in their order; ``server.facets`` counts them."""
_ID: Final = BASE_IRI + "id/"
_NEAR: Final = 74
"""Likeness (per cent) from which a name is taken for a slip of the keyboard."""
_SHORTEST: Final = 4
"""Shorter texts are too near to everything."""


class Found(NamedTuple):
    """A thing that answers to a text; they sort best first."""

    rank: tuple[float, ...]
    name: str
    iri: str


@dataclass(frozen=True, slots=True)
class _Name:
    folded: str
    tokens: tuple[str, ...]
    iri: str


class SearchIndex:
    """The names of the things in a graph, ready for searching."""

    def __init__(self, store: "GraphStore") -> None:
        """Index the names in *store*."""
        self.names = NameIndex(store)
        self.types = types_of(store)
        known = {(fold(name), iri) for iri, name in labels_in(store) if iri.startswith(_ID) and kind_of(iri) in KINDS}
        self._names = [_Name(folded, tuple(folded.split()), iri) for folded, iri in sorted(known)]

    def find(self, text: str, classes: Collection[str], limit: int) -> list[str]:
        """Return the IRIs that answer to *text*, best first; those of *classes* (IRIs) only, when there are any."""
        wanted = fold(text)
        best: dict[str, Found] = {}
        for name in self._of(classes):
            rank = _rank(wanted, name)
            if rank is not None:
                found = Found((rank, KINDS.index(kind_of(name.iri)), len(name.folded)), name.folded, name.iri)
                best[name.iri] = min(found, best.get(name.iri, found))
        return [found.iri for found in sorted(best.values())[:limit]]

    def _of(self, classes: Collection[str]) -> Iterator[_Name]:
        wanted = set(classes)
        for name in self._names:
            if not wanted or self.types.get(name.iri, frozenset()) & wanted:
                yield name

    def described(self, iri: str, lang: Lang) -> dict[str, str]:
        """Return what a picker shows of *iri*: its id, its name, its narrowest class."""
        classes = self.types.get(iri, frozenset())
        above = {parent for cls in classes for parent in load_terms().ancestors(cls) - {cls}}
        narrow = min(sorted(classes - above), key=lambda cls: (not cls.startswith(BASE_IRI), cls), default="")
        kind = load_terms().labels.get(narrow, {})
        return {
            "iri": iri,
            "id": iri.removeprefix(_ID),
            "label": self.names.name(iri, lang),
            "type": compact(narrow) if narrow else "",
            "typeLabel": kind.get(lang, ""),
        }


def _rank(wanted: str, name: _Name) -> float | None:
    """Return how well *name* answers to the folded text *wanted*, 0 best; None when it does not."""
    if wanted in ("", name.folded):
        return 0
    if name.folded.startswith(wanted):
        return 1
    parts = wanted.split()
    if all(any(token.startswith(part) for token in name.tokens) for part in parts):
        return 2
    if wanted in name.folded or len(wanted) < _SHORTEST:
        return 3 if wanted in name.folded else None
    likeness = min(max(_likeness(part, token) for token in name.tokens) for part in parts)
    return 4 + (100 - likeness) / 100 if likeness >= _NEAR else None


def _likeness(part: str, token: str) -> float:
    """Return how near *part*, perhaps unfinished, is to *token* (per cent)."""
    return max(fuzz.ratio(part, token), fuzz.ratio(part, token[: len(part)]))


_INDEXES: dict[str, SearchIndex] = {}


def index_of(context: "Context") -> SearchIndex:
    """Return the index of the graph of *context*, made once."""
    if context.digest not in _INDEXES:
        _INDEXES[context.digest] = SearchIndex(context.store)
    return _INDEXES[context.digest]


def search_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Answer a search in a worker."""
    index = index_of(context)
    found = index.find(task["q"], task["classes"], task["limit"])
    return Reply({"found": [index.described(iri, task["lang"]) for iri in found]}, b"")


def warm(context: "Context") -> None:
    """Index the names, before workers are locked in."""
    index_of(context)


async def search(request: "Request", app: "App") -> Response:
    """GET /search?q=&class=&limit=: the things that answer to a text, as JSON; a page for who prefers one.

    With ``facets=1``, or narrowed by a facet, the answer counts them and tells the facets.
    """
    page = app.hooks.get("search")
    if page is not None and prefers_html(request.accept, (JSON,)):
        return await page(request, app)
    if flag(request, "facets") or any(request.get(name) for name in NARROWING):
        return await _faceted(request, app)
    only(request, "q", "class", "limit", "lang", "facets", *NARROWING, many=("class", *NARROWING))
    text = request.get("q", "") or ""
    if len(text) > MAX_LENGTH:
        raise Refusal(400, "parameter-long", name="q", limit=MAX_LENGTH)
    classes = [class_of(value) for value in request.all("class") if value]
    limit = whole(request, "limit", USUAL, most=MOST)
    reply = await app.run("search", request, q=text, classes=classes, limit=limit, lang=request.lang)
    return json_answer(reply.meta["found"], keep=True)


async def _faceted(request: "Request", app: "App") -> Response:
    """Return what answers with, for each facet, its values and how often they occur; facets narrow it too."""
    from campuskg.server.facets import asked

    limit = whole(request, "limit", USUAL, most=MOST)
    reply = await app.run("search-facets", request, **asked(request), limit=limit, lang=request.lang)
    return json_answer(reply.meta["found"], keep=True)


def class_of(name: str) -> str:
    """Return the IRI of a class by its IRI or its prefixed name; Refusal (400) with near names when there is none."""
    known = load_terms().classes
    prefix, colon, local = name.partition(":")
    iri = prefixes()[prefix] + local if colon and prefix in prefixes() else name
    if iri not in known:
        near = nearest(name, map(compact, known)) or ", ".join(map(compact, (expand("cmq:Campus"), expand("org:Organization"))))
        raise Refusal(400, "search-class", value=name[:MAX_LENGTH], known=near)
    return iri


ROUTES: Final = (Route(("GET",), "/search", search),)
TASKS: "Final[dict[str, Task]]" = {"search": search_task}
