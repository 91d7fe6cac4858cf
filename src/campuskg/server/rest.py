"""The catalogue as a REST interface: an index, one address a query, and addresses that name a release for citation.

Nothing is worked out here: the workers read the values, run the query and write the answer (``server.answering``).
"""

from hashlib import sha256
from typing import Final

from campuskg import __version__
from campuskg.server.answering import MEDIA, MOST_ROWS, RESERVED
from campuskg.server.app import App
from campuskg.server.asked import flag, only
from campuskg.server.negotiation import prefers_html
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.response import JSON, Response
from campuskg.server.routes import Route

_SHORTEST_DIGEST: Final = 12
_FILES: Final = ("csv", "xlsx", "ttl", "md", "rq")
"""Forms that browsers had better save."""


async def index(request: Request, app: App) -> Response:
    """GET /queries: the catalogue as JSON, or as a page for who prefers one."""
    page = app.hooks.get("queries")
    if page is not None and not request.path.endswith(".json") and prefers_html(request.accept, (JSON,)):
        return await page(request, app)
    only(request, "lang")
    reply = await app.run("catalogue", request)
    return Response(200, [("content-type", JSON), ("etag", etag(app, request, JSON)), ("vary", "Accept")], reply.body, keep=True)


async def query(request: Request, app: App) -> Response:
    """GET /queries/{name}: one answer, in the form that the extension or the Accept header asks for."""
    name, _, form = request.params["name"].partition(".")
    page = app.hooks.get("query")
    if page is not None and not form and prefers_html(request.accept, tuple(MEDIA)):
        return await page(request, app)
    return await _answer(request, app, name, form)


async def _answer(request: Request, app: App, name: str, form: str, release: str = "") -> Response:
    given = [(key, value) for key, value in request.query if key not in RESERVED]
    own = dict.fromkeys(key for key, _ in given)
    only(request, *RESERVED, *own, many=tuple(own))
    reply = await app.run(
        "query", request, name=name, form=form, accept=request.accept, given=given, lang=request.lang,
        evidence=flag(request, "evidence"),
        release=release,
    )  # fmt: skip
    media: str = reply.meta["media"]
    headers = [
        ("content-type", media),
        ("etag", etag(app, request, media)),
        ("vary", "Accept, Accept-Language, Cookie"),
        ("content-language", request.lang),
        ("link", f'<{reply.meta["permalink"]}>; rel="cite-as", </openapi.json>; rel="service-desc"'),
    ]
    file: str = reply.meta["file"]
    if file.rpartition(".")[2] in _FILES and form:
        headers.append(("content-disposition", f'attachment; filename="{file}"'))
    if reply.meta["truncated"]:
        headers.append(("campuskg-truncated", f"rows={MOST_ROWS}"))
    return Response(200, headers, reply.body, keep=True)


async def of_release(request: Request, app: App) -> Response:
    """GET /r/{digest}/queries/{name}: the answer of that release and of no other."""
    digest = request.params["digest"].lower()
    if len(digest) < _SHORTEST_DIGEST or not set(digest) <= set("0123456789abcdef"):
        raise Refusal(404, "release-digest", digest=digest[:64], shortest=_SHORTEST_DIGEST)
    if app.digest.startswith(digest):
        return await query(request, app)
    kept = next((known for known in sorted(app.kept) if known.startswith(digest)), None)
    if kept is None:
        current = f"{app.base}/queries/{request.params['name']}"
        link = {"link": f'<{current}>; rel="latest-version"'}
        raise Refusal(404, "release-not-kept", link, digest=digest[:64], served=app.digest, current=current)
    name, _, form = request.params["name"].partition(".")
    return await _answer(request, app, name, form, release=kept)


async def release_index(request: Request, app: App) -> Response:
    """GET /r/{digest}/queries: the catalogue, where that release is the one served."""
    request.params = {**request.params, "name": ""}
    digest = request.params["digest"].lower()
    if len(digest) < _SHORTEST_DIGEST or not app.digest.startswith(digest):
        current = f"{app.base}/queries"
        raise Refusal(404, "release-not-kept", digest=digest[:64], served=app.digest, current=current)
    return await index(request, app)


def etag(app: App, request: Request, media: str) -> str:
    """Return the ETag of an answer: it depends on the data, the address, the language, the form, and on who wrote it."""
    asked = repr((request.path, sorted(request.query), request.lang))
    parts = (app.digest, app.base, __version__, asked, media)
    return f'"{sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


ROUTES: Final = (
    Route(("GET",), "/queries", index),
    Route(("GET",), "/queries.json", index),
    Route(("GET",), "/queries/{name}", query),
    Route(("GET",), "/r/{digest}/queries", release_index),
    Route(("GET",), "/r/{digest}/queries/{name}", of_release),
)
