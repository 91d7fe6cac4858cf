"""Signposting (https://signposting.org/FAIR/): typed links in the headers, and the same as a link set (RFC 9264)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from campuskg.content import BASE_IRI
from campuskg.publish.answers import licence_of
from campuskg.publish.rdf_forms import RDF_FORMS

LINKSET: Final = "application/linkset+json"
_MOST_ITEMS: Final = 20
"""Longer lists of items stand only in the link set, which the headers name."""


class Link(NamedTuple):
    """One typed link."""

    rel: str
    href: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a resource: where its document is, what it is, what it belongs to and holds."""

    path: str
    types: Sequence[str] = ()
    items: Sequence[tuple[str, str]] = ()
    """What it holds: address and media type (or nothing)."""
    collections: Sequence[str] = ()
    replaced_by: str = ""


def page_path(path: str) -> str:
    """Return where the page of the document *path* is.

    >>> page_path("id/campus/msi"), page_path("ontology"), page_path("query/campuses")
    ('/page/id/campus/msi', '/ontology', '/queries/campuses')
    """
    if path.startswith("query/"):
        return f"/queries/{path.removeprefix('query/')}" if path != "query/parameter" else "/queries"
    own = path.partition("/")[0] in ("ontology", "dataset", "catalogue") or not path
    return f"/{path}" if own else f"/page/{path}"


def links_of(signs: Signs, base: str) -> list[Link]:
    """Return the links of the landing page of a resource, at the address *base*."""
    found = [Link("cite-as", BASE_IRI + signs.path)]
    found += [Link("describedby", f"{base}/data/{signs.path}.{form.extension}", form.media_type) for form in RDF_FORMS.values()]
    found.append(Link("license", licence_of(signs.path)))
    found += [Link("type", iri) for iri in (*signs.types, "https://schema.org/AboutPage")]
    found += [Link("item", href, media) for href, media in signs.items]
    found += [Link("collection", href) for href in signs.collections]
    if signs.replaced_by:
        found.append(Link("successor-version", signs.replaced_by))
    return found


def data_links(signs: Signs, base: str) -> list[Link]:
    """Return the links of a document that describes a resource."""
    return [
        Link("cite-as", BASE_IRI + signs.path),
        Link("describes", base + page_path(signs.path), "text/html"),
        Link("license", licence_of(signs.path)),
        Link("collection", f"{BASE_IRI}dataset"),
    ]


def header(links: Iterable[Link], signs: Signs, base: str) -> str:
    """Return *links* as a Link header (RFC 8288), with the address of the whole link set."""
    known = list(links)
    many = sum(link.rel == "item" for link in known) > _MOST_ITEMS
    shown = [link for link in known if not (many and link.rel == "item")]
    shown.append(Link("linkset", f"{base}/linkset/{signs.path}", LINKSET))
    return ", ".join(_written(link) for link in shown)


def _written(link: Link) -> str:
    kind = f'; type="{link.type}"' if link.type else ""
    return f'<{link.href}>; rel="{link.rel}"{kind}'


def linkset(signs: Signs, base: str) -> bytes:
    """Return all links about a resource as a link set (RFC 9264, section 4.2)."""
    page = base + page_path(signs.path)
    contexts = [_context(page, links_of(signs, base))]
    data = data_links(signs, base)
    contexts += [_context(f"{base}/data/{signs.path}.{form.extension}", data) for form in RDF_FORMS.values()]
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1).encode()


def _context(anchor: str, links: Iterable[Link]) -> dict[str, object]:
    found: dict[str, object] = {"anchor": anchor}
    for link in links:
        targets = found.setdefault(link.rel, [])
        assert isinstance(targets, list)  # noqa: S101  only the anchor is no list
        targets.append({"href": link.href, **({"type": link.type} if link.type else {})})
    return found
