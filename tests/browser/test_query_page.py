"""The page of a question in a real browser: filled by keyboard alone, drawn, sorted, exported; and without scripts."""

import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open, Watched


def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until the element *selector* has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return
    pytest.fail(f"Tab never reached {selector}")


def test_a_question_is_answered_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/queries/campus-members")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "[role=combobox]")
    field = page.locator("[role=combobox]")
    page.keyboard.type("microtech")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("CMQ Microtechniques et Systèmes Intelligents")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**campus=campus%2Fmsi")
    first = page.locator("table[data-answer] tbody td").first
    expect(first).to_contain_text("Microtechniques")
    tab_to(page, "[data-evidence]")
    page.keyboard.press("Enter")
    page.wait_for_url("**evidence=1**")
    expect(page.locator(".proofs a").first).to_be_visible()


def test_escape_closes_the_list_and_keeps_what_was_typed(open_page: Open) -> None:
    page = open_page("/queries/campus-members?lang=en")
    field = page.locator("[role=combobox]")
    field.press_sequentially("micro")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("micro")


def test_bars_say_what_the_table_says(open_page: Open) -> None:
    page = open_page("/queries/programme-funders")
    rows = page.locator("table[data-answer] tbody tr")
    expect(page.locator("figure svg rect")).to_have_count(rows.count())
    titles = page.locator("figure rect title").all_text_contents()
    for row, said in zip(rows.all(), titles, strict=True):
        assert said == f"{row.locator('td').nth(0).inner_text()} : {row.locator('td').nth(1).inner_text()}"
    page.get_by_role("columnheader", name="Montant").get_by_role("button").click()
    expect(rows.first.locator("td").nth(1)).to_contain_text("1\u202f000")


@pytest.mark.parametrize("name", ["campus-members", "funding-flows", "mandates-at-date"])
def test_pictures_are_drawn_and_exported(open_page: Open, name: str) -> None:
    page = open_page(f"/queries/{name}")
    expect(page.locator("[role=img]")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    drawing = ET.parse(download.value.path()).getroot()  # noqa: S314  our own file
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(drawing.iter())) > 10
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_refused_values_are_said_beside_their_field(open_page: Open, watched: Watched) -> None:
    watched.expected.append("400")
    page = open_page("/queries/campus-members?campus=Nulle+Part&lang=en")
    expect(page.get_by_role("alert")).to_contain_text("Nulle Part")
    expect(page.get_by_label("Campus")).to_have_attribute("aria-invalid", "true")


def test_works_without_scripts(open_page: Open) -> None:
    page = open_page("/queries/campus-members", scripts=False)
    page.get_by_role("textbox", name="Campus").fill("CMQ MSI")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("table[data-answer] tbody td").first).to_contain_text("Microtechniques")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    expect(page.locator("table[data-answer] tbody td").first).to_contain_text("Microtechniques")
    page.goto("/queries")  # the language is remembered
    page.get_by_label("Search a question").fill("funds programme")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".questions li").first).to_be_visible()
