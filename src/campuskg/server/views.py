"""The views at the edge: their list, the page of each, and each as a file."""

from hashlib import sha256
from typing import Final

from campuskg import __version__
from campuskg.publish.pages_view import FORMS
from campuskg.server.app import App
from campuskg.server.asked import flag, only
from campuskg.server.headers import CONTENT_SECURITY
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.response import HTML, Response
from campuskg.server.routes import Route
from campuskg.server.view_tasks import OWN, TASKS, warm

__all__ = ["ROUTES", "TASKS", "warm"]

_MEDIA: Final = {
    "json": "application/json",
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "html": HTML,
}
_SHOWN: Final = ("json", "svg")
"""Forms that the pages themselves read; browsers had better save the others."""
_OFFLINE: Final = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:"
)
"""The page of one file holds its scripts and styles: it may run those, in an origin of its own, and ask nobody for anything."""
_OWN_SIDE: Final = "frame-ancestors 'self'"
_ANY_SIDE: Final = "frame-ancestors *"


async def index(request: Request, app: App) -> Response:
    """GET /views: the views by section."""
    only(request, "lang")
    return await _page(request, app, "view-list")


async def view(request: Request, app: App) -> Response:
    """GET /views/{name}: the page of a view, or with an extension the view as a file."""
    name, _, form = request.params["name"].partition(".")
    own = dict.fromkeys(key for key, _ in request.query)
    only(request, *OWN, *own, many=tuple(key for key in own if key not in OWN))
    if form:
        return await _file(request, app, name, form)
    response = await _page(request, app, "view-page", name=name)
    if flag(request, "embed"):
        response.headers.append(("content-security-policy", CONTENT_SECURITY.replace(_OWN_SIDE, _ANY_SIDE)))
    return response


async def _file(request: Request, app: App, name: str, form: str) -> Response:
    if form not in FORMS:
        known = ", ".join(f".{one}" for one in FORMS)
        raise Refusal(404, "query-extension", name=name[:80], extension=form[:20], known=known)
    reply = await app.run("view-file", request, name=name, form=form, frame=_frame(request))
    headers = [
        ("content-type", _MEDIA[form]),
        ("content-language", request.lang),
        ("vary", "Accept-Language, Cookie"),
        ("etag", _etag(app, request, reply.body)),
    ]
    if form not in _SHOWN:
        headers.append(("content-disposition", f'attachment; filename="{name}.{form}"'))
    if form == "html":
        headers.append(("content-security-policy", _OFFLINE.format(scripts=reply.meta["scripts"])))
    return Response(200, headers, reply.body, keep=True)


async def _page(request: Request, app: App, task: str, name: str = "") -> Response:
    reply = await app.run(task, request, frame=_frame(request), name=name)
    headers = [
        ("content-type", HTML),
        ("content-language", request.lang),
        ("vary", "Accept, Accept-Language, Cookie"),
        ("etag", _etag(app, request, reply.body)),
    ]
    headers += request.remembered
    return Response(200, headers, reply.body, keep=True)


def _frame(request: Request) -> dict[str, object]:
    return {"lang": request.lang, "path": request.path, "query": list(request.query)}


def _etag(app: App, request: Request, body: bytes) -> str:
    parts = (app.base, __version__, request.path, request.lang)
    return f'"{sha256(chr(0).join(parts).encode("utf-8", "surrogatepass") + body).hexdigest()[:32]}"'


ROUTES: Final = (
    Route(("GET",), "/views", index),
    Route(("GET",), "/views/{name}", view),
)
