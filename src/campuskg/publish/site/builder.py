"""What one piece of the work makes: pages, data, answers, dumps; each a name below the site's folder and its bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol
from urllib.parse import parse_qsl, unquote

import pyoxigraph as ox

from campuskg.errors import Lang
from campuskg.publish.dumps import OF_RELEASE, sums
from campuskg.publish.pages import Frame
from campuskg.publish.pages_resource import render_resource
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS, in_order
from campuskg.publish.site.addresses import Site
from campuskg.publish.site.browser import in_browser
from campuskg.publish.site.groups import GroupPages
from campuskg.publish.site.links import localised, localised_data
from campuskg.publish.site.linksets import head, linkset
from campuskg.publish.site.metadata import metadata
from campuskg.publish.site.once import LANGS, once
from campuskg.queries import catalogue

_TABLES: Final = ("json?evidence=1", "csv", "xlsx", "ttl", "md", "rq")
_GRAPHS: Final = ("ttl", "rq")
_EDITOR: Final = "/sparql"
_HOME: Final = "/"
_PAGE: Final = "/page/"
_THINGS: Final = ("id/", "scheme/")
_LISTS: Final = ("queries.json", "completion.json")
"""What the scripts of a site read, besides the index of its search."""

File = tuple[str, bytes]


class Piece(NamedTuple):
    """A piece of the work: what to do (the name of a method of the builder) and of what."""

    kind: str
    of: tuple[str, ...] = ()


class Answers(Protocol):
    """Who answers as the server does."""

    @property
    def corrections(self) -> str:
        """Where readers send corrections, if anywhere."""

    def body(self, address: str, lang: Lang, accept: str = ...) -> bytes:
        """Return the answer to GET *address*; LookupError when there is nothing at that address."""


class Builder:
    """Makes the files of one site; the release and the server's answers are shared by all processes."""

    def __init__(
        self, published: Published, answers: Answers, site: Site, paths: Sequence[str], groups: Mapping[str, Sequence[str]]
    ) -> None:
        """Make the site of what is *published*: *paths* are those of its IRIs, *groups* those that share documents."""
        self._published = published
        self._answers = answers
        self._site = site
        self._paths = frozenset(paths)
        self._grouped = groups
        self._groups = GroupPages(published.release)
        self._homes: dict[Lang, bytes] = {}
        self._led: dict[str, str] = {}
        self._told: set[str] = set()
        self._lost: list[str] = []

    def make(self, piece: Piece) -> Iterator[File]:
        """Yield the files of *piece*."""
        kinds = {
            "pages": self.pages,
            "files": self.files,
            "led": self.led_to,
            "data": self.data,
            "groups": self.groups,
            "answers": self.answers,
            "whole": self.whole,
            "once": self.once,
        }
        yield from kinds[piece.kind](piece.of)

    def pages(self, addresses: Iterable[str]) -> Iterator[File]:
        """Yield the pages at *addresses* of the server in both languages, with the pages of their long sections and proofs."""
        waiting = list(addresses)
        seen = set(waiting)
        while waiting:
            address = waiting.pop()
            plain = f"{address.partition('?')[0]}?"
            for lang in LANGS:
                file, body, led = self._page(address, lang)
                yield file, body
                states = {asked for asked in led.values() if asked.startswith(plain)} - seen
                seen |= states
                waiting += sorted(states)

    def led_to(self, addresses: Iterable[str]) -> Iterator[File]:
        """Yield the pages at *addresses* that links were found to, with their own files; a link that leads nowhere is noted.

        A pair of name and address, with a space between, is a file.
        """
        made: set[str] = set()
        for address in addresses:
            if " " in address:
                if address not in made:
                    yield from self.files([address])
                continue
            known = set(self._led)
            try:
                yield from self.pages([address])
            except LookupError:
                self._lost.append(address)
                continue
            led = {file: at for file, at in self._led.items() if file not in known and is_data(file)}
            own = [f"{file} {at}" for file, at in led.items() if stem(at) == stem(address)]
            made.update(own)
            yield from self.files(own)

    def files(self, pairs: Iterable[str]) -> Iterator[File]:
        """Yield files of data as the server answers: each pair is its name and its address, with a space between."""
        for name, address in (pair.split(" ", 1) for pair in pairs):
            lang: Lang = "en" if name.startswith("en/") else "fr"
            try:
                body = self._answers.body(address, lang, "*/*")
            except LookupError:
                self._lost.append(address)
                continue
            yield name, localised_data(body, name, lang, self._site) if name.endswith(".json") else body

    def _page(self, address: str, lang: Lang) -> tuple[str, bytes, dict[str, str]]:
        """Return the page at *address* in *lang*, its file first, and what it leads to, which is noted too."""
        target = self._site.target(address, lang)
        assert target is not None, address  # noqa: S101  the addresses are our own
        editor = address == _EDITOR
        html = self._thing(address, lang) or self._answer(address, lang).decode()
        if editor:
            html = in_browser(html, self._published.release)
        found = localised(html, target.file, lang, self._site, head=self._head(address, target.file), wasm=editor)
        self._note(found.led)
        return target.file, found.html.encode(), found.led

    def _thing(self, address: str, lang: Lang) -> str:
        """Return the page at *address* when it is about one thing: most are, and they need no server to find it."""
        asked, _, query = address.partition("?")
        path = unquote(asked).removeprefix(_PAGE)
        if not path.startswith(_THINGS) or path not in self._paths or path.removeprefix("id/") in self._published.release.retired:
            return ""
        digest, base = self._published.release.digest, self._site.base
        frame = Frame(lang, _PAGE + path, parse_qsl(query), digest, base, signposted=True)
        return render_resource(frame, path, self._published, self._answers.corrections)

    def _answer(self, address: str, lang: Lang) -> bytes:
        return self._home(lang) if address == _HOME else self._answers.body(address, lang)

    def _home(self, lang: Lang) -> bytes:
        """Return the home page, which stands at two addresses."""
        if lang not in self._homes:
            self._homes[lang] = self._answers.body(_HOME, lang)
        return self._homes[lang]

    def led(self) -> dict[str, str]:
        """Return the pages that those made so far lead to, file -> address, each once."""
        led, self._led = self._led, {}
        return led

    def _note(self, led: Mapping[str, str]) -> None:
        """Note what a page leads to, for ``led``."""
        new = led.keys() - self._told
        self._told |= new
        self._led.update((file, led[file]) for file in new)

    def lost(self) -> list[str]:
        """Return the addresses of links at which there was nothing, and forget them."""
        lost, self._lost = self._lost, []
        return lost

    def _head(self, address: str, file: str) -> Iterable[str]:
        """Return the links of Signposting of the page of a thing, which is *file*, for its head."""
        path = address.partition("?")[0].removeprefix("/").removeprefix("page/")
        return head(path, file, self._published, self._site) if path in self._paths else ()

    def data(self, documents: Iterable[str]) -> Iterator[File]:
        """Yield the data of *documents*, in every form of RDF."""
        for document in documents:
            found = in_order(self.triples(document))  # once for all forms
            for extension in self._site.forms:
                yield f"data/{document}.{extension}", RDF_FORMS[extension].write(found)
            if self._site.linksets:
                yield linkset(document, self._grouped.get(document, [document]), self._published, self._site)

    def triples(self, document: str) -> Sequence[ox.Triple]:
        """Return what *document* says: for a group, all that the documents of its members say."""
        paths = self._grouped.get(document, [document])
        return [triple for path in paths for triple in self._published.triples(path)]

    def groups(self, documents: Iterable[str]) -> Iterator[File]:
        """Yield the pages of groups in both languages."""
        for document in documents:
            for lang in LANGS:
                file = f"{lang}/page/{document}.html"
                frame = Frame(lang, f"/page/{document}", (), self._published.release.digest, self._site.base)
                html = self._groups.page(document, self._grouped[document], frame, self._site.forms)
                found = localised(html, file, lang, self._site)
                self._note(found.led)
                yield file, found.html.encode()

    def answers(self, names: Iterable[str]) -> Iterator[File]:
        """Yield the pages and the downloads of the questions *names*."""
        for name in names:
            yield from self.pages([f"/queries/{name}"])
            for form in _downloads(name):
                for lang in LANGS:
                    body = self._answers.body(f"/queries/{name}.{form}", lang, "*/*")
                    yield f"{lang}/queries/{name}.{_extension(form)}", body

    def whole(self, paths: Sequence[str]) -> Iterator[File]:
        """Yield what needs the whole dataset: the dumps with their digests, the metadata, the data and pages of *paths*."""
        for name, body in self._published.files.items():
            yield f"dumps/{name}", body
        for name in OF_RELEASE:
            yield f"dumps/{name}", (self._published.release.folder / name).read_bytes()
        dumps = self._published.dumps
        yield "dumps/SHA256SUMS", sums(dumps).encode()
        yield from ((f"dumps/{dump.name}.sha256", f"{dump.sha256}  {dump.name}\n".encode()) for dump in dumps)
        yield from metadata(self._published, self._site, catalogue())
        yield from self.data(paths)
        yield from self.pages(map(_of_document, paths))

    def once(self, addresses: Sequence[str]) -> Iterator[File]:
        """Yield what the site has once: the pages at *addresses*, those that no server has, the lists that its scripts read."""
        yield from self.pages(addresses)
        yield from once(self._published, self._home("fr"), self._site)
        for lang in LANGS:
            for name in _LISTS:
                yield f"{lang}/{name}", self._answers.body(f"/{name}", lang, "*/*")

    def planned(self, pieces: Iterable[Piece]) -> frozenset[str]:
        """Return the files of *pieces* that links may lead to, without the states of pages; ``led`` leaves them out."""
        planned = frozenset(self._planned(pieces))
        self._told |= planned
        return planned

    def _planned(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for kind, of in pieces:
            if kind in ("data", "whole"):
                yield from (f"data/{document}.{form}" for document in of for form in self._site.forms)
            for lang in LANGS:
                if kind == "groups":
                    yield from (f"{lang}/page/{document}.html" for document in of)
                if kind == "answers":
                    yield from (f"{lang}/queries/{name}.html" for name in of)
                    yield from (f"{lang}/queries/{name}.{_extension(form)}" for name in of for form in _downloads(name))
                if kind == "once":
                    yield from (f"{lang}/{name}" for name in ("search.html", *_LISTS))
                addresses = map(_of_document, of) if kind == "whole" else of if kind in ("pages", "once") else ()
                yield from (found.file for at in addresses if (found := self._site.target(at, lang)) is not None)


def _downloads(name: str) -> Sequence[str]:
    """Return the forms of the answer of the question *name*, as the server is asked for them."""
    return _TABLES if catalogue()[name].form != "CONSTRUCT" else _GRAPHS


def _extension(form: str) -> str:
    return form.partition("?")[0]


def is_data(file: str) -> bool:
    """Tell whether *file* is no page: links in it are left as they are."""
    return not file.endswith(".html") or file.endswith("~alone.html")


def stem(address: str) -> str:
    """Return the path of a page or of one of its files, without extension."""
    folder, slash, name = address.partition("?")[0].rpartition("/")
    return folder + slash + name.partition(".")[0]


def _of_document(path: str) -> str:
    """Return the address of the page of a document about the dataset."""
    return f"/{path}" if not path.startswith("graph/") else f"/page/{path}"
