"""The HTML pages as a client gets them: with the release, below the path of the public address, whatever readers type."""

from html.parser import HTMLParser

import httpx
import pytest

from server.served import Served

_HTML = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action") and value:
                self.links.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and not dict(attrs).get("src")):
            self.inline.append(tag)


def page(server: Served, path: str, **headers: str) -> httpx.Response:
    server.client.cookies.clear()
    return server.client.get(path, headers={**_HTML, **headers})


PATHS = (
    "/",
    "/queries",
    "/queries?q=finance",
    "/queries/programme-funders?evidence=1",
    "/sparql",
    "/sparql?query=SELECT+*+%7B+%3Fs+a+%3Fo+%7D+LIMIT+3",
    "/ask?q=Qui+finance+le+CMQ+MSI",
    "/limits",
    "/accessibility",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_link_is_below_the_public_address_and_nothing_is_inline(server: Served, path: str) -> None:
    answer = page(server, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "unsafe" not in answer.headers["content-security-policy"]
    parser = _Links()
    parser.feed(answer.text)
    assert [link for link in parser.links if not link.startswith(("/kg/", "#", "http://www.w3.org/"))] == []
    assert parser.inline == []


def test_every_local_link_of_the_main_pages_answers(server: Served) -> None:
    for path in ("/", "/queries", "/queries/programme-funders", "/accessibility"):
        parser = _Links()
        parser.feed(page(server, path).text)
        for link in {link.partition("#")[0] for link in parser.links} - {""}:
            assert page(server, link.removeprefix("/kg")).status_code in (200, 303), link


def test_the_language_is_negotiated_chosen_and_remembered(server: Served) -> None:
    assert '<html lang="en"' in page(server, "/", **{"accept-language": "en-GB,fr;q=0.3"}).text
    chosen = page(server, "/queries?lang=en")
    assert chosen.headers["set-cookie"].startswith("lang=en;")
    assert '<html lang="en"' in page(server, "/", cookie="lang=en").text


def test_a_value_that_is_refused_is_said_on_the_page(server: Served) -> None:
    answer = page(server, '/queries/campus-members?campus=<script>alert("x")</script>')
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_what_a_visitor_wrote_wrongly_is_said_on_the_page(server: Served) -> None:
    answer = page(server, "/sparql?query=SELECT+%3C/textarea%3E%3Cscript%3E")
    assert answer.status_code == 400
    assert "</textarea><script>" not in answer.text
    assert 'role="alert"' in answer.text


def test_results_that_would_be_markup_are_text(server: Served) -> None:
    query = 'SELECT ?x { VALUES ?x { "<img src=x onerror=alert(1)>" <javascript:alert(1)> } }'
    answer = server.client.get("/sparql", params={"query": query}, headers=_HTML)
    assert "<img" not in answer.text
    assert 'href="javascript' not in answer.text


def test_nothing_but_the_known_files_is_served(server: Served) -> None:
    for name in ("manifest.json", "source/tokens.css/x", "..%2f..%2fpyproject.toml", "source/..%2f..%2fbuild.mjs"):
        assert server.client.get(f"/static/{name}").status_code == 404
    style = server.client.get("/static/source/tokens.css")
    assert style.status_code == 200
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["content-encoding"] == "gzip"


def test_an_unknown_question_is_not_found(server: Served) -> None:
    assert page(server, "/queries/programme-funder").status_code == 404
