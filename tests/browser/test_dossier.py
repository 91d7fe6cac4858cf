"""The dossier of a campus as the file that is sent by e-mail: accessible, never wider than the screen, asking for nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campuskg.errors import Lang
from campuskg.publish.dossier import as_html, dossier
from campuskg.release import Release

_ALIKE = "tbody tr:nth-child(n + 5), .passage:nth-child(n + 5), svg g:nth-child(n + 9)"
"""What repeats what stands before it: axe-core takes seconds for thousands of like rows and finds nothing new in them."""


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("en", 390)])
def test_axe_finds_nothing_in_a_dossier(
    release: Release, root: Path, browser: Browser, tmp_path: Path, lang: Lang, width: int
) -> None:
    file = tmp_path / f"dossier-msi-{lang}.html"
    file.write_text(as_html(dossier(release, "msi", lang)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("(alike) => { for (const one of document.querySelectorAll(alike)) one.remove(); }", _ALIKE)
    page.evaluate((root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    rules = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    assert [f"{rule['id']}: {node['html'][:160]}" for rule in rules for node in rule["nodes"]] == []
    context.close()
