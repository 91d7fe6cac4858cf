"""Published resources inside the workers: what a path is, its document as RDF, its links, the dumps, the site map."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from campuskg.content import BASE_IRI
from campuskg.publish.citation import citation_file
from campuskg.publish.dumps import MEDIA, sums
from campuskg.publish.published import Earlier, Published, names_of
from campuskg.publish.rdf_forms import RDF_FORMS, written
from campuskg.server.problem import Refusal
from campuskg.server.signposting import Signs, data_links, header, links_of, linkset, page_path
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

PIECE: Final = 512 * 1024
"""Bytes of a dump that one task hands over: below every limit on answers."""
_PUBLISHED: dict[tuple[str, str], Published] = {}
_SHOWN: Final = 200


def published_of(context: "Context") -> Published:
    """Return what *context* publishes, made once; Refusal (404) where a plain RDF file is served."""
    if context.release is None:
        raise Refusal(404, "resource-no-release")
    key = (context.digest, context.base)
    if key not in _PUBLISHED:
        _PUBLISHED[key] = (Earlier if context.earlier else Published)(context.release, context.base)
    return _PUBLISHED[key]


def signs_of(published: Published, path: str) -> Signs:
    """Return what Signposting says of the document at *path*."""
    if path in ("dataset", published.version):
        offered = {dump.name: MEDIA[dump.name] for dump in published.dumps}
        files = [(f"{published.base}/dumps/{name}", media.partition(";")[0]) for name, media in offered.items()]
        return Signs(path, published.classes(path), files, [f"{BASE_IRI}catalogue"])
    if path == "catalogue":
        return Signs(path, published.classes(path), [(f"{BASE_IRI}dataset", "")])
    members = [(iri, "") for iri in published.members(path)]
    parent = path.rpartition("/")[0]
    above = BASE_IRI + (parent if path.startswith("scheme/") and parent != "scheme" else "dataset")
    return Signs(path, published.classes(path), members, [above])


def found(published: Published, path: str) -> Signs:
    """Return the signs of *path*; Refusal (404, 410) that names what replaces it, or near names."""
    state = published.state(path)
    if state == "found":
        return signs_of(published, path)
    if state == "unknown":
        near = names_of(published.near(path))
        raise Refusal(404, "resource-near" if near else "resource-unknown", path=path[:_SHOWN], known=near)
    gone = published.gone(path)
    if not gone.replaced_by:
        raise Refusal(410, "resource-gone", path=path, on=gone.on, why=dict(gone.why))
    other = BASE_IRI + gone.replaced_by
    link = {"link": f'<{other}>; rel="successor-version"'}
    raise Refusal(410, "resource-replaced", link, path=path, on=gone.on, why=dict(gone.why), other=other)


def about_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Say that the resource ``path`` is there, with its links as a header."""
    published = published_of(context)
    signs = found(published, task["path"])
    return Reply({"link": header(links_of(signs, context.base), signs, context.base)}, b"")


def data_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Write the document at ``path`` in the form ``form``."""
    published = published_of(context)
    signs = found(published, task["path"])
    body = written(published.triples(signs.path), task["form"])
    return Reply({"link": header(data_links(signs, context.base), signs, context.base)}, body)


def linkset_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Write all links of the resource ``path``."""
    return Reply({}, linkset(found(published_of(context), task["path"]), context.base))


def dumps_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return name, size and digest of every dump, and the file that checks them."""
    del task
    dumps = published_of(context).dumps
    known = {dump.name: [dump.size, dump.sha256] for dump in dumps}
    return Reply({"dumps": known}, sums(dumps).encode())


def piece_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return one piece of the dump ``name`` that is made from the release."""
    body = published_of(context).files[task["name"]]
    start = int(task["start"])
    return Reply({"size": len(body)}, body[start : start + PIECE])


def sitemap_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Write the site map (https://www.sitemaps.org/protocol.html), each page with its two languages."""
    del task
    published = published_of(context)
    entries = []
    for path in published.listed():
        address = escape(context.base + page_path(path))
        other = "".join(f'<xhtml:link rel="alternate" hreflang="{lang}" href="{address}?lang={lang}"/>' for lang in ("fr", "en"))
        entries.append(f"<url><loc>{address}</loc><lastmod>{published.date}</lastmod>{other}</url>\n")
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return Reply({}, f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {spaces}>\n{"".join(entries)}</urlset>\n'.encode())


def warm(context: "Context") -> None:
    """Make ready what every resource needs; load every writer."""
    if context.release is None:
        return
    published = published_of(context)
    for form in RDF_FORMS:
        written(published.triples("query/parameter"), form)


def warm_dataset(context: "Context") -> None:
    """Make the dumps and count the dataset: seconds of work that would be lost with the worker that did it."""
    if context.release is not None:
        published_of(context).metadata.metadata()


def citation_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Write how to cite the release."""
    del task
    return Reply({}, citation_file(published_of(context), context.base))


TASKS: "Final[Mapping[str, Task]]" = {
    "resource-about": about_task,
    "resource-data": data_task,
    "resource-linkset": linkset_task,
    "dumps": dumps_task,
    "dump-piece": piece_task,
    "sitemap": sitemap_task,
    "citation": citation_task,
}
