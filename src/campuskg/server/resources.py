"""The addresses of what we publish: 303 from a thing to its page or its data, documents in each form, links, site map.

"Cool URIs for the Semantic Web" (https://www.w3.org/TR/cooluris/), section 4.2: a thing is no document, so its address sends on.
"""

from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from campuskg import __version__
from campuskg.content import BASE_IRI
from campuskg.ontology import load_terms
from campuskg.publish.rdf_forms import EXTENSION, RDF_FORMS, split
from campuskg.server import dumps, pages
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.negotiation import HTML, choose, with_charset
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.resource_tasks import TASKS, warm, warm_dataset
from campuskg.server.response import HTML as HTML_UTF8
from campuskg.server.response import Response, redirect
from campuskg.server.routes import Route
from campuskg.server.signposting import LINKSET, page_path

__all__ = ["ROUTES", "TASKS", "warm", "warm_dataset"]

_RDF: Final = tuple(EXTENSION)
_OFFERED: Final = (*_RDF, HTML)
_LOADING: Final = 60.0
"""Seconds for what is made once: counts of the whole dataset, its dumps, the site map."""
_VERSION: Final = 16
"""Digits of its digest by which a release is named as a dataset."""
_CFF: Final = "application/yaml"
"""The media type of YAML (RFC 9512)."""
_HTML: Final = "html"
_EXTENSIONS: Final = (*RDF_FORMS, _HTML)
"""The extensions that ask for one form of a thing."""
_WITH_GRAPHS: Final = ("nq", "trig")
"""Forms that only the whole dataset has: it alone has named graphs."""


async def front(request: Request, app: App) -> Response:
    """GET /: the home page; the metadata for who asks for RDF."""
    media = choose(request.accept, (HTML, *_RDF))
    if media is not None and media in EXTENSION and app.release is not None:
        return see(app, f"/data/catalogue.{EXTENSION[media]}")
    return await pages.home(request, app)


async def thing(request: Request, app: App) -> Response:
    """GET /id/…, /scheme/…, /graph/…, /query/…: 303 to the page or to the data, by the extension, else by the Accept header."""
    only(request, "lang")
    path, form = split(request.path[1:], _EXTENSIONS)
    if form:
        return see(app, _page_in(request, path) if form == _HTML else f"/data/{path}.{form}")
    media = _chosen(request)
    key = ("thing", path, media, request.get("lang"))
    kept = app.answers.get(key)
    if kept is not None:
        return kept
    if media == HTML:
        try:
            reply = await app.run("resource-about", request, path=path)
        except Refusal as refused:
            return await missing(request, app, path, refused)
        location = _page_in(request, path)
    else:
        reply = await app.run("resource-about", request, path=path)
        location = f"/data/{path}.{EXTENSION[media]}"
    response = see(app, location)
    response.headers += [("link", reply.meta["link"]), ("cache-control", "public, max-age=0, must-revalidate")]
    app.keep(key, response, len(path))
    return response


def _page_in(request: Request, path: str) -> str:
    """Return where the page about *path* is, in the language that the address asks for, if any."""
    lang = request.get("lang")
    return page_path(path) + (f"?lang={lang}" if lang else "")


async def data(request: Request, app: App) -> Response:
    """GET /data/…: the document of a resource; its form by the extension, else by the Accept header."""
    only(request, "lang")
    path, form = split(request.params["path"], (*RDF_FORMS, *_WITH_GRAPHS))
    if form in _WITH_GRAPHS:
        if path != "dataset":
            known = ", ".join(f".{name}" for name in RDF_FORMS)
            raise Refusal(404, "resource-form", path=path[:200], form=form, known=known)
        return see(app, f"/dumps/dataset.{form}")
    return await _document(request, app, path, form)


async def document(request: Request, app: App) -> Response:
    """GET /ontology…, /dataset…, /catalogue: documents that are their own description, as a page or as RDF."""
    path, form = split(request.path[1:])
    page = not form and _chosen(request) == HTML
    kind = _kind_of_term(path)
    if kind:  # the addresses of terms have a hash: this is a term as people write it by hand
        return see(app, f"/ontology/{kind}/{path.rpartition('/')[2]}" if page else f"/ontology{form and '.'}{form}")
    if page:
        return await described(request, app, path)
    only(request, "lang")
    return await _document(request, app, path, form)


def _kind_of_term(path: str) -> str:
    """Return whether *path* is that of a ``class`` or a ``property`` written with a slash; nothing when it is neither."""
    iri, terms = BASE_IRI + path.replace("ontology/", "ontology#", 1), load_terms()
    return "class" if iri in terms.classes else "property" if iri in terms.properties else ""


async def page(request: Request, app: App) -> Response:
    """GET /page/…: the page about a resource."""
    path, _ = split(request.params["path"], (_HTML,))
    if page_path(path) != request.path:
        return see(app, _page_in(request, path))
    return await described(request, app, path)


async def data_index(request: Request, app: App) -> Response:  # noqa: ARG001  every handler has this signature
    """GET /data: where the data are told of."""
    return see(app, "/catalogue")


async def described(request: Request, app: App, path: str) -> Response:
    """Return the page about *path*; a page too when there is none."""
    hook = app.hooks.get("ontology") if path.startswith("ontology") else None
    if hook is not None:
        return await hook(request, app)
    only(request, "lang", "section", "from")
    try:
        return await html(request, app, "resource-page", path=path, release=_kept(app, path))
    except Refusal as refused:
        return await missing(request, app, path, refused)


def _kept(app: App, path: str) -> str:
    """Return the digest of the earlier release that *path* names as a dataset; nothing when none that is kept is meant."""
    name = path.removeprefix("dataset/") if path.startswith("dataset/") else ""
    return next((digest for digest in sorted(app.kept) if name and digest[:_VERSION] == name), "")


async def missing(request: Request, app: App, path: str, refused: Refusal) -> Response:
    """Return the page of what is not there: what replaced it, or the nearest names."""
    if refused.code not in ("resource-unknown", "resource-near", "resource-gone", "resource-replaced"):
        raise refused
    response = await html(request, app, "page-missing", path=path[:200])
    headers = [*response.headers, *refused.headers.items(), ("cache-control", "no-store")]
    return Response(refused.status, headers, response.body)


async def html(request: Request, app: App, task: str, **args: object) -> Response:
    """Return the page that *task* makes; the language chosen by ``?lang=`` is remembered."""
    frame = {"lang": request.lang, "path": request.path, "query": list(request.query)}
    reply = await app.run(task, request, lane="page", timeout=_LOADING, frame=frame, **args)
    headers = [
        ("content-type", HTML_UTF8),
        ("content-language", request.lang),
        ("vary", "Accept, Accept-Language, Cookie"),
        ("etag", _etag(app, request, f"{HTML} {request.lang}", sorted(request.query))),
    ]
    if "link" in reply.meta:
        headers.append(("link", reply.meta["link"]))
    headers += request.remembered
    return Response(200, headers, reply.body, keep=True)


async def _document(request: Request, app: App, path: str, form: str) -> Response:
    if not form:
        media = choose(request.accept, _RDF)
        if media is None:
            raise _not_acceptable(_RDF)
        form = EXTENSION[media]
    media = RDF_FORMS[form].media_type
    reply = await app.run("resource-data", request, timeout=_LOADING, path=path, form=form, release=_kept(app, path))
    headers = [
        ("content-type", with_charset(media)),
        ("content-location", f"{_root(app)}/data/{path}.{form}"),
        ("vary", "Accept"),
        ("etag", _etag(app, request, media, [])),
        ("link", reply.meta["link"]),
    ]
    return Response(200, headers, reply.body, keep=True)


async def links(request: Request, app: App) -> Response:
    """GET /linkset/…: all typed links about a resource (RFC 9264)."""
    only(request)
    path = request.params["path"]
    reply = await app.run("resource-linkset", request, timeout=_LOADING, path=path, release=_kept(app, path))
    profile = ("link", '<https://signposting.org/FAIR/>; rel="profile"')
    return Response(200, [("content-type", LINKSET), ("etag", _etag(app, request, LINKSET, [])), profile], reply.body, keep=True)


async def well_known(request: Request, app: App) -> Response:  # noqa: ARG001
    """GET /.well-known/void: 303 to the description of the dataset (VoID, section 6.2; RFC 5785)."""
    return see(app, f"/dataset/{app.digest[:16]}")


async def sitemap(request: Request, app: App) -> Response:
    """GET /sitemap.xml: the pages that search engines should know."""
    reply = await app.run("sitemap", request, timeout=_LOADING)
    return Response(
        200, [("content-type", "application/xml"), ("etag", _etag(app, request, "sitemap", []))], reply.body, keep=True
    )


async def robots(request: Request, app: App) -> Response:  # noqa: ARG001
    """GET /robots.txt: everything may be read; what is computed for each visitor need not be (RFC 9309)."""
    text = f"User-agent: *\nDisallow: /sparql\nDisallow: /ask\nDisallow: /search\nAllow: /\n\nSitemap: {app.base}/sitemap.xml\n"
    return Response(200, [("content-type", "text/plain; charset=utf-8")], text.encode(), keep=True)


async def citation(request: Request, app: App) -> Response:
    """GET /CITATION.cff: how to cite this release (Citation File Format 1.2.0)."""
    reply = await app.run("citation", request)
    return Response(200, [("content-type", _CFF), ("etag", _etag(app, request, _CFF, []))], reply.body, keep=True)


def _chosen(request: Request) -> str:
    media = choose(request.accept, _OFFERED)
    if media is None:
        raise _not_acceptable(_OFFERED)
    return media


def _not_acceptable(offered: tuple[str, ...]) -> Refusal:
    return Refusal(406, "request-accept", known=", ".join(offered))


def _root(app: App) -> str:
    """Return where the site begins on its host: empty, or a path such as ``/kg``."""
    return urlsplit(app.base).path.rstrip("/")


def see(app: App, location: str) -> Response:
    """Send on to a path of ours, below the root of the public address."""
    response = redirect(_root(app) + location)
    response.headers.append(("vary", "Accept"))
    return response


def _etag(app: App, request: Request, media: str, state: list[tuple[str, str]]) -> str:
    """Return the ETag of a representation: by release, program, address, form."""
    parts = (app.digest, app.base, __version__, BASE_IRI, request.path, media, repr(state))
    return f'"{sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


ROUTES: Final = (
    Route(("GET",), "/", front),
    Route(("GET",), "/id/{path:path}", thing),
    Route(("GET",), "/scheme/{path:path}", thing),
    Route(("GET",), "/graph/{path:path}", thing),
    Route(("GET",), "/query/{path:path}", thing),
    Route(("GET",), "/page/{path:path}", page),
    Route(("GET",), "/data", data_index),
    Route(("GET",), "/data/{path:path}", data),
    Route(("GET",), "/ontology", document),
    Route(("GET",), "/ontology.{form}", document),
    Route(("GET",), "/ontology/{path:path}", document),
    Route(("GET",), "/dataset", document),
    Route(("GET",), "/dataset.{form}", document),
    Route(("GET",), "/dataset/{path:path}", document),
    Route(("GET",), "/catalogue", document),
    Route(("GET",), "/catalogue.{form}", document),
    Route(("GET",), "/linkset/{path:path}", links),
    Route(("GET",), "/.well-known/void", well_known),
    Route(("GET",), "/sitemap.xml", sitemap),
    Route(("GET",), "/robots.txt", robots),
    Route(("GET",), "/CITATION.cff", citation),
    *dumps.ROUTES,
)
