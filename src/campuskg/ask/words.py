"""Words as questions use them: without case, accents and endings, French and English alike, with their synonyms.

One light set of endings serves both languages: what matters is that *financer*, *financeurs* and *financement*, or *fund*,
*funder* and *funding*, come to the same stem, and that cognates meet across the languages. The tables are data
(``synonyms.toml``); this module only knows how to read them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any, Final

_ENDINGS: Final = tuple(
    sorted(
        (
            *("issement", "ement", "ment", "ation", "ateur", "atrice", "ator", "ating", "ated", "ate", "euse", "eur", "rice"),
            *("ance", "ence", "ancy", "ency", "ive", "if", "able", "ible", "ion", "ing", "er", "or"),
            *("ee", "ed", "ent", "ant", "ait", "aient", "ons", "ez", "ale", "al", "elle", "el", "ly", "ie", "e", "y"),
        ),
        key=lambda ending: (-len(ending), ending),
    )
)
_SHORTEST: Final = 4
"""What an ending must leave: shorter stems would join strangers."""


_INVERSION: Final = re.compile(r"(?<=\w)-(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|moi)\b", re.IGNORECASE)
"""The pronoun that French puts after the verb of a question."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: as written, folded, its stem, and where it stands."""

    raw: str
    folded: str
    stem: str
    place: int


@dataclass(frozen=True)
class Tables:
    """What ``synonyms.toml`` says: which words mean nothing, little, or the same; and which are none of our business."""

    stop: frozenset[str]
    weak: frozenset[str]
    concepts: Mapping[tuple[str, ...], frozenset[str]]
    """Stems of a word or a phrase -> the concepts it names."""
    private: frozenset[tuple[str, ...]]
    """Folded words of what asks about a person's private life."""
    foreign: frozenset[tuple[str, ...]]
    """Folded words of places that the graph does not cover."""
    idle: frozenset[tuple[str, ...]]
    """Folded words of everyday talk about something else."""
    spoken: frozenset[str]
    """Every folded word of the tables."""

    @cached_property
    def idle_phrases(self) -> frozenset[tuple[str, ...]]:
        """The set phrases of everyday talk: they are idle even when one of their words is a name in the graph."""
        return frozenset(phrase for phrase in self.idle if len(phrase) > 1)

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """First stem -> the number of words of the longest phrase that begins with it."""
        found: dict[str, int] = {}
        for phrase in self.concepts:
            found[phrase[0]] = max(len(phrase), found.get(phrase[0], 1))
        return found


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return *text* in lower case without accents and ligatures.

    >>> plain("L’Œuvre Été")
    "l'oeuvre ete"
    """
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded *word*.

    >>> stem("financeurs") == stem("financement") == stem("financent")
    True
    >>> stem("campus"), stem("companies") == stem("company")
    ('campus', True)
    """
    if len(word) < _SHORTEST or word.isdigit():
        return word
    if word.endswith(("eaux", "aux")):
        word = word[:-1] if word.endswith("eaux") else word[:-3] + "al"
    elif word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("uses"):
        word = word[:-2]
    elif word.endswith(("s", "x")) and not word.endswith(("us", "ss", "is")):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (_SHORTEST if len(ending) > 1 else _SHORTEST - 1):
            return word[: -len(ending)]
    return word


def words(text: str) -> list[Word]:
    """Return the words of *text* in order; elisions and hyphens part them.

    >>> [w.folded for w in words("Quels sont les partenaires de l'ENSMM ?")]
    ['quels', 'sont', 'les', 'partenaires', 'de', 'l', 'ensmm']
    """
    found = []
    for place, match in enumerate(re.finditer(r"[^\W_]+", _INVERSION.sub(" ", text.replace("’", "'")))):
        folded = plain(match[0])
        if not (folded.isascii() and folded.isalnum()):
            folded = "".join(re.findall(r"[a-z0-9]+", folded))
        if folded:
            found.append(Word(match[0], folded, stem(folded), place))
    return found


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of *text*, stop words included: the form in which phrases are compared."""
    return tuple(word.stem for word in words(text))


@cache
def tables() -> Tables:
    """Return the tables of ``synonyms.toml``."""
    data = tomllib.loads((files("campuskg.ask") / "synonyms.toml").read_text(encoding="utf-8"))
    concepts: dict[tuple[str, ...], set[str]] = {}
    for name, group in data["concepts"].items():
        for phrase in (*group.get("fr", ()), *group.get("en", ())):
            concepts.setdefault(stems(phrase), set()).add(name)
    return Tables(
        stop=frozenset(_folded(data["stop"])),
        weak=frozenset(stem(word) for word in _folded(data["weak"])),
        concepts={phrase: frozenset(names) for phrase, names in concepts.items()},
        private=_spelt(data["private"]),
        foreign=_spelt(data["elsewhere"]),
        idle=_spelt(data["idle"]),
        spoken=frozenset(word.folded for phrase in _phrases(data) for word in words(phrase)),
    )


def _spelt(lists: Mapping[str, Sequence[str]]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.folded for word in words(phrase)) for lang in ("fr", "en") for phrase in lists[lang])


def _phrases(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every word and phrase of the tables."""
    for group in (*(data[name] for name in ("stop", "weak", "private", "elsewhere", "idle")), *data["concepts"].values()):
        for lang in ("fr", "en"):
            yield from group.get(lang, ())


def _folded(lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for lang in ("fr", "en"):
        for word in lists[lang]:
            yield plain(word)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a question or a text is compared by: a word or a set phrase, with everything it may stand for."""

    stems: tuple[str, ...]
    places: tuple[int, ...]
    features: frozenset[str]
    """Its stem and ``#concept`` for each concept it names."""
    weak: bool


def units(found: Iterable[Word]) -> list[Unit]:
    """Return the units of the words *found*: set phrases first, stop words left out."""
    known, sequence = tables(), list(found)
    units: list[Unit] = []
    at = 0
    while at < len(sequence):
        longest = min(known.longest.get(sequence[at].stem, 1), len(sequence) - at)
        size = next((n for n in range(longest, 1, -1) if _phrase(sequence, at, n)), 1)
        part = sequence[at : at + size]
        key = tuple(word.stem for word in part)
        if size > 1 or not (part[0].folded in known.stop or part[0].folded.isdigit()):
            features = {f"#{name}" for name in known.concepts.get(key, ())}
            inner = [word for word in part if word.folded not in known.stop]
            for word in inner:
                features.add(word.stem)
            weak = size == 1 and part[0].stem in known.weak
            units.append(Unit(key, tuple(word.place for word in part), frozenset(features), weak))
        at += size
    return units


def _phrase(sequence: Sequence[Word], at: int, size: int) -> bool:
    return tuple(word.stem for word in sequence[at : at + size]) in tables().concepts


def mentions_any(found: Sequence[Word], phrases: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first of *phrases* (as folded words, plurals included) that stands in the words *found*."""
    sequence = tuple(word.folded for word in found)
    longest = max(map(len, phrases), default=0)
    for at in range(len(sequence)):
        for size in range(min(longest, len(sequence) - at), 0, -1):
            part = sequence[at : at + size]
            if part in phrases or (*part[:-1], part[-1].removesuffix("s")) in phrases:
                return tuple(word.raw for word in found[at : at + size])
    return ()
