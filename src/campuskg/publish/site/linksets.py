"""Signposting of a static site (https://signposting.org/FAIR/): the links in the head of a page, and link sets (RFC 9264)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from campuskg.content import BASE_IRI
from campuskg.publish.answers import licence_of
from campuskg.publish.dumps import MEDIA
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.rules import Place, place

LINKSET: Final = "application/linkset+json"
_ABOUT: Final = "https://schema.org/AboutPage"
_HOLDS: Final = "https://schema.org/CollectionPage"
_DATASET: Final = f"{BASE_IRI}dataset"
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Without indentation, which would take six times as long."""


class Link(NamedTuple):
    """One typed link."""

    rel: str
    href: str
    type: str = ""


def head(path: str, file: str, published: Published, site: Site) -> Iterator[str]:
    """Yield the links of the page of *path*, which is *file*, for its head; those of what it holds stand only in the link set.

    Files are named as that page names them, what the thing is and is called by its IRIs: these say the same wherever it stands.
    """
    where, root = place(path), "../" * file.count("/")
    if where is None:
        return
    yield f'<link rel="cite-as" href="{escape(BASE_IRI + path)}">'
    for known in map(RDF_FORMS.__getitem__, site.forms):
        data = f"{root}data/{where.document}.{known.extension}"
        yield f'<link rel="describedby alternate" type="{known.media_type}" href="{data}" title="{known.label}">'
    for link in _kinds(path, published.classes(path)):
        yield f'<link rel="{link.rel}" href="{escape(link.href)}">'
    if site.linksets:
        yield f'<link rel="linkset" type="{LINKSET}" href="{root}linkset/{where.document}.json">'


def linkset(document: str, paths: Sequence[str], published: Published, site: Site) -> tuple[str, bytes]:
    """Return name and bytes of the link set of *document*, which answers for *paths*: one, or the members of a group."""
    path = paths[0]
    where = place(path)
    assert where is not None, path  # noqa: S101  the paths are our own
    root = f"{site.base}/"
    if path == document:
        items, above, types = _items(path, published, site), _above(path, published), published.classes(path)
        links = [*_page_links(path, where, items, types, site, root), *above]
        data = [Link("cite-as", BASE_IRI + path), *_data_links(where, root), *above]
    else:
        items = [Link("item", BASE_IRI + one) for one in paths]
        links = [link for link in _page_links(path, where, items, [], site, root) if link.rel != "cite-as"]
        data = _data_links(where, root)
    pages = _contexts([f"{root}{lang}/{where.page}" for lang in ("fr", "en")], links)
    forms = _contexts([f"{root}data/{document}.{form}" for form in site.forms], data)
    return f"linkset/{document}.json", f'{{"linkset":[{",".join([*pages, *forms])}]}}'.encode()


def _page_links(path: str, where: Place, items: Sequence[Link], types: Sequence[str], site: Site, root: str) -> Iterator[Link]:
    yield Link("cite-as", BASE_IRI + path)
    for form in site.forms:
        yield Link("describedby", f"{root}data/{where.document}.{form}", RDF_FORMS[form].media_type)
    yield from _kinds(path, types)
    yield from items


def _kinds(path: str, types: Sequence[str]) -> Iterator[Link]:
    """Yield the licence of what is at *path* and what kind of thing and of page it is."""
    yield Link("license", licence_of(path))
    yield from (Link("type", iri) for iri in (*types, _ABOUT if types else _HOLDS))


def _data_links(where: Place, root: str) -> list[Link]:
    return [Link("describes", f"{root}fr/{where.page}", "text/html"), Link("license", licence_of(where.document))]


def _items(path: str, published: Published, site: Site) -> list[Link]:
    """Return what *path* holds: the dumps of the dataset, the dataset of the catalogue, the codes of a list."""
    if path in ("dataset", published.version):
        return [Link("item", f"{site.base}/dumps/{name}", media.partition(";")[0]) for name, media in MEDIA.items()]
    if path == "catalogue":
        return [Link("item", _DATASET)]
    return [Link("item", iri) for iri in published.members(path)]


def _above(path: str, published: Published) -> list[Link]:
    """Return what *path* belongs to."""
    if path == "catalogue":
        return []
    if path in ("dataset", published.version):
        return [Link("collection", f"{BASE_IRI}catalogue")]
    parent = path.rpartition("/")[0]
    return [Link("collection", BASE_IRI + parent if path.startswith("scheme/") and parent != "scheme" else _DATASET)]


def _contexts(anchors: Iterable[str], links: Iterable[Link]) -> Iterator[str]:
    """Yield the same *links* from each of *anchors* as JSON: written once, there are tens of thousands of them."""
    found: dict[str, list[dict[str, str]]] = {}
    for link in links:
        found.setdefault(link.rel, []).append({"href": link.href, **({"type": link.type} if link.type else {})})
    text = _JSON.encode(found)
    yield from (f'{{"anchor":{_JSON.encode(anchor)},{text[1:]}' for anchor in anchors)
