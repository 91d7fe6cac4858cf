"""The static pictures: well-formed, the same each time, harmless with any words, no style that a strict policy refuses."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campuskg.publish.svg import (
    Bar,
    Branch,
    Flow,
    Panel,
    Span,
    Spot,
    Stage,
    Twig,
    bars,
    fan,
    map_of,
    network,
    sankey,
    timeline,
)
from campuskg.publish.svg.drawing import palette
from campuskg.publish.svg.words import lines, plain, width
from campuskg.release import Release
from campuskg.viz import find_view, picture

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</text></svg><script>alert(2)</script>",
    '" onload="alert(3)',
    "\u202eabc\u2066",
    "nul\x00\x0b",
    "x" * 10_000,
    "&lt;b&gt;",
    "",
)


def _bars(words: str) -> str:
    return bars("p", words, [Panel(words, [Bar(words, 3, words), Bar("b", 0, "0")])])


def _fan(words: str) -> str:
    return fan("p", words, words, [Branch(words, i, "square", [Twig(words, words, 2)] * 3) for i in range(1, 4)])


def _timeline(words: str) -> str:
    return timeline(
        "p", words, [Span(words, "2021-02-04", "2024-02-04", text=words), Span(words, "2020-01-01", ongoing=True)], "2022-06-09"
    )


def _sankey(words: str) -> str:
    flows = [Flow("a", "b", 9000, words, {"row": 1}), Flow("a", "c", 1, words)]
    return sankey("p", words, [Stage(words, 1, flows), Stage("b", 2, flows[:1])], {"a": words, "b": words, "c": words})


def _map(words: str) -> str:
    return map_of("p", words, [Spot(47.24, 6.02, words, 12, "12"), Spot(47.3, 5.0, words, 1, "1"), Spot(53.5, 10.0, "Hamburg")])


DRAWINGS = (_bars, _fan, _timeline, _sankey, _map)


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_any_words_are_words(draw: Callable[[str], str], words: str) -> None:
    svg = draw(words)
    assert svg == draw(words)
    root = ET.fromstring(svg)  # noqa: S314  our own picture
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "a", "rect", "circle", "path", "line", "text"}
    for element in root.iter():
        assert not any(name == "style" or name.startswith("on") for name in element.attrib)
    assert root[0].tag == f"{SVG}title"
    assert not set(svg) & set("\u202e\u2066\x00\x0b")
    assert len(svg) < 60_000


@given(st.text(max_size=60))
def test_words_are_always_drawable(words: str) -> None:
    for draw in (_bars, _sankey):
        ET.fromstring(draw(words))  # noqa: S314  our own picture


@given(st.text(max_size=200), st.floats(10, 300))
def test_lines_fit_their_room(words: str, room: float) -> None:
    told = lines(plain(words), 10, room, 3)
    assert len(told) <= 3
    assert all(width(line, 10) <= room or len(line) <= 1 for line in told)


def test_areas_and_lengths_tell_the_values() -> None:
    root = ET.fromstring(bars("p", "t", [Panel("", [Bar("a", 10, "10"), Bar("b", 5, "5")])]))  # noqa: S314  our own picture
    long, short = (float(rect.get("width", "0")) for rect in root.iter(f"{SVG}rect"))
    assert long == pytest.approx(2 * short, abs=0.2)


def test_stages_stay_apart_and_share_a_scale() -> None:
    svg = sankey("p", "t", [Stage("one", 1, [Flow("a", "b", 100, "")]), Stage("two", 2, [Flow("a", "b", 50, "")])], {})
    bands = [one for one in ET.fromstring(svg).iter(f"{SVG}path") if one.get("class", "").startswith("stroke-")]  # noqa: S314  our own
    widths = [float(band.get("stroke-width", "0")) for band in bands]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


def test_far_places_are_left_out_of_the_frame() -> None:
    assert "Hamburg" not in _map("x")


@pytest.mark.parametrize("name", ["ecosystem", "partnerships"])
def test_network_draws_every_node_and_edge_of_a_view(release: Release, name: str) -> None:
    drawn = picture(release, find_view(name), "fr")
    svg = network(drawn)
    assert svg == network(drawn)
    root = ET.fromstring(svg)  # noqa: S314  our own picture
    nodes = [element for element in root.iter() if element.get("class") == "node"]
    assert len(nodes) == len(drawn.nodes)
    assert len(list(root.iter(f"{SVG}line"))) == len(drawn.edges)
    assert all(element.get("href", "").startswith("/page/id/") for element in nodes)


def test_colours_are_those_of_the_palette() -> None:
    assert len(palette()) == 8
    assert all(re.fullmatch("#[0-9a-f]{6}", one) for one in palette())
