"""New names by rules: one test case a kind of phrase, on invented texts."""

import time

import pytest

from campuskg.curation.entities import find_new
from campuskg.curation.reading import read_text


def labels(text: str) -> dict[str, str]:
    return {name.label: name.cls for name in find_new(read_text(text)).names}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "les lycées Ada Rouage, Jean Pignon et le collège Bielle",
            {"Lycée Ada Rouage": "Lycee", "Lycée Jean Pignon": "Lycee", "Collège Bielle": "College"},
        ),
        ("le lycée professionnel du Ressort", {"Lycée professionnel du Ressort": "Lycee"}),
        ("les IUT de Vireville", {"IUT de Vireville": "HigherEducationInstitution"}),
        ("l'Université de la Bielle", {"Université de la Bielle": "HigherEducationInstitution"}),
        ("la Délégation Académique à la Roue et au Levier", {"Délégation Académique à la Roue et au Levier": "PublicBody"}),
        ("la communauté de communes du Val Rouage", {"Communauté de communes du Val Rouage": "PublicBody"}),
        ("Mesdames Odile PIGNON et Ève BIELLE votent", {"Odile Pignon": "Person", "Ève Bielle": "Person"}),
        ("des entreprises (Rouage SA, Bielle, le groupe Pignon...)", {"Rouage SA": "Company", "Bielle": "Company"}),
        ("un Bac PRO et BTS Horlogerie", {"Bac Pro Horlogerie": "Qualification", "BTS Horlogerie": "Qualification"}),
        ("le projet « Mille rouages » avance", {"Mille rouages": "Project"}),
        ("le salon international ROUAGEXPO", {"Rouagexpo": "Event"}),
        ("séance du 3 mai 2031", {"Séance du 3 mai 2031": "Event"}),
        ("12 rue X - 39100 Vireville", {"Vireville": "Place"}),
        ("Fédération des Rouages de Vireville", {"Fédération des Rouages de Vireville": "ProfessionalBody"}),
        ("Bureau d'Etude du Rouage Plat (BERP)", {"Bureau d'Etude du Rouage Plat": "Organisation"}),
    ],
)
def test_phrases(text: str, expected: dict[str, str]) -> None:
    found = labels(text)
    assert expected.items() <= found.items(), found


@pytest.mark.parametrize(
    "text", ["un lycée de quartier", "des entreprises et des écoles", "Annexe 3", "les projets en cours", ""]
)
def test_nothing_to_name(text: str) -> None:
    assert labels(text) == {}


def test_attendance_lists_are_counted_not_named() -> None:
    found = find_new(read_text("Étaient présents : M. Luc ROUAGE, Mme Ève BIELLE, M. Jean PIGNON, Mme Zoé CAME, M. Guy VIS."))
    assert not found.names
    assert [count for _, count in found.attendance] == [5]


def test_known_names_are_left_out() -> None:
    reading = read_text("le lycée Ada Rouage et le lycée Jean Pignon")
    first = find_new(reading).names[0]
    assert [n.label for n in find_new(reading, [first.span]).names] == ["Lycée Jean Pignon"]


def test_first_name_found_elsewhere() -> None:
    assert "Odile Pignon" in labels("M. Pignon préside.\n\nSigné : Odile Pignon")


def test_glossary() -> None:
    text = "CRP Centre du Rouage Plat. 3, 4\n\nARB Agence Régionale de la Bielle. 12"
    assert labels(text) == {"Centre du Rouage Plat": "TrainingCentre", "Agence Régionale de la Bielle": "PublicBody"}


@pytest.mark.parametrize(
    "text", ["Aaa " * 5000, "x" * 30000, "lycées " + "Aaa, " * 3000, "BTS " * 3000, "Direction de la " * 2000]
)
def test_hostile_repetition_does_not_hang(text: str) -> None:
    start = time.perf_counter()
    find_new(read_text(text))
    assert time.perf_counter() - start < 20
