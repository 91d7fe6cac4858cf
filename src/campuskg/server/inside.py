"""The answers of the server without HTTP, for who writes them to files: the same routes, handlers and tasks."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from campuskg.errors import Lang, UsageProblem
from campuskg.publish.dcat import Dump, Publication
from campuskg.publish.pages import interface_words, load_templates
from campuskg.publish.published import Facts, Published
from campuskg.release.description import Describer, Description, Evidence
from campuskg.server import resource_tasks
from campuskg.server.app import App
from campuskg.server.limits import Limits
from campuskg.server.problem import Refusal
from campuskg.server.protocol import decode_form
from campuskg.server.request import Request
from campuskg.server.resource_tasks import published_of
from campuskg.server.response import Response
from campuskg.server.routes import RouteTable
from campuskg.server.tables import hooks, routes
from campuskg.server.tasks import Context, Handler
from campuskg.store import GraphStore, Rows
from campuskg.store.answer import UNION, Dataset, Solutions
from campuskg.store.engine import Term

if TYPE_CHECKING:
    from campuskg.release import Release
    from campuskg.store.workers import Reply

_DESCRIBED: Final = 64
"""Descriptions that are kept."""
_FOLLOWED: Final = 5
_PROVED: Final = 8
"""Answers whose evidence is kept."""
_SHARED: Final = 4000
"""Things of which is kept what pages say of them: a page may name a thousand, in one language after the other."""
_REMEMBERED: Final = 400
"""Answers of the store that are kept: those of one question in its forms and languages."""


class RememberingStore(GraphStore):
    """The store of a release that does not ask its engine again what it was just asked."""

    def __init__(self, store: GraphStore) -> None:
        """Ask *store*."""
        self._store = store
        self._known: dict[str, Rows | bool | Sequence[ox.Triple]] = {}
        self._proofs: dict[Hashable, list[tuple[str, ...]]] = {}

    def proofs(self, key: Hashable, find: Callable[[], list[tuple[str, ...]]]) -> list[tuple[str, ...]]:
        """Return what *find* found for the answer *key*, which follows in other forms and in the other language."""
        if key not in self._proofs:
            if len(self._proofs) >= _PROVED:
                self._proofs.clear()
            self._proofs[key] = find()
        return self._proofs[key]

    def run(
        self, sparql: str, bindings: Mapping[str, Term] | None = None, prefixes: Mapping[str, str] | None = None
    ) -> Rows | bool | Sequence[ox.Triple]:
        """Run a query, or return what it gave when it was last run."""
        if bindings or prefixes:
            return self._store.run(sparql, bindings, prefixes)
        if sparql not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[sparql] = self._store.run(sparql)
        return self._known[sparql]

    def about(self, subject: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose subject is *subject*."""
        return self._store.about(subject)

    def to(self, node: ox.NamedNode) -> Iterable[ox.Quad]:
        """Return the quads whose object is *node*."""
        return self._store.to(node)

    def matching(self, predicate: str) -> Iterable[ox.Quad]:
        """Return the quads with *predicate*."""
        return self._store.matching(predicate)

    def quads(self, graph: str | None = None) -> Iterable[ox.Quad]:
        """Return all quads, or those of one named *graph*."""
        return self._store.quads(graph)

    def solutions(self, sparql: str, dataset: Dataset = UNION, *, named_in_text: bool, base: str | None = None) -> Solutions:
        """Return the answer to a query as the engine gives it."""
        return self._store.solutions(sparql, dataset, named_in_text=named_in_text, base=base)


class RememberingDescriber(Describer):
    """A describer that does not describe again what it has just described: the two languages of a page follow each other."""

    def __init__(self, release: "Release") -> None:
        """Prepare for *release*."""
        super().__init__(release)
        self._last: dict[str, Description] = {}
        self._proofs: dict[ox.NamedNode, tuple[Evidence, ...]] = {}
        self._passages: dict[ox.NamedNode, Evidence] = {}

    def passage(self, passage: ox.NamedNode) -> Evidence:
        """Return one *passage*: many statements share it."""
        if passage not in self._passages:
            self._passages[passage] = super().passage(passage)
        return self._passages[passage]

    def evidence(self, node: ox.NamedNode) -> tuple[Evidence, ...]:
        """Return the passages that prove *node*."""
        if node not in self._proofs:
            self._proofs[node] = super().evidence(node)
        return self._proofs[node]

    def describe(self, iri: str) -> Description:
        """Return the description of *iri*."""
        if iri not in self._last:
            if len(self._last) >= _DESCRIBED:
                self._last.clear()
            self._last[iri] = super().describe(iri)
        return self._last[iri]


class StaticPublished(Published):
    """A release published without a server: it has no SPARQL endpoint."""

    def __init__(self, release: "Release", base: str) -> None:
        """Publish *release* at *base*."""
        super().__init__(release, base)
        self._facts: dict[str, Facts] = {}
        self._classes: dict[str, list[str]] = {}
        self._pointing: dict[tuple[str, str, str], list[str]] = {}
        self.describer = RememberingDescriber(release)
        self.pages._describer = self.describer  # noqa: SLF001  both languages share what was found

    def facts(self, iri: str) -> Facts:
        """Return the values of each property of *iri*: asked for several times on a page, and again in the other language."""
        if iri not in self._facts:
            if len(self._facts) >= _SHARED:
                self._facts.clear()
            self._facts[iri] = super().facts(iri)
        return self._facts[iri]

    def classes(self, path: str) -> list[str]:
        """Return the classes of what *path* names: asked for by the page, its links and its link set."""
        if path not in self._classes:
            if len(self._classes) >= _SHARED:
                self._classes.clear()
            self._classes[path] = super().classes(path)
        return self._classes[path]

    def pointing(self, iri: str, name: str, layer: str = "") -> list[str]:
        """Return the IRIs whose property *name* has the value *iri*: the same in both languages."""
        key = (iri, name, layer)
        if key not in self._pointing:
            if len(self._pointing) >= _SHARED:
                self._pointing.clear()
            self._pointing[key] = super().pointing(iri, name, layer)
        return self._pointing[key]

    def _publication(self, dumps: tuple[Dump, ...]) -> Publication:
        return replace(super()._publication(dumps), endpoint="")


def _context(release: "Release", base: str, corrections: str) -> Context:
    context = Context(RememberingStore(release.store), release, release.digest, base, corrections)
    resource_tasks._PUBLISHED[context.digest, base] = StaticPublished(release, base)  # noqa: SLF001  the one place where it is kept
    load_templates()  # before the processes part that share them
    interface_words("fr")
    interface_words("en")
    return context


class InsideApp(App):
    """An app whose tasks run here: nobody else's queries reach it, so they need no worker to lock them in."""

    def __init__(self, release: "Release", base: str, corrections: str = "") -> None:
        """Answer for *release* as a server at *base* does."""
        self.context = _context(release, base, corrections)
        self._tasks = Handler(self.context)
        manifest: Mapping[str, Any] = release.manifest
        table = RouteTable(routes())
        super().__init__(None, Limits(cache=0), base, release.digest, table, hooks(), manifest, folder=release.folder)  # type: ignore[arg-type]

    async def run(
        self,
        task: str,
        request: Request,  # noqa: ARG002  the signature of the app
        *,
        lane: Literal["fast", "page"] = "page",  # noqa: ARG002
        timeout: float | None = None,  # noqa: ASYNC109, ARG002
        **args: object,
    ) -> "Reply":
        """Run *task* at once."""
        return self._tasks({"task": task, **args})


class Inside:
    """Answers GET requests."""

    def __init__(self, release: "Release", base: str, corrections: str = "") -> None:
        """Answer for *release* as a server at *base* does."""
        self._app = InsideApp(release, base, corrections)
        self._base = base

    @property
    def corrections(self) -> str:
        """Where readers send corrections, if anywhere."""
        return self._app.context.corrections

    @property
    def published(self) -> Published:
        """What is published: made once, for the answers and for the site alike."""
        return published_of(self._app.context)

    def body(self, address: str, lang: Lang, accept: str = "text/html") -> bytes:
        """Return the body of the answer to GET *address*; LookupError when there is nothing at that address."""
        try:
            response = self.get(address, lang, accept)
        except UsageProblem as refused:
            raise LookupError(address) from refused
        if response.status != HTTPStatus.OK:
            raise LookupError(address)
        return response.body

    def get(self, address: str, lang: Lang, accept: str = "text/html") -> Response:
        """Return the answer to GET *address* (a path and perhaps a query) for a reader of *lang*; redirects are followed."""
        headers = {"accept": accept, "accept-language": lang}
        for _ in range(_FOLLOWED):
            parts = urlsplit(address)
            path = unquote(parts.path)
            route, params, _ = self._app.routes.find(path, "GET")
            if route is None:
                raise Refusal(404, "request-path", path=path[:200])
            request = Request("GET", path, decode_form(parts.query), headers, params=params)
            response = _done(route.handler(request, self._app))
            location = response.header("location")
            if location is None:
                return response
            address = location.removeprefix(self._base)
        return response


def _done(coroutine: Any) -> Response:  # noqa: ANN401  a coroutine, whatever it would send
    """Return what *coroutine* returns; nothing in it waits, for every task runs at once."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        response: Response = done.value
        return response
    coroutine.close()
    raise AssertionError("a handler waits for something outside this process")
