"""Pages about things: readable, sourced, light, and with every statement within reach."""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
import pytest

from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.publish.authorities import authorities
from campuskg.publish.drawn import address
from campuskg.publish.ego import ego, neighbours
from campuskg.publish.locator import locator
from campuskg.publish.money import money
from campuskg.publish.pages import Frame
from campuskg.publish.pages_entity import correction
from campuskg.publish.pages_resource import render_resource, sheet_of
from campuskg.publish.portions import HEAVIEST
from campuskg.publish.published import Published
from campuskg.publish.sheet import Sheet
from campuskg.release import Release, open_release


@pytest.fixture(scope="module")
def published(release: Release) -> Published:
    return Published(release, "https://example.org")


def page(published: Published, path: str, lang: str = "fr", **query: str) -> str:
    frame = Frame("en" if lang == "en" else "fr", f"/page/{path}", tuple(query.items()), published.release.digest, published.base)
    return render_resource(frame, path, published)


def select(published: Published, text: str) -> list[dict[str, str]]:
    return published.release.store.select(f"PREFIX cmq: <{expand('cmq:')}> {text}").dicts()


def test_the_page_of_a_campus_says_what_where_who_and_how_much(published: Published) -> None:
    text = unescape(page(published, "id/campus/msi"))
    for words in (
        "CMQ Microtechniques et Systèmes Intelligents", "Aussi appelé", "CMQ MSI", "Microtechniques", "Emmanuel Foltête",
        "Participants et partenaires", "Financements", "9\u202f000\u202f€", "Documents qui en parlent", "Questions à son sujet",
        "Citer et réutiliser", f"{BASE_IRI}id/campus/msi", "@misc{campus-msi", "/data/id/campus/msi.ttl",
    ):  # fmt: skip
        assert words in text, words
    assert '"@type": "Organization"' in text
    english = unescape(page(published, "id/campus/msi", "en"))
    assert "Participants and partners" in english
    assert "€9,000" in english
    assert "Cite and reuse" in english


def test_every_statement_of_a_table_shows_its_proof(published: Published) -> None:
    text = page(published, "id/organisation/lycee-jules-haag")
    rows = re.findall(r"<tr><td.*?</tr>", text, re.DOTALL)
    assert len(rows) >= 9
    assert all('class="proof"' in row and 'href="/page/id/passage/' in row and 'class="statement"' in row for row in rows)
    assert re.search(r"gbm-2022, lignes? \d+", text)


def test_long_sections_are_cut_and_every_line_is_within_reach(published: Published) -> None:
    whole = sheet_of("id/campus/msi", published, Frame("fr", "/page/id/campus/msi"))
    for block in whole.blocks:
        wanted = {line.href for line in block.grid.lines if line.href} if block.grid else set()
        first = page(published, "id/campus/msi")
        seen = {href for href in wanted if f'href="{href}"' in first}
        link = f"/page/id/campus/msi?section={block.id}#{block.id}"
        while seen < wanted:
            assert link.replace("&", "&amp;") in first, block.id
            query = dict(parse_qsl(urlsplit(link).query))
            first = page(published, "id/campus/msi", **query)
            seen |= {href for href in wanted if f'href="{href}"' in first}
            following = re.search(r'href="([^"]+)" rel="next"', first)
            link = unescape(following[1]) if following else ""


@pytest.mark.parametrize("most", [80, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_pages_are_light(release_dir: Path, most: int) -> None:
    """The things of which most is said (or every one; claims and passages are small), without cited lines, as published."""
    published = Published(open_release(release_dir, quotations=False), "https://example.org")
    things = [path for path in published.listed() if path.startswith(("id/", "scheme/"))]
    things.sort(key=lambda path: -len(published.triples(path)))
    assert len(things) > 1500
    sizes = {path: len(page(published, path).encode()) for path in things[:most]}
    assert {path: size for path, size in sizes.items() if size > HEAVIEST} == {}
    assert max(sizes.values()) > HEAVIEST * 0.9  # the heaviest are among them


def test_a_long_network_and_many_questions_have_pages_of_their_own(published: Published) -> None:
    path = "id/campus/itip"
    whole, frame = page(published, path), Frame("fr", f"/page/{path}")
    for section in ("network", "questions"):
        assert f'href="/page/{path}?section={section}#{section}"' in whole
        assert f'<section id="{section}"' in page(published, path, section=section)
    picture = ego(published.release, f"{BASE_IRI}{path}", "fr")
    assert picture is not None
    around = page(published, path, section="network")
    assert all(f'href="{item.href}"' in around for group in picture.groups for item in group.items)
    asked = page(published, path, section="questions")
    assert all(f'href="{escape(item.href)}"' in asked for item in sheet_of(path, published, frame).questions)


def test_nothing_leaves_the_site_and_nothing_runs_inline(published: Published) -> None:
    for path in ("id/campus/msi", "id/project/technilab", "scheme/sector", "id/document/cmq-bfc-2021", "catalogue"):
        text = page(published, path)
        assert not re.search(r"<script(?! (?:type=\"(?:module|application/ld\+json)\"|src=))", text)
        assert not re.search(r"\s(?:style|on[a-z]+)=\"", text)
        assert not re.search(r"<(?:img|script|iframe|use)[^>]*(?:src|href)=\"(?:https?:)?//", text)


def test_a_name_cannot_leave_its_place(published: Published) -> None:
    entity = published.pages.page(f"{BASE_IRI}id/campus/msi", "fr")
    assert entity is not None
    entity.name = "</script><img src=x onerror=alert(1)>"
    from campuskg.publish.pages_entity import render_sheet, thing_sheet

    text = render_sheet(Frame("fr", "/page/x"), thing_sheet(published, entity), published)
    assert "<img" not in text
    assert "onerror=alert(1)&gt;" in text


def test_money_is_summed_by_stage_and_each_funding_counts_once(published: Published) -> None:
    for path in ("campus/msi", "organisation/grand-besancon-metropole", "project/technilab"):
        iri = f"{BASE_IRI}id/{path}"
        grid = money(published.describer.describe(iri).statements, "en")
        assert grid is not None
        told = {line.cells[0][0].text: line for line in grid.lines}
        for label, link in (("Received", "cmq:beneficiary|cmq:fundedItem"), ("Given", "cmq:funder")):
            for column, stage in enumerate(("planned", "requested", "granted", "paid"), 1):
                query = (
                    f"SELECT (SUM(?a) AS ?sum) {{ SELECT DISTINCT ?f ?a {{ GRAPH <{BASE_IRI}graph/facts> {{ ?f {link} <{iri}> ; "
                    f"a cmq:Funding ; cmq:{stage}Amount ?a }} }} }}"
                )
                total = float(select(published, query)[0].get("sum", "0"))
                cell = told[label].cells[column] if label in told else []
                shown = cell[0].text if cell else ""
                assert shown in (f"€{total:,.0f}" if total else "", "disputed, see below"), (path, label, stage)


def test_the_network_picture_is_the_same_each_time_and_its_lists_hold_everyone(published: Published) -> None:
    iri = f"{BASE_IRI}id/campus/msi"
    first = ego(published.release, iri, "fr")
    assert first == ego(published.release, iri, "fr")
    assert first is not None
    listed = {item.href for group in first.groups for item in group.items}
    assert listed == {address(one) for one in neighbours(published.release, iri)}
    assert {dot.href for dot in first.dots} <= listed
    assert len({(dot.x, dot.y) for dot in first.dots}) == len(first.dots)


def test_the_map_finds_the_departement_of_a_point() -> None:
    besancon, nice = locator((47.2386, 6.0126), "Lycée Jules Haag", "fr"), locator((43.7, 7.27), "Nice", "en")
    assert (besancon.name, nice.name) == ("Doubs", "Alpes-Maritimes")
    assert besancon.title == "Carte : Lycée Jules Haag, Doubs"
    assert locator((48.2, 16.37), "Vienne", "fr").here == ""


def test_identifiers_lead_to_their_authorities(published: Published) -> None:
    assert all(urlsplit(one.address).scheme == "https" for one in authorities().values())
    assert authorities()["cmq:rncpCode"].link("RNCP30126") == "https://www.francecompetences.fr/recherche/rncp/30126/"
    assert not authorities()["cmq:siren"].link('1"><script>')
    assert "etablissement=0250011B" in page(published, "id/organisation/lycee-jules-haag")


def test_a_contradiction_stands_beside_what_it_contradicts(published: Published) -> None:
    found = select(published, "SELECT ?a ?b ?e { ?a cmq:contradicts ?b ; cmq:observedEntity ?e }")
    assert found
    for row in found:
        path = row["a"].removeprefix(BASE_IRI)
        text = page(published, path)
        assert "Contradiction" in text
        assert f'href="{address(row["b"])}"' in text
        assert text.count('class="proof"') >= 2
        thing = page(published, row["e"].removeprefix(BASE_IRI), section="results")
        assert "contredit" in thing
        assert f'href="{address(row["b"])}"' in thing


def test_a_claim_says_whether_it_holds_and_leads_to_its_passages(published: Published) -> None:
    kept = select(
        published, f"SELECT ?c ?p {{ ?c a cmq:Claim ; cmq:rank <{BASE_IRI}scheme/rank/normal> ; cmq:sourcePassage ?p }} LIMIT 1"
    )
    text = page(published, kept[0]["c"].removeprefix(BASE_IRI))
    assert f'href="{address(kept[0]["p"])}"' in text
    assert "Retenu parmi les faits" in text


def test_a_passage_lists_everything_that_it_proves(published: Published) -> None:
    counts = select(
        published, "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) { ?s cmq:sourcePassage ?p } GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 3"
    )
    for row in counts:
        path = row["p"].removeprefix(BASE_IRI)
        sheet = sheet_of(path, published, Frame("fr", f"/page/{path}"))
        hrefs = {item.href for block in sheet.blocks for item in block.items}
        proved = {one["s"] for one in select(published, f"SELECT DISTINCT ?s {{ ?s cmq:sourcePassage <{row['p']}> }}")}
        assert {address(iri) for iri in proved} <= hrefs


def test_an_inference_names_what_it_is_drawn_from(published: Published) -> None:
    query = "SELECT ?i ?s { ?i a cmq:Inference ; <http://www.w3.org/ns/prov#wasDerivedFrom> ?s } ORDER BY ?i LIMIT 1"
    found = select(published, query)[0]
    assert f'href="{address(found["s"])}"' in page(published, found["i"].removeprefix(BASE_IRI))


def test_a_code_list_counts_the_uses_of_its_codes(published: Published) -> None:
    sheet = sheet_of("scheme/funding-stage", published, Frame("en", "/page/scheme/funding-stage"))
    grid = sheet.blocks[0].grid
    assert grid is not None
    told = {line.cells[0][0].href: line.cells[-1][0].text for line in grid.lines}
    for href, count in told.items():
        iri = BASE_IRI + href.removeprefix("/page/")
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE_IRI}graph/facts> {{ ?s ?p <{iri}> }} }}"
        assert count == select(published, query)[0]["n"]


def test_what_the_sources_do_not_say_is_said(published: Published) -> None:
    silent = select(published, "SELECT ?c { ?c a cmq:Company FILTER NOT EXISTS { ?c cmq:sector ?s } } ORDER BY ?c LIMIT 1")
    text = page(published, silent[0]["c"].removeprefix(BASE_IRI))
    assert "Secteur ou filière <small" in text
    assert "non documenté" in text


def test_only_mail_and_web_addresses_take_corrections() -> None:
    sheet = Sheet("id/campus/msi", "CMQ MSI")
    assert correction(sheet, "https://example.org/new?labels=data", "en").startswith(
        "https://example.org/new?labels=data&title=Correction"
    )
    assert correction(sheet, "javascript:alert(1)", "fr") == ""
    assert correction(sheet, "", "fr") == ""


def test_addresses_that_are_no_web_addresses_are_no_links() -> None:
    assert address("javascript:alert(1)") == ""
    assert address(f"{BASE_IRI}ontology#Campus") == "/ontology#Campus"
    assert ox.NamedNode(BASE_IRI + "id/campus/msi").value.endswith(address(f"{BASE_IRI}id/campus/msi").removeprefix("/page/"))
