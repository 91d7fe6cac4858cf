"""What a site has once: search index, the graph for the browser, the pages that no server has, the rules for hosts."""

from collections.abc import Iterator
from typing import Final

from campuskg.errors import Lang
from campuskg.publish.pages import Frame, render
from campuskg.publish.published import Published
from campuskg.publish.site import hosts, rules
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.browser import graph_file
from campuskg.publish.site.links import localised
from campuskg.publish.site.search_index import search_index
from campuskg.publish.site.words import said

LANGS: Final[tuple[Lang, ...]] = ("fr", "en")


def once(published: Published, home: bytes, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the site of what is *published* has once; *home* is the home page as the server answers it."""
    yield graph_file(published.release)
    yield "search.json", search_index(published.release)
    yield "index.html", localised(home.decode(), "index.html", "fr", site).html.encode()
    yield from _searches(published, site)
    yield from _missing(published, site)
    gone = [f"id/{name}" for name in published.release.retired]
    yield ".htaccess", hosts.htaccess(site, gone).encode()
    yield "nginx.conf", hosts.nginx(site, gone).encode()


def _searches(published: Published, site: Site) -> Iterator[tuple[str, bytes]]:
    for lang in LANGS:
        file = f"{lang}/search.html"
        frame = Frame(lang, "/search", (), published.release.digest, site.base)
        html = render("site_search.html", frame, s=said(lang), index="/search.json")
        yield file, localised(html, file, lang, site).html.encode()


def _missing(published: Published, site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the pages that hosts show for what is not there and for what was retired, at whatever address."""
    texts = [{"lang": lang, "s": said(lang)} for lang in LANGS]
    retired = [(f"id/{name}", published.gone(f"id/{name}")) for name in published.release.retired]
    for file, template in (("404.html", "site_missing.html"), ("410.html", "site_gone.html")):
        frame = Frame("fr", "/", (), published.release.digest, site.base)
        html = render(template, frame, s=said("fr"), texts=texts, retired=retired, rules=rules.as_json())
        yield file, localised(html, file, "fr", site, anywhere=True).html.encode()
