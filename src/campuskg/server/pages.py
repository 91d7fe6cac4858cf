"""The HTML pages at the edge: which path is which page, what goes wrong said on a page, the files of the bundle."""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from gzip import compress
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlsplit

from campuskg.errors import CampuskgError
from campuskg.publish.pages import static_files
from campuskg.server.app import App, ClientGone
from campuskg.server.coding import accepted
from campuskg.server.page_tasks import TASKS, said, warm
from campuskg.server.problem import Refusal, refusal
from campuskg.server.request import Request
from campuskg.server.response import HTML, Response, redirect
from campuskg.server.routes import Handler, Route

__all__ = ["HOOKS", "ROUTES", "TASKS", "warm"]

_FOREVER: Final = "public, max-age=31536000, immutable"
_MAX_WORDS: Final = 200
_IDENT: Final = re.compile(r"[a-z][a-z-]*/[a-z0-9][a-z0-9/-]*")


async def home(request: Request, app: App) -> Response:
    """GET /: the home page."""
    return await _page(request, app, "page-home")


async def accessibility(request: Request, app: App) -> Response:
    """GET /accessibility: how accessible the pages are."""
    return await _page(request, app, "page-accessibility")


async def index(request: Request, app: App) -> Response:
    """GET /queries, for readers: the catalogue by theme, or what holds the words of ``?q=``."""
    return await _page(request, app, "page-queries")


async def query(request: Request, app: App) -> Response:
    """GET /queries/{name}, for readers."""
    return await _page(request, app, "page-query", name=request.params["name"])


async def ask(request: Request, app: App) -> Response:
    """GET /ask?q=, for readers: which questions of the catalogue answer what was asked."""
    text = (request.get("q") or "").strip()
    root = urlsplit(app.base).path.rstrip("/")
    if _IDENT.fullmatch(text):  # what the suggestions fill in: the reader chose one thing
        with suppress(Refusal):
            await app.run("resource-about", request, path=f"id/{text}")
            return redirect(f"{root}/page/id/{text}")
    return await _page(request, app, "page-ask", q=text) if text else redirect(f"{root}/")


async def limits(request: Request, app: App) -> Response:
    """GET /limits, for readers."""
    rows = [(x.name, f"{x.value:g} {x.unit}".strip(), getattr(x.meaning, request.lang), x.option) for x in app.limits.table()]
    return await _page(request, app, "page-limits", rows=rows)


async def editor(request: Request, app: App) -> Response:
    """GET /sparql, for readers: the editor and, without scripts, the answer to its query; what goes wrong is said there."""
    asked = request.get("query")
    if asked is None:
        return await _page(request, app, "page-editor", sparql=None)
    try:
        return await _page(request, app, "page-editor", lane="fast", seconds=app.limits.timeout, sparql=asked)
    except ClientGone:
        raise
    except CampuskgError as error:
        fault = refusal(error)
        response = await _page(request, app, "page-editor", sparql=asked, wrong=said(fault, request.lang))
        return Response(fault.status, [*response.headers, *fault.headers.items()], response.body)


async def static(request: Request, app: App) -> Response:  # noqa: ARG001  every handler has this signature
    """GET /static/…: a file of the built bundle (its name holds its digest) or of the style sources; nothing else is opened."""
    name = request.params["name"]
    if name not in static_files():
        raise Refusal(404, "page-static", name=name[:_MAX_WORDS])
    small = accepted(request.headers.get("accept-encoding")) in ("gzip", "only-gzip")
    media, body, etag = _static(name, small=small)
    headers = [("content-type", media), ("etag", f'"{etag}"'), ("vary", "Accept-Encoding")]
    if small:
        headers.append(("content-encoding", "gzip"))
    if not name.startswith("source/"):
        headers.append(("cache-control", _FOREVER))
    return Response(200, headers, body)  # not kept with the answers: it depends on Accept-Encoding, and is ready anyway


@cache
def _static(name: str, *, small: bool) -> tuple[str, bytes, str]:
    """Return media type, body and digest of one file, compressed once where the client can read that."""
    media, path = static_files()[name]
    body = path.read_bytes()
    body = compress(body, mtime=0) if small else body
    return media, body, sha256(body).hexdigest()[:32]


async def _page(
    request: Request, app: App, task: str, *, lane: Literal["fast", "page"] = "page", seconds: float | None = None, **args: object
) -> Response:
    """Return the page that *task* makes; the language chosen by ``?lang=`` is remembered."""
    frame = {"lang": request.lang, "path": request.path, "query": list(request.query)}
    reply = await app.run(task, request, lane=lane, timeout=seconds, frame=frame, **args)
    headers = [
        ("content-type", HTML),
        ("content-language", request.lang),
        ("vary", "Accept, Accept-Language, Cookie"),
        ("etag", f'"{sha256(reply.body + app.base.encode()).hexdigest()[:32]}"'),
    ]
    headers += request.remembered
    status = int(reply.meta.get("status", 200))
    return Response(status, headers, reply.body, keep=status == 200)  # noqa: PLR2004  the plain success


ROUTES: Final = (
    Route(("GET",), "/accessibility", accessibility),
    Route(("GET",), "/static/{name:path}", static),
)
HOOKS: Final[Mapping[str, Handler]] = {"ask": ask, "queries": index, "query": query, "editor": editor, "limits": limits}
