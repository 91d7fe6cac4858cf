"""From the addresses of the server to the files of a static site."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.publish.rdf_forms import RDF_FORMS, split
from campuskg.publish.site.rules import place

_SHARED: Final = ("static/", "dumps/", "linkset/", ".well-known/")
"""Folders at the root of the site, the same in both languages."""
_IRIS: Final = ("id/", "scheme/", "graph/", "query/")
_PAGED: Final = ("id/", "scheme/", "graph/")
_ROOTED: Final = tuple(f"/{folder}" for folder in _PAGED)
_DOCUMENTS: Final = ("ontology", "dataset", "catalogue")
_SEARCHES: Final = frozenset({"search", "ask"})
_PLAIN: Final = re.compile(r"[\w/~=.-]*", re.ASCII)
_FORMS: Final = frozenset(
    ("json", "csv", "xlsx", "ttl", "md", "rq", "nt", "rdf", "jsonld", "svg", "gexf", "graphml", "geojson", "html", "png", "zip")
)
"""Extensions of the forms in which the server answers besides its pages."""
STATE: Final = {"page": ("section", "from"), "queries": ("evidence",), "views": ("campus",), "path": ("from", "to")}
"""Parameters of the server that give a page of their own on the site, by the first part of the path."""
_TOGETHER: Final = frozenset({"path"})
"""Where a page needs all of them."""
_FREE: Final = frozenset(
    {"page", "queries", "id", "scheme", "graph", "query", "ontology", "dataset", "catalogue", "data", "index"}
)
"""Pages that links may reach without the values they name: those of any other are left out rather than show something else."""
_READ: Final = ("json", "svg")
"""Forms that a page with a state needs; its other forms are left to servers."""
ABSENT: Final = ("openapi.json", "limits", "health", "ready")
"""What only a server has."""


class Target(NamedTuple):
    """A file of the site, and what follows it in an address: a query for scripts, a fragment."""

    file: str
    suffix: str = ""


@cache
def _root(base: str) -> str:
    return urlsplit(base).path.rstrip("/")


@dataclass(frozen=True, slots=True, eq=False)  # one site, asked about a hundred thousand times: it is known by itself
class Site:
    """Where a site is published: its address without a slash at its end."""

    base: str
    forms: tuple[str, ...] = tuple(RDF_FORMS)
    """The forms of RDF, by extension, that the site has of each document."""
    linksets: bool = True
    """Whether it has the link set of each document."""

    @property
    def root(self) -> str:
        """The path of the address: empty, or such as ``/kg``."""
        return _root(self.base)

    def local(self, address: str) -> str | None:
        """Return *address* from the root of the site, with its slash; None when it leads elsewhere.

        IRIs of ours are local: the site is what they resolve to.
        """
        if address.startswith("/"):
            path = address[len(self.root) :] if self.root and address.startswith(f"{self.root}/") else address
            return None if path.startswith("//") else path
        if address.startswith(BASE_IRI):
            return "/" + address.removeprefix(BASE_IRI)
        if address in ("", self.base):
            return "/"
        return address.removeprefix(self.base) if address.startswith(f"{self.base}/") else None

    def target(self, address: str, lang: Lang) -> Target | None:
        """Return the file that *address* leads to from a page in *lang*; None when it leads elsewhere or to nothing here."""
        found = self.resolved(address, lang)
        return None if found is None else found[0]

    def resolved(self, address: str, lang: Lang) -> tuple[Target | None, str] | None:
        """Return what *address* leads to from a page in *lang*, and how the server is asked for it; None when elsewhere."""
        local = self.local(address)
        if local is None:
            return None
        if _PLAIN.fullmatch(local):  # as most are
            return self._there(_target(local.lstrip("/"), (), "", lang)), f"/page{local}" if local.startswith(_ROOTED) else local
        path, query, fragment = _parted(local)
        query = _telling(path, query)
        return self._there(_leads(path, query, fragment, lang)), _asked(path, query)

    def _there(self, found: Target | None) -> Target | None:
        """Return what was *found* when the site has it: it may have fewer forms of RDF than the server."""
        return None if found and found.file.startswith("data/") and found.file.rpartition(".")[2] not in self.forms else found


@lru_cache(maxsize=1 << 14)  # the same questions are asked about many things
def _leads(path: str, query: str, fragment: str, lang: Lang) -> Target | None:
    kept: list[tuple[str, str]] = []
    if query in ("lang=fr", "lang=en"):
        lang = "en" if query == "lang=en" else "fr"
    elif query:
        pairs = _pairs(query)
        lang = "en" if ("lang", "en") in pairs else "fr" if ("lang", "fr") in pairs else lang
        kept = [(name, value) for name, value in pairs if name != "lang"]
    return _target((unquote(path) if "%" in path else path).lstrip("/"), kept, fragment, lang)


def _telling(path: str, query: str) -> str:
    """Return *query*, or one that stands for all like it, where its values make no difference but by being there.

    >>> _telling("/queries/a", "campus=x"), _telling("/queries/a", "evidence=1"), _telling("/search", "q=x")
    ('_=_', 'evidence=1', 'q=x')
    """
    names = STATE.get(_first(path[1:])) if query else None
    if names is None or query.endswith("=") or "=&" in query or any(f"{name}=" in query for name in (*names, "lang")):
        return query
    return "_=_"


@lru_cache(maxsize=64)  # looked at for the file and for the address
def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _parted(local: str) -> tuple[str, str, str]:
    """Return path, query and fragment of an address that is a path."""
    before, _, fragment = local.partition("#")
    path, _, query = before.partition("?")
    return path, query, fragment


def _asked(path: str, query: str) -> str:
    path = f"/page{path}" if path.startswith(_ROOTED) else path
    if not query:
        return path
    pairs = [] if query in ("lang=fr", "lang=en") else _state(path[1:], _pairs(query))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _target(path: str, pairs: Sequence[tuple[str, str]], fragment: str, lang: Lang) -> Target | None:
    if path.startswith(_SHARED) or path in ("sitemap.xml", "robots.txt", "search.json"):
        return Target(path, _hash(fragment))
    if path.partition("/")[0] in ABSENT:
        return None
    if path.startswith("data/"):
        return _data(path)
    if path == "sparql":
        query = next((value for name, value in pairs if name == "query"), "")
        return Target(f"{lang}/sparql.html", f"#query={quote(query, safe='')}" if query else _hash(fragment))
    if path in _SEARCHES:
        asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
        return Target(f"{lang}/search.html", f"?{asked}" if asked else "")
    return _page(path, pairs, fragment, lang)


def _page(path: str, pairs: Sequence[tuple[str, str]], fragment: str, lang: Lang) -> Target | None:
    """Return the page at *path*: that of an IRI, else one of the site's own."""
    if path.startswith("r/"):  # the same answer in its release: the release of this site
        path = path.split("/", 2)[-1]
    path = path.removeprefix("page/") if path.startswith("page/") else path
    if path == "data":
        path = "catalogue"
    if path in ("query/parameter", "query"):
        path = "queries"
    stem, form = split(path)
    if path.startswith(_IRIS) or stem.partition("/")[0] in _DOCUMENTS:
        if form and not path.startswith(_IRIS):
            return Target(f"data/{stem}.{form}")
        where = place(path)
        if where is None:
            return None
        return Target(f"{lang}/{_stated(where.page, pairs)}", _hash(fragment or where.anchor))
    return _own(path or "index", pairs, fragment, lang)


def _own(path: str, pairs: Sequence[tuple[str, str]], fragment: str, lang: Lang) -> Target | None:
    """Return the page or the file at *path* that is about no IRI; None when it shows values that the site has no file for."""
    state, first = _state(path, pairs), _first(path)
    other = [name for name, value in pairs if value and name not in STATE.get(first, ())]
    if other and first not in _FREE:
        return None
    if any(value for _, value in pairs) and not state and first in _TOGETHER:
        return None
    stem, _, form = path.rpartition(".")
    if stem and form in _FORMS:  # the same as data; another page than the one of its name, where it is one
        if (other and first == "queries") or (state and first != "queries" and form not in _READ):
            return None
        name = _stated(f"{stem}.html", state if first != "queries" else ()).removesuffix(".html")
        return Target(f"{lang}/{name}~alone.html" if form == "html" else f"{lang}/{name}.{form}")
    return Target(f"{lang}/{_stated(path + '.html', pairs)}", _hash(fragment))


def _first(path: str) -> str:
    return path.partition("/")[0].partition(".")[0]


def _state(path: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of *pairs* that give the page at *path* a state of its own."""
    first = _first(path)
    known = STATE.get(first, ())
    found = [(name, value) for name, value in pairs if name in known and value]
    return [] if first in _TOGETHER and {name for name, _ in found} != set(known) else found


def _data(path: str) -> Target | None:
    stem, form = split(path.removeprefix("data/"))
    where = place(stem) if stem else None
    return Target(f"data/{where.document if where else stem}.{form}") if form else None


def _stated(file: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the name of *file* with the state that *pairs* give: one file for each state that the server has a page for.

    >>> _stated("queries/campuses.html", [("evidence", "1")])
    'queries/campuses~evidence=1.html'
    """
    if not pairs:
        return file
    state = "".join(f"~{name}={quote(value, safe='')}" for name, value in sorted(_state(file, pairs)))
    return f"{file.removesuffix('.html')}{state}.html"


def _hash(fragment: str) -> str:
    return f"#{fragment}" if fragment else ""


def relative(file: str, origin: str) -> str:
    """Return *file* as seen from the file *origin*, both from the root of the site, as an address.

    >>> relative("static/a.css", "fr/page/id/x.html"), relative("fr/queries.html", "fr/index.html"), relative("a", "a")
    ('../../../static/a.css', 'queries.html', 'a')
    """
    folder, slash, name = file.rpartition("/")
    return quoted(_way(folder + slash, origin.rpartition("/")[0]) + name)


@lru_cache(maxsize=1 << 14)  # there are many files and few folders
def _way(folder: str, start: str) -> str:
    """Return the way from the folder *start* to *folder*, which ends with a slash where it is not the root."""
    to, here = folder.split("/")[:-1], start.split("/") if start else []
    shared = 0
    while shared < min(len(to), len(here)) and to[shared] == here[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "".join(f"{one}/" for one in to[shared:])


def quoted(path: str) -> str:
    """Return the path of a file as an address holds it; most need no change."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/~=-._")
