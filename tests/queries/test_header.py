"""The ``#+`` header of a query."""

import pytest

from campuskg.queries import parse_header


def test_nested_keys_are_joined() -> None:
    text = "#+ question:\n#+   fr: Qui ?\n#+   en: Who?\n#+ columns:\n#+   a:\n#+     fr: A\n#+ severity: warning\nSELECT * {}\n"
    assert parse_header(text) == {"question.fr": "Qui ?", "question.en": "Who?", "columns.a.fr": "A", "severity": "warning"}


def test_other_lines_are_not_the_header() -> None:
    assert parse_header("# a: b\nPREFIX a: <b>\nSELECT * { ?s ?p '#+ x: y' }") == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Add 'src'", "Add 'src'"),
        ("'tout'", "tout"),
        ('"tout"', "tout"),
        ('dit "oui"', 'dit "oui"'),
        ("a: b # c", "a: b # c"),
        ("l'an", "l'an"),
    ],
)
def test_quotes_around_a_whole_value_only_are_taken_off(written: str, read: str) -> None:
    assert parse_header(f"#+ key: {written}\n")["key"] == read
