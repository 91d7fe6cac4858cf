"""Search as you type, completion and questions, on a real server."""

import pytest

from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only


def found(server: Served, text: str, **params: str | int | list[str]) -> list[str]:
    answer = server.client.get("/search", params={"q": text, **params})
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("MSI", "campus/msi"),
        ("cmq msi", "campus/msi"),
        ("lycée jules haag", "organisation/lycee-jules-haag"),
        ("LYCEE JULES", "organisation/lycee-jules-haag"),
        ("jules hag", "organisation/lycee-jules-haag"),
        ("grand besan", "organisation/grand-besancon-metropole"),
        ("ensmm", "organisation/ensmm"),
        ("microtecniques", "campus/msi"),
    ],
)
def test_names_are_found_in_spite_of_case_accents_and_slips(server: Served, text: str, first: str) -> None:
    assert found(server, text)[0] == first


def test_a_hit_says_what_it_is(server: Served) -> None:
    hit = server.client.get("/search", params={"q": "jules haag", "lang": "en", "limit": 1}).json()[0]
    assert hit == {
        "iri": "https://w3id.org/cmq/id/organisation/lycee-jules-haag",
        "id": "organisation/lycee-jules-haag",
        "label": "Lycée Jules Haag",
        "type": "cmq:Lycee",
        "typeLabel": hit["typeLabel"],
    }


def test_a_class_narrows_the_search(server: Served) -> None:
    assert set(found(server, "", **{"class": "cmq:Campus", "limit": 50})) >= {"campus/msi", "campus/itip"}
    assert all(one.startswith("campus/") for one in found(server, "", **{"class": "cmq:Campus"}))
    both = found(server, "besançon", **{"class": ["cmq:Lycee", "dcterms:Location"], "limit": 50})
    assert "place/besancon" in both
    assert "organisation/grand-besancon-metropole" not in both


def test_the_number_of_hits_is_bounded(server: Served) -> None:
    assert len(found(server, "lycee", limit=3)) == 3
    assert len(found(server, "", limit=50)) == 50


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"q": "a", "limit": "51"}, "request-number"),
        ({"q": "a", "limit": "0"}, "request-number"),
        ({"q": "a", "limit": "²"}, "request-number"),
        ({"q": "a", "class": "cmq:Campuss"}, "search-class"),
        ({"q": "a" * 201}, "parameter-long"),
        ({"quoi": "a"}, "parameter-unknown"),
    ],
)
def test_what_cannot_be_searched_is_refused(server: Served, params: dict[str, str], code: str) -> None:
    answer = server.client.get("/search", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_nothing_is_found_for_nonsense(server: Served) -> None:
    assert found(server, "zzqqxxyy") == []
    assert found(server, "?!") == found(server, "")


def test_completion_counts_the_terms_in_use(server: Served) -> None:
    document = server.client.get("/completion.json").json()
    assert document["prefixes"]["cmq"] == "https://w3id.org/cmq/ontology#"
    classes = {one["curie"]: one for one in document["classes"]}
    assert classes["cmq:Campus"]["count"] >= 7
    assert set(classes["cmq:Campus"]["label"]) == {"fr", "en"}
    assert all(classes["cmq:Campus"]["definition"].values())
    counts = [one["count"] for one in document["properties"]]
    assert counts == sorted(counts, reverse=True)


def test_a_question_is_answered_by_a_query_with_its_address(server: Served) -> None:
    found = server.client.get("/ask", params={"q": "Qui finance le CMQ MSI ?", "lang": "fr"}).json()
    assert found["verdict"] == "chosen"
    best = found["candidates"][0]
    assert best["query"] == found["chosen"]
    assert "msi" in best["href"]
    assert best["reasons"]
    rows = server.client.get(best["href"], headers={"accept": "application/json"}).json()["results"]["bindings"]
    assert rows


def test_a_question_that_nobody_can_answer_is_said_so(server: Served) -> None:
    found = server.client.get("/ask", params={"q": "What is the weather like in Paris?", "lang": "en"}).json()
    assert (found["verdict"], found["chosen"], found["candidates"]) == ("unknown", None, [])
    assert found["themes"]
    assert server.client.get("/ask").json()["code"] == "ask-empty"
    assert server.client.get("/ask", params={"q": "x" * 401}).json()["code"] == "ask-long"
