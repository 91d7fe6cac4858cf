"""Pages of the server made into files: links become relative, what only a server has goes, the content policy comes in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import Final, NamedTuple

from campuskg.errors import Lang
from campuskg.publish.site.addresses import Site, relative, resolved

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)
"""The policy of the server as far as a meta element can state it (frame-ancestors is left to the rules of the host)."""
WITH_WASM: Final = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + "; worker-src 'self'"
"""That of the one page that runs WebAssembly."""
_CHARSET: Final = '<meta charset="utf-8">\n'
_PAGE: Final = re.compile(r'<html lang="(\w\w)"(?: data-root="[^"]*")?')
_ATTRIBUTE: Final = re.compile(r'(?<=[\s"])(href|src|action|data-index|data-worker|data-dump)="([^"]*)"')
_ALONE: Final = r"<{0}(?: [^<>]*)?>\s*<a [^<>]*\bdata-absent\b[^<>]*>[^<]*</a>\s*</{0}>\s*"
_LONE: Final = re.compile("|".join(_ALONE.format(element) for element in ("li", "p")))
_LINK: Final = re.compile(r"<link [^<>]*\bdata-absent\b[^<>]*>\s*")
_TEXT: Final = re.compile(r"<a [^<>]*\bdata-absent\b[^<>]*>(.*?)</a>", re.DOTALL)


@dataclass
class Localised:
    """A page as a file of the site, and the pages and data that it leads to: file -> address on the server."""

    html: str
    led: dict[str, str] = field(default_factory=dict)


def localised(  # noqa: PLR0913  what a page needs to know, by keyword
    html: str, file: str, lang: Lang, site: Site, *, head: Iterable[str] = (), wasm: bool = False, anywhere: bool = False
) -> Localised:
    """Return the page *html* of the server as the file *file* of *site*, with more elements in its *head*.

    A page that hosts show *anywhere*, at the address that was asked for, has links from the root of its host instead.
    """
    found = Localised("")
    html = html.replace(_CHARSET, _CHARSET + "".join(f"{one}\n" for one in [_policy(wasm=wasm), *head]), 1)
    top = f"{site.root}/{lang}" if anywhere else relative(f"{lang}/x", file).removesuffix("x").rstrip("/") or "."

    folder = file.rpartition("/")[0]

    def changed(match: re.Match[str]) -> str:
        way = _way(site, match[2], lang, f"{site.root}/" if anywhere else folder)
        if way is None:
            return match[0]
        if way.file == file and way.suffix.startswith("#") and not anywhere:
            return f'{match[1]}="{escape(way.suffix)}"'
        if way.asked:
            found.led[way.file] = way.asked
        return f'{match[1]}="{way.shown}"' if way.file else f'{match[1]}="" data-absent'

    text = _ATTRIBUTE.sub(changed, html)
    text = _TEXT.sub(r"\1", _LINK.sub("", _LONE.sub("", text)))
    found.html = _PAGE.sub(rf'<html lang="\1" data-root="{top}" data-static', text, count=1)
    return found


class _Way(NamedTuple):
    """Where a link leads from the pages of one folder: its file, what follows, the attribute, the address on the server."""

    file: str = ""
    suffix: str = ""
    shown: str = ""
    asked: str = ""


@lru_cache(maxsize=1 << 16)  # the same links stand on many pages of a folder
def _way(site: Site, written: str, lang: Lang, folder: str) -> _Way | None:
    """Return where the attribute *written* leads; None when it leads out of the site, an empty way when to nothing here.

    A *folder* that ends with a slash is an address to put before the file, whatever page it is on.
    """
    known = resolved(site, unescape(written), lang)
    if known is None:
        return None
    target, asked = known
    if target is None:
        return _Way()
    near = folder + target.file if folder.endswith("/") else relative(target.file, f"{folder}/x" if folder else "x")
    made = target.file.endswith(".html") or target.file.startswith("data/")
    return _Way(target.file, target.suffix, escape(near + target.suffix), asked if made else "")


def _policy(*, wasm: bool) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(WITH_WASM if wasm else POLICY)}">'
