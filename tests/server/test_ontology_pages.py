"""The addresses of the ontology's pages: what readers get, what programs get, what is not there."""

import gzip

import pytest

from campuskg.release import Release
from campuskg.server.inside import Inside
from campuskg.server.ontology_pages import ontology
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.tables import hooks

BASE = "https://atlas.example"


@pytest.fixture(scope="module")
def inside(release: Release) -> Inside:
    return Inside(release, BASE)


def test_readers_get_the_page_of_all_terms_in_their_language(inside: Inside) -> None:
    french, english = inside.get("/ontology", "fr"), inside.get("/ontology", "en")
    assert french.header("content-language") == "fr"
    assert b'id="Campus"' in french.body
    assert "Propriétés".encode() in french.body
    assert b'<h2 id="properties">Properties</h2>' in english.body
    link = french.header("link") or ""
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link
    assert 'rel="describedby"; type="text/turtle"' in link


def test_programs_get_the_same_ontology_as_data(inside: Inside) -> None:
    for form in ("ttl", "nt", "jsonld", "rdf"):
        assert len(inside.get(f"/ontology.{form}", "fr").body) > 10_000
    assert inside.get("/ontology", "en", "text/turtle").header("content-type") == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/turtle"])
def test_a_term_has_a_page_whatever_is_asked_for(inside: Inside, accept: str) -> None:
    page = inside.get("/ontology/class/Indicator", "en", accept)
    other = inside.get("/ontology/property/indicator", "en", accept)
    assert page.status == other.status == 200
    assert page.body != other.body


def test_versions_and_parts_keep_their_own_pages(inside: Inside) -> None:
    assert inside.get("/ontology/0.2.0", "en").status == 200
    assert inside.get("/ontology/alignments", "en").status == 200


def test_an_unknown_term_is_said_to_be_missing(inside: Inside) -> None:
    assert inside.get("/ontology/class/Nothing", "en").status == 404


def test_a_parameter_that_the_page_does_not_know_is_refused(inside: Inside) -> None:
    with pytest.raises(Refusal):
        inside.get("/ontology?lng=en", "en")


def test_the_page_is_compressed_for_who_can_read_that(inside: Inside) -> None:
    assert hooks()["ontology"] is ontology
    bodies = {}
    for coding in ("gzip, br", ""):
        request = Request("GET", "/ontology", [], {"accept": "text/html", "accept-language": "fr", "accept-encoding": coding})
        with pytest.raises(StopIteration) as done:
            ontology(request, inside._app).send(None)
        response = done.value.value
        assert "Accept-Encoding" in (response.header("vary") or "")
        bodies[coding] = response.body
        assert (response.header("content-encoding") == "gzip") == bool(coding)
    assert gzip.decompress(bodies["gzip, br"]) == bodies[""]
    assert len(bodies["gzip, br"]) < 100_000
