"""The planners' pages at the edge and in the workers: one route and one task for the page, one for its tables as files."""

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from campuskg import __version__
from campuskg.analysis import Link, Network, measures
from campuskg.publish.planning.desk import Desk
from campuskg.publish.planning.page import FORMS, file, render_planning
from campuskg.publish.planning.pages import PAGES
from campuskg.publish.planning.words import planning_words
from campuskg.server.answering import names_of
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.negotiation import prefers_html
from campuskg.server.problem import PROBLEM_JSON, Refusal
from campuskg.server.request import Request
from campuskg.server.response import HTML, Response
from campuskg.server.routes import Route
from campuskg.server.thing_tasks import frame_of
from campuskg.store import MemoryStore
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from campuskg.server.tasks import Context, Task

_LOADING: Final = 60.0
"""Seconds for a page: the first one of the analysis makes the network of partnerships."""
_MEDIA: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_EVERYWHERE: Final = ("lang", "table")
_OK: Final = 200


async def page(request: Request, app: App) -> Response:
    """GET /board, /compare, /at, /path, /gaps, /analysis: the page; what is wrong with a value is said on it (400)."""
    _checked(request, request.path[1:])
    frame = {"lang": request.lang, "path": request.path, "query": list(request.query)}
    strict = not prefers_html(request.accept, (PROBLEM_JSON,))  # programs get what went wrong as a problem, not as a page
    reply = await app.run("planning-page", request, timeout=_LOADING, frame=frame, page=request.path[1:], strict=strict)
    headers = [("content-type", HTML), ("content-language", request.lang), ("vary", "Accept, Accept-Language, Cookie")]
    headers.append(("etag", _etag(app, request, HTML)))
    headers += request.remembered
    status = int(reply.meta["status"])
    return Response(status, headers, reply.body, keep=status == _OK)


async def tables(request: Request, app: App) -> Response:
    """GET /board.json, /board.csv…: the tables of a page; ``?table=`` chooses one."""
    name, kind = request.path[1:].partition(".")[0], request.params["form"]
    if kind not in FORMS:
        known = ", ".join(f".{form}" for form in FORMS)
        raise Refusal(404, "query-extension", name=name, extension=kind[:20], known=known)
    _checked(request, name)
    given = [(key, value) for key, value in request.query if key != "lang"]
    reply = await app.run("planning-file", request, timeout=_LOADING, page=name, kind=kind, given=given, lang=request.lang)
    headers = [
        ("content-type", _MEDIA[kind]),
        ("content-language", request.lang),
        ("vary", "Accept-Language, Cookie"),
        ("etag", _etag(app, request, kind)),
    ]
    if kind != "json":
        headers.append(("content-disposition", f'attachment; filename="{reply.meta["file"]}"'))
    return Response(200, headers, reply.body, keep=True)


def _checked(request: Request, name: str) -> None:
    """Refuse parameters that the page does not know and one that comes twice."""
    only(request, *_EVERYWHERE, *PAGES[name].parameters)


def _etag(app: App, request: Request, media: str) -> str:
    parts = (app.digest, app.base, __version__, request.path, media, request.lang, repr(sorted(request.query)))
    return f'"{sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _desk(context: "Context", lang: Any) -> Desk:  # noqa: ANN401  a language, as JSON brought it
    return Desk(context.store, names_of(context), "en" if lang == "en" else "fr", context.digest, context.release)


def page_task(context: "Context", task: "Mapping[str, Any]") -> Reply:
    """Make a page."""
    frame = frame_of(context, task)
    text, status = render_planning(PAGES[task["page"]], frame, _desk(context, frame.lang), strict=bool(task.get("strict")))
    return Reply({"status": status}, text.encode())


def file_task(context: "Context", task: "Mapping[str, Any]") -> Reply:
    """Write the tables of a page as a file."""
    given = [(str(name), str(value)) for name, value in task["given"]]
    body, name = file(PAGES[task["page"]], given, _desk(context, task["lang"]), task["kind"])
    return Reply({"file": name}, body)


def warm(context: "Context") -> None:
    """Load what the pages need before workers are locked in: templates, words, code lists, the network and its finder of gaps.

    The page of the analysis, which takes longest, is made of a graph of nothing: that loads the same modules.
    """
    nothing = replace(context, store=MemoryStore(), release=None, digest="nothing")
    for name in PAGES:
        planning_words(name, "en")
        frame = {"lang": "fr", "path": f"/{name}", "query": []}
        page_task(nothing if name == "analysis" else context, {"frame": frame, "page": name})
    measures(Network.of([Link("a", "b", 1), Link("b", "c", 2), Link("c", "d", 1)]))


ROUTES: Final = (
    *(Route(("GET",), f"/{name}", page) for name in PAGES),
    *(Route(("GET",), f"/{name}.{{form}}", tables) for name in PAGES),
)
TASKS: "Final[Mapping[str, Task]]" = {"planning-page": page_task, "planning-file": file_task}
