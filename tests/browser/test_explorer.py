"""The explorer in a real Chromium with the whole graph: what is drawn is what the query answers, and every tool does its work."""

import csv
import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final
from xml.etree import ElementTree as ET

import networkx as nx
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Open, Watched
from campuskg.viz import View, views

READY = "[data-ready]"
_RESULTS: Final = "application/sparql-results+json"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_READ = """() => { const { data, scene } = window.__view; const s = scene(); return {
  nodes: [...s.nodes].map((n) => n.id), edges: [...s.edges].map((e) => [e.source.id, e.target.id, e.rows]), rows: s.rows,
  query: data.query, roles: data.roles, drawing: data.drawing, title: data.title, start: data.start }; }"""


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


def answered(page: Page, sparql: str) -> list[dict[str, str]]:
    """Return the rows that the endpoint gives for a query, as it was shown."""
    answer = page.request.post("/sparql", data=sparql, headers={"content-type": "application/sparql-query", "accept": _RESULTS})
    assert answer.ok, answer.text()
    return [{name: cell["value"] for name, cell in row.items()} for row in answer.json()["results"]["bindings"]]


def ends(row: Mapping[str, str], roles: Mapping[str, str]) -> list[str]:
    names = [roles[role] for role in ("source", "target") if role in roles] or [roles["label"]]
    return [row[name] for name in names if name in row]


def is_its_query(page: Page, found: Mapping[str, Any], view: View, lang: str) -> None:
    """See that what is drawn, the table and the answer of the query shown are one set."""
    shown = page.locator("details pre code").text_content() or ""
    assert shown.strip() == found["query"]["sparql"].strip()
    rows = answered(page, shown)
    assert len(rows) > 0
    assert set(found["nodes"]) == {iri for row in rows for iri in ends(row, found["roles"])}
    pairs = {tuple(both) for row in rows if len(both := ends(row, found["roles"])) > 1}
    assert {(source, target) for source, target, _ in found["edges"]} == pairs
    assert found["rows"] == list(range(len(rows)))
    linked = sorted(at for *_, held in found["edges"] for at in held)
    assert linked == [at for at, row in enumerate(rows) if len(ends(row, found["roles"])) > 1]
    assert page.locator("h1").inner_text() == getattr(view.title, lang)
    expect(page.locator("[data-stage] :is(canvas, svg)").first).to_be_visible()
    expect(page.locator("[data-legend] li").first).to_be_visible()
    assert page.locator("[data-table] tbody tr").count() == min(len(rows), 50)


@pytest.mark.parametrize(
    ("lang", "scheme", "half"),
    [
        ("fr", "light", 0),
        ("en", "dark", 1),
        pytest.param("fr", "light", 1, marks=pytest.mark.thorough),
        pytest.param("en", "dark", 0, marks=pytest.mark.thorough),
    ],
)
def test_every_view_draws_exactly_what_its_query_answers_for_everybody(
    open_page: Open, root: Path, lang: str, scheme: str, half: int
) -> None:
    rules = (root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = open_page("/views", lang=lang, scheme=scheme)
    found: list[str] = []
    for name, view in list(views().items())[half::2]:
        is_its_query(page, visit(page, f"/views/{name}?lang={lang}#all=1"), view, lang)
        page.evaluate("for (const one of document.querySelectorAll('details:not([data-menu])')) one.open = true")
        page.evaluate(rules)
        broken: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
        found += [f"{name} {r['id']}: {n['html'][:200]} {n['failureSummary'][:300]}" for r in broken for n in r["nodes"]]
        page.set_viewport_size({"width": 360, "height": 740})
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            found.append(f"{name} is wider than a phone")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


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

    page.keyboard.press("Control+z")
    assert len(drawn(page)["nodes"]) == len(left["nodes"]) + 1


def _filled(page: Page, field: str, value: str) -> None:
    page.locator(field).fill(value)
    page.locator(field).press("Tab")


_ACTS: Final[Mapping[str, Callable[[Page], object]]] = {
    "filter": lambda page: page.locator(".ex-groups input[type=checkbox]").first.check(),
    "date": lambda page: _filled(page, "#ex-to", "2021-12-31"),
    "moment": lambda page: page.locator("#ex-moment").press("ArrowLeft"),
    "choose": lambda page: page.locator(".ex-walk button").first.click(),
    "hide": lambda page: page.locator("[data-key=hide]").click(),
    "focus": lambda page: page.locator("[data-key=focus]").click(),
    "move": lambda page: page.locator("[data-stage]").press("Shift+ArrowRight"),
    "path": lambda page: page.get_by_label("Chemin jusqu’à").select_option(index=3),
}
"""What a reader does -> how, when something is chosen."""


def state(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("window.__view.state()")
    return found


def test_each_act_is_undone_and_done_again(open_page: Open) -> None:
    page = open_page("/views/co-organised?lang=fr&svg=1")
    drawn(page)
    page.locator(".ex-walk button").first.click()
    page.evaluate("for (const one of document.querySelectorAll('.ex-groups details')) one.open = true")
    for name, act in _ACTS.items():
        before = state(page)
        act(page)
        page.locator("[data-stage]").focus()
        after = state(page)
        assert after != before, name
        page.keyboard.press("Control+z")
        assert state(page) == before, name
        page.keyboard.press("Control+Shift+z")
        assert state(page) == after, name
        page.keyboard.press("Control+z")


def test_what_is_dragged_stays_pinned_in_the_link_in_the_file_and_in_the_next_visit(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/views/partnerships?lang=fr")
    drawn(page)
    one = "organisation/lycee-jules-haag"
    corner = page.locator("[data-stage]").bounding_box()
    assert corner is not None
    x, y = page.evaluate("(id) => window.__view.where(id)", one)
    page.mouse.move(corner["x"] + x - 4, corner["y"] + y)
    page.mouse.move(corner["x"] + x, corner["y"] + y)
    page.wait_for_function("document.querySelector('[data-stage]').style.cursor === 'pointer'")
    page.mouse.down()
    page.mouse.move(corner["x"] + x + 60, corner["y"] + y + 40, steps=4)
    page.mouse.up()
    pinned = state(page)["moved"]
    assert list(pinned) == [one]
    moved = page.evaluate("(id) => window.__view.where(id)", one)
    assert moved == pytest.approx([x + 60, y + 40], abs=3)
    page.locator("[data-menu=share] summary").click()
    address = page.locator("#ex-address").input_value()
    with page.expect_download() as download:
        page.get_by_role("button", name="Garder l’état").click()
    file = tmp_path / "state.json"
    download.value.save_as(file)
    again = visit(page, address[address.index("/views") :])
    assert [*state(page)["moved"][one]] == pytest.approx([*pinned[one]], abs=1)
    assert again["nodes"]
    visit(page, "/views/partnerships?lang=fr")
    assert state(page)["moved"] == {}
    page.locator("[data-menu=share] summary").click()
    page.get_by_label("Reprendre").set_input_files(file)
    page.wait_for_function("() => Object.keys(window.__view.state().moved).length === 1")
    page.locator("[data-menu=share] summary").click()
    assert state(page)["moved"] == pinned
    page.evaluate("(id) => { location.hash += `&selected=${id}`; }", one)
    page.locator("[data-key=release]").click()
    assert state(page)["moved"] == {}


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
    drawing = ET.fromstring(saved("SVG").read_bytes())  # noqa: S314  our own bytes
    assert drawing.tag == f"{_SVG}svg"
    assert len(drawing.findall(".//*[@data-node]")) == len(shown["nodes"])
    image = saved("PNG").read_bytes()
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == (2 * int(drawing.attrib["width"]), 2 * int(drawing.attrib["height"]))
    with page.expect_download() as download:
        page.locator("[data-menu=files]").get_by_role("link", name="XLSX").click()
    download.value.save_as(tmp_path / "all.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets[0]
    assert sheet.max_row == 128 + 1
    shown = visit(page, "/views/ecosystem?lang=fr")
    page.locator("[data-menu=files] summary").click()
    for arrows in (nx.read_gexf(saved("GEXF")), nx.read_graphml(saved("GraphML"))):
        assert arrows.is_directed()
        assert set(arrows.edges()) == {(source, target) for source, target, _ in shown["edges"]}


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
    page = open_page("/views?lang=fr")
    # A card that refuses at the last moment: the kind of context is known, and none is given.
    page.add_init_script("""const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind === "2d" ? real.call(this, kind, ...more) : null; };""")
    shown = visit(page, "/views/partnerships?lang=fr")
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


def test_the_form_chooses_what_is_drawn_with_and_without_scripts(open_page: Open) -> None:
    page = open_page("/views/ecosystem?lang=fr", scripts=False)
    assert "Microtechniques" in page.locator(".view-choose summary").inner_text()
    page.locator(".view-choose summary").click()
    page.get_by_label("CMQ Alimentation-Goût-Tourisme").check()
    page.get_by_role("button", name="Dessiner").click()
    both = page.locator("[data-table] tbody tr").count()
    assert "campus=campus%2Fmsi" in page.url
    assert "campus=campus%2Fagt" in page.url
    page.get_by_role("button", name="Tout montrer").click()
    assert page.locator("[data-table] tbody tr").count() > both
    live = open_page("/views/ecosystem?lang=fr&campus=campus/agt")
    assert {target.rpartition("/")[2] for _, target, _ in drawn(live)["edges"]} == {"agt"}
    live.get_by_role("button", name="Tout montrer", exact=True).click()
    live.wait_for_url("**/views/ecosystem?lang=fr&campus=")
    assert len({target for _, target, _ in drawn(live)["edges"]}) > 5
    visit(live, "/views/participation?lang=fr")
    live.locator(".view-choose summary").click()
    field = live.get_by_role("combobox", name="Organisation")
    field.fill("ensmm")
    live.get_by_role("option").first.click()
    live.get_by_role("button", name="Dessiner").click()
    live.wait_for_url("**organisation=organisation%2Fensmm*")
    assert all(source.endswith("/ensmm") for source, *_ in drawn(live)["edges"])
    assert (
        "ENSMM" in live.locator(".view-choose summary").inner_text() or "mécanique" in live.locator(".view-choose").inner_text()
    )


def test_a_date_on_the_slider_leaves_what_held_then(open_page: Open) -> None:
    page = open_page("/views/mandates?lang=fr")
    everything = drawn(page)
    page.locator("summary", has_text="Dates").click()
    page.locator("#ex-moment").press("Home")
    day = str(state(page)["from"])
    assert state(page)["to"] == day
    held = page.evaluate("[...window.__view.scene().edges].map((e) => [e.begins, e.ends])")
    assert 0 < len(held) < len(everything["edges"])
    assert all((begins or ends) <= day and (not ends or ends >= day) for begins, ends in held)
    assert page.locator("#ex-moment").get_attribute("aria-valuetext") == page.locator("output[for=ex-moment]").inner_text()


def test_the_picture_fills_the_screen_and_comes_back(open_page: Open) -> None:
    page = open_page("/views/funding?lang=en")
    drawn(page)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement?.matches('[data-explorer]')")
    expect(page.locator("[data-stage] svg").first).to_be_visible()
    assert page.evaluate("document.fullscreenElement.clientWidth === innerWidth")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => !document.fullscreenElement")


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Serve one page of another origin, on a port of its own: its address, and where its text is put."""
    body: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("".join(body).encode())

        def log_message(self, *_: object) -> None:  # nothing in the report of the tests
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", body
        server.shutdown()


def test_a_page_of_another_origin_shows_what_is_meant_for_it_alone(
    browser: Browser, open_page: Open, elsewhere: tuple[str, list[str]]
) -> None:
    code = open_page("/views/partnerships?lang=en#all=1")
    drawn(code)
    code.locator("[data-menu=share] summary").click()
    frame = code.locator("#ex-embed").input_value().replace(' loading="lazy"', "")
    address, body = elsewhere
    body += ["<!doctype html>", frame, re.sub("embed=1(&amp;)?", "", frame).replace("<iframe", '<iframe id="whole"')]
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(address)
    inside = page.frame_locator("iframe:not(#whole)")
    inside.locator(READY).wait_for()
    expect(inside.locator("[data-stage] canvas").first).to_be_visible()
    expect(inside.locator("h1")).to_have_text("Who works with whom")
    expect(inside.locator("[data-legend] li").first).to_be_visible()
    assert page.frame_locator("#whole").locator("[data-stage]").count() == 0  # refused: the whole page stands in no other
    context.close()


def test_on_a_phone_the_heat_map_is_as_wide_as_the_screen_and_can_be_enlarged(open_page: Open) -> None:
    page = open_page("/views/coverage", width=390)
    drawn(page)
    chart, stage = page.locator(".ex-figure > svg"), page.locator("[data-stage]")
    widest = stage.evaluate("(one) => one.clientWidth")
    assert stage.evaluate("(one) => one.scrollWidth") <= widest
    assert stage.evaluate("(one) => one.scrollHeight <= one.clientHeight")  # the page scrolls, not a part of it
    before = chart.evaluate("(one) => one.getBoundingClientRect().width")
    page.locator("[data-bar] .ex-group button", has_text="+").click()
    assert chart.evaluate("(one) => one.getBoundingClientRect().width") > before
    assert page.evaluate("document.documentElement.scrollWidth") == 390
