"""The explorer in a real Chromium with the whole graph: what is drawn is what the query answers, and every tool does its work."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open, Watched
from campuskg.viz import views

READY = "[data-ready]"
_READ = """() => { const { data, scene } = window.__view; const s = scene(); return {
  nodes: [...s.nodes].map((n) => n.id), edges: [...s.edges].map((e) => [e.source.id, e.target.id, e.rows]), rows: s.rows,
  query: data.query, roles: data.roles, drawing: data.drawing, title: data.title, start: data.start }; }"""


@pytest.fixture(scope="session")
def axe(root: Path) -> str:
    return (root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def tabbed_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until an element of *selector* has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return
    pytest.fail(f"Tab never reached {selector}")


def drawn(page: Page) -> dict[str, Any]:
    """Return what the page shows now, by its own account."""
    page.wait_for_selector(READY)
    found: dict[str, Any] = page.evaluate(_READ)
    return found


def visit(page: Page, path: str) -> dict[str, Any]:
    page.goto("about:blank")  # an address that differs after "#" only would not load the page again
    page.goto(path)
    return drawn(page)


def answered(page: Page, query: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """Return the rows of the question that the page names, asked of the catalogue."""
    path = str(query["page"]).replace(f"/queries/{query['name']}", f"/queries/{query['name']}.json")
    answer = page.request.get(path, params={"lang": lang} if "?" not in path else None)
    assert answer.ok, path
    return [{name: cell["value"] for name, cell in row.items()} for row in answer.json()["results"]["bindings"]]


def ends(row: Mapping[str, str], roles: Mapping[str, str]) -> list[str]:
    names = [roles[role] for role in ("source", "target") if role in roles] or [roles["label"]]
    return [row[name] for name in names if name in row]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_view_draws_exactly_what_its_query_answers(open_page: Open, lang: str) -> None:
    page = open_page("/views", lang=lang)
    for name, view in views().items():
        found = visit(page, f"/views/{name}?lang={lang}#all=1")
        rows = answered(page, found["query"], lang)
        assert len(rows) > 0, name
        assert set(found["nodes"]) == {iri for row in rows for iri in ends(row, found["roles"])}, name
        pairs = {tuple(both) for row in rows if len(both := ends(row, found["roles"])) > 1}
        assert {(source, target) for source, target, _ in found["edges"]} == pairs, name
        assert found["rows"] == list(range(len(rows))), name
        linked = sorted(at for *_, held in found["edges"] for at in held)
        assert linked == [at for at, row in enumerate(rows) if len(ends(row, found["roles"])) > 1], name
        expect(page.locator("h1")).to_have_text(getattr(view.title, lang))
        expect(page.locator("[data-stage] :is(canvas, svg)").first).to_be_visible()
        expect(page.locator("[data-legend] li").first).to_be_visible()
        shown = page.locator("[data-table] tbody tr")
        assert shown.count() == min(len(rows), 50), name


def test_filter_focus_expand_path_undo_and_a_link_that_keeps_them(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=fr")
    start = drawn(page)
    everything = visit(page, "/views/partnerships?lang=fr#all=1")
    assert 1 < len(start["nodes"]) < len(everything["nodes"])
    visit(page, "/views/partnerships?lang=fr")
    expect(page.get_by_role("button", name="Tout montrer (63 éléments, 128 liens)")).to_be_visible()

    page.locator("summary", has_text="Catégorie officielle").click()
    box = page.get_by_role("checkbox", name="Enseignement scolaire")
    said = int(page.locator("label", has=box).locator("small").inner_text())
    box.check()
    kept = page.evaluate("[...window.__view.scene().nodes].filter((n) => n.kind === 'organisation').length")
    assert kept == said < len(start["nodes"])
    assert page.locator("[data-table] tbody tr").count() == len(drawn(page)["rows"])
    page.keyboard.press("Control+z")
    assert sorted(drawn(page)["nodes"]) == sorted(start["nodes"])
    page.keyboard.press("Control+Shift+z")
    assert len(drawn(page)["rows"]) < len(start["rows"])
    page.get_by_role("button", name="Effacer les filtres").click()

    page.get_by_role("combobox", name="Chercher dans l’image").fill("jules haag")
    page.keyboard.press("Enter")
    expect(page.locator("[data-detail] h2")).to_have_text("Lycée Jules Haag")
    page.get_by_label("Chemin jusqu’à").select_option("organisation/lycee-victor-hugo")
    expect(page.locator(".ex-way li").first).to_contain_text("travaille avec")
    assert page.locator(".ex-way li").count() == 1
    page.get_by_role("button", name="Fermer le chemin").click()

    page.locator(".ex-walk button").first.click()
    expand = page.locator("[data-key=open]")
    if expand.count():
        more = int("".join(letter for letter in expand.inner_text() if letter.isdigit()))
        before = len(drawn(page)["nodes"])
        expand.click()
        assert len(drawn(page)["nodes"]) == before + more
    page.locator("[data-key=hide]").click()
    left = drawn(page)

    page.evaluate("""() => { const one = [...window.__view.scene().nodes][0].short;
        location.hash = `${location.hash.slice(1)}&at=${encodeURIComponent(one)}|120|340`; }""")
    page.wait_for_function("() => Object.keys(window.__view.state().moved).length === 1")
    address = page.url
    other = open_page(address[address.index("/views") :])
    again = drawn(other)
    assert sorted(again["nodes"]) == sorted(left["nodes"])
    assert again["rows"] == left["rows"]
    assert other.evaluate("window.__view.state()") == page.evaluate("window.__view.state()")


def test_a_state_is_kept_in_a_file_and_resumed(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/views/partnerships?lang=en#all=1&f.category=https://w3id.org/cmq/scheme/partner-category/institutional")
    left = drawn(page)
    page.locator("[data-menu=share] summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep the state in a file").click()
    file = tmp_path / "state.json"
    download.value.save_as(file)
    visit(page, "/views/partnerships?lang=en")
    page.locator("[data-menu=share] summary").click()
    assert 'embed=1" ' in page.locator("#ex-embed").input_value()
    page.get_by_label("Resume a kept state").set_input_files(file)
    page.wait_for_function("() => window.__view.state().all")
    assert sorted(drawn(page)["nodes"]) == sorted(left["nodes"])
    page.get_by_label("Resume a kept state").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"[1"})
    expect(page.locator("[data-live]")).to_have_text("This file is not a state of this picture.")


def test_files_of_what_is_shown_open_elsewhere(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/views/partnerships?lang=fr")
    shown = drawn(page)
    page.locator("[data-menu=files] summary").click()

    def saved(name: str) -> Path:
        with page.expect_download() as download:
            page.locator("[data-menu=files]").get_by_role("button", name=name, exact=True).click()
        return Path(download.value.path())

    marks = nx.read_gexf(saved("GEXF"))
    assert set(marks.nodes) == set(shown["nodes"])
    assert marks.number_of_edges() == len(shown["edges"])
    one = marks.nodes["https://w3id.org/cmq/id/campus/msi"]
    assert one["label"].startswith("CMQ Micro")
    assert {"color", "position", "size"} <= set(one["viz"])
    plain = nx.read_graphml(saved("GraphML"))
    assert set(plain.nodes) == set(shown["nodes"])
    assert plain.number_of_edges() == len(shown["edges"])
    data = json.loads(saved("JSON").read_bytes())
    assert {node["id"] for node in data["nodes"]} == set(shown["nodes"])
    assert all(edge["proofs"] for edge in data["edges"])
    with saved("CSV").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == len(shown["rows"]) + 1
    assert b"<svg" in saved("SVG").read_bytes()
    assert saved("PNG").read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as download:
        page.locator("[data-menu=files]").get_by_role("link", name="XLSX").click()
    download.value.save_as(tmp_path / "all.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets[0]
    assert sheet.max_row == 128 + 1


def test_the_keyboard_alone_reaches_a_proof(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=en")
    drawn(page)
    tabbed_to(page, "#ex-search")
    page.keyboard.type("microtech")
    expect(page.locator("#ex-found [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-detail] h2")).to_contain_text("Microtechniques")
    tabbed_to(page, ".ex-walk button", most=60)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link with the second neighbour
    expect(page.locator("[data-detail] .kind")).to_have_text("Link")
    tabbed_to(page, ".ex-proofs a")
    assert "/page/id/passage/" in str(page.evaluate("document.activeElement.getAttribute('href')"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-detail] h2")).to_have_text("Items shown")


@pytest.mark.parametrize(("lang", "scheme"), [("fr", "light"), ("en", "dark")])
def test_axe_finds_nothing_in_the_explorer(open_page: Open, axe: str, lang: str, scheme: str) -> None:
    page = open_page("/views", lang=lang, scheme=scheme)
    found: list[str] = []
    for path in (
        "/views",
        "/views/partnerships#selected=campus/msi",
        "/views/funding",
        "/views/coverage",
        "/views/partnerships?embed=1",
    ):
        page.goto("about:blank")
        page.goto(path)
        if path != "/views":
            page.wait_for_selector(READY)
        page.evaluate("for (const one of document.querySelectorAll('details:not([data-menu])')) one.open = true")
        page.evaluate(axe)
        rules: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
        found += [f"{path} {r['id']}: {n['html'][:200]} {n['failureSummary'][:300]}" for r in rules for n in r["nodes"]]
    assert found == []


def test_a_phone_sees_one_panel_at_a_time(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=fr", width=360)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("[data-filters]")).to_be_hidden()
    page.get_by_role("button", name="Filtres").click()
    expect(page.locator("#ex-search")).to_be_visible()
    page.locator("#ex-search").fill("haag")
    page.keyboard.press("Enter")
    expect(page.locator("[data-detail] h2")).to_have_text("Lycée Jules Haag")
    page.get_by_role("button", name="Tableau", exact=True).click()
    expect(page.locator("[data-table] tbody tr").first).to_be_visible()
    for name in ("funding", "adjacency", "coverage", "territory", "mandates"):
        visit(page, f"/views/{name}?lang=fr")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_without_scripts_there_is_a_picture_a_table_and_the_query(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=fr", scripts=False)
    image = page.locator(".ex-static")
    expect(image).to_be_visible()
    assert page.request.get(str(image.get_attribute("src"))).headers["content-type"] == "image/svg+xml"
    assert page.locator("[data-table] tbody tr").count() == 128
    page.locator("summary", has_text="SPARQL").click()
    expect(page.locator("pre")).to_contain_text("SELECT")
    expect(page.locator("[data-whole] a")).to_have_count(7)


def test_without_webgl_the_same_is_drawn(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=fr&svg=1")
    shown = drawn(page)
    assert page.locator("[data-stage] [data-node]").count() == len(shown["nodes"])
    assert page.locator("[data-stage] [data-edge]").count() == len(shown["edges"])
    page.locator("[data-stage] [data-node='organisation/lycee-jules-haag']").click()
    expect(page.locator("[data-detail] h2")).to_have_text("Lycée Jules Haag")


def test_the_first_load_of_the_explorer_stays_small(open_page: Open) -> None:
    page = open_page("/views/partnerships")
    drawn(page)
    sizes: list[int] = page.evaluate("""performance.getEntriesByType("resource")
        .filter((entry) => entry.name.endsWith(".js")).map((entry) => entry.encodedBodySize)""")
    assert sum(sizes) <= 60_000


def test_paper_holds_the_picture_its_rows_and_its_sources(open_page: Open) -> None:
    page = open_page("/views/partnerships?lang=fr")
    shown = drawn(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".ex-print > svg")).to_be_visible()
    assert page.locator(".ex-print tbody tr").count() == len(shown["rows"])
    expect(page.locator(".ex-print h2")).to_have_text("Sources")


def test_faults_are_said(open_page: Open, watched: Watched) -> None:
    watched.expected += ["404", "503", "Error: 503"]
    page = open_page("/views/partnership?lang=en")
    expect(page.locator("main")).to_contain_text("partnerships")
    page.route("**/views/partnerships.json*", lambda route: route.fulfill(status=503, body=""))
    page.goto("/views/partnerships?lang=en")
    expect(page.locator("[data-live]")).to_contain_text("could not be loaded")
    expect(page.locator("[data-table] tbody tr").first).to_be_visible()
