"""A served release and a real Chromium; every page is watched: no console error, no policy violation, no request elsewhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
)
"""WebGL in software; all other drawing without it, for pages are put together twice as fast so."""
_OF_THE_DRIVER = "GPU stall due to ReadPixels"
"""A warning of Chromium about its own software WebGL, when what it drew is read for the screen."""
_WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.__violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""

EACH: Final = [
    pytest.param(("fr", "light", 1280), slice(0, None, 2), id="fr-light-wide"),
    pytest.param(("en", "dark", 360), slice(1, None, 2), id="en-dark-phone"),
    pytest.param(("fr", "light", 1280), slice(1, None, 2), id="fr-light-wide-rest", marks=pytest.mark.thorough),
    pytest.param(("en", "dark", 360), slice(0, None, 2), id="en-dark-phone-rest", marks=pytest.mark.thorough),
]
"""Each page in one way; the other half in the other way takes as long again and has the same templates and colours."""


@dataclass
class Site:
    """A running server: its address and the process that it is."""

    base: str
    process: subprocess.Popen[str]


@dataclass
class Watched:
    """What a page did that it must not do; *expected* are parts of messages that a test provokes on purpose."""

    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def left(self) -> list[str]:
        """Return the faults that no test provoked."""
        return [fault for fault in self.faults if not any(part in fault for part in (*self.expected, _OF_THE_DRIVER))]


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def site(release_dir: Path, root: Path) -> Iterator[Site]:
    """Serve the project's own graph on a free port, with the scripts built."""
    if not (root / "viz" / "web" / "dist" / "manifest.json").is_file():
        pytest.fail("the scripts of the pages are not built: run `make web`")
    command = [sys.executable, "-m", "campuskg", "serve", str(release_dir), "--port", "0", "--timeout", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = next((m for line in process.stdout if (m := re.search(r"http://[\d.]+:\d+", line))), None)
        assert found is not None, "the server said no address"
        with urlopen(f"{found[0]}/search?q=msi", timeout=120) as answer:  # noqa: S310  ours; the first page waits until all are ready
            assert answer.status == HTTPStatus.OK
        try:
            yield Site(found[0], process)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.fail(f"no browser: none of {', '.join(_NAMES)} is on the PATH")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture
def watched() -> Watched:
    """Return the list of faults of this test's pages."""
    return Watched()


@pytest.fixture
def open_page(site: Site, browser: Browser, watched: Watched) -> Iterator[Open]:
    """Return a function that opens a page of the site; at the end nothing that it must not do may have happened."""
    opened: list[Page] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc != urlsplit(site.base).netloc:
            watched.faults.append(f"request to {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def start(path: str, *, width: int = 1280, scripts: bool = True, scheme: str = "light", lang: str = "fr") -> Page:
        context = browser.new_context(
            base_url=site.base,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            locale={"fr": "fr-FR", "en": "en-GB"}[lang],
            accept_downloads=True,
        )
        context.set_default_timeout(30_000)  # far more than needed: a machine at work on other things is no failure
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.on("console", lambda m: watched.faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
        page.route("**/*", guard)
        page.goto(path)
        opened.append(page)
        return page

    yield start
    for page in opened:
        watched.faults += page.evaluate("window.__violations ?? []")
        page.context.close()
    assert watched.left() == []
