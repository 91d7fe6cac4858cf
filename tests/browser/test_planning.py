"""The planners' pages in a browser: both languages, wide and narrow, by keyboard, without scripts, accessible, all offline."""

from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from browser.conftest import EACH, Open, Watched

_PAGES: Final = (
    "/board?date=2022-06-30",
    "/board?campus=nobody",
    "/at?date=2022-06-09",
    "/at?date=2022-06-09&with=2021-06-01",
    "/compare",
    "/compare?a=campus/msi&b=campus/agt",
    "/path?from=ENSMM&to=campus/itip",
    "/path?from=ENSMM&to=ENSMM",
    "/gaps?focus=campus/msi&limit=4",
    "/analysis",
)
_RULES: Final = "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)"


@pytest.fixture(scope="session")
def axe(root: Path) -> str:
    return (root / "viz" / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("way", "part"), EACH)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Open, watched: Watched, axe: str, way: tuple[str, str, int], part: slice
) -> None:
    watched.expected.append("400")  # one of the pages says that a name is unknown
    lang, scheme, width = way
    page = open_page("/board", lang=lang, scheme=scheme, width=width)
    found: list[str] = []
    for path in _PAGES[part]:
        page.goto(path)
        page.evaluate("for (const one of [...document.querySelectorAll('main details')].slice(0, 3)) one.open = true")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
        page.evaluate(axe)
        rules: list[dict[str, Any]] = page.evaluate(_RULES)
        found += [f"{path} {rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in rules]
    assert found == []


def test_a_campus_is_picked_with_the_keyboard_and_the_address_holds_the_state(open_page: Open) -> None:
    page = open_page("/board?date=2022-06-30")
    field = page.get_by_role("combobox", name="Campus")
    field.fill("microtech")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    field.press("Enter")
    page.wait_for_url("**campus=campus*")
    assert "within" not in page.url  # fields left empty are not sent
    assert "date=2022-06-30" in page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("Microtechniques")
    page.goto(page.url)
    assert page.locator("#p-date").input_value() == "2022-06-30"


def test_the_slider_moves_from_one_marked_month_to_the_next(open_page: Open) -> None:
    page = open_page("/at?date=2021-12-31")
    slider = page.get_by_role("slider")
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    slider.press("ArrowLeft")
    page.wait_for_url("**date=2021-1*")
    assert page.locator("#p-date").input_value() < "2021-12-31"
    assert page.get_by_role("slider").get_attribute("aria-valuetext") != before
    marks = page.locator("[data-date]").evaluate_all("all => all.map((one) => one.dataset.date)")
    assert page.locator("#p-date").input_value() in marks


def test_what_came_and_went_can_be_followed_without_scripts(open_page: Open) -> None:
    page = open_page("/at", scripts=False)
    page.locator("#p-date").fill("2022-06-09")
    page.locator("#p-with").fill("2021-06-01")
    page.get_by_role("button", name="Afficher").click()
    assert "date=2022-06-09" in page.url
    expect(page.locator("#people-came")).to_contain_text("Mme Walz")
    page.locator("summary#strip").click()
    page.get_by_role("link", name="octobre 2021").first.click()
    assert "date=2021-10-31" in page.url
    expect(page.get_by_role("slider")).to_have_count(0)


def test_a_path_is_found_by_typing_two_names_without_scripts(open_page: Open) -> None:
    page = open_page("/path", scripts=False, lang="en")
    page.locator("#p-from").fill("ENSMM")
    page.locator("#p-to").fill("CMQ ITIP")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("ol.chain").first.locator("li strong").first).to_contain_text("mécanique")
    href = page.locator(".plan-proofs a").first.get_attribute("href") or ""
    assert href.startswith("/page/id/passage/")
    page.goto(href)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_table_of_the_page_is_downloaded_and_is_what_the_page_shows(open_page: Open) -> None:
    page = open_page("/path?from=ENSMM&to=campus/itip")
    rows = page.locator("#chains tbody tr").count()
    with page.expect_download() as waiting:
        page.locator("#chains").get_by_role("link", name="CSV").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert waiting.value.suggested_filename == "path-chains.csv"
    assert len(lines) == rows + 1


def test_a_name_that_nobody_bears_is_said_with_near_names(open_page: Open, watched: Watched) -> None:
    watched.expected.append("400")
    page = open_page("/compare?a=ENSM&b=UTBM", lang="en")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("organisation/ensmm")
    assert page.locator("#p-a").get_attribute("aria-invalid") == "true"


def test_weights_are_set_in_the_form_and_change_the_order(open_page: Open) -> None:
    page = open_page("/gaps?limit=3")
    before = page.locator(".card-pair").all_inner_texts()
    page.locator("#p-weight-partners").fill("0")
    page.locator("#p-weight-distance").fill("9")
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**weight-distance=9*")
    assert page.locator(".card-pair").all_inner_texts() != before
    assert page.locator("#p-weight-distance").input_value() == "9"


def test_the_policy_of_a_dossier_lets_all_of_it_in(open_page: Open) -> None:
    page = open_page("/dossier/fb")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Forêt-Bois")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"  # its style holds


def test_on_paper_the_tables_are_there_and_the_form_is_not(open_page: Open) -> None:
    page = open_page("/board?date=2022-06-30")
    page.emulate_media(media="print")
    expect(page.locator("form.plan-form")).to_be_hidden()
    expect(page.locator("#vacancies table")).to_be_visible()
