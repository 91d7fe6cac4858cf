"""The plain pages: phone width, light and dark, weight; from the ask box to an answer."""

from playwright.sync_api import expect

from browser.conftest import Open

PAGES = (
    "/",
    "/queries",
    "/queries/programme-funders?evidence=1",
    "/sparql",
    "/ask?q=Qui+finance+le+CMQ+MSI",
    "/limits",
    "/accessibility",
)


def test_a_phone_never_scrolls_sideways(open_page: Open) -> None:
    page = open_page("/", width=360)
    for path in (*PAGES, "/queries/campus-members", "/queries/mandates-at-date"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_from_a_question_in_words_to_its_answer(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("combobox").fill("Qui finance le programme d'actions du CMQ MSI ?")
    page.keyboard.press("Enter")
    page.locator(".questions a").first.click()
    expect(page.locator("table[data-answer]")).to_be_visible()


def test_the_chosen_theme_is_kept(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Clair / sombre").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("link", name="Questions", exact=True).click()
    expect(page.get_by_role("heading", name="Questions", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 24, 29)"


def test_pages_are_light(open_page: Open) -> None:
    page = open_page("/")
    for path in PAGES:
        page.goto(path, wait_until="load")
        sizes: list[tuple[str, int]] = page.evaluate("""["navigation", "resource"].flatMap((kind) =>
            performance.getEntriesByType(kind).map((entry) => [entry.name, entry.encodedBodySize]))""")
        assert sum(size for name, size in sizes if not name.endswith(".json") and "/editor-" not in name) <= 100_000, (
            path,
            sizes,
        )


def test_the_network_page_stays_small(open_page: Open) -> None:
    page = open_page("/queries/campus-members")
    expect(page.locator("figure canvas").first).to_be_visible()
    sizes: list[int] = page.evaluate("""performance.getEntriesByType("resource")
        .filter((entry) => entry.name.endsWith(".js")).map((entry) => entry.encodedBodySize)""")
    assert sum(sizes) <= 60_000
