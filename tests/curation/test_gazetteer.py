"""Known names are found in damaged text, and only there."""

import pytest

from campuskg.curation.gazetteer import Gazetteer, Name, fold_name
from campuskg.curation.reading import read_text

NAMES = [
    Name("Lycée Jeanne Horloge", "x/lycee", "Lycee", 3),
    Name("Pôle des engrenages", "x/pole", "Cluster", 3),
    Name("Institut Engrenage", "x/institut", "ResearchUnit", 3),
    Name("IEGR", "x/institut", "ResearchUnit", 2),
    Name("Odile Pignon", "x/odile", "Person", 3),
    Name("Au rouage", "x/rouage", "Company", 3),
    Name("Doubs", "x/doubs", "Place", 3),
    Name("Jura", "x/jura", "Place", 3),
    Name("Rouage", "x/one", "Project", 3),
    Name("Rouage", "x/two", "Project", 2),
]


def found(text: str) -> list[tuple[str, ...]]:
    return [f.candidates for f in Gazetteer(NAMES).find(read_text(text))]


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("au lycée Jeanne Horloge", "x/lycee"),
        ("les LYCEES JEANNE HORLOGE", "x/lycee"),
        ("le lycee Jeanne Hor-\nloge", "x/lycee"),
        ("le lycée Jeanne Horlogc", "x/lycee"),
        ("le Pole d’engrenage", "x/pole"),
        ("de l’lnstitut Engrenage", "x/institut"),
        ("l'IEGR", "x/institut"),
        ("M. Pignon", "x/odile"),
        ("Mme PIGNON Odile", "x/odile"),
        ("DOUBS", "x/doubs"),
    ],
)
def test_tolerant(text: str, iri: str) -> None:
    assert found(text) == [(iri,)]


@pytest.mark.parametrize(
    "text",
    [
        "l'iegr",  # an acronym keeps its capitals
        "le pignon",  # a surname alone needs a title
        "lycée. Jeanne Horloge",  # a sentence ends between
        "lycée\n\nJeanne Horloge",
        "le Haut-Jura",  # a compound is another place
        "au bord du rouage",
        "Institut de l'Eau",
    ],
)
def test_strict(text: str) -> None:
    assert found(text) == []


def test_ambiguity_is_kept_best_name_first() -> None:
    assert found("le projet Rouage") == [("x/one", "x/two")]


def test_preposition_is_part_of_a_name_of_one_word() -> None:
    assert found("le repas Au rouage") == [("x/rouage",)]


def test_longest_wins() -> None:
    names = [*NAMES, Name("Lycée Jeanne", "x/short", "Lycee", 3)]
    hits = Gazetteer(names).find(read_text("lycée Jeanne Horloge et lycée Jeanne"))
    assert [h.candidates for h in hits] == [("x/lycee",), ("x/short",)]


def test_known_reads_the_whole_name() -> None:
    gazetteer = Gazetteer(NAMES)
    assert gazetteer.known("Lycées Jeanne-Horloge") == ("x/lycee",)
    assert gazetteer.known("Lycée Jeanne Horloge de Dole") == ()
    assert gazetteer.known("") == ()


def test_fold_name() -> None:
    assert fold_name("Les Écoles de l'Été") == fold_name("ecole ETES")
