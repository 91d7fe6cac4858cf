"""Pages of things: every fact of the graph that concerns a thing is on its page, with its evidence."""

import json

import pyoxigraph as ox
import pytest

from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.entity import EntityPage, EntityPages
from campuskg.publish.schema_org import schema_org
from campuskg.release import Release

ID = "https://w3id.org/cmq/id/"
FACTS = "https://w3id.org/cmq/graph/facts"


@pytest.fixture(scope="module")
def pages(release: Release) -> EntityPages:
    return EntityPages(release)


def page(pages: EntityPages, path: str, lang: Lang = "fr") -> EntityPage:
    found = pages.page(ID + path, lang)
    assert found is not None
    return found


def test_a_campus_shows_who_directs_it_who_pays_and_who_takes_part(pages: EntityPages) -> None:
    msi = page(pages, "campus/msi")
    sections = {section.id: section for section in msi.sections}
    people = sections["people"].table
    assert people is not None
    assert ("Pascal Vairac", "Président ou présidente") in {
        (line.cells[0][0].text, line.cells[1][0].text) for line in people.lines
    }
    money = sections["money"].table
    assert money is not None
    assert "9\u202f000\u202f€" in {value.text for line in money.lines for cell in line.cells for value in cell}
    assert all(line.evidence for section in msi.sections if section.table for line in section.table.lines)
    assert "Lycée Jules Haag" in {value.text for value in msi.partners}
    assert msi.intro.startswith("Campus des métiers et des qualifications")


def test_a_page_in_english_is_english(pages: EntityPages) -> None:
    haag = page(pages, "organisation/lycee-jules-haag", "en")
    assert haag.types[0].text == "Upper secondary school (lycée)"
    assert haag.intro.startswith("Upper secondary school (lycée), Besançon. ")
    assert [section.heading for section in haag.sections][:2] == ["In short", "Takes part in"]
    assert haag.point == pytest.approx((47.24, 6.01), abs=0.02)


def test_a_contradiction_shows_the_other_statement_and_its_proof(pages: EntityPages, release: Release) -> None:
    query = "SELECT ?e ?o { ?o a cmq:Observation ; cmq:contradicts [] ; cmq:observedEntity ?e }"
    rows = release.store.select(f"PREFIX cmq: <{expand('cmq:')}> {query}").dicts()
    assert rows
    for row in rows:
        found = pages.page(row["e"], "fr")
        assert found is not None
        lines = [line for s in found.sections if s.table for line in s.table.lines if line.iri == row["o"]]
        assert lines
        assert all(conflict.text and conflict.evidence for line in lines for conflict in line.conflicts)
        assert any(line.conflicts for line in lines)


def test_silence_is_said(pages: EntityPages, release: Release) -> None:
    """A company whose sector nobody states says so, and one whose sector is stated does not."""
    sector = release.names.name(expand("cmq:sector"), "fr")
    stated, silent = 0, 0
    for row in release.store.select(f"SELECT ?c {{ ?c a <{expand('cmq:Company')}> }}").dicts():
        found = pages.page(row["c"], "fr")
        assert found is not None
        knows = any(r.property == expand("cmq:sector") for s in found.sections for r in s.rows)
        assert (sector in found.silent) != knows
        stated, silent = stated + knows, silent + (not knows)
    assert stated
    assert silent


def test_no_fact_about_a_thing_is_lost(pages: EntityPages, release: Release) -> None:
    """Every object of a fact about a thing, and every thing that a statement joins to it, is somewhere on its page."""
    passage = expand("cmq:sourcePassage")
    for path in ("campus/msi", "organisation/lycee-jules-haag", "project/technilab", "project/vrai"):
        found = page(pages, path)
        shown = {value.iri for s in found.sections for r in s.rows for value in r.values}
        shown |= {v.iri for s in found.sections if s.table for line in s.table.lines for cell in line.cells for v in cell}
        shown |= {value.iri for row in found.incoming for value in row.values} | {value.iri for value in found.types}
        node = ox.NamedNode(found.iri)
        stated = {
            q.object.value
            for q in release.store.about(node)
            if q.graph_name.value == FACTS and isinstance(q.object, ox.NamedNode) and q.predicate.value != passage
        }
        assert stated
        assert stated <= shown


def test_what_is_not_in_the_release_has_no_page(pages: EntityPages) -> None:
    assert pages.page(ID + "organisation/nobody", "fr") is None


def test_schema_org_cannot_leave_its_script_element(pages: EntityPages) -> None:
    found = page(pages, "campus/msi")
    found.name = "</script><img src=x onerror=alert(1)>\u2028&"
    text = schema_org(found)
    assert not set("<>&\u2028") & set(text)
    loaded = json.loads(text)
    assert loaded["name"] == found.name
    assert loaded["@type"] == "Organization"
