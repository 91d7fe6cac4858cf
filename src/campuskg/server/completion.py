"""What the editor completes: prefixes, classes and properties of the ontology with how often each is used."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from campuskg.ontology import compact, load_terms, prefixes
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.request import Request
from campuskg.server.response import JSON, Response
from campuskg.server.rest import etag
from campuskg.server.routes import Route
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_DEFINITIONS: Final = (
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://www.w3.org/2000/01/rdf-schema#comment",
)
_CLASSES: Final = "SELECT ?term (COUNT(DISTINCT ?thing) AS ?count) WHERE { ?thing a ?term } GROUP BY ?term"
_PROPERTIES: Final = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?thing ?term ?value } GROUP BY ?term"

_MADE: dict[str, bytes] = {}


def completion_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return the document in a worker; made once for each graph."""
    del task
    if context.digest not in _MADE:
        _MADE[context.digest] = json.dumps(document(context), ensure_ascii=False).encode()
    return Reply({}, _MADE[context.digest])


def document(context: "Context") -> dict[str, object]:
    """Return what the editor completes: terms in use first, the rest of the ontology after them."""
    definitions = _definitions(context)
    terms = load_terms()
    return {
        "prefixes": prefixes(),
        "classes": _terms(_counts(context, _CLASSES), terms.classes, definitions),
        "properties": _terms(_counts(context, _PROPERTIES), terms.properties, definitions),
    }


def _counts(context: "Context", query: str) -> dict[str, int]:
    rows = context.store.select(query).rows
    return {term.value: int(count.value) for term, count in rows if isinstance(term, ox.NamedNode) and count is not None}


def _definitions(context: "Context") -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for predicate in _DEFINITIONS:
        for quad in context.store.matching(predicate):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.setdefault(quad.subject.value, {}).setdefault(quad.object.language or "en", quad.object.value)
    return found


def _terms(
    counts: Mapping[str, int], known: Iterable[str], definitions: Mapping[str, Mapping[str, str]]
) -> list[dict[str, object]]:
    labels = load_terms().labels
    named = {iri for iri in {*counts, *known} if compact(iri) != iri}
    return [
        {
            "iri": iri,
            "curie": compact(iri),
            "label": {lang: labels.get(iri, {}).get(lang, "") for lang in ("fr", "en")},
            "definition": {lang: definitions.get(iri, {}).get(lang, "") for lang in ("fr", "en")},
            "count": counts.get(iri, 0),
        }
        for iri in sorted(named, key=lambda iri: (-counts.get(iri, 0), compact(iri)))
    ]


async def completion(request: Request, app: App) -> Response:
    """GET /completion.json."""
    only(request, "lang")
    reply = await app.run("completion", request)
    return Response(200, [("content-type", JSON), ("etag", etag(app, request, JSON))], reply.body, keep=True)


ROUTES: Final = (Route(("GET",), "/completion.json", completion),)
TASKS: "Final[dict[str, Task]]" = {"completion": completion_task}
