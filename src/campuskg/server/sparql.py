"""``/sparql``: the SPARQL 1.1 Protocol on HTTP, answered by the workers."""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from campuskg import __version__
from campuskg.server import description
from campuskg.server.app import App
from campuskg.server.coding import with_suffix
from campuskg.server.evaluate import not_acceptable
from campuskg.server.limits import MIB
from campuskg.server.negotiation import GRAPH_MEDIA, SELECT_MEDIA, Choice, choices, choose, prefers_html, with_charset
from campuskg.server.problem import Refusal
from campuskg.server.protocol import Asked, parse
from campuskg.server.request import Request
from campuskg.server.response import Response
from campuskg.server.routes import Route
from campuskg.store import QueryRefused, inspect

if TYPE_CHECKING:
    from campuskg.store.workers import Reply

PATH: Final = "/sparql"
_SHORT: Final = 4096
"""Characters of a text that is inspected here: some hundred microseconds, and remembered."""


async def endpoint(request: Request, app: App) -> Response:
    """Answer a query, describe the service (GET without one), or show the editor to who prefers a page."""
    asked = parse(request.method, request.query, request.headers.get("content-type"), request.body)
    editor = app.hooks.get("editor")
    if editor is not None and request.method != "POST" and asked.format is None:
        others = SELECT_MEDIA if asked.text is not None else GRAPH_MEDIA
        if prefers_html(request.accept, others):
            return await editor(request, app)
    if asked.text is None:
        await app.count()
        return _description(request, app, asked)
    return await _query(request, app, asked, asked.text)


def _description(request: Request, app: App, asked: Asked) -> Response:
    """Return the service description (SPARQL 1.1 Service Description, section 2)."""
    media = choices(None, asked.format).graph if asked.format else choose(request.accept, GRAPH_MEDIA)
    if media is None:
        raise not_acceptable("graph")
    etag = _etag(app, "description", media)
    return Response(200, _headers(media, etag), description.service(app, media), keep=True)


async def _query(request: Request, app: App, asked: Asked, text: str) -> Response:
    choice = choices(request.accept, asked.format)
    if not any(choice):
        raise not_acceptable("select")
    plain, dataset = _inspected(text, app)
    key = (plain, asked.default_graphs, asked.named_graphs, tuple(choice), asked.truncate)
    kept = app.answers.get(key)
    if kept is not None:
        return kept
    known = _already_known(request, app, key, choice)
    if known is not None:
        return known
    try:
        reply = await _run(request, app, asked, plain, choice, dataset)
    except Refusal as refused:
        if refused.code != "query-syntax" or text == plain:
            raise
        reply = await _run(request, app, asked, text, choice, dataset)  # for line and column in the text as it was sent
    media: str = reply.meta["media"]
    headers = _headers(media, _etag(app, key, media))
    if reply.meta["cut"]:
        headers.append(("campuskg-truncated", reply.meta["cut"]))
    response = Response(200, headers, reply.body, keep=True)
    app.keep(key, response, len(text))
    return response


def _inspected(text: str, app: App) -> tuple[str, bool | None]:
    """Return *text* without comments and whether it names its dataset; raises QueryRefused.

    A long text is left as it is, and to the worker: this is the event loop.
    """
    if len(text) > app.guard.characters:
        raise Refusal(413, "query-too-long", limit=app.limits.query_text)
    if len(text) >= _SHORT:
        return text, None
    found = inspect(text, app.guard)
    if found.form == "UPDATE":
        raise QueryRefused("query-update")
    return found.text, found.dataset


async def _run(request: Request, app: App, asked: Asked, text: str, choice: Choice, dataset: bool | None) -> "Reply":  # noqa: FBT001
    """Have a worker answer *text*; the normalised one, so that the workers know a heavy query again by whatever comment."""
    return await app.run(
        "sparql",
        request,
        lane="fast",
        timeout=min(asked.timeout or app.limits.timeout, app.limits.timeout),
        query=text,
        dataset=dataset,
        default=asked.default_graphs,
        named=asked.named_graphs,
        media=choice._asdict(),
        bytes=app.limits.answer * MIB,
        rows=app.limits.rows,
        truncate=asked.truncate,
    )


def _already_known(request: Request, app: App, key: object, choice: Choice) -> Response | None:
    """Return a 304 when the client holds this very answer: its ETag says so without running the query again."""
    held = request.headers.get("if-none-match", "")
    for media in dict.fromkeys(choice) if held else ():
        etag = "" if media is None else _etag(app, key, media)
        for form in (etag, with_suffix(etag)) if etag else ():
            if form in held:
                return Response(200, _headers(media or "", form)).not_modified()
    return None


def _etag(app: App, key: object, media: str) -> str:
    """Return the ETag of an answer: it depends on the data, the query, the dataset, the form, and on who wrote it."""
    parts = (app.digest, app.base, __version__, repr(key), media)
    return f'"{sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def _headers(media: str, etag: str) -> list[tuple[str, str]]:
    return [
        ("content-type", with_charset(media)),
        ("etag", etag),
        ("vary", "Accept, Accept-Encoding"),
        ("cache-control", "public, max-age=0, must-revalidate"),
    ]


ROUTES: Final = (Route(("GET", "POST"), PATH, endpoint), Route(("GET", "POST"), f"{PATH}/", endpoint))
