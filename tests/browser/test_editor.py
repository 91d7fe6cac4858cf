"""The SPARQL page in a real browser: completion, running, errors, cancelling, downloads, links; and without scripts."""

import csv
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open, Site, Watched

_ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def write(page: Page, text: str) -> None:
    """Replace what the editor holds by typing *text*; brackets are closed by the editor, so they are typed over."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def held(page: Page) -> str:
    """Return the text of the editor."""
    page.locator(".cm-content").wait_for()
    return "\n".join(page.locator(".cm-line").all_inner_texts())


def test_completes_a_class_by_its_name_declares_its_prefix_and_runs(open_page: Open) -> None:
    page = open_page("/sparql")
    page.wait_for_load_state("networkidle")  # the vocabulary is there
    write(page, "SELECT ?c WHERE { ?c a Camp")
    option = page.locator(".cm-tooltip-autocomplete [role=option]").first
    expect(option).to_contain_text("cmq:Campus")
    page.wait_for_timeout(100)  # the list takes no key in its first moment, so that a fast typist does not choose by accident
    page.keyboard.press("Enter")
    assert held(page).startswith("PREFIX cmq: <https://w3id.org/cmq/ontology#>\nSELECT ?c WHERE { ?c a cmq:Campus")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] tbody tr")).not_to_have_count(0)
    expect(page.locator("[data-results] tbody a").first).to_contain_text("CMQ")


def test_a_known_prefix_is_declared_as_soon_as_it_is_typed(open_page: Open) -> None:
    page = open_page("/sparql")
    page.wait_for_load_state("networkidle")  # the vocabulary is there
    write(page, "# essai\nASK { ?s skos:")
    assert held(page).startswith("# essai\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nASK { ?s skos:")


@pytest.mark.parametrize(("lang", "said"), [("fr", "Ligne 2, colonne"), ("en", "Line 2, column")])
def test_an_error_is_shown_with_its_place_and_marked(open_page: Open, watched: Watched, lang: str, said: str) -> None:
    watched.expected.append("400")
    page = open_page(f"/sparql?lang={lang}")
    write(page, "SELECT ?s\nWHERE ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    alert = page.locator("[data-results] [role=alert]")
    expect(alert).to_contain_text(said)
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    alert.get_by_role("button").click()
    assert page.evaluate("document.querySelector('.editor-host').shadowRoot.activeElement?.className.includes('cm-content')")


def _busy(process: int) -> int:
    """Return the clock ticks that the server and all it started have used."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])

    def ours(number: int) -> bool:
        while number > 1:
            if number == process:
                return True
            number = parents.get(number, 0)
        return False

    return sum(used for number, used in ticks.items() if ours(number))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the processor time of the workers from /proc")
def test_cancel_stops_the_query_on_the_server(open_page: Open, site: Site) -> None:
    page = open_page("/sparql")
    write(page, _ENDLESS)
    page.keyboard.press("Control+Enter")
    cancel = page.get_by_role("button", name="Annuler")
    expect(cancel).to_be_enabled()
    page.wait_for_timeout(1500)
    cancel.click()
    expect(page.locator("[data-state]")).to_contain_text("Annulée")
    expect(cancel).to_be_disabled()
    for _ in range(20):  # the query would have gone on for a minute
        before = _busy(site.process.pid)
        time.sleep(0.5)
        if _busy(site.process.pid) - before < 15:
            break
    else:
        pytest.fail("the server still works on the cancelled query")
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results]")).to_contain_text("oui")


def test_escape_cancels_too(open_page: Open) -> None:
    page = open_page("/sparql?lang=en")
    write(page, _ENDLESS)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.locator("[data-state]")).to_contain_text("Cancelled")


def test_a_question_of_the_catalogue_with_evidence_picture_and_download(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/sparql")
    page.get_by_label("Filtrer les questions").fill("finance programme combien")
    page.locator("[data-catalogue-list] button").first.click()
    assert "SELECT" in held(page)
    page.get_by_label("Preuves de cette question").check()
    page.get_by_role("button", name="Exécuter").click()
    expect(page.locator(".proofs li").first).to_contain_text("gbm-2022")
    page.get_by_role("tab", name="Barres").click()
    expect(page.locator("figure svg rect")).to_have_count(3)
    page.get_by_role("tab", name="Barres").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Tableau")).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    file = tmp_path / "answer.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["amount"] for row in rows] == ["9000", "5790", "1000"]


def test_a_link_holds_the_query(open_page: Open, site: Site) -> None:
    page = open_page("/sparql")
    write(page, "ASK { ?s ?p 42 }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] .message")).to_be_visible()
    again = open_page(page.url.removeprefix(site.base))
    assert held(again) == "ASK { ?s ?p 42 }"
    again.get_by_role("link", name="English").click()
    expect(again.get_by_role("heading", name="SPARQL editor")).to_be_visible()
    assert held(again) == "ASK { ?s ?p 42 }"


def test_long_answers_are_paged_and_sorted(open_page: Open) -> None:
    page = open_page("/sparql")
    write(page, "SELECT ?s { ?s a ?o } LIMIT 250")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-results] tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Suivantes").click()
    expect(page.locator(".pager")).to_contain_text("101 à 200 sur 250")
    page.locator("th .sort").click()
    expect(page.locator("th")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".pager")).to_contain_text("1 à 100")


def test_works_without_scripts(open_page: Open, watched: Watched) -> None:
    watched.expected.append("400")
    page = open_page("/sparql", scripts=False)
    page.locator("textarea").fill("SELECT ?x { VALUES ?x { 1 2 3 } }")
    page.get_by_role("button", name="Exécuter").click()
    expect(page.locator("table.answer tbody tr")).to_have_count(3)
    page.locator("textarea").fill("SELECT ?x {")
    page.get_by_role("button", name="Exécuter").click()
    expect(page.get_by_role("alert")).to_contain_text("igne 1")
    page.locator("textarea").fill("SELECT ?x { VALUES ?x { 7 } }")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.path().read_text().split() == ["x", "7"]
