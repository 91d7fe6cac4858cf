"""Dates and amounts in the words of a question."""

import pytest

from campuskg.ask.dates import amounts, moments, without


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("au 1er décembre 2021", "2021-12-01"),
        ("le 3 fevrier 2022 ?", "2022-02-03"),
        ("on 1 December 2021", "2021-12-01"),
        ("on December 1st, 2021", "2021-12-01"),
        ("as of 2021-06-30", "2021-06-30"),
        ("au 01/12/2021", "2021-12-01"),
        ("au 1.12.2021", "2021-12-01"),
        ("en décembre 2021", "2021-12-31"),
        ("in Feb 2020", "2020-02-29"),
        ("en 2021", "2021-12-31"),
        ("fin 2021", "2021-12-31"),
        ("début 2021", "2021-01-01"),
        ("at the beginning of 2021", "2021-01-01"),
    ],
)
def test_a_date_is_read(text: str, asked: str) -> None:
    assert [moment.asked.isoformat() for moment in moments(text)] == [asked]


@pytest.mark.parametrize("text", ["le 31/02/2021", "la salle 1234", "12345", "9000 €", "bac + 2", "BS19"])
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert [moment for moment in moments(text) if moment.day or moment.month] == []


def test_a_bare_year_knows_that_it_is_one() -> None:
    [moment] = moments("formations ouvertes en 2021")
    assert (moment.year, moment.month, moment.day) == (2021, None, None)


@pytest.mark.parametrize(
    ("text", "euros"),
    [("15 790 €", 15790), ("€3,000", 3000), ("10 k€", 10000), ("9000 euros", 9000), ("71\u202f500,50 €", 71500)],
)
def test_an_amount_is_read(text: str, euros: int) -> None:
    assert [amount.euros for amount in amounts(text)] == [euros]


def test_figures_are_taken_out_of_the_words() -> None:
    text = "Qui, au 1er décembre 2021, donne plus de 9 000 € ?"
    assert without(text).split() == ["Qui,", "au", ",", "donne", "plus", "de", "?"]
    assert len(without(text)) == len(text)
