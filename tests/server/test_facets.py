"""Search with facets: counts that add up, values that narrow, a page that works without scripts."""

import re
from html import unescape

import pytest

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
HTML = {"accept": "text/html", "accept-language": "en"}
ROOT = "/kg"


def asked(server: Served, **params: str | list[str]) -> dict[str, object]:
    answer = server.client.get("/search", params={"facets": "1", "limit": "50", **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_facets_count_what_answers_and_narrow_it(server: Served) -> None:
    whole = asked(server, q="lycee")
    facets = whole["facets"]
    assert isinstance(facets, dict)
    assert set(facets) == {"class", "category", "campus", "department", "sector"}
    assert sum(one["count"] for one in facets["class"]) == whole["count"]
    for name, values in facets.items():
        for one in values[:3]:
            assert asked(server, q="lycee", **{name: one["value"]})["count"] == one["count"], (name, one)
    both = asked(server, q="lycee", department="doubs", **{"class": "cmq:Lycee"})
    results = both["results"]
    assert isinstance(results, list)
    assert "organisation/lycee-jules-haag" in {one["id"] for one in results}
    assert {one["type"] for one in results} == {"cmq:Lycee"}


@pytest.mark.parametrize("text", ["haag", "HAAG", "jules hag", "Lycée Jules-Haag"])
def test_the_page_finds_in_spite_of_case_accents_and_slips(server: Served, text: str) -> None:
    page = server.client.get("/search", params={"q": text}, headers=HTML).text
    hits = re.findall(r'<ol class="hits">.*?</ol>', page, re.DOTALL)[0]
    assert f'href="{ROOT}/page/id/organisation/lycee-jules-haag"' in hits


def test_each_facet_of_the_page_is_a_link_that_narrows(server: Served) -> None:
    page = server.client.get("/search", params={"q": "lycee"}, headers=HTML).text
    links = [unescape(link) for link in re.findall(rf'href="{ROOT}(/search\?[^"]*department=doubs[^"]*)"', page)]
    narrowed = server.client.get(links[0], headers=HTML).text
    assert 'aria-current="true"' in narrowed
    assert 'name="department" value="doubs"' in narrowed
    assert len(re.findall(r"<li><a href=\"/kg/page/id/", narrowed)) < len(re.findall(r"<li><a href=\"/kg/page/id/", page))


def test_what_is_typed_comes_back_as_text(server: Served) -> None:
    page = server.client.get("/search", params={"q": '"><script>alert(1)</script>', "sector": "<b>"}, headers=HTML)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


def test_a_chosen_suggestion_leads_to_its_page(server: Served) -> None:
    answer = server.client.get("/search", params={"q": "organisation/ensmm"}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOT}/page/id/organisation/ensmm")
    assert server.client.get("/search", params={"q": "organisation/nobody"}, headers=HTML).status_code == 200


def test_a_facet_narrows_without_asking_for_facets(server: Served) -> None:
    plain = server.client.get("/search", params={"q": "haag", "campus": "msi"}).json()
    assert plain == server.client.get("/search", params={"q": "haag", "campus": "msi", "facets": "1"}).json()
    assert isinstance(server.client.get("/search", params={"q": "haag", "facets": "0"}).json(), list)
    refused = server.client.get("/search", params={"facets": "perhaps"})
    assert (refused.status_code, refused.json()["name"]) == (400, "facets")
