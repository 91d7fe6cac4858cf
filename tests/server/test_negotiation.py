"""Content negotiation as tables (RFC 9110, sections 12.4 and 12.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campuskg.server.negotiation import (
    ASK_MEDIA,
    FORMATS,
    GRAPH_MEDIA,
    SELECT_MEDIA,
    choices,
    choose,
    preferred_language,
    prefers_html,
    with_charset,
)

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", "text/csv"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("application/json", "application/json"),
        ("text/csv;q=0.9, application/sparql-results+xml", XML),
        ("text/csv, application/sparql-results+xml", XML),
        ("text/csv;q=0.5, */*;q=0.1", "text/csv"),
        ("application/sparql-results+json;q=0, */*", XML),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
        ("image/png", None),
        ("text/turtle", None),
        ("text/csv;q=0.001", "text/csv"),
        ("text/csv;charset=utf-8", "text/csv"),
        ('text/csv;header="present, or not";q=0.5, application/sparql-results+xml;q=0.4', "text/csv"),
        ("text/csv ; q=0.3 , application/sparql-results+xml ; q=0.4", XML),
        ("*/*;q=0.5, text/csv;q=0.5, application/sparql-results+json;q=0.1", XML),
        ("image/gif, *; q=.2, */*; q=.2", JSON),  # what java.net.HttpURLConnection sends
        ("text/csv;q=0.33333, application/sparql-results+xml;q=.3", "text/csv"),
        # what is malformed is left out; when nothing is left, nothing is accepted
        ("csv", None),
        ("text/csv;q=2", None),
        ("text/csv;q=abc, application/sparql-results+xml;q=0.2", XML),
        ("*/csv", None),
        (",,, text/csv ,", "text/csv"),
        ("text/csv;;q=0.2", "text/csv"),
    ],
)
def test_choose(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, SELECT_MEDIA) == chosen


@pytest.mark.parametrize(
    ("accept", "select", "ask", "graph"),
    [
        (None, JSON, JSON, "text/turtle"),
        ("text/csv", "text/csv", None, None),
        ("application/rdf+xml, application/sparql-results+xml", XML, XML, "application/rdf+xml"),
        ("application/json", "application/json", "application/json", "application/json"),
        ("application/n-triples;q=0.2, application/ld+json;q=0.3", None, None, "application/ld+json"),
    ],
)
def test_choices_for_a_query_of_unknown_form(accept: str | None, select: str, ask: str, graph: str) -> None:
    assert choices(accept) == (select, ask, graph)


@pytest.mark.parametrize("wanted", FORMATS)
def test_format_parameter_beats_accept(wanted: str) -> None:
    assert choices("image/png", wanted) == choices("text/html", wanted)
    assert any(choices("image/png", wanted))


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        (None, False),
        ("text/html;q=0.5, application/json", False),
        ("text/html, application/sparql-results+json", False),
        ("application/xhtml+xml", False),
    ],
)
def test_html_only_for_who_prefers_it(accept: str | None, *, page: bool) -> None:
    assert prefers_html(accept, SELECT_MEDIA) is page


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.8,fr;q=0.9", "fr"),
        ("en, fr", "fr"),
        ("en;q=0, de", "fr"),
        ("fr;q=0, en;q=0.1", "en"),
        ("de, es;q=0.8, en;q=0.2", "en"),
        ("en;q=high", "fr"),
        ("*", "fr"),
    ],
)
def test_language(header: str | None, lang: str) -> None:
    assert preferred_language(header) == lang


@given(st.text(max_size=300))
def test_any_header_is_survived(header: str) -> None:
    for offered in (SELECT_MEDIA, ASK_MEDIA, GRAPH_MEDIA):
        assert choose(header, offered) in (None, *offered)
    assert preferred_language(header) in ("fr", "en")


def test_a_hostile_list_is_cut() -> None:
    assert choose("a/b," * 100_000 + "text/csv", SELECT_MEDIA) is None
    assert choose('a/b;c="' + "\\" * 100_000, SELECT_MEDIA) is None


def test_texts_say_their_charset() -> None:
    assert with_charset("text/turtle") == "text/turtle; charset=utf-8"
    assert with_charset(JSON) == JSON
