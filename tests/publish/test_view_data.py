"""A view as data for the explorer: compact, complete, harmless."""

import csv
import io
import json
from dataclasses import replace

import pyoxigraph as ox
import pytest

from campuskg.publish.view_data import answer_of, query_page, view_csv, view_json
from campuskg.publish.view_form import emptied, fields, offered
from campuskg.publish.view_svg import view_svg
from campuskg.release import Release
from campuskg.store import Rows
from campuskg.viz import Picture, picture, picture_of, views
from campuskg.viz.picture import in_language


@pytest.fixture(scope="module")
def partnerships(release: Release) -> Picture:
    return picture(release, views()["partnerships"], "en")


def test_places_in_the_lists_lead_to_what_the_picture_holds(release: Release, partnerships: Picture) -> None:
    data = json.loads(view_json(partnerships, answer_of(partnerships, release.names), "/kg"))
    assert data["terms"][0] == ["", "", ""]
    for sent, edge in zip(data["edges"], partnerships.edges, strict=True):
        assert data["nodes"][sent["source"]]["id"] == edge.source
        assert [data["terms"][place][1] for place in sent["via"]] == list(edge.via)
        told = [data["passages"][place] for place in sent["proofs"]]
        assert [text.replace(", ", ":").replace("–", "-") for text, _, _ in told] == list(edge.passages)
        assert all(href.startswith("/kg/page/id/passage/") for _, href, _ in told)
    values = [[data["terms"][place][1] for place in row] for row in data["rows"]]
    assert values == [["" if term is None else term.value for term in row] for row in partnerships.rows.rows]


def test_what_can_be_filtered_by_has_a_label(release: Release, partnerships: Picture) -> None:
    data = json.loads(view_json(partnerships, answer_of(partnerships, release.names)))
    for node in data["nodes"]:
        for facet, values in node.get("facets", {}).items():
            assert set(values) <= set(data["facets"][facet])
    assert {document for _, _, document in data["passages"]} == set(data["facets"]["document"])


def test_a_script_as_an_iri_is_no_link(release: Release, partnerships: Picture) -> None:
    rows = [(ox.NamedNode("javascript:alert(1)"), *row[1:]) for row in partnerships.rows.rows[:1]]
    nodes = [replace(partnerships.nodes[0], id="javascript:alert(1)")]
    drawn = replace(partnerships, rows=Rows(partnerships.rows.variables, rows), nodes=nodes, edges=[])
    data = json.loads(view_json(drawn, answer_of(drawn, release.names)))
    assert data["terms"][data["rows"][0][0]][2] == ""
    assert "href" not in data["nodes"][0]


def test_cells_of_a_spreadsheet_are_no_formulas(release: Release, partnerships: Picture) -> None:
    rows = Rows(
        ("source", "target"),
        [(ox.Literal("=1+1"), ox.Literal("-2", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")))],
    )
    drawn = replace(partnerships, rows=rows, edges=[])
    text = view_csv(answer_of(drawn, release.names)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1] == ["'=1+1", "-2"]


def test_the_question_has_the_values_of_the_view(release: Release) -> None:
    drawn = picture(release, views()["ecosystem"])
    assert query_page(drawn) == "/queries/campus-members?campus=campus%2Fmsi"


def test_a_choice_taken_away_shows_everything(release: Release) -> None:
    view = views()["ecosystem"]
    own = picture(release, view)
    assert json.loads(view_json(own, answer_of(own, release.names)))["start"].endswith("/campus/msi")
    whole = picture_of(view, own.query, {}, release.store.select(own.query.bound({})), release, "fr")
    assert json.loads(view_json(whole, answer_of(whole, release.names)))["start"] == "*"


def test_another_language_stands_at_the_same_places(release: Release, partnerships: Picture) -> None:
    french = in_language(partnerships, release, "fr")
    assert [(node.id, node.x, node.y) for node in french.nodes] == [(node.id, node.x, node.y) for node in partnerships.nodes]
    assert french == picture(release, views()["partnerships"], "fr")


def test_the_form_offers_what_draws_something(release: Release) -> None:
    view = views()["ecosystem"]
    own = picture(release, view)
    whole = release.store.select(own.query.bound({}))
    known = {
        "campus": [
            "https://w3id.org/cmq/id/campus/msi",
            "https://w3id.org/cmq/id/campus/agt",
            "https://w3id.org/cmq/id/campus/none",
        ]
    }
    choices = offered(own.query, whole, known)
    assert choices == {"campus": known["campus"][:2]}
    (field,) = fields(own, release.names, choices)
    assert field.control == "checks"
    assert [(option.value, option.chosen) for option in field.options] == [("campus/agt", False), ("campus/msi", True)]
    assert emptied(own.query, [("campus", "campus/agt"), ("campus", " "), ("other", "")]) == {"campus"}
    (number,) = fields(picture(release, views()["partnerships"]), release.names, {})
    assert (number.control, number.value, number.any) == ("number", "2", False)


@pytest.mark.parametrize("name", sorted(views()))
def test_every_view_has_a_static_drawing(release: Release, name: str) -> None:
    drawn = picture(release, views()[name])
    text = view_svg(drawn, answer_of(drawn, release.names))
    assert text.startswith("<svg ")
    assert text.count("<title") > 3
    assert text == view_svg(drawn, answer_of(drawn, release.names))
