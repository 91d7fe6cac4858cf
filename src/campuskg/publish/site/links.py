"""Pages of the server made into files: links become relative, what only a server has goes, the content policy comes in."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from html import escape, unescape
from typing import Final, NamedTuple

from campuskg.errors import Lang
from campuskg.publish.site.addresses import Site, relative
from campuskg.publish.site.words import said

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)
"""The policy of the server as far as a meta element can state it (frame-ancestors is left to the rules of the host)."""
WITH_WASM: Final = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + "; worker-src 'self'"
"""That of the one page that runs WebAssembly."""
_CHARSET: Final = '<meta charset="utf-8">\n'
_PAGE: Final = re.compile(r'<html lang="(\w\w)"(?: data-root="[^"]*")?')
_LEADS: Final = ("href", "src")
"""Attributes that hold an address, on every page; on those with forms and scripts that compute, some more."""
_MORE: Final = ("action", "data-index", "data-worker", "data-dump")
_COMPUTES: Final = ("<form ", "data-index", "data-editor")
_BEFORE: Final = frozenset(' \n\t"')
"""What stands before the name of an attribute."""
_MADE: Final = ("fr/", "en/", "data/")
_LANGS: Final[tuple[Lang, Lang]] = ("fr", "en")
"""The languages in the order in which the pages of a thing are made."""
_FIRST, _SECOND = (f"{lang}/" for lang in _LANGS)
_NAV, _FOOT, _CUT = '<nav class="main-nav"', '<footer class="foot">', "<cut/>"
"""Where the parts begin that many pages share; what stands for the first of them while links are looked for, and nowhere else."""
_SHARED: Final = 64
"""Such parts of one folder that are kept in mind."""
_KNOWN: Final = 1 << 14
"""Links of one folder that are kept in mind."""
_STYLES: Final = "style-src 'self'"
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FORM: Final = re.compile(r'<form [^<>]*\baction="([^"]*)".*?</form>', re.DOTALL)
_ANSWERED: Final = ("search", "ask", "sparql", "queries", "views")
"""First parts of the addresses of forms that a site of files answers, by its scripts."""
_TEXT_OF_JSON: Final = re.compile(r'"(/(?:[^"\\\s]*/)?(?:page|queries|views|id|scheme|ontology|dossier|sparql)\b[^"\\\s]*)"')
_ABSENT: Final = '="" data-absent'
_ALONE: Final = r"<{0}(?: [^<>]*)?>\s*<a [^<>]*>[^<]*</a>\s*</{0}>\s*"
_LONE: Final = re.compile("|".join(_ALONE.format(element) for element in ("li", "p")))
_LINK: Final = re.compile(r"<link [^<>]*>\s*")
_TEXT: Final = re.compile(r"<a [^<>]*>(.*?)</a>", re.DOTALL)


@dataclass
class Localised:
    """A page as a file of the site, and the pages and data that it leads to: file -> address on the server."""

    html: str
    led: dict[str, str] = field(default_factory=dict)


def localised(  # noqa: PLR0913  what a page needs to know, by keyword
    html: str, file: str, lang: Lang, site: Site, *, head: Iterable[str] = (), wasm: bool = False, anywhere: bool = False
) -> Localised:
    """Return the page *html* of the server as the file *file* of *site*, with more elements in its *head*, as they are.

    A page that hosts show *anywhere*, at the address that was asked for, has links from the root of its host instead.
    """
    found = Localised("")
    more = "\n".join([_policy(html, wasm=wasm), *head])
    top = f"{site.root}/{lang}" if anywhere else relative(f"{lang}/x", file).removesuffix("x").rstrip("/") or "."
    if "<form " in html:
        html = _FORM.sub(lambda form: form[0] if _answered(form[1], site) else _note(lang), html)
    own = "" if anywhere else file
    ways = _ways(site, lang, f"{site.root}/" if anywhere else file.rpartition("/")[0])
    before, nav, between, foot = _parted(html)
    text = _linked(before + _CUT + between, ways, own, found.led)
    before, _, between = text.partition(_CUT)
    before = _PAGE.sub(rf'<html lang="\1" data-root="{top}" data-static', before, count=1)
    before = before.replace(_CHARSET, f"{_CHARSET}{more}\n", 1)
    found.html = _without_absent(before + ways.shared(nav, found.led) + between + ways.shared(foot, found.led))
    return found


def _parted(html: str) -> tuple[str, str, str, str]:
    """Return *html* in four parts: the second and the last are the main entries and the foot, which many pages share."""
    nav, foot = html.find(_NAV), html.rfind(_FOOT)
    end = html.find("</nav>", nav)
    return (html[:nav], html[nav:end], html[end:foot], html[foot:]) if 0 <= nav < end < foot else (html, "", "", "")


def _linked(html: str, ways: "_Ways", own: str, led: dict[str, str]) -> str:
    """Return *html* with all its links as the file *own* has them; note in *led* what they lead to."""
    more = _MORE if any(mark in html for mark in _COMPUTES) else ()
    for name in (*_LEADS, *more):
        html = _with_links(html, f'{name}="', ways, own, led)
    return html


def _with_links(html: str, mark: str, ways: "_Ways", own: str, led: dict[str, str]) -> str:
    """Return *html* with each attribute that *mark* begins as the file *own* has it; note in *led* what it leads to."""
    parts = html.split(mark)  # much faster than a regular expression, and there are hundreds of megabytes
    before = parts[0][-1:]
    for at in range(1, len(parts)):
        part = parts[at]
        end = part.find('"')
        way = ways[part[:end]] if end >= 0 and before in _BEFORE else None
        before = part[-1:]
        if way is None:
            continue
        file, suffix, shown, asked = way
        if file == own and suffix[:1] == "#" and own:
            parts[at] = escape(suffix) + part[end:]
            continue
        if asked:
            led[file] = asked
        parts[at] = shown + part[end:] if file else '" data-absent' + part[end + 1 :]
    return mark.join(parts)


def localised_data(body: bytes, file: str, lang: Lang, site: Site) -> bytes:
    """Return data (JSON) that the scripts of a page beside *file* read, its links as that page has them."""
    ways = _ways(site, lang, file.rpartition("/")[0])

    def shown(match: re.Match[str]) -> str:
        way = ways[match[1]]
        return match[0] if way is None else json.dumps(unescape(way.shown), ensure_ascii=False)

    return _TEXT_OF_JSON.sub(shown, body.decode()).encode()


def _answered(action: str, site: Site) -> bool:
    local = site.local(unescape(action))
    return local is not None and local.lstrip("/").partition("?")[0].partition("/")[0] in _ANSWERED


def _note(lang: Lang) -> str:
    """Return what stands where a server would compute with other values."""
    return f'<p class="message">{escape(said(lang)["fixed"])}</p>'


def _without_absent(text: str) -> str:
    """Return the page without the links to what only a server has; an item or a paragraph that holds nothing else goes too."""
    kept: list[str] = []
    done = 0
    while (mark := text.find(_ABSENT, done)) >= 0:
        begin = text.rfind("<", 0, mark)
        around = text.rfind("<", 0, begin)
        link, lone = _LINK.match(text, begin), _LONE.match(text, around) if around >= done else None
        said = None if link or lone else _TEXT.match(text, begin)
        cut = link or lone or said
        if cut is None:  # some other element: it stays, and leads nowhere
            kept.append(text[done : mark + len(_ABSENT)])
            done = mark + len(_ABSENT)
            continue
        kept += [text[done : cut.start()], said[1] if said else ""]
        done = cut.end()
    return "".join([*kept, text[done:]])


class _Way(NamedTuple):
    """Where a link leads from the pages of one folder: its file, what follows, the attribute, the address on the server."""

    file: str = ""
    suffix: str = ""
    shown: str = ""
    asked: str = ""


class _Ways(dict[str, _Way | None]):
    """Where the attributes of the pages of one folder lead; None for what leads out of the site.

    Found when first asked for: the same links stand on many pages of a folder, and again in the other language.
    """

    def __init__(self, site: Site, lang: Lang, folder: str) -> None:
        super().__init__()
        self._site, self._lang, self._folder = site, lang, folder
        self._origin = f"{folder}/x" if folder else "x"
        self._parts: dict[str, tuple[str, dict[str, str]]] = {}

    def shared(self, html: str, led: dict[str, str]) -> str:
        """Return a part that many pages of the folder have, with its links; note in *led* what they lead to."""
        if html not in self._parts:
            if len(self._parts) >= _SHARED:
                self._parts.clear()
            noted: dict[str, str] = {}
            self._parts[html] = _linked(html, self, "", noted), noted
        text, noted = self._parts[html]
        led.update(noted)
        return text

    def __missing__(self, written: str) -> _Way | None:
        if len(self) >= _KNOWN:
            self.clear()
        way = self[written] = self._twin(written) if self._folder.startswith(_SECOND) else self._way(written)
        return way

    def _twin(self, written: str) -> _Way | None:
        """Return the way that the first language has from its folder of the same name, put in the second one."""
        ways = _ways(self._site, _LANGS[0], self._folder.replace(_LANGS[1], _LANGS[0], 1))
        if "lang=" in written or written not in ways:
            return self._way(written)
        way = ways[written]
        return way and way._replace(file=_LANGS[1] + way.file[2:]) if way and way.file.startswith(_FIRST) else way

    def _way(self, written: str) -> _Way | None:
        """Return where *written* leads; an empty way when to nothing here.

        A folder that ends with a slash is an address to put before the file, whatever page it is on.
        """
        known = None if written[:1] == "#" else self._site.resolved(unescape(written), self._lang)
        if known is None:
            return None
        target, asked = known
        if target is None:
            return _Way()
        file, suffix = target
        near = escape(self._folder + file) if self._folder.endswith("/") else relative(file, self._origin)
        return _Way(file, suffix, near + escape(suffix) if suffix else near, asked if file.startswith(_MADE) else "")


@lru_cache(maxsize=128)
def _ways(site: Site, lang: Lang, folder: str) -> _Ways:
    return _Ways(site, lang, folder)


def _policy(html: str, *, wasm: bool) -> str:
    """Return the policy of a page; the styles that it holds are allowed by their digests (CSP 3, section 8.3)."""
    styles = _STYLE.findall(html) if "<style>" in html else ()
    return _stated(WITH_WASM if wasm else POLICY, tuple(b64encode(sha256(one.encode()).digest()).decode() for one in styles))


@lru_cache(maxsize=64)
def _stated(policy: str, digests: Sequence[str]) -> str:
    sources = "".join(f" 'sha256-{one}'" for one in digests)
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(policy.replace(_STYLES, _STYLES + sources))}">'
