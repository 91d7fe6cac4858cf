"""The pages of the ontology: the hook that shows them to readers, the routes of single terms, the tasks that make them."""

from collections.abc import Mapping
from gzip import compress
from typing import TYPE_CHECKING, Any, Final

from campuskg.publish.ontology_docs import ontology_docs
from campuskg.publish.pages import Frame
from campuskg.publish.pages_ontology import render_ontology, render_term
from campuskg.server import resources
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.resource_tasks import published_of, signs_of
from campuskg.server.response import Response
from campuskg.server.routes import Handler, Route
from campuskg.server.signposting import header, links_of
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_SHOWN: Final = 200


async def ontology(request: Request, app: App) -> Response:
    """GET /ontology…, for readers: all terms; for versions and other parts, the page of any resource."""
    only(request, "lang")
    path = request.path[1:]
    if path == "ontology":
        return await _whole(request, app)
    try:
        return await resources.html(request, app, "resource-page", path=path)
    except Refusal as refused:
        return await resources.missing(request, app, path, refused)


async def _whole(request: Request, app: App) -> Response:
    """Return the page of all terms, compressed for who can read that: it is the heaviest of our pages."""
    small = "gzip" in request.headers.get("accept-encoding", "")
    key = ("ontology", request.lang, request.get("lang"), small)
    kept = app.answers.get(key)
    if kept is not None:
        return kept
    plain = await resources.html(request, app, "page-ontology")
    varied = {
        "vary": f"{plain.header('vary')}, Accept-Encoding",
        "etag": (plain.header("etag") or "").replace('"', '"z', int(small)),
    }
    headers = [(name, varied.get(name, value)) for name, value in plain.headers]
    headers.append(("cache-control", "public, max-age=0, must-revalidate"))
    if small:
        headers.append(("content-encoding", "gzip"))
    # Not for the cache by request, which does not look at Accept-Encoding.
    response = Response(200, headers, compress(plain.body, mtime=0) if small else plain.body)
    app.keep(key, response, len(request.path))
    return response


async def class_page(request: Request, app: App) -> Response:
    """GET /ontology/class/{name}: one class; only a page, for the data are those of the ontology."""
    return await _term(request, app, "class")


async def property_page(request: Request, app: App) -> Response:
    """GET /ontology/property/{name}: one property."""
    return await _term(request, app, "property")


async def _term(request: Request, app: App, kind: str) -> Response:
    only(request, "lang")
    try:
        return await resources.html(request, app, "page-ontology-term", kind=kind, name=request.params["name"])
    except Refusal as refused:
        return await resources.missing(request, app, request.path[1:], refused)


def ontology_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of the whole ontology, with its typed links."""
    meta = {}
    if context.release is not None:
        signs, licence = signs_of(published_of(context), "ontology"), ontology_docs(context.release).about("en").licence
        links = [link._replace(href=licence) if link.rel == "license" else link for link in links_of(signs, context.base)]
        meta["link"] = header(links, signs, context.base)
    return Reply(meta, render_ontology(context.release, _frame(context, task)).encode())


def term_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of the term ``name``; Refusal (404) where there is none."""
    page = render_term(context.release, _frame(context, task), task["kind"], task["name"])
    if page is None:
        raise Refusal(404, "resource-unknown", path=f"ontology/{task['kind']}/{task['name']}"[:_SHOWN], known="")
    return Reply({}, page.encode())


def _frame(context: "Context", task: Mapping[str, Any]) -> Frame:
    frame = task["frame"]
    pairs = tuple((str(name), str(value)) for name, value in frame["query"])
    return Frame(frame["lang"], frame["path"], pairs, context.digest, context.base)


def warm(context: "Context") -> None:
    """Read the ontology, the shapes and the catalogue; load the templates."""
    docs = ontology_docs(context.release)
    frame = {"frame": {"lang": "fr", "path": "/ontology", "query": []}}
    render_ontology(context.release, _frame(context, frame))
    for iri in (docs.terms.classes[0], docs.terms.properties[0]):
        kind = "class" if iri in docs.terms.classes else "property"
        term_task(context, {**frame, "kind": kind, "name": iri.rpartition("#")[2]})


ROUTES: Final = (
    Route(("GET",), "/ontology/class/{name}", class_page),
    Route(("GET",), "/ontology/property/{name}", property_page),
)
HOOKS: Final[Mapping[str, Handler]] = {"ontology": ontology}
TASKS: "Final[Mapping[str, Task]]" = {"page-ontology": ontology_task, "page-ontology-term": term_task}
