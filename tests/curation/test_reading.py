"""Lines become running text, and every offset still knows its line."""

import pytest

from campuskg.curation.reading import Span, read_text


def line_of(text: str, words: str) -> int:
    reading = read_text(text)
    return reading.line(reading.text.index(words))


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("un dispo-\nsitif", "un dispositif"),
        ("en Bourgogne Franche-\nComté", "en Bourgogne Franche-Comté"),
        ("le plan de l’ Agence", "le plan de l'Agence"),
        ("avec I’ENSMM et 1’AFPA", "avec l'ENSMM et l'AFPA"),
        ("et ’UTBM", "et l'UTBM"),
        ("<u>Votes</u> : 3", "Votes : 3"),
        ("nul\x07 bruit", "nul bruit"),
        ("une phrase qui se poursuit,\n\nici", "une phrase qui se poursuit, ici"),
        ("Fin.\n\nDébut", "Fin.\nDébut"),
        ("Région\t500\nVille\t20", "Région\t500\nVille\t20"),
    ],
)
def test_lines_are_joined(text: str, joined: str) -> None:
    assert read_text(text).text == joined


def test_offsets_keep_their_line() -> None:
    text = "Premier paragraphe assez long pour une ligne\n\nSecond para-\ngraphe\n\n\nTroisième"
    assert line_of(text, "Premier") == 1
    assert line_of(text, "Second") == 3
    assert line_of(text, "Troisième") == 7
    assert read_text(text).lines(Span(46, 60)) == (3, 4)


def test_plain_has_the_length_of_the_text() -> None:
    reading = read_text("Œuvre « à l’été » – Saône, cœur, 3 000 €")
    assert len(reading.plain) == len(reading.text)
    assert "Saone" in reading.plain


def test_abbreviations_do_not_end_a_sentence() -> None:
    reading = read_text("Le président est M. Durand. Il signe. Fin")
    assert [reading.text[s.start : s.end] for s in reading.sentences] == ["Le président est M. Durand.", "Il signe.", "Fin"]


def test_short_line_before_a_capital_ends_a_paragraph() -> None:
    long = "une ligne qui va jusqu'au bord droit de la page du rapport annuel"
    assert read_text(f"{long}\n{long}\n{long}\nLe président\nJean Durand").text.count("\n") == 1


def test_empty_text() -> None:
    assert read_text("").text == ""
    assert list(read_text("\n\n").sentences) == []
