"""The OpenAPI 3.1 description of the service, made from the route table, the catalogue and the graph.

A route is described when ``openapi.toml`` has words for it; a test sees to it that none lacks them. Each query of the
catalogue has its own path, so that generated clients have one typed function a question.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from campuskg import __version__
from campuskg.errors import Lang, pick
from campuskg.publish.answers import LICENCE, LICENCE_IRI
from campuskg.queries import Parameter, Query, catalogue, choices, tags
from campuskg.server.answering import MEDIA, RESERVED
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.asking import short
from campuskg.server.negotiation import RESULTS_JSON, TURTLE
from campuskg.server.problem import PROBLEM_JSON
from campuskg.server.request import Request
from campuskg.server.response import JSON, Response
from campuskg.server.rest import etag
from campuskg.server.routes import Route
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
_SMALL: Final = 60
"""The most things that a parameter lists."""
_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "amount": {"type": "number"},
    "text": {"type": "string", "maxLength": 300},
    "entity": {"type": "string", "maxLength": 300},
    "code": {"type": "string", "maxLength": 300},
}
_LOADING: Final = 60.0
"""Seconds for the document, which is made once: it tells what every parameter can be."""
_EVERYWHERE: Final = ("400", "404", "405", "408", "414", "431", "500", "502", "503", "504")
"""Statuses that any request may meet: its own faults, the server's limits."""

_NEVER_EMPTY: Final = frozenset({*RESERVED, "query", "format", "timeout", "default-graph-uri", "named-graph-uri"})
"""Parameters that say something or are not there; forms send the others empty, and then they are as if they were not given."""

Words = Mapping[str, Any]


@cache
def _words() -> Words:
    return tomllib.loads((files("campuskg.server") / "openapi.toml").read_text(encoding="utf-8"))


def document(context: "Context", lang: Lang) -> dict[str, Any]:
    """Return the whole document in *lang*."""
    from campuskg.server.tables import routes

    paths: dict[str, Any] = {}
    for route in routes():
        if route.pattern in _words()["routes"]:
            paths.setdefault(_path(route), {}).update(_operations(route, lang))
    for query in catalogue().values():
        paths[f"/queries/{query.name}"] = {"get": _query(query, context, lang)}
    used = {tag for query in catalogue().values() for tag in query.tags[:1]}
    return {
        "openapi": "3.1.0",
        "info": _info(lang),
        "servers": [{"url": context.base}],
        "tags": [{"name": name, "description": pick(words, lang)} for name, words in tags().items() if name in used],
        "paths": dict(sorted(paths.items())),
        "components": _components(lang),
    }


def _info(lang: Lang) -> dict[str, Any]:
    return {
        "title": "campuskg",
        "version": __version__,
        "description": _words()["info"][lang],
        "license": {"name": pick(LICENCE, lang), "url": LICENCE_IRI},
    }


def _path(route: Route) -> str:
    return re.sub(r":path\}", "}", route.pattern)


def _operations(route: Route, lang: Lang) -> dict[str, Any]:
    """Return the operations of *route*, by method."""
    said = _words()["routes"][route.pattern]
    parameters = [_described(name, said, "path", lang) for name in re.findall(r"\{(\w+)", route.pattern)]
    parameters += [_described(name, said, "query", lang) for name in said.get("query", ())]
    found = {}
    for method in route.methods:
        operation: dict[str, Any] = {
            "operationId": _operation_id(method, route.pattern),
            "summary": said[lang],
            "parameters": parameters,
            "responses": _responses(said["media"], lang, said.get("statuses", ())),
        }
        if method == "POST":
            forms = ("application/sparql-query", "application/x-www-form-urlencoded")
            operation["requestBody"] = {"required": True, "content": {media: {"schema": {"type": "string"}} for media in forms}}
        found[method.lower()] = operation
    return found


def _operation_id(method: str, pattern: str) -> str:
    """Return a name for an operation.

    >>> _operation_id("GET", "/r/{digest}/queries/{name}")
    'get_r_digest_queries_name'
    """
    return "_".join([method.lower(), *re.findall(r"\w+", pattern.replace(":path", ""))])


def _described(name: str, said: Words, where: str, lang: Lang) -> dict[str, Any]:
    """Return a parameter of a route, by the words for its name."""
    known = _words()["parameters"][name]
    schema = {key: value for key, value in known.items() if key not in ("fr", "en", "example")}
    found: dict[str, Any] = {"name": name, "in": where, "description": known[lang], "schema": schema or {"type": "string"}}
    if where == "path" or name in said.get("required", ()):
        found["required"] = True
    elif name not in _NEVER_EMPTY:
        found |= _may_be_empty(found["schema"])
    if "example" in known:
        found["example"] = known["example"]
    return found


def _responses(media: "list[str]", lang: Lang, more: "list[str] | tuple[str, ...]" = ()) -> dict[str, Any]:
    """Return the responses of an operation: the answer, nothing new, and what can go wrong."""
    content = {name: {"schema": _schema(name)} for name in media}
    said = _words()["statuses"]
    found: dict[str, Any] = {
        "200": {"description": said["200"][lang], "content": content},
        "304": {"description": said["304"][lang]},
    }
    plain = {status for status in more if status < "400"}
    found |= {status: {"description": said[status][lang]} for status in sorted(plain)}
    for status in sorted({*_EVERYWHERE, *more} - plain):
        found[status] = {"$ref": f"#/components/responses/{status}"}
    return found


def _schema(media: str) -> dict[str, Any]:
    """Return what is known of an answer in *media*."""
    if media == RESULTS_JSON:
        return {"$ref": "#/components/schemas/Results"}
    return {"type": ["object", "array"]} if "json" in media or "yaml" in media else {"type": "string"}


def _query(query: Query, context: "Context", lang: Lang) -> dict[str, Any]:
    """Return the operation of one query of the catalogue."""
    media = (TURTLE, "application/sparql-query") if query.form == "CONSTRUCT" else (*MEDIA, "text/html")
    return {
        "operationId": re.sub(r"\W", "_", query.name),
        "summary": query.asked(lang),
        "description": pick(query.why, lang),
        "tags": list(query.tags[:1]),
        "parameters": [
            *(_parameter(parameter, context, lang) for parameter in query.parameters.values()),
            *({"$ref": f"#/components/parameters/{name}"} for name in RESERVED),
        ],
        "responses": _responses(list(media), lang, ("406", "413", "422")),
    }


def _parameter(parameter: Parameter, context: "Context", lang: Lang) -> dict[str, Any]:
    """Return a parameter of a query: its type, what it can be where that is a short list, its default as the example."""
    schema = dict(_TYPES[parameter.type])
    known = [short(choice.term) for choice in choices(context.store, parameter)]
    if known and (parameter.type == "code" or len(known) <= _SMALL):
        schema = {"type": "string", "enum": sorted({*known, *map(short, parameter.default)})}
    values = [_value(parameter, short(term)) for term in parameter.default or parameter.example]
    if parameter.default and not parameter.many:
        schema["default"] = values[0]
    description = ". ".join(filter(None, (pick(parameter.label, lang), pick(parameter.means, lang))))
    found: dict[str, Any] = {"name": parameter.name, "in": "query", "description": description, "schema": schema}
    if parameter.many:
        found |= {"schema": {"type": "array", "items": schema, "maxItems": 50}, "style": "form", "explode": True}
    if values:
        found["example"] = values if parameter.many else values[0]
    return found | _may_be_empty(found["schema"])


def _may_be_empty(schema: Mapping[str, Any]) -> dict[str, bool]:
    """Return what lets a parameter be sent without a value (``date=``) where its *schema* does not."""
    one = schema.get("items", schema)
    return {} if one["type"] == "string" and not one.keys() & {"format", "enum", "pattern"} else {"allowEmptyValue": True}


def _value(parameter: Parameter, text: str) -> object:
    match parameter.type:
        case "integer":
            return int(text)
        case "amount":
            return float(text)
    return text


def _components(lang: Lang) -> dict[str, Any]:
    said = _words()
    problem: dict[str, Any] = {media: {"schema": {"$ref": "#/components/schemas/Problem"}} for media in (PROBLEM_JSON, JSON)}
    problem |= {media: {"schema": {"type": "string"}} for media in ("text/plain", "text/html")}
    statuses = {status for status in said["statuses"] if status >= "400"}
    return {
        "parameters": {name: _described(name, {}, "query", lang) for name in RESERVED},
        "responses": {status: {"description": said["statuses"][status][lang], "content": problem} for status in sorted(statuses)},
        "schemas": {"Problem": _PROBLEM, "Results": _RESULTS},
    }


_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "name": {"type": "string"},
        "value": {"type": ["string", "number"]},
        "known": {"type": "string"},
    },
}
"""Problem details (RFC 9457) with the members that name a parameter, its value and what would do."""
_RESULTS: Final = {
    "type": "object",
    "required": ["head", "results"],
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "results": {"type": "object", "properties": {"bindings": {"type": "array", "items": {"type": "object"}}}},
        "campuskg": {"type": "object"},
    },
}
"""SPARQL 1.1 Query Results JSON, and what it means."""

_MADE: dict[tuple[str, str, Lang], bytes] = {}


def openapi_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return the document in a worker; made once for each graph and language."""
    key = (context.digest, context.base, task["lang"])
    if key not in _MADE:
        _MADE[key] = json.dumps(document(context, task["lang"]), ensure_ascii=False).encode()
    return Reply({}, _MADE[key])


def warm(context: "Context") -> None:
    """Read the words of the document and load the routes, before workers are locked in."""
    from campuskg.server.tables import routes

    del context
    routes()
    _words()


async def openapi(request: Request, app: App) -> Response:
    """GET /openapi.json."""
    only(request, "lang")
    reply = await app.run("openapi", request, timeout=_LOADING, lang=request.lang)
    headers = [("content-type", MEDIA_TYPE), ("etag", etag(app, request, MEDIA_TYPE)), ("content-language", request.lang)]
    return Response(200, [*headers, ("vary", "Accept-Language, Cookie")], reply.body, keep=True)


ROUTES: Final = (Route(("GET",), "/openapi.json", openapi),)
TASKS: "Final[dict[str, Task]]" = {"openapi": openapi_task}
