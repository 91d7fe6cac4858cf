"""The walk of a reader: search a name, read its page, open a proof, follow the network, take the data, go home; and its turns."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Open, Watched
from campuskg.server.sections import alphabetical

_WAYS = [("fr", 1280), ("en", 1280), ("fr", 360), ("en", 360)]
_SHIFT = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)));
})"""


def _title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize(("lang", "width"), _WAYS)
def test_from_a_name_to_its_proofs_its_network_its_data_and_home(open_page: Open, lang: str, width: int) -> None:
    page = open_page("/", lang=lang, width=width)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("haag")
    page.keyboard.press("Enter")
    page.locator("#things + ul").get_by_role("link", name="Lycée Jules Haag", exact=True).click()
    expect(_title(page)).to_have_text("Lycée Jules Haag")
    expect(page.locator("html")).to_have_attribute("lang", lang)
    where = page.url

    proofs = page.locator("details.proof")
    proofs.nth(0).locator("summary").click()
    expect(proofs.nth(0)).to_have_attribute("open", "")
    proofs.nth(1).locator("summary").press("Enter")
    expect(proofs.nth(1)).to_have_attribute("open", "")
    proofs.nth(0).locator(".passages a").first.click()
    expect(page).to_have_url(re.compile(r"/page/id/passage/"))
    expect(page.locator("#h-quotation")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(where)

    page.locator(".contents a[href='#network']").click()
    expect(page.locator("#network svg[role=img]")).to_be_visible()
    page.locator(".ego-lists").get_by_role("link", name="CMQ Microtechniques et Systèmes Intelligents").click()
    expect(_title(page)).to_have_text("CMQ Microtechniques et Systèmes Intelligents")
    expect(page.locator(".actions a")).to_have_count(4)
    page.go_back()

    forms = page.locator("#reuse .forms a")
    assert {form.inner_text() for form in forms.all()} == {"Turtle", "N-Triples", "JSON-LD", "RDF/XML"}
    for form in forms.all():
        answer = page.request.get(form.get_attribute("href") or "")
        assert answer.ok
        assert answer.headers["content-type"].startswith(form.get_attribute("type") or "?")
        assert "0250011B" in answer.text()
    page.locator("a.product").click()
    expect(page.locator(".doors")).to_be_visible()


def test_a_suggestion_leads_straight_to_its_page(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("combobox").press_sequentially("jules ha")
    expect(page.get_by_role("option").first).to_contain_text("Jules Haag")  # the list of what is typed, not of a part of it
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(_title(page)).to_have_text("Lycée Jules Haag")


def test_the_language_switch_keeps_the_page_and_its_state(open_page: Open) -> None:
    page = open_page("/organisations?q=lycee&sort=name&department=doubs#list")
    count = page.get_by_role("status").inner_text()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert all(part in page.url for part in ("/organisations?", "q=lycee", "sort=name", "department=doubs", "#list"))
    assert page.get_by_role("status").inner_text().split()[0] == count.split()[0]


def test_a_list_is_searched_narrowed_and_sorted_without_scripts(open_page: Open) -> None:
    page = open_page("/organisations", scripts=False)
    page.get_by_role("searchbox").fill("lycée")
    page.locator("#list ~ form button").click()
    page.get_by_role("link", name="par nom").click()
    page.locator(".facets").get_by_role("link", name="Doubs").click()
    expect(page).to_have_url(re.compile(r"q=lyc.*sort=name.*department=doubs"))
    names = page.locator(".hits a").all_inner_texts()
    assert len(names) > 5
    assert names == sorted(names, key=alphabetical)


def test_the_main_entries_are_nine_and_the_same_everywhere(open_page: Open) -> None:
    page = open_page("/")
    entries = page.locator(".main-nav a").all_inner_texts()
    assert len(entries) == 9
    for path in ("/network", "/queries", "/catalogue", "/page/id/campus/msi", "/about"):
        page.goto(path)
        assert page.locator(".main-nav a").all_inner_texts() == entries
    page.goto("/money")
    expect(page.locator(".main-nav [aria-current=page]")).to_have_text("Financements")
    page.goto("/page/id/campus/msi")
    expect(page.locator(".main-nav [aria-current]")).to_have_text("Réseau")


def test_a_page_that_is_not_there_searches(open_page: Open, watched: Watched) -> None:
    watched.expected.append("404")
    page = open_page("/lycee-jules-haag.html")
    expect(page.get_by_role("searchbox")).to_have_value("lycee jules haag")
    page.locator("[data-near]").get_by_role("link", name="Lycée Jules Haag", exact=True).click()
    expect(_title(page)).to_have_text("Lycée Jules Haag")


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_moves_after_the_first_paint(open_page: Open, width: int) -> None:
    page = open_page("/", width=width)
    for path in ("/", "/money", "/page/id/campus/msi", "/about"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(_SHIFT) < 0.01, path


def test_printing_leaves_the_controls_out_and_says_the_sources(open_page: Open) -> None:
    page = open_page("/page/id/organisation/lycee-jules-haag")
    expect(page.locator("details.proof").first.locator(".passages")).to_be_hidden()
    page.emulate_media(media="print")
    for gone in (".main-nav", ".settings", ".actions", ".contents", "details.proof summary"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("details.proof").first.locator(".passages")).to_be_visible()
