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

import pytest

from campuskg.release import build
from conftest import once

_LINKS = ("href", "src", "action", "data-index", "data-worker", "data-dump")


_RETIRED = "organisation/old: {replacedBy: organisation/lycee-vauban, on: 2026-01-05, fr: Doublon, en: Duplicate}\n"


@dataclass(frozen=True)
class Small:
    """The small graph with a retired id, its release, and a host whose ``kg`` is its site; read-only by agreement."""

    graph: Path
    release: Path
    host: Path


def small_built(base: Path, factory: pytest.TempPathFactory) -> Small:
    """Return the site of the small graph *base*, made once for all processes."""

    def make(out: Path) -> None:
        graph = Path(shutil.copytree(base, out / "graph"))
        (graph / "retired.yaml").write_text(_RETIRED, encoding="utf-8")
        build(out / "release", folder=graph)
        publish(out / "release", out / "host" / "kg")

    top = once(factory, "small-site", make)
    return Small(top / "graph", top / "release", top / "host")


@cache
def readable(site: Path) -> Path:
    """Return a copy of the *site* that web servers that run as nobody can read, as the only one of its host: ``kg``."""
    folder = tempfile.TemporaryDirectory(prefix="campuskg-host-")
    atexit.register(folder.cleanup)
    host = Path(folder.name)
    host.chmod(0o755)
    shutil.copytree(site, host / "kg")
    return host


def built(release: Path, factory: pytest.TempPathFactory) -> Path:
    """Return the site of the *release* of the project's graph, made by the command itself once for all processes."""
    return once(factory, "whole-site", lambda out: publish(release, out / "kg")) / "kg"


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
