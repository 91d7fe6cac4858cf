"""Pages as text: what every page shares (frame, words, addresses of styles and scripts) and the one way to fill a template."""

import json
import re
import tomllib
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from campuskg.content import content
from campuskg.errors import Lang
from campuskg.publish.marks import Marks

_NAVIGATION: Final = (
    ("/network", "nav_network"),
    ("/territory", "nav_territory"),
    ("/money", "nav_money"),
    ("/projects", "nav_projects"),
    ("/organisations", "nav_organisations"),
    ("/trainings", "nav_trainings"),
    ("/queries", "questions"),
    ("/sparql", "sparql"),
    ("/catalogue", "nav_data"),
)
"""The main entries, in their order, nine at most: path and key of the label. The name of the product leads home."""
_BELOW: Final[Mapping[str, tuple[str, ...]]] = {
    "/network": ("/page/id/campus", "/page/id/person", "/page/id/post"),
    "/territory": ("/page/id/place",),
    "/money": ("/page/id/budget", "/page/id/agreement", "/page/id/decision"),
    "/projects": ("/page/id/project", "/page/id/programme", "/page/id/event", "/page/id/output"),
    "/organisations": ("/page/id/organisation",),
    "/trainings": ("/page/id/training", "/page/id/qualification", "/page/id/facility"),
    "/catalogue": ("/dataset", "/ontology", "/page/graph", "/page/scheme", "/page/id/document", "/page/id/passage"),
}
"""Entry -> where the pages are that belong to it, besides those below its own path."""

_ENTRIES: Final = frozenset((*(path for path, _ in _NAVIGATION), *(path for some in _BELOW.values() for path in some)))
_TYPE: Final = re.compile(
    r"&(?<=\w&)#39;(?=\w)|« |" + "|".join([rf"\{c}(?<= .)(?!\w)" for c in "?!;"] + [rf"{c}(?<= .)(?= |<|$|\.)" for c in ":»"])
)
"""What typographers set otherwise than keyboards: apostrophes inside words, French spaces. Those before a sign are looked back
for, as there are many more spaces than signs; each alternative begins with a letter, which the engine finds fastest."""
_SPACED: Final = frozenset("?!;:»")
_AS_IT_IS: Final = re.compile(r"<(code|pre|textarea|script|style)\b.*?</\1>", re.DOTALL)
"""Elements whose text must be left alone."""
_SET: Final = {"&#39;": "’", " ?": "\u202f?", " !": "\u202f!", " ;": "\u202f;", " :": "\xa0:", " »": "\xa0»", "« ": "«\xa0"}
_MEDIA: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


class Words(dict[str, str]):
    """Words by key; templates, which look for attributes before items, find them at once."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """Hold *words*."""
        super().__init__(words)
        self.__dict__ = self


@cache
def interface_words(lang: Lang) -> Words:
    """Return the words of the templates in *lang*, by key."""
    table = tomllib.loads((content("viz") / "words.toml").read_text(encoding="utf-8"))["page"]
    return Words((key, words[lang]) for key, words in table.items())


@cache
def _root(base: str) -> str:
    return urlsplit(base).path.rstrip("/")


@cache
def built_assets() -> Mapping[str, str]:
    """Return what the build of ``viz/web`` made: plain name -> name with a digest; empty where it was not run."""
    manifest = _web() / "dist" / "manifest.json"
    if not manifest.is_file():
        return {}
    loaded: dict[str, str] = json.loads(manifest.read_bytes())
    return loaded


@cache
def static_files() -> Mapping[str, tuple[str, Path]]:
    """Return every file served below ``/static/``: its name there -> media type and place. Nothing else is ever opened."""
    web = _web()
    sources = [*(web / "src" / "style").glob("*.css"), web / "src" / "icon.svg"]
    found = {f"source/{path.name}": path for path in sources}
    if built_assets():
        found |= {path.name: path for path in (web / "dist").iterdir() if path.name != "manifest.json"}
    return {name: (_MEDIA[path.suffix], path) for name, path in sorted(found.items()) if path.suffix in _MEDIA}


def _web() -> Path:
    return content("viz") / "web"


@dataclass(frozen=True)
class Frame:
    """What surrounds every page: the reader's language, where the page is, which release answers."""

    lang: Lang
    path: str
    query: Sequence[tuple[str, str]] = ()
    digest: str = ""
    base: str = ""
    section: str = ""
    """Name of the section (``network``, ``money`` …) that the page belongs to, where its path does not tell."""
    signposted: bool = False
    """Whether the links of Signposting stand in its head, as on a static site, and name its data."""

    @property
    def other(self) -> Lang:
        """The language that the reader is not reading."""
        return "en" if self.lang == "fr" else "fr"

    @property
    def root(self) -> str:
        """Where the site begins on its host: empty, or a path such as ``/kg`` when the public address has one."""
        return _root(self.base)

    def link(self, address: str) -> str:
        """Return *address* below the root when it is a path of ours, as it is when it leads elsewhere."""
        return self.root + address if address.startswith("/") else address

    @property
    def built(self) -> bool:
        """Whether the scripts and the joined style sheet were built."""
        return bool(built_assets())

    @property
    def navigation(self) -> Sequence[tuple[str, str]]:
        """The main entries: path and label."""
        words = interface_words(self.lang)
        return [(path, words[key]) for path, key in _NAVIGATION]

    def within(self, path: str) -> bool:
        """Tell whether this page is *path* or below it."""
        return self.path == path or (path != "/" and self.path.startswith(f"{path}/"))

    def current(self, path: str) -> str:
        """Return how the entry *path* stands to this page, for ``aria-current``: this page, above it, or nothing."""
        if self.path == path:
            return "page"
        above = self.within(path) or path == f"/{self.section}" or any(map(self.within, _BELOW.get(path, ())))
        return "true" if above else ""

    def shared(self, template: str) -> Markup:
        """Return the part of the page that *template* makes and many pages share."""
        return _shared(template, self.lang, self.digest, self.base, self._standing)

    @cached_property
    def _standing(self) -> Sequence[str]:
        """How each of the main entries stands to this page."""
        folder = self.path.rpartition("/")[0]
        return _standing(self.path if self.path in _ENTRIES or not folder else f"{folder}/", self.section)

    def asset(self, name: str) -> str:
        """Return the address of a built file, or of its source where nothing was built."""
        return f"{self.root}/static/{built_assets().get(name, f'source/{name}')}"

    def with_query(self, name: str, value: str) -> str:
        """Return this page's address with the parameter *name* set to *value*, or without it when *value* is empty."""
        pairs = [(key, old) for key, old in self.query if key != name]
        return self._address([*pairs, (name, value)] if value else pairs)

    def in_language(self, lang: Lang) -> str:
        """Return this page's address in *lang*, with its state."""
        return self.with_query("lang", lang)

    def _address(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self.link(f"{self.path}?{urlencode(pairs)}" if pairs else self.path)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,  # workers cannot look at files: what was loaded before they were locked in stays
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}  # themes keep their order
    return environment


@lru_cache(maxsize=256)
def _standing(path: str, section: str) -> Sequence[str]:
    """Return how each of the main entries stands to the pages at *path*, or in it when it ends with a slash."""
    frame = Frame("fr", path, section=section)
    return tuple(frame.current(entry) for entry, _ in _NAVIGATION)


@lru_cache(maxsize=256)
def _shared(template: str, lang: Lang, digest: str, base: str, current: Sequence[str]) -> Markup:
    """Return a part of the pages whose main entries stand to them as *current* says."""
    frame = Frame(lang, "", (), digest, base)
    entries = [(*entry, how) for entry, how in zip(frame.navigation, current, strict=True)]
    text = _templates().get_template(template).render(frame=frame, w=interface_words(lang), navigation=entries)
    return Markup(text.rstrip("\n"))  # noqa: S704  escaped by the template


class _Compiled(jinja2.BytecodeCache):
    """The code of templates as another process compiled it, or as it is to be given to another one."""

    def __init__(self, code: dict[str, bytes]) -> None:
        self.code = code

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


def compiled_templates() -> dict[str, bytes]:
    """Return the code of every template, for ``load_compiled`` of another process: compiling takes half a second."""
    code: dict[str, bytes] = {}
    _templates().bytecode_cache = _Compiled(code)
    load_templates()
    return code


@cache
def load_templates() -> None:
    """Load every template: for processes that cannot open files later."""
    environment = _templates()
    for name in environment.list_templates():
        environment.get_template(name)


def load_compiled(code: dict[str, bytes]) -> None:
    """Load every template from what ``compiled_templates`` returned; a template that is not in it is compiled here."""
    _templates().bytecode_cache = _Compiled(code)
    load_templates()


def render(template: str, frame: Frame, **data: object) -> str:
    """Return the page that *template* makes of *data*; everything in it is escaped."""
    said = interface_words(frame.lang)
    marks = Marks(frame.link, said)
    page = _templates().get_template(template).render(frame=frame, w=said, link=marks.link, marks=marks, **data)
    return typographic(page)


def typographic(html: str) -> str:
    r"""Return a page with the apostrophes and spaces that typographers use; attributes, code and scripts stay as they are.

    >>> typographic('<a title="d&#39;art">Métiers d&#39;art</a> <code>d&#39;a</code> « où ? »')
    '<a title="d&#39;art">Métiers d’art</a> <code>d&#39;a</code> «\xa0où\u202f?\xa0»'
    """
    alone = [found.span() for found in _AS_IT_IS.finditer(html)]

    parts: list[str] = []
    done = 0
    for found in _TYPE.finditer(html):
        mark, at, end = found[0], found.start(), found.end()
        if mark in _SPACED:
            mark, at = f" {mark}", at - 1
        near = bisect(alone, (at, 0)) - 1  # the last that begins before it
        if at >= done and html.rfind("<", 0, at) <= html.rfind(">", 0, at) and (near < 0 or at >= alone[near][1]):
            parts += (html[done:at], _SET[mark])
            done = end
    return "".join([*parts, html[done:]])
