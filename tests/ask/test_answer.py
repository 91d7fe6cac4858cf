"""What is made of a question: a query with its parameters, three offers, or a refusal with its reason."""

import pytest

from campuskg.ask import Asker, told
from campuskg.errors import UsageProblem


def fills(asker: Asker, text: str, query: str) -> dict[str, list[str]]:
    ranked = asker.ranked(asker.understand(text))
    found = next(candidate for candidate in ranked if candidate.name == query)
    return {name: [term.value.rpartition("/")[2] for term in terms] for name, terms in found.filling.values.items()}


def test_the_example_of_the_project_is_answered(asker: Asker) -> None:
    outcome = asker.ask("Qui finance le CMQ MSI ?")
    assert outcome.verdict == "chosen"
    best = outcome.candidates[0]
    assert "money" in best.card.query.tags
    assert any(term.value.endswith("msi") for terms in best.filling.values.values() for term in terms)


def test_dates_and_names_fill_the_parameters(asker: Asker) -> None:
    text = "Qui était directeur opérationnel de l'ITIP au 1er décembre 2021 ?"
    assert fills(asker, text, "mandates-at-date") == {"organisation": ["itip"], "date": ["2021-12-01"]}
    assert fills(asker, "mandates on 3 May 2020", "mandates-at-date") == {"date": ["2020-05-03"]}


def test_a_campus_stands_for_the_programme_that_bears_its_name(asker: Asker) -> None:
    assert fills(asker, "Qui finance le programme du CMQ MSI ?", "programme-funders") == {
        "programme": ["programme-actions-msi-2022"]
    }


def test_what_is_not_given_keeps_its_default_and_says_so(asker: Asker) -> None:
    outcome = asker.ask("Qui exerce quelle fonction au CMQ MSI ?")
    assert outcome.candidates[0].unfilled == ("date",)
    words = told(outcome, lambda term: term.value, "fr")
    assert any(reason.startswith("par défaut") for reason in words.reasons[0])
    english = told(outcome, lambda term: term.value, "en")
    assert any(reason.startswith("by default: ") for reason in english.reasons[0])


@pytest.mark.parametrize(
    ("text", "verdict", "said"),
    [
        ("Quel est le numéro de téléphone du directeur du CMQ MSI ?", "private", "numéro de téléphone"),
        ("What is the email address of the director?", "private", "email address"),
        ("Quels sont les campus de Bretagne ?", "elsewhere", "Bretagne"),
        ("Quel temps fera-t-il à Besançon ?", "unknown", ""),
        ("xyzzy", "unknown", "xyzzy"),
        ("", "unknown", ""),
        ("?!", "unknown", ""),
        ("1 + 1", "unknown", ""),
    ],
)
def test_a_refusal_says_why(asker: Asker, text: str, verdict: str, said: str) -> None:
    outcome = asker.ask(text)
    assert (outcome.verdict, outcome.candidates) == (verdict, ())
    assert said in outcome.because
    for lang in ("fr", "en"):
        words = told(outcome, lambda term: term.value, lang)  # type: ignore[arg-type]
        assert words.message
        assert words.themes


def test_a_long_text_is_refused(asker: Asker) -> None:
    with pytest.raises(UsageProblem, match="400"):
        asker.ask("x" * 401)


def test_no_more_than_three_are_offered(asker: Asker) -> None:
    for text in ("les projets", "money", "formations", "preuve"):
        assert len(asker.ask(text).candidates) <= 3


def test_a_question_is_never_pasted_into_a_query(asker: Asker) -> None:
    outcome = asker.ask('Qui finance le CMQ MSI ? > } INSERT DATA { <a> <b> "c" } #')
    for candidate in outcome.candidates:
        assert "INSERT" not in candidate.card.query.bound(candidate.filling.values)
