"""The standalone page of a view in Chromium, from a file: it draws at once, asks nobody for anything, and runs no name."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from campuskg.errors import Lang
from campuskg.release import Release
from campuskg.store import MemoryStore
from campuskg.viz import find_view, picture, views
from campuskg.viz.standalone import data_of, to_html
from planted import planted_quads

_DRAWN = "html[data-drawn]"
"""A selector, since the policy of the page refuses the evaluations that waiting for an expression would need."""
_INK = """() => {
  const canvas = document.querySelector("#picture canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum = (sum * 31 + data[i] + data[i - 1]) % 1000003;
  return sum;
}"""


class Opened:
    """A page from a file, and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(_DRAWN, state="attached", timeout=30_000)
        return self.page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Return a fresh page with no network at all."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    found = Opened(context.new_page())
    yield found
    assert found.faults == []
    assert all(url.startswith("file://") for url in found.asked)
    assert len(found.asked) == 1
    context.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_partnerships_opens_offline_and_rests(opened: Opened, release: Release, tmp_path: Path, lang: Lang) -> None:
    drawn = picture(release, find_view("partnerships"), lang)
    path = tmp_path / "page.html"
    path.write_bytes(to_html(drawn))
    page = opened.open(path)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.title() == getattr(drawn.view.title, lang)
    first = page.locator("#picture").screenshot()
    page.wait_for_timeout(600)
    assert page.locator("#picture").screenshot() == first, "the picture moved by itself"
    legend = page.locator(".legend li").all_inner_texts()
    assert [text.strip() for text in legend] == [f"{group.label} {group.count}" for group in drawn.groups]
    page.locator("details summary").first.click()
    assert page.locator("tbody tr").count() == len(drawn.edges)
    assert drawn.query.name
    page.locator("details summary").nth(1).click()
    assert "SELECT ?source ?target" in page.locator("pre").inner_text()


def test_find_shows_a_thing_with_its_links_by_keyboard_alone(opened: Opened, release: Release, tmp_path: Path) -> None:
    drawn = picture(release, find_view("partnerships"), "en")
    path = tmp_path / "page.html"
    path.write_bytes(to_html(drawn))
    page = opened.open(path)
    page.keyboard.press("Tab")
    page.keyboard.type("FEMTO-ST")
    page.keyboard.press("Tab")
    name = page.locator("#name")
    assert name.inner_text() == "FEMTO-ST"
    links = page.locator("#links li").all_inner_texts()
    expected = [edge for edge in drawn.edges if any(end.endswith("/femto-st") for end in (edge.source, edge.target))]
    assert len(links) == len(expected)
    assert all(passage in links[0] for passage in expected[0].passages)
    page.locator("#links button").first.focus()
    page.keyboard.press("Enter")
    assert name.inner_text() != "FEMTO-ST"
    page.locator("#find").fill("nobody of that name")
    page.keyboard.press("Tab")
    assert page.locator("#said").inner_text() == "Nothing of that name in the picture"


@pytest.mark.parametrize("name", list(views()))
def test_every_view_draws_what_it_says(opened: Opened, release: Release, tmp_path: Path, name: str) -> None:
    drawn = picture(release, find_view(name), "fr")
    path = tmp_path / "page.html"
    path.write_bytes(to_html(drawn))
    page = opened.open(path)
    data = json.loads(page.locator("#data").text_content() or "")
    assert [node["id"] for node in data["nodes"]] == [node.id for node in drawn.nodes]
    assert [(edge["from"], edge["to"]) for edge in data["edges"]] == [(edge.source, edge.target) for edge in drawn.edges]
    assert page.evaluate(_INK) != 0


def test_hostile_names_run_nothing(opened: Opened, release: Release, tmp_path: Path) -> None:
    store = MemoryStore([*release.store.quads(), *planted_quads()])
    hostile = Release(release.folder, {"outputs": {"dataset.nq": "planted"}}, store)
    for name in ("partnerships", "funding"):
        page_bytes = to_html(picture(hostile, find_view(name), "fr"))
        path = tmp_path / f"{name}.html"
        path.write_bytes(page_bytes)
        opened.asked.clear()
        page = opened.open(path)
        for node in data_of(page_bytes)["nodes"]:
            if "planted" in node["id"] or ":" not in node["id"].partition("//")[0]:
                page.locator("#find").fill(node["title"][:200])
                page.locator("#find").press("Tab")
        page.mouse.move(640, 450)
        page.mouse.click(640, 450)
        page.wait_for_timeout(300)
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, iframe, a").count() == 0
        assert page.locator("script").count() == 3


def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, release: Release, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(to_html(picture(release, find_view("partnerships"), "fr")))
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(path.as_uri())
    page.wait_for_selector(_DRAWN, state="attached", timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
