"""The planners' pages as a client gets them: pages, files of their tables, refusals, links that lead somewhere."""

import csv
import io
from html.parser import HTMLParser

import httpx
import pytest
from openpyxl import load_workbook

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only

_HTML = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
PAGES = (
    "/board?date=2022-06-30",
    "/at?date=2022-06-09&with=2021-06-01",
    "/compare?a=campus/msi&b=campus/agt",
    "/path?from=ENSMM&to=campus/itip",
    "/gaps?focus=campus/msi&limit=3",
    "/analysis",
)


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action") and value:
                self.links.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")


@pytest.fixture(scope="module", autouse=True)
def _ready(server: Served) -> None:
    """Wait until the workers have all that pages need: on a busy machine that takes longer than the client would wait."""
    server.client.get("/board", timeout=300)


def page(server: Served, path: str, **headers: str) -> httpx.Response:
    server.client.cookies.clear()
    return server.client.get(path, headers={**_HTML, **headers})


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_below_the_public_address(server: Served, path: str) -> None:
    answer = page(server, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    found = _Links(answer.text)
    assert found.inline == []
    assert [link for link in found.links if not link.startswith(("/kg/", "#", "http://id.insee.fr/"))] == []
    again = page(server, path, **{"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    english = page(server, f"{path}{'&' if '?' in path else '?'}lang=en")
    assert '<html lang="en"' in english.text
    assert english.headers["etag"] != answer.headers["etag"]


def test_the_links_of_the_pages_lead_somewhere(server: Served) -> None:
    links = {link.partition("#")[0] for path in PAGES for link in _Links(page(server, path).text).links}
    kinds = (
        "/kg/page/id/",
        "/kg/page/id/passage/",
        "/kg/queries/",
        "/kg/compare?",
        "/kg/path?",
        "/kg/at?",
        "/kg/board",
        "/kg/analysis",
    )
    for kind in kinds:
        chosen = sorted(link for link in links if link.startswith(kind))
        assert chosen, kind
        for link in {*chosen[:3], *chosen[-3:]}:
            assert page(server, link.removeprefix("/kg")).status_code in (200, 303), link


def test_tables_come_as_files(server: Served) -> None:
    told = server.client.get("/board.json?date=2022-06-30").json()
    tables = {table["key"]: table for table in told["tables"]}
    text = server.client.get("/board.csv?date=2022-06-30&table=vacancies")
    assert text.headers["content-disposition"] == 'attachment; filename="board-vacancies.csv"'
    assert len(list(csv.reader(io.StringIO(text.text)))) == 1 + len(tables["vacancies"]["rows"])
    question = server.client.get("/queries/vacancies.csv")
    assert question.text == text.text
    book = server.client.get("/path.xlsx?from=ENSMM&to=campus/itip&lang=fr")
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Chaîne", "Étape", "De"]
    assert server.client.get("/path.xlsx?from=ENSMM&to=campus/itip&lang=fr").content == book.content
    nothing = server.client.get("/path.json?from=ENSMM&to=ENSMM&lang=en").json()
    assert nothing["tables"] == []
    assert "same at both ends" in nothing["why"]
    for path, name in (("/path.json?from=ENSMM", "to"), ("/compare.json", "a")):
        refused = server.client.get(path)
        assert (refused.status_code, refused.json()["name"]) == (400, name)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/board?campus=nobody", 400),
        ("/board?colour=red", 400),
        ("/board?date=2022-06-30&date=2022-07-01", 400),
        ("/compare?a=<script>alert(1)</script>&b=ENSMM", 400),
        ("/gaps?weight-partners=nan", 400),
        ("/path.pdf", 404),
        ("/board.csv?table=nothing", 400),
        ("/path.csv", 400),
        ("/path?k=11", 400),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(server: Served, path: str, status: int) -> None:
    answer = page(server, path)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def test_near_names_are_suggested(server: Served) -> None:
    answer = page(server, "/path?from=ENSM&to=UTBM&lang=en")
    assert answer.status_code == 400
    assert "(organisation/ensmm)" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_pages_work_for_a_plain_graph(small_server: Served) -> None:
    for path in ("/board", "/at", "/compare", "/path", "/gaps", "/analysis"):
        assert page(small_server, path).status_code == 200, path


def test_the_pages_are_in_the_description_of_the_service(server: Served) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    assert {"/board", "/board.{form}", "/at", "/compare", "/path", "/gaps", "/analysis"} <= set(paths)
