"""A published release as files for any static host: the pages of the server, the data, the search, SPARQL in the browser."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from campuskg.errors import Text
from campuskg.publish.pages import Frame, render, static_files
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.site import files, hosts, rules, work
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.browser import engine_files, graph_file
from campuskg.publish.site.builder import LANGS, Answers, Builder, File, Piece
from campuskg.publish.site.links import localised
from campuskg.publish.site.paths import heavy, paths
from campuskg.publish.site.search_index import search_index
from campuskg.publish.site.words import said
from campuskg.queries import catalogue

Progress = Callable[[Text, int, int], None]
"""Told what is being made, how many pieces of it are done, and how many there are."""
_OWN: Final = ("/", "/queries", "/sparql", "/accessibility")
_AT_ONCE: Final = 24
"""Documents in one piece of the work."""
_MAKING: Final = Text("Pages et données", "Pages and data")


def publish_site(
    published: Published,
    answers: Answers,
    out: Path,
    *,
    forms: Sequence[str] = tuple(RDF_FORMS),
    jobs: int = 0,
    progress: Progress = lambda *_: None,
) -> files.Counted:
    """Make *out* the site of what is *published*, its pages from the server's *answers*; return what had to be written.

    Raises UsageProblem when *out* holds files that no earlier run made, MissingInput when the disk refuses or the scripts of
    the pages are not built.
    """
    site = Site(published.base, tuple(forms))
    known = files.opened(out)
    files.begun(out)
    every = paths(published)
    builder = Builder(published, answers, site, every)
    here = files.Folder(out, known)
    for name, body in _assets():  # first: the pages were told their names
        here.put(name, body)
    elsewhere = {f"{lang}/search.html" for lang in LANGS}
    pieces, seen = list(_pieces(every)), dict[str, str]()
    while pieces:
        led = _worked(pieces, builder, here, jobs or work.cores(), progress)
        there = {*here.made, *elsewhere, *seen}
        new = {file: address for file, address in led.items() if file not in there}
        seen |= new
        pieces = [Piece("pages", some) for some in _chunks(sorted({at for file, at in new.items() if file.endswith(".html")}))]
        data = sorted(f"{file} {at}" for file, at in new.items() if not file.endswith(".html"))
        pieces += [Piece("files", some) for some in _chunks(data)]
    for name, body in _shared(published, answers, site):
        here.put(name, body)
    return files.finished(out, known, here.made, here.written)


def _worked(pieces: Sequence[Piece], builder: Builder, here: files.Folder, jobs: int, progress: Progress) -> dict[str, str]:
    """Do *pieces*, note in *here* what was made, and return the pages that they lead to, file -> address."""

    def do(piece: Piece) -> tuple[dict[str, files.Digest], list[str], dict[str, str]]:
        folder = files.Folder(here.path, here.known)
        for name, body in builder.make(piece):
            folder.put(name, body)
        return folder.made, folder.written, builder.led()

    led: dict[str, str] = {}
    for number, (made, written, found) in enumerate(work.done(do, pieces, jobs), 1):
        here.made |= made
        here.written += written
        led |= found
        progress(_MAKING, number, len(pieces))
    return led


def _pieces(every: Sequence[str]) -> Iterator[Piece]:
    """Yield the work in pieces, the longest first."""
    groups = rules.grouped(every)
    members = {path for found in groups.values() for path in found}
    alone = [path for path in every if path not in members and not heavy(path)]
    yield Piece("whole", tuple(path for path in every if heavy(path)))
    yield from (Piece("answers", (name,)) for name in catalogue())
    things = [path for path in alone if not path.startswith("query/")]
    yield from (Piece("pages", tuple(_page_address(path) for path in some)) for some in _chunks(things))
    yield from (Piece("data", some) for some in _chunks([*alone, *groups]))
    yield from (Piece("groups", some) for some in _chunks(list(groups)))
    yield Piece("pages", _OWN)


def _page_address(path: str) -> str:
    return f"/{path}" if path.startswith("ontology") else f"/page/{path}"


def _chunks(many: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(many), _AT_ONCE):
        yield tuple(many[start : start + _AT_ONCE])


def _shared(published: Published, answers: Answers, site: Site) -> Iterator[File]:
    """Yield what is made once: styles and scripts, the search, the rules for hosts."""
    yield graph_file(published.release)
    yield "search.json", search_index(published.release)
    for lang in LANGS:
        for name in ("queries.json", "completion.json"):
            yield f"{lang}/{name}", answers.body(f"/{name}", lang, "*/*")
    yield from _static_pages(published, answers, site)
    gone = [f"id/{name}" for name in published.release.retired]
    yield ".htaccess", hosts.htaccess(site, gone).encode()
    yield "nginx.conf", hosts.nginx(site, gone).encode()


def _assets() -> Iterator[File]:
    for name, (_, path) in static_files().items():
        yield f"static/{name}", path.read_bytes()
    yield from ((f"static/{path.name}", path.read_bytes()) for path in engine_files())


def _static_pages(published: Published, answers: Answers, site: Site) -> Iterator[File]:
    """Yield the pages that only a static site has: the search, what is missing, what was retired; the entrance."""
    digest = published.release.digest
    yield "index.html", localised(answers.body("/", "fr").decode(), "index.html", "fr", site).html.encode()
    for lang in LANGS:
        file = f"{lang}/search.html"
        html = render("site_search.html", Frame(lang, "/search", (), digest, site.base), s=said(lang), index="/search.json")
        yield file, localised(html, file, lang, site).html.encode()
    texts = [{"lang": lang, "s": said(lang)} for lang in LANGS]
    retired = [(f"id/{name}", published.gone(f"id/{name}")) for name in published.release.retired]
    for file, template in (("404.html", "site_missing.html"), ("410.html", "site_gone.html")):
        frame = Frame("fr", "/", (), digest, site.base)
        rules_text = json.dumps(rules.as_json()).replace("<", "\\u003c")
        html = render(template, frame, s=said("fr"), texts=texts, retired=retired, rules=rules_text)
        yield file, localised(html, file, "fr", site, anywhere=True).html.encode()
