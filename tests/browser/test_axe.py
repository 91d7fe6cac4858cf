"""Every kind of page under the rules of axe-core: wide and light in French, on a phone and dark in English; none too wide."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from browser.conftest import EACH, Open, Watched

_OWN: Final = (
    "/",
    "/ask?q=haag",
    "/ask?q=Qui+finance+le+CMQ+MSI+%3F",
    "/search?q=besan%C3%A7on",
    "/network",
    "/territory",
    "/money",
    "/projects",
    "/organisations?q=lyc%C3%A9e&department=doubs",
    "/trainings?sort=name",
    "/queries",
    "/queries/programme-funders?evidence=1",
    "/queries/campus-links",
    "/sparql",
    "/catalogue",
    "/ontology",
    "/ontology/Campus",
    "/page/scheme/sector",
    "/page/scheme/sector/microtechnics",
    "/page/graph/facts",
    "/page/id/organisation/nobody-at-all",
    "/about",
    "/accessibility",
    "/limits",
)
_KINDS: Final = re.compile(r"<loc>[^<]*?(/page/id/([a-z]+)/[^<]*)</loc>")
_RULES: Final = "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)"


@pytest.fixture(scope="session")
def axe(root: Path) -> str:
    return (root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def pages(open_page: Open) -> list[str]:
    """Return the pages of the site's own, one page of each kind of thing, one passage and one statement."""
    page = open_page("/page/id/organisation/lycee-jules-haag")
    sitemap = page.request.get("/sitemap.xml").text()
    first = {kind: path for path, kind in reversed(_KINDS.findall(sitemap))}
    first["campus"] = "/page/id/campus/msi"
    passage = page.locator(".passages a").first.get_attribute("href") or ""
    statement = page.locator("a.statement").first.get_attribute("href") or ""
    return [*_OWN, *sorted(first.values()), passage, statement]


@pytest.mark.parametrize(("way", "part"), EACH)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Open, pages: list[str], watched: Watched, axe: str, way: tuple[str, str, int], part: slice
) -> None:
    watched.expected.append("404")  # one of the pages is that of what is not there
    lang, scheme, width = way
    page = open_page("/accessibility", lang=lang, scheme=scheme, width=width)
    found: list[str] = []
    for path in pages[part]:
        page.goto(path)
        if path.startswith(("/queries/", "/sparql")):  # these draw after they are there
            page.wait_for_load_state("networkidle")
        page.evaluate("for (const one of [...document.querySelectorAll('main details')].slice(0, 40)) one.open = true")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
        page.evaluate(axe)
        rules: list[dict[str, Any]] = page.evaluate(_RULES)
        found += [f"{path} {r['id']}: {n['html'][:200]} {n['failureSummary'][:300]}" for r in rules for n in r["nodes"]]
    assert found == []
