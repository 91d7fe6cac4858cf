"""The message catalogue: complete, bilingual, and exactly what the code uses."""

import re
import string
from pathlib import Path

import pytest

from campuskg.errors import MissingInput, Place, Problem, ProblemsFound, Severity, UsageProblem, catalogue, nearest

PARTS = ("what", "why", "mend")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_have_all_parts(code: str) -> None:
    assert set(catalogue()[code]) == {"fr", "en"}
    for words in catalogue()[code].values():
        assert set(words) == set(PARTS)
        assert all(isinstance(text, str) and text.strip() == text and text for text in words.values())


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_use_the_same_parameters(code: str) -> None:
    fr, en = (catalogue()[code][lang] for lang in ("fr", "en"))  # type: ignore[index]
    assert {n for part in PARTS for n in _fields(fr[part])} == {n for part in PARTS for n in _fields(en[part])}  # type: ignore[literal-required]


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_words_are_in_their_language(code: str) -> None:
    fr, en = catalogue()[code]["fr"], catalogue()[code]["en"]
    differ = [part for part in PARTS if fr[part] != en[part]]  # type: ignore[literal-required]
    assert differ or code == "usage"
    assert not any(re.search(r"[éèêàçù«»]", text) for text in en.values())  # type: ignore[call-overload]


def _source(root: Path) -> str:
    files = [*sorted((root / "src").rglob("*.py")), *sorted((root / "graph" / "importers").glob("*.toml"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_code_is_used(root: Path) -> None:
    source = _source(root)
    assert [code for code in sorted(catalogue()) if f'"{code}"' not in source] == []


def test_every_code_in_use_exists(root: Path) -> None:
    raised = r'(?:Problem|UsageProblem|MissingInput|QueryRefused|BadLocator|refused)\(\s*"([a-z-]+)"'
    used = set(re.findall(raised, _source(root)))
    assert len(used) > 40
    assert used - set(catalogue()) == set()


def test_place_and_severity_come_first_and_the_code_last() -> None:
    problem = Problem("bad-date", Place("graph/a.yaml", 3, 7), {"value": "hier", "key": "on"})
    assert problem.say("fr").startswith("graph/a.yaml:3:7: erreur: « hier » n'est pas une date. ")
    assert problem.say("en").startswith("graph/a.yaml:3:7: error: 'hier' is not a date. ")
    assert problem.say("en").endswith(" [bad-date]")


def test_values_with_braces_and_dots_are_left_alone() -> None:
    said = Problem("bad-date", Place("f"), {"value": "{key} {0} %s", "key": "on"}).say("en")
    assert "'{key} {0} %s' is not a date" in said


def test_problems_are_sorted_and_each_once() -> None:
    late, early = Problem("missing-label", Place("b", 10, 1)), Problem("missing-label", Place("b", 9, 1))
    other = Problem("missing-label", Place("a", 99, 1), severity=Severity.WARNING)
    found = ProblemsFound([late, early, other, late])
    assert list(found.problems) == [other, early, late]
    assert found.say("fr").endswith("\n3 problèmes.")
    assert ProblemsFound([late]).say("en").endswith("\n1 problem.")
    assert str(found) == found.say("en")


def test_machine_readable_form_has_both_languages() -> None:
    form = Problem("missing-label", Place("b", 10, 2)).as_json()
    assert (form["code"], form["severity"], form["file"], form["line"], form["column"]) == ("missing-label", "error", "b", 10, 2)
    assert form["fr"] != form["en"]


def test_exit_codes() -> None:
    assert (ProblemsFound([]).exit_code, UsageProblem("usage").exit_code, MissingInput("folder-missing").exit_code) == (1, 2, 3)


def test_nearest() -> None:
    assert nearest("prole:partnr", ["prole:partner", "prole:member", "x"]) == "prole:partner"
    assert nearest("zzz", ["a", "b"]) == ""
