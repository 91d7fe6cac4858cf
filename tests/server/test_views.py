"""The views over HTTP: their list, the page of each, the same picture in every form, embedding, refusals."""

import csv
import io
import json
from html import unescape

import networkx as nx
import openpyxl
import pytest

from campuskg.viz import views
from server.conftest import linux_only
from server.served import Served

pytestmark = linux_only
HTML = {"accept": "text/html"}


def test_the_list_names_every_view_in_both_languages(server: Served) -> None:
    for lang in ("fr", "en"):
        page = server.client.get("/views", params={"lang": lang}, headers=HTML, timeout=120)  # all pages are made ready first
        assert page.status_code == 200
        assert page.headers["content-language"] == lang
        assert all(f'/views/{name}"' in page.text for name in views())


@pytest.mark.parametrize("name", sorted(views()))
def test_every_view_has_a_page_and_data(server: Served, name: str) -> None:
    page = server.client.get(f"/views/{name}", headers=HTML)
    assert page.status_code == 200
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    data = server.client.get(f"/views/{name}.json").json()
    assert data["view"] == name
    assert all(len(row) == len(data["columns"]) for row in data["rows"])
    assert all(0 <= edge["source"] < len(data["nodes"]) and 0 <= edge["target"] < len(data["nodes"]) for edge in data["edges"])
    held = {row for edge in data["edges"] for row in edge["rows"]} | {row for node in data["nodes"] for row in node["rows"]}
    assert held == set(range(len(data["rows"])))


def test_the_same_picture_in_every_form(server: Served) -> None:
    data = server.client.get("/views/partnerships.json").json()
    marks = nx.read_gexf(io.BytesIO(server.client.get("/views/partnerships.gexf").content))
    assert set(marks.nodes) == {node["id"] for node in data["nodes"]}
    plain = nx.read_graphml(io.BytesIO(server.client.get("/views/partnerships.graphml").content))
    assert plain.number_of_edges() == len(data["edges"])
    rows = list(csv.reader(io.StringIO(server.client.get("/views/partnerships.csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(data["rows"]) + 1
    sheet = openpyxl.load_workbook(io.BytesIO(server.client.get("/views/partnerships.xlsx").content)).worksheets[0]
    assert sheet.max_row == len(data["rows"]) + 1
    drawing = server.client.get("/views/partnerships.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.count('class="node"') == len(data["nodes"])
    alone = server.client.get("/views/partnerships.html")
    assert "attachment" in alone.headers["content-disposition"]
    assert "default-src 'none'" in alone.headers["content-security-policy"]
    scripts = alone.headers["content-security-policy"].partition("script-src ")[2].partition(";")[0]
    assert scripts.count("'sha256-") == 2
    assert "unsafe" not in scripts
    assert scripts in unescape(alone.text)  # the file says the same of itself
    assert "script" not in drawing.headers["content-security-policy"]


def test_a_parameter_of_the_query_changes_the_picture_and_its_table(server: Served) -> None:
    usual = server.client.get("/views/ecosystem.json").json()
    other = server.client.get("/views/ecosystem.json", params={"campus": "campus/agt"}).json()
    assert usual["query"]["page"].endswith("campus=campus%2Fmsi")
    assert "campus/agt" in other["query"]["sparql"]
    assert {tuple(row) for row in usual["rows"]} != {tuple(row) for row in other["rows"]}
    page = server.client.get("/views/ecosystem", params={"campus": "campus/agt", "lang": "fr"}, headers=HTML)
    assert "/views/ecosystem.json?campus=campus%2Fagt&amp;lang=fr" in page.text


def test_the_question_of_a_view_answers_the_same_rows(server: Served) -> None:
    data = server.client.get("/views/funding.json").json()
    address = data["query"]["page"].removeprefix("/kg").replace("/queries/funding-flows", "/queries/funding-flows.json")
    answer = server.client.get(address).json()
    names = [column["name"] for column in data["columns"]]
    told = [[data["terms"][place][1] for place in row] for row in data["rows"]]
    assert told == [[row.get(name, {}).get("value", "") for name in names] for row in answer["results"]["bindings"]]


def test_others_may_embed_the_embedded_page_only(server: Served) -> None:
    page = server.client.get("/views/partnerships", params={"embed": "1"}, headers=HTML)
    assert page.headers["content-security-policy"].endswith("frame-ancestors *")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "<nav" not in page.text
    assert "frame-ancestors 'self'" in server.client.get("/views", headers=HTML).headers["content-security-policy"]


def test_answers_are_kept_and_named_by_their_content(server: Served) -> None:
    first = server.client.get("/views/partnerships.json")
    again = server.client.get("/views/partnerships.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/views/partnership", 404, "partnerships"),
        ("/views/partnerships.doc", 404, ".gexf"),
        ("/views/partnerships?minimm=2", 400, "minimum"),
        ("/views/partnerships?minimum=x", 400, "x"),
        ("/views/partnerships?embed=2", 400, "embed"),
        ("/views?embed=1", 400, "embed"),
        ("/views/ecosystem.json?campus=Nowhere", 400, "Nowhere"),
    ],
)
def test_what_is_not_there_is_said(server: Served, path: str, status: int, words: str) -> None:
    answer = server.client.get(path, headers={"accept": "application/problem+json"})
    assert answer.status_code == status
    assert words in json.dumps(answer.json(), ensure_ascii=False)
