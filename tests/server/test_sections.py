"""The sections of the site: lists that narrow and sort, doors that open, requests that make no sense refused."""

import re
from html import unescape

import pytest

from campuskg.publish.sections import SECTIONS
from campuskg.viz import views
from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
HTML = {"accept": "text/html", "accept-language": "fr"}


def page(server: Served, path: str, **params: str | list[str]) -> str:
    server.client.cookies.clear()
    answer = server.client.get(path, params=params, headers=HTML)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def names(text: str) -> list[str]:
    return re.findall(r'<li><a href="/kg/page/id/[^"]+">([^<]+)</a>', text.partition('class="hits"')[2].partition("</ol>")[0])


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_offers_its_views_its_list_and_its_questions(server: Served, name: str) -> None:
    text = page(server, f"/{name}")
    assert {view.name for view in views().values() if view.section == name} == set(re.findall(r'href="/kg/views/([\w-]+)"', text))
    kinds = set(re.findall(r'<li><a href="/kg/page/id/([a-z]+)/', text.partition('class="hits"')[2].partition("</ol>")[0]))
    assert kinds
    assert kinds <= set(SECTIONS[name].kinds)
    assert re.search(r'href="/kg/queries/[a-z-]+"', text)
    assert 'aria-current="page"' in text


def test_a_list_is_narrowed_by_words_and_facets_and_sorted(server: Served) -> None:
    whole = page(server, "/organisations")
    assert names(whole)[0] != min(names(whole))
    by_name = names(page(server, "/organisations", sort="name", department="doubs", **{"class": "cmq:Lycee"}))
    assert "Lycée Jules Haag" in by_name
    assert names(page(server, "/organisations", q="jules hag"))[0] == "Lycée Jules Haag"
    assert "Projet ou action" not in whole


@pytest.mark.parametrize("query", ["sort=x", "surprise=1", "limit=0", "class=cmq:Nothing", "q=" + "a" * 300, "lang=de"])
def test_what_makes_no_sense_is_refused(server: Served, query: str) -> None:
    assert server.client.get(f"/projects?{query}").status_code == 400


def test_a_name_that_was_chosen_leads_to_its_page(server: Served) -> None:
    answer = server.client.get("/ask", params={"q": "organisation/lycee-jules-haag"}, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/kg/page/id/organisation/lycee-jules-haag"
    text = page(server, "/ask", q="haag")
    assert text.index('id="things"') < text.index("Lycée Jules Haag")
    assert "Je ne sais pas" not in text


def test_a_page_that_is_not_there_has_the_words_of_its_address_ready(server: Served) -> None:
    answer = server.client.get("/lycee_jules-haag.html", headers=HTML)
    assert answer.status_code == 404
    assert 'value="lycee jules haag"' in answer.text
