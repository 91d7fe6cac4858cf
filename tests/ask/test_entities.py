"""What a question names: the longest name wins, short words need capitals, one word may stand for a thing."""

import pytest

from campuskg.ask import Asker


def named(asker: Asker, text: str) -> list[str]:
    return [mention.iri.partition("/id/")[2] for mention in asker.understand(text).facts.mentions]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Qui finance le CMQ MSI ?", ["campus/msi"]),
        ("qui finance le cmq msi", ["campus/msi"]),
        ("Qui dirige le campus Microtechniques et Systèmes Intelligents ?", ["campus/msi"]),
        ("les membres du campus TI", ["campus/ti"]),
        ("TI members", ["campus/ti"]),
        ("je te le dis, ti amo", []),
        ("le campus automobile", ["campus/amf"]),
        ("partenaires de l'ENSMM et du lycée Jules Haag", ["organisation/ensmm", "organisation/lycee-jules-haag"]),
        ("partenaires du lycee jules haag", ["organisation/lycee-jules-haag"]),
        ("les projets de Haag", ["organisation/lycee-jules-haag"]),
        ("que donne Grand Besançon ?", ["organisation/grand-besancon-metropole"]),
        ("la vacance du poste", []),
        ("le bureau des associations", []),
    ],
)
def test_things_are_recognised_by_their_names(asker: Asker, text: str, things: list[str]) -> None:
    assert named(asker, text) == things


def test_a_slip_of_the_keyboard_does_not_hide_a_name(asker: Asker) -> None:
    assert named(asker, "le campus microtecniques et systemes inteligents") == ["campus/msi"]


def test_codes_are_recognised_and_their_words_stay(asker: Asker) -> None:
    question = asker.understand("montants accordés en 2021")
    assert "https://w3id.org/cmq/scheme/funding-stage/granted" in {code.iri for code in question.facts.codes}
    assert any("#granted" in unit.features for unit in question.units)
