"""A built site as its visitors see it: its pages, their links and anchors, as plain files tell them."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from campuskg.release import build

_LINKS = ("href", "src", "action", "data-index", "data-worker", "data-dump")


_BUILT: dict[Path, Path] = {}
_RETIRED = "organisation/old: {replacedBy: organisation/lycee-vauban, on: 2026-01-05, fr: Doublon, en: Duplicate}\n"


@dataclass(frozen=True)
class Small:
    """The small graph with a retired id, its release, and a host whose ``kg`` is its site; read-only by agreement."""

    graph: Path
    release: Path
    host: Path


@cache
def small_built(base: Path) -> Small:
    """Return the site of the small graph *base*, made once; web servers that run as nobody can read it."""
    folder = tempfile.TemporaryDirectory(prefix="campuskg-host-")
    atexit.register(folder.cleanup)
    top = Path(folder.name)
    top.chmod(0o755)
    made = Small(Path(shutil.copytree(base, top / "graph")), top / "release", top / "host")
    (made.graph / "retired.yaml").write_text(_RETIRED, encoding="utf-8")
    build(made.release, folder=made.graph)
    publish(made.release, made.host / "kg")
    return made


def built(release: Path, folder: Path, base: str = "http://127.0.0.1/kg") -> Path:
    """Return the site of the *release*, made once for all tests below *folder* by the command itself."""
    if release not in _BUILT:
        out = folder / "host" / "kg"
        publish(release, out, base)
        _BUILT[release] = out
    return _BUILT[release]


def publish(release: Path, out: Path, base: str = "http://127.0.0.1/kg", *options: str) -> str:
    """Run the command and return what it says."""
    command = [sys.executable, "-m", "campuskg", "publish", str(release), "--out", str(out), "--base", base, "--lang", "en"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Page(HTMLParser):
    """The links and the anchors of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.inline: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.links += [found[name] for name in _LINKS if name in found]
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "script" and "src" not in found and not found.get("type", "").endswith("json"):
            self.inline.append("script")
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found.get("content", "")


class SiteFiles:
    """The files of a site and the pages among them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        html = sorted(name for name in self.names if name.endswith(".html"))
        return {name: Page((self.folder / name).read_text(encoding="utf-8")) for name in html}

    def broken(self) -> Iterator[str]:
        """Yield every link to a file that is not there, or to an anchor that its page does not have."""
        for name, page in self.pages.items():
            for link in dict.fromkeys(page.links):
                parts = urlsplit(link)
                if parts.scheme or parts.netloc or name in ("404.html", "410.html"):
                    continue
                file = normpath(join(dirname(name), unquote(parts.path))) if parts.path else name
                if file not in self.names:
                    yield f"{name}: {link}"
                elif parts.fragment and file in self.pages and "=" not in parts.fragment:
                    anchor = unquote(parts.fragment)
                    if anchor not in self.pages[file].anchors:
                        yield f"{name}: {link} (no anchor)"
