"""How many questions find their query: the figures that the project promises, over questions that stand nowhere in it."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from campuskg.ask import Asker, Candidate
from campuskg.content import BASE_IRI
from campuskg.queries import catalogue

_HERE = Path(__file__).parent
FILES = ("paraphrases", "held_out")


@dataclass(frozen=True)
class Asked:
    """A way of asking, the queries that answer it, what must be filled in."""

    lang: str
    text: str
    expect: list[str]
    fills: dict[str, str] = field(default_factory=dict)


def _asked(name: str) -> list[Asked]:
    data = tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
    return [Asked(**one) for one in data["asked"]]


def _nonsense(name: str) -> list[str]:
    data = tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
    return [text for texts in data["nonsense"].values() for text in texts]


def _filled(candidate: Candidate) -> dict[str, str]:
    values = candidate.filling.values.items()
    return {name: terms[0].value.removeprefix(f"{BASE_IRI}id/") for name, terms in values if terms}


def _right(asker: Asker, asked: Asked, among: int) -> bool:
    return any(
        candidate.name in asked.expect and asked.fills.items() <= _filled(candidate).items()
        for candidate in asker.ask(asked.text).candidates[:among]
    )


def test_the_files_hold_what_they_promise() -> None:
    counts = {name: {lang: sum(a.lang == lang for a in _asked(name)) for lang in ("fr", "en")} for name in FILES}
    assert counts == {"paraphrases": {"fr": 30, "en": 30}, "held_out": {"fr": 20, "en": 20}}
    assert len(_nonsense("paraphrases")) >= 40
    known = {phrase for q in catalogue().values() for texts in (q.question, *q.phrases.values()) for phrase in texts}
    for asked in (one for name in FILES for one in _asked(name)):
        assert set(asked.expect) <= set(catalogue()), asked
        assert asked.text not in known, asked


@pytest.mark.parametrize("name", FILES)
def test_nine_in_ten_questions_find_their_query_among_three(asker: Asker, name: str) -> None:
    missed = [asked.text for asked in _asked(name) if not _right(asker, asked, 3)]
    assert len(missed) <= len(_asked(name)) / 10, missed


def test_nearly_every_query_is_found_by_a_few_words(asker: Asker) -> None:
    asked = tomllib.loads((_HERE / "breadth.toml").read_text(encoding="utf-8"))["asked"]
    missed = [text for text, expect in asked if not {c.name for c in asker.ask(text).candidates} & set(expect)]
    assert len(missed) <= len(asked) / 10, missed
    assert len({name for _, expect in asked for name in expect}) > 0.8 * len(catalogue())


@pytest.mark.parametrize("name", FILES)
def test_nine_in_ten_nonsense_questions_are_refused(asker: Asker, name: str) -> None:
    answered = [text for text in _nonsense(name) if asker.ask(text).candidates]
    assert len(answered) <= len(_nonsense(name)) / 10, answered


@pytest.mark.parametrize("name", FILES)
def test_three_in_four_questions_find_it_first(asker: Asker, name: str) -> None:
    missed = [asked.text for asked in _asked(name) if not _right(asker, asked, 1)]
    assert len(missed) <= len(_asked(name)) / 4, missed
