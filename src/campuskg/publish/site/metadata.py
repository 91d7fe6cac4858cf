"""What harvesters, search engines and people who cite read first: site map, robots, citation file, VoID."""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from campuskg.publish.citation import citation_file
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import written
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.rules import place

_OWN: Final = ("queries.html", "sparql.html", "search.html", "accessibility.html")
_SPACES: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def metadata(published: Published, site: Site, questions: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files at the root of the site."""
    pages = ["index.html", *_OWN, *sorted(f"queries/{name}.html" for name in questions)]
    pages += [where.page for path in published.listed() if (where := place(path)) is not None]
    yield "sitemap.xml", _sitemap(site, published.date, pages)
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {site.base}/sitemap.xml\n".encode()
    yield "CITATION.cff", citation_file(published, site.base)
    yield ".well-known/void", written(published.triples(published.version), "ttl")
    yield ".nojekyll", b""  # hosts that run Jekyll leave out what begins with a dot


def _sitemap(site: Site, date: str, pages: Iterable[str]) -> bytes:
    """Return the site map (https://www.sitemaps.org/protocol.html): each page in both languages, each naming the other."""
    entries = []
    for page in dict.fromkeys(pages):
        known = {lang: escape(f"{site.base}/{lang}/{page}") for lang in ("fr", "en")}
        other = "".join(f'<xhtml:link rel="alternate" hreflang="{lang}" href="{at}"/>' for lang, at in known.items())
        entries += [f"<url><loc>{at}</loc><lastmod>{date}</lastmod>{other}</url>\n" for at in known.values()]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SPACES}>\n{"".join(entries)}</urlset>\n'.encode()
