"""Dates, amounts and counts, in the forms of French reports."""

import pytest

from campuskg.curation.figures import find_figures
from campuskg.curation.reading import read_text


@pytest.mark.parametrize(
    ("text", "kind", "value", "until"),
    [
        ("le 4/2/2021", "date", "2021-02-04", ""),
        ("le 4/2/21", "date", "2021-02-04", ""),
        ("le 1er août 2030", "date", "2030-08-01", ""),
        ("du 8 au 12 novembre 2021", "period", "2021-11-08", "2021-11-12"),
        ("du 30 mai au 2 juin 2021", "period", "2021-05-30", "2021-06-02"),
        ("les 11 et 12 octobre 2021", "period", "2021-10-11", "2021-10-12"),
        ("en mai 2022", "date", "2022-05", ""),
        ("l'année 2021-2022", "period", "2021", "2022"),
        ("en 2019", "date", "2019", ""),
        ("une aide de 71,5 K €", "amount", "71500", ""),
        ("une aide de 15 790 €", "amount", "15790", ""),
        ("une aide de 2 M€", "amount", "2000000", ""),
        ("3,5 millions d'euros", "amount", "3500000", ""),
        ("soit 12,25%", "percent", "12.25", ""),
        ("avec 120 élèves", "count", "120", ""),
    ],
)
def test_forms(text: str, kind: str, value: str, until: str) -> None:
    (figure,) = find_figures(read_text(text))
    assert (figure.kind, figure.value, figure.until) == (kind, value, until)


@pytest.mark.parametrize("text", ["le 31/2/2021", "le 45 mai 20", "version 2.0.1", "article L 1611-4", ""])
def test_no_figure(text: str) -> None:
    assert [f for f in find_figures(read_text(text)) if f.kind in ("date", "amount")] == []


def test_line_and_wording() -> None:
    (figure,) = find_figures(read_text("Rien\n\nune aide de 9 000 €."))
    assert (figure.lines, figure.shown) == ((3, 3), "9 000 €")
