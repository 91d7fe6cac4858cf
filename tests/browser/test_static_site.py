"""The static site in a real browser, from a plain file server under a sub-path: the walk, the search, SPARQL without a server."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.conftest import EACH, Open, Watched
from browser.test_editor import write
from publish.site_files import built

_COUNT = """PREFIX cmq: <https://w3id.org/cmq/ontology#>
SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a cmq:Campus }"""
_WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.__violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


@pytest.fixture(scope="module")
def address(release_dir: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site as files, with a server that knows nothing of it."""
    if not (root / "viz" / "web" / "dist" / "manifest.json").is_file():
        pytest.fail("the scripts of the pages are not built: run `make web`")
    host = built(release_dir, tmp_path_factory).parent
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(host)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().split(" port ")[1].split()[0]
        try:
            yield f"http://127.0.0.1:{port}/kg/"
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def open_static(address: str, browser: Browser, watched: Watched) -> Iterator[Open]:
    """Return a function that opens a page of the static site; at the end nothing that it must not do may have happened."""
    opened: list[Page] = []

    def guard(route: Route) -> None:
        if not route.request.url.startswith(address) and urlsplit(route.request.url).scheme.startswith("http"):
            watched.faults.append(f"request to {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def start(path: str = "", *, width: int = 1280, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=scripts, accept_downloads=True
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.on("console", lambda m: watched.faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
        page.route("**/*", guard)
        page.goto(path or address)
        opened.append(page)
        return page

    yield start
    for page in opened:
        watched.faults += page.evaluate("window.__violations ?? []")
        page.context.close()
    assert watched.left() == []


@pytest.mark.parametrize(("lang", "width"), [("fr", 1280), ("en", 1280), ("fr", 360), ("en", 360)])
def test_the_walk(open_static: Open, lang: str, width: int) -> None:
    page = open_static(width=width)
    if lang == "en":
        page.get_by_role("link", name="English").click()
    page.locator("form[role=search] input[name=q]").first.fill("haag")
    page.locator("form[role=search] input[name=q]").first.press("Enter")
    found = page.locator("[data-found] a").first
    expect(found).to_contain_text("Haag")
    found.click()
    expect(page.locator("h1")).to_contain_text("Haag")
    proof = page.locator("details.proof summary").first
    proof.click()
    passage = page.locator("details.proof[open] .passages a").first
    expect(passage).to_be_visible()
    here = page.url
    passage.click()
    assert "/page/id/passage/" in page.url
    assert page.url.partition("#")[2]
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_visible()
    page.go_back()
    assert page.url == here
    expect(page.locator("#network svg").first).to_be_visible()
    neighbour = page.locator("#network details[open] a").first
    name = neighbour.inner_text()
    neighbour.click()
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    for extension, words in (("ttl", "Haag"), ("nt", "Haag"), ("jsonld", "Haag"), ("rdf", "Haag")):
        form = page.locator(f".forms a[href$='.{extension}']").first
        body = page.request.get(page.evaluate("(a) => a.href", form.element_handle()))
        assert body.ok
        assert words in body.text()
    linkset = page.request.get(page.evaluate("document.querySelector('link[rel=linkset]').href")).json()["linkset"]
    assert any(one["anchor"].endswith(page.url.partition("/kg/")[2]) for one in linkset)
    page.locator("a.product").click()
    assert page.url.endswith(f"/kg/{lang}/index.html")


_KINDS = (
    "index.html", "search.html?q=haag", "queries.html", "queries/programme-funders~evidence=1.html", "sparql.html",
    "catalogue.html", "ontology.html", "page/id/campus/msi.html", "page/id/organisation/lycee-jules-haag.html",
    "page/id/claim/00.html", "page/scheme/sector.html", "views.html", "views/partnerships.html", "network.html", "path.html",
    "../404.html",
)  # fmt: skip


@pytest.mark.parametrize(("way", "part"), EACH)
def test_axe_finds_nothing(open_static: Open, root: Path, way: tuple[str, str, int], part: slice) -> None:
    lang, _, width = way
    axe = (root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = open_static(f"{lang}/index.html", width=width)
    wrong = []
    for kind in _KINDS[part]:
        page.goto(f"{lang}/{kind}")
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
        wrong += [f"{kind}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
    assert wrong == []


@pytest.mark.parametrize("name", ["partnerships", "ecosystem~campus=campus%252Fae"])
def test_a_picture_is_explored_without_a_server(open_static: Open, name: str) -> None:
    page = open_static(f"fr/views/{name}.html")
    while page.evaluate("window.__view === undefined"):  # the policy of the page forbids to evaluate a condition in it
        page.wait_for_timeout(50)
    link = page.evaluate("window.__view.data.nodes.map((node) => node.href).find((href) => href.includes('/page/'))")
    answer = page.request.get(page.evaluate("(href) => new URL(href, document.baseURI).href", link))
    assert answer.ok
    assert "<h1" in answer.text()


def test_what_only_a_server_computes_is_said(open_static: Open) -> None:
    page = open_static("en/path.html")
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main .message")).to_contain_text("made of files")
    page.locator("main a[href*='from=']").first.click()
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("text", ["hag jules", "Jules Häag", "lycee jules haga"])
def test_the_search_forgives(open_static: Open, text: str) -> None:
    page = open_static("fr/search.html")
    page.locator("input[name=q]").fill(text)
    expect(page.locator("[data-found] a", has_text="Haag").first).to_be_visible()


def test_sparql_in_the_browser(open_static: Open) -> None:
    page = open_static("en/sparql.html")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.wait_for_load_state("networkidle")
    assert not any("wasm" in url or ".nq.gz" in url for url in loaded)
    write(page, _COUNT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] tbody td").first).to_have_text("9", timeout=120_000)
    write(page, "SELECT ?s\nWHERE ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] [role=alert]")).to_be_visible()
    write(page, "ASK { GRAPH <https://w3id.org/cmq/graph/claims> { ?s ?p ?o } }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] .message")).to_contain_text("yes")


def test_a_query_in_the_browser_is_cancelled(open_static: Open) -> None:
    page = open_static("en/sparql.html")
    write(page, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.keyboard.press("Control+Enter")
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_enabled()
    cancel.click()
    expect(page.locator("[data-state]")).to_contain_text("Cancelled")
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results]")).to_contain_text("yes", timeout=120_000)


def test_the_form_of_a_question_leads_to_the_editor_with_its_values(open_static: Open) -> None:
    page = open_static("fr/queries/mandates-at-date.html")
    date = page.locator("form[data-parameters] input[type=date]").first
    date.fill("2020-01-31")
    page.locator("form[data-parameters] button.primary").click()
    page.wait_for_url("**/sparql.html#query=*", wait_until="commit", timeout=60_000)
    expect(page.locator(".cm-content")).to_contain_text("2020-01-31")
    expect(page.locator("[data-results] h2, [data-results] table, [data-results] .message").first).to_be_visible(timeout=120_000)


def test_the_form_of_a_picture_leads_to_the_editor_or_to_the_page_of_a_choice(open_static: Open) -> None:
    page = open_static("fr/views/funding.html")
    page.locator(".view-choose summary").click()
    for stage in ("planned", "requested", "paid"):
        page.locator(f".view-form [name=stage][value={stage}]").uncheck()
    page.locator(".view-form button.primary").click()
    page.wait_for_url("**/sparql.html#query=*", wait_until="commit")
    expect(page.locator(".cm-content")).to_contain_text("VALUES ?stage { <https://w3id.org/cmq/scheme/funding-stage/granted> }")
    page.goto("fr/views/ecosystem.html")
    page.locator(".view-choose summary").click()
    page.locator(".view-choose .files-only a", has_text="Forêt-Bois").click()
    expect(page.locator(".view-choose summary")).to_contain_text("Forêt-Bois")
    dated = open_static("fr/views/mandates.html", scripts=False)
    expect(dated.locator(".view-form")).to_be_hidden()


def test_reads_without_scripts(open_static: Open) -> None:
    page = open_static("fr/queries/programme-funders.html", scripts=False)
    expect(page.locator("table.answer tbody tr")).to_have_count(3)
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/kg/en/queries/programme-funders.html")
