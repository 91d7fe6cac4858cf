"""Exports: read back by other programs with the same nodes and links, whatever the names are."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from campuskg.release import Release
from campuskg.viz import Picture, edges_csv, find_view, nodes_csv, picture, to_gexf, to_graphml, to_json, views
from campuskg.viz.plain import cleaned
from campuskg.viz.standalone import _scripts, data_of, to_html
from planted import IRIS, NAMES

Ends = list[tuple[str, str]]
GEXF = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}


@pytest.fixture(scope="module")
def pictures(release: Release) -> dict[str, Picture]:
    return {view.name: picture(release, view) for view in views().values()}


def ends(drawn: Picture) -> Ends:
    return sorted((edge.source, edge.target) if drawn.view.directed else _pair(edge.source, edge.target) for edge in drawn.edges)


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def read_ends(network: "nx.Graph[str]", drawn: Picture) -> Ends:
    return sorted((a, b) if drawn.view.directed else _pair(a, b) for a, b in network.edges())


def check(drawn: Picture) -> None:
    """Read the three network files back and compare."""
    ids = {node.id: cleaned(node.label) for node in drawn.nodes}
    gexf = nx.read_gexf(io.BytesIO(to_gexf(drawn)))
    graphml = nx.read_graphml(io.BytesIO(to_graphml(drawn)))
    plain = nx.node_link_graph(json.loads(to_json(drawn)), edges="edges")
    for network in (gexf, graphml, plain):
        assert network.is_directed() == drawn.view.directed or not drawn.edges
        assert set(network) == set(ids)
        assert read_ends(network, drawn) == ends(drawn)
    assert {iri: data["label"] for iri, data in gexf.nodes(data=True)} == ids
    assert {iri: data["label"].replace("\r\n", "\n") for iri, data in graphml.nodes(data=True)} == ids
    weights = sorted(edge.weight for edge in drawn.edges)
    assert sorted(float(data["weight"]) for _, _, data in graphml.edges(data=True)) == pytest.approx(weights)


@pytest.mark.parametrize("name", list(views()))
def test_each_view_is_read_back_whole(pictures: dict[str, Picture], name: str) -> None:
    check(pictures[name])


@pytest.mark.parametrize("name", list(views()))
def test_each_view_is_read_back_whole_with_hostile_names(hostile_pictures: list[Picture], name: str) -> None:
    check(next(drawn for drawn in hostile_pictures if drawn.view.name == name))


def test_gexf_carries_colours_sizes_places_and_dates(pictures: dict[str, Picture]) -> None:
    root = ET.fromstring(to_gexf(pictures["mandates"]))  # noqa: S314  our own bytes
    assert root.get("version") == "1.3"
    graph = root.find("g:graph", GEXF)
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    nodes = graph.findall("g:nodes/g:node", GEXF)
    assert len(nodes) == len(pictures["mandates"].nodes)
    for node in nodes:
        assert node.find("viz:color", GEXF) is not None
        assert node.find("viz:position", GEXF) is not None
        size = node.find("viz:size", GEXF)
        assert size is not None
        assert float(size.attrib["value"]) > 0
    spells = {
        edge.attrib["id"]: spell.attrib
        for edge in graph.findall("g:edges/g:edge", GEXF)
        for spell in edge.findall("g:spells/g:spell", GEXF)
    }
    dated = {edge.id: (edge.begins, edge.ends) for edge in pictures["mandates"].edges if edge.begins or edge.ends}
    assert {key: (days.get("start", ""), days.get("end", "")) for key, days in spells.items()} == dated
    still = ET.fromstring(to_gexf(pictures["partnerships"])).find("g:graph", GEXF)  # noqa: S314
    assert still is not None
    assert still.get("mode") == "static"


def test_gexf_declares_every_attribute_it_uses(pictures: dict[str, Picture]) -> None:
    for drawn in pictures.values():
        root = ET.fromstring(to_gexf(drawn))  # noqa: S314
        for kind in ("node", "edge"):
            known = {a.attrib["id"] for a in root.findall(f"g:graph/g:attributes[@class='{kind}']/g:attribute", GEXF)}
            used = {v.attrib["for"] for v in root.findall(f"g:graph/g:{kind}s/g:{kind}/g:attvalues/g:attvalue", GEXF)}
            assert used <= known


def test_the_same_picture_gives_the_same_bytes(release: Release) -> None:
    for write in (to_gexf, to_graphml, to_json, nodes_csv, edges_csv, to_html):
        first, again = (write(picture(release, find_view("partnerships"))) for _ in range(2))
        assert first == again


def test_tables_have_every_node_and_link_once(pictures: dict[str, Picture]) -> None:
    for drawn in pictures.values():
        nodes = list(csv.DictReader(io.StringIO(nodes_csv(drawn).decode(), newline="")))
        edges = list(csv.DictReader(io.StringIO(edges_csv(drawn).decode(), newline="")))
        assert [row["id"] for row in nodes] == [node.id for node in drawn.nodes]
        assert [(row["id"], row["source"], row["target"]) for row in edges] == [(e.id, e.source, e.target) for e in drawn.edges]
        assert [row["rows"].split() for row in edges] == [[str(i + 1) for i in e.rows] for e in drawn.edges]


def test_no_cell_of_a_table_is_a_formula(hostile_pictures: list[Picture]) -> None:
    held = ""
    for drawn in hostile_pictures:
        for data in (nodes_csv(drawn), edges_csv(drawn)):
            held += data.decode()
            for row in csv.reader(io.StringIO(data.decode(), newline="")):
                for cell in row:
                    numeric = cell.lstrip("-").replace(".", "", 1).replace("e-", "", 1).isdigit()
                    assert numeric or not cell.lstrip().startswith(("=", "+", "-", "@")), cell[:40]
    assert "'=HYPERLINK" in held
    assert "'-2+3" in held


def test_hostile_names_are_drawn_and_stay_text(hostile_pictures: list[Picture]) -> None:
    drawn = next(one for one in hostile_pictures if one.view.name == "partnerships")
    assert {node.label for node in drawn.nodes} >= set(NAMES)
    assert {node.id for node in drawn.nodes} >= set(IRIS)
    page = to_html(drawn)
    text = page.decode().replace(_scripts()[0], "")
    assert text.count("<script") == text.count("</script>") == 3
    assert "<img" not in text
    assert "<svg onload" not in text
    assert 'href="javascript' not in text
    shown = {node["title"] for node in data_of(page)["nodes"]}
    assert shown == {cleaned(node.label) for node in drawn.nodes}
    assert not any(character in title for title in shown for character in "\u202e\u2066\u0001\u001b")


def test_a_page_names_no_address_to_load_from(pictures: dict[str, Picture]) -> None:
    for drawn in pictures.values():
        text = to_html(drawn).decode()
        outside = text.replace(_scripts()[0], "")
        assert "<link" not in outside
        assert " src=" not in outside
        assert "Content-Security-Policy" in outside
        assert "default-src 'none'" in outside
        data = data_of(text.encode())
        assert [node["id"] for node in data["nodes"]] == [node.id for node in drawn.nodes]
        assert [edge["id"] for edge in data["edges"]] == [edge.id for edge in drawn.edges]
        assert json.loads(data["options"])["physics"] == {"enabled": False}
