"""Check digits: every single slip in a valid identifier is refused; algorithms written again, independently."""

import csv
import json
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campuskg.graph.identifiers import IDENTIFIER_CHECKS, valid_ror, valid_siren, valid_siret, valid_uai

VALID: dict[str, tuple[Callable[[str], bool], tuple[str, ...], str]] = {
    "uai": (valid_uai, ("0250011B", "0251215K", "0750736T"), string.digits),
    "siren": (valid_siren, ("242500361", "732829320", "552100554"), string.digits),
    "siret": (valid_siret, ("24250036100017", "73282932000074"), string.digits),
    "ror": (valid_ror, ("05813w841", "03vek6s52", "02en5vm52"), "0123456789abcdefghjkmnpqrstvwxyz"),
}
CASES = [(check, text, alphabet) for check, texts, alphabet in VALID.values() for text in texts]


def _slips(text: str, alphabet: str) -> Iterator[str]:
    for at, right in enumerate(text):
        for wrong in string.ascii_uppercase if right in string.ascii_uppercase else alphabet:
            if wrong != right:
                yield text[:at] + wrong + text[at + 1 :]


@pytest.mark.parametrize(("check", "text", "alphabet"), CASES)
def test_every_single_slip_is_refused(check: Callable[[str], bool], text: str, alphabet: str) -> None:
    assert check(text)
    slips = list(_slips(text, alphabet))
    assert len(slips) > 70
    assert [slip for slip in slips if check(slip)] == []


@pytest.mark.parametrize(("check", "text", "alphabet"), CASES)
def test_other_forms_are_refused(check: Callable[[str], bool], text: str, alphabet: str) -> None:
    assert alphabet
    arabic = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for wrong in (
        "",
        text[:-1],
        text + "0",
        f" {text}",
        f"{text}\n",
        text.swapcase() if text.swapcase() != text else "x",
        arabic,
    ):
        assert not check(wrong), wrong


def _luhn(text: str) -> bool:
    """Check *text* the long way round, from the left."""
    digits = [int(c) for c in text]
    for at in range(len(digits) - 2, -1, -2):
        digits[at] = digits[at] * 2 if digits[at] < 5 else digits[at] * 2 - 9
    return sum(digits) % 10 == 0


def test_siren_by_an_independent_luhn() -> None:
    for number in range(242500000, 242501000):
        assert valid_siren(str(number)) == _luhn(str(number))


def test_one_letter_fits_each_uai_number() -> None:
    for number in range(250000, 250100):
        letters = [letter for letter in string.ascii_uppercase if valid_uai(f"{number:07d}{letter}")]
        assert letters == ["ABCDEFGHJKLMNPRSTUVWXYZ"[number % 23]]


def test_offices_of_la_poste() -> None:
    assert valid_siret("35600000000048")
    assert valid_siret("35600000009075")  # digit sum 35
    assert not valid_siret("35600000009076")


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("rncpCode", ("RNCP1", "RNCP38565"), ("38565", "RNCP", "rncp38565", "RNCP1234567")),
        ("inseeCode", ("25056", "2A004", "2B", "25", "971", "97101"), ("2505", "2C004", "97", "250560", "x")),
        ("wikidataId", ("Q1", "Q18578267"), ("Q0", "Q", "P31", "q1", "Q12x")),
    ],
)
def test_forms(key: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    wrong = [text for text in bad if IDENTIFIER_CHECKS[key](text)]
    assert all(IDENTIFIER_CHECKS[key](text) for text in good)
    assert wrong in ([], ["97"])  # 97 is no département of the mainland, but its form is


def test_verified_identifiers_are_accepted(sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the verified identifiers are not at hand")
    keys = {
        "uai": "uai",
        "siren": "siren",
        "ror": "rorId",
        "wikidata": "wikidataId",
        "rncp": "rncpCode",
        "insee_code": "inseeCode",
    }
    checked = 0
    with (sources_folder / "data" / "identifiers.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for column, key in keys.items():
                for text in filter(None, (row[column] or "").replace("|", ";").split(";")):
                    assert IDENTIFIER_CHECKS[key](text.strip()), (row["label"], column, text)
                    checked += 1
    assert checked > 100


def test_real_ror_identifiers_are_accepted(sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the ROR extract is not at hand")
    lines = (sources_folder / "data" / "ror_bfc_and_partners.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["id"].rsplit("/", 1)[1] for line in lines]
    assert len(ids) > 10
    assert [ror for ror in ids if not valid_ror(ror)] == []
