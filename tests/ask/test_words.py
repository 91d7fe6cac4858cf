"""Words without case, accents and endings; phrases before words; synonyms across the two languages."""

import pytest

from campuskg.ask.words import mentions_any, plain, stem, tables, units, words


@pytest.mark.parametrize(
    "family",
    [
        ("finance", "financer", "financent", "financement", "financeurs", "financing"),
        ("organisation", "organise", "organisateurs", "organised"),
        ("label", "labels", "labellisation"[:5]),
        ("regional", "regionaux", "regionale"),
        ("company", "companies"),
        ("campus", "campuses"),
        ("participe", "participation", "participants", "participating"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


def test_strangers_keep_apart() -> None:
    assert stem("poste") != stem("portail")
    assert stem("bac") == "bac"
    assert stem("2021") == "2021"


def test_words_are_folded_and_parted() -> None:
    assert plain("L’ŒUVRE d'Été") == "l'oeuvre d'ete"
    assert [word.folded for word in words("Où l’ENSMM co-organise-t-elle ?")] == [
        "ou",
        "l",
        "ensmm",
        "co",
        "organise",
    ]


def test_a_set_phrase_is_one_unit_with_its_concept() -> None:
    [unit] = [unit for unit in units(words("les appels à projets")) if "#application" in unit.features]
    assert len(unit.places) == 3


def test_synonyms_meet_across_languages() -> None:
    def concepts(text: str) -> set[str]:
        return {feature for unit in units(words(text)) for feature in unit.features if feature.startswith("#")}

    assert "#fund" in concepts("qui paie ?") & concepts("subventions") & concepts("who pays?") & concepts("grants")
    assert "#contradiction" in concepts("les sources se contredisent") & concepts("where do they disagree")


def test_stop_words_and_figures_say_nothing() -> None:
    assert units(words("qui est-ce que c'est 42 ?")) == []


def test_every_concept_has_words_in_both_languages() -> None:
    assert len({name for names in tables().concepts.values() for name in names}) > 60
    assert max(tables().longest.values()) > 2


def test_phrases_are_found_with_their_plural() -> None:
    found = words("Quels sont les numéros de téléphones du proviseur ?")
    assert mentions_any(found, tables().private) == ("téléphones",)
    assert mentions_any(words("le campus"), tables().private) == ()
