"""A published release as files for any static host: the pages of the server, the data, the search, SPARQL in the browser."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from campuskg.errors import Text
from campuskg.publish.pages import static_files
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.site import files, rules, work
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.browser import engine_files
from campuskg.publish.site.builder import Answers, Builder, File, Piece
from campuskg.publish.site.leads import Leads, chunks
from campuskg.publish.site.paths import heavy, paths
from campuskg.queries import catalogue

Progress = Callable[[Text, int, int], None]
"""Told what is being made, how many pieces of it are done, and how many there are."""
_OWN: Final = ("/", "/queries", "/sparql", "/accessibility", "/dossier")
"""Pages of which those that are not linked from a thing are found."""
LINKSETS: Final = "linkset"
"""Among the forms of a site: the link set of each document."""
_MAKING: Final = Text("Pages et données", "Pages and data")


def publish_site(  # noqa: PLR0913  options, by keyword
    published: Published,
    answers: Answers,
    out: Path,
    *,
    forms: Sequence[str] = (*RDF_FORMS, LINKSETS),
    jobs: int = 0,
    origin: str = "",
    progress: Progress = lambda *_: None,
) -> files.Counted:
    """Make *out* the site of what is *published*, its pages from the server's *answers*; return what had to be written.

    *origin* is noted in the manifest: a run that would be of the same origin need not be made.

    Raises UsageProblem when *out* holds files that no earlier run made, MissingInput when the disk refuses or the scripts of
    the pages are not built. A finished site is then what it was: what changes is put in place at the end, all at once.
    """
    site = Site(published.base, tuple(form for form in forms if form != LINKSETS), LINKSETS in forms)
    known = files.opened(out)
    here = files.Folder(out, known, waiting=files.begun(out))
    try:
        with work.uncollected():
            every = paths(published)
            groups = rules.grouped(every)
            builder = Builder(published, answers, site, every, groups)
        for name, body in _assets():  # first: the pages were told their names
            here.put(name, body)
        _worked(deque(pieces(every, groups)), builder, here, jobs or work.cores(), progress)
        done = files.finished(here, known, origin)
    except BaseException:
        files.given_up(out)
        raise
    done.lost = tuple(sorted(set(here.lost)))
    return done


def _worked(pieces: deque[Piece], builder: Builder, here: files.Folder, jobs: int, progress: Progress) -> None:
    """Do *pieces* and what they lead to, and note in *here* what was made."""

    def do(piece: Piece) -> tuple[files.Folder, dict[str, str]]:
        folder = files.Folder(here.path, here.known, waiting=here.waiting)
        for name, body in builder.make(piece):
            folder.put(name, body)
        folder.known, folder.lost = {}, builder.lost()  # what was known need not travel back
        return folder, builder.led()

    leads, count = Leads(builder.planned(pieces)), len(pieces)
    for number, (folder, found) in enumerate(work.done(do, pieces, jobs), 1):
        here.made |= folder.made
        here.written += folder.written
        here.lost += folder.lost
        more = leads.more(found, here.made, last=number == count)
        pieces.extendleft(more)  # at once: views and dossiers are what takes longest
        count += len(more)
        progress(_MAKING, number, count)


def pieces(every: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[Piece]:
    """Yield the work in pieces: first what leads to more and what takes long."""
    members = {path for found in groups.values() for path in found}
    alone = [path for path in every if path not in members and not heavy(path)]
    yield Piece("once", _OWN)
    yield Piece("whole", tuple(path for path in every if heavy(path)))
    yield from (Piece("answers", (name,)) for name in catalogue())
    things = [path for path in alone if not path.startswith("query/")]
    yield from (Piece("pages", tuple(_page_address(path) for path in some)) for some in chunks(things))
    yield from (Piece("data", some) for some in chunks([*alone, *groups]))
    yield from (Piece("groups", some) for some in chunks(list(groups)))


def _page_address(path: str) -> str:
    return f"/{path}" if path.startswith("ontology") else f"/page/{path}"


def _assets() -> Iterator[File]:
    for name, (_, path) in static_files().items():
        yield f"static/{name}", path.read_bytes()
    yield from ((f"static/{path.name}", path.read_bytes()) for path in engine_files())
