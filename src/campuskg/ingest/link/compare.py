"""How alike two organisations are: names, place, type; each part is told apart, so that a reader can judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from campuskg.ingest.link.things import Thing
from campuskg.release.names import fold

_WEIGHTS: Final = {"name": 0.7, "place": 0.2, "type": 0.1}
_TELLING: Final = 5  # letters: shorter words are acronyms or common
_GENERIC: Final = frozenset(
    (
        *("lycee", "lycees", "lp", "lpo", "lgt", "legt", "polyvalent", "professionnel", "professionnelle", "general"),
        *("technologique", "technique", "college", "clg", "prive", "privee", "public", "publique", "etablissement"),
        *("enseignement", "metiers", "sep", "section", "site", "annexe"),
    )
)
_SHORT: Final = {
    "st": "saint", "ste": "sainte", "univ": "universite", "lyc": "lycee", "ec": "ecole", "coll": "college",
    "prof": "professionnel", "tech": "technologique", "gen": "general", "pr": "prive", "ens": "enseignement",
}  # fmt: skip
STOPS: Final = frozenset(("de", "des", "du", "la", "le", "les", "et", "en", "pour", "par", "aux", "sur", "of", "and", "the"))
_KIND: Final = frozenset(
    (
        *("universite", "ecole", "institut", "centre", "groupe", "campus", "academie", "association", "unite", "laboratoire"),
        *("superieur", "superieure", "national", "nationale", "regional", "regionale", "formation", "recherche", "sciences"),
        *("saint", "sainte", *STOPS),
    )
)
"""Words that many bodies share: they tell nothing by themselves."""
_STREET: Final = re.compile(r"[0-9]|\b(?:rue|avenue|boulevard|bd|place|allee|chemin|route|quai|cours|impasse|square|bp|cs)\b")
_NUMBER: Final = re.compile(r"[0-9]+|[ivx]{2,}")
_OTHER_NUMBER: Final = 0.5
_ONE_NUMBER: Final = 0.85
_WIDE: Final = frozenset({"higher", "training"})  # a school group is no lycée, though both provide education
_UNALIKE: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("lycee", "college"), ("lycee", "higher"), ("college", "higher"), ("lycee", "company"), ("college", "company"),
        ("higher", "company"), ("lycee", "research"), ("college", "research"), ("lycee", "training"), ("college", "training"),
        ("lycee", "public"), ("college", "public"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """The parts of a score, from 0 to 1; None where a side does not tell."""

    name: float
    place: float | None
    type: float | None
    names: tuple[str, str]

    @property
    def score(self) -> float:
        """Return the weighted mean of the parts that are told; a place that is not told costs a little."""
        parts = {
            "name": self.name,
            "place": 0.5 if self.place is None else self.place,
            "type": 0.5 if self.type is None else self.type,
        }
        return round(sum(_WEIGHTS[part] * value for part, value in parts.items()), 4)


@lru_cache(maxsize=200_000)
def core(name: str) -> str:
    """Return the words of a name that tell a body from the others of its kind, in order.

    >>> core("LYCEE POLYVALENT CLOS MAIRE"), core("Lycée Victor Hugo (Besançon)"), core("Lycée professionnel")
    ('clos maire', 'victor hugo', 'lycee professionnel')
    """
    bare = re.sub(r"\([^)]*\)", " ", name)
    words = [_SHORT.get(word, word) for word in fold(bare).split()]
    return " ".join(word for word in words if word not in _GENERIC) or " ".join(words)


def alike_names(one: str, other: str, towns: frozenset[str] = frozenset()) -> float:
    """Return how alike two names are; words that only name the town count for nothing.

    >>> alike_names("Lycée Jules Haag", "LYCEE GENERAL ET TECHNOLOGIQUE JULES HAAG")
    1.0
    """
    first, second = _without(core(one), towns), _without(core(other), towns)
    most = _by_numbers(core(one), core(other))
    if first == second:
        return most
    short, long = sorted((first, second), key=len)
    ordered = fuzz.token_sort_ratio(first, second) / 100
    return round(min(most, max(ordered, _inside(short.split(), long.split()), _by_initials(first, second))), 4)


def _by_initials(one: str, other: str) -> float:
    """Return how much it says that two names are the same once initials stand for the words they begin.

    >>> _by_initials("v hugo", "victor hugo"), _by_initials("v hugo", "victor basch"), _by_initials("hugo", "victor hugo")
    (0.92, 0.0, 0.0)
    """
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return 0.0
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    shortened = all((len(a) == 1 or len(b) == 1) and a[0] == b[0] for a, b in pairs)
    telling = any(len(word) >= _TELLING - 1 for word in set(first) & set(second) - _KIND)
    return 0.92 if pairs and shortened and telling else 0.0


def _by_numbers(one: str, other: str) -> float:
    """Return how alike two names may be at most: Rennes 1 is not Rennes 2, and may be Rennes.

    >>> _by_numbers("universite rennes 1", "universite rennes 2"), _by_numbers("universite rennes", "universite rennes 2")
    (0.5, 0.85)
    """
    first, second = ({word for word in words.split() if _NUMBER.fullmatch(word)} for words in (one, other))
    if first == second:
        return 1.0
    return _OTHER_NUMBER if first and second else _ONE_NUMBER


def _inside(short: Sequence[str], long: Sequence[str]) -> float:
    """Return how much it says that all words of a name stand in the other: less for one word, nothing for an acronym."""
    if not set(short) <= set(long):
        return 0.0
    telling = [word for word in short if word not in _KIND]
    if len(telling) > 1:
        return 0.93
    return 0.9 if telling and len(telling[0]) >= _TELLING else 0.0


def _without(words: str, towns: frozenset[str]) -> str:
    """Return *words* without the names of towns, unless nothing would be left."""
    kept = f" {words} "
    for town in towns:
        if town in words:
            kept = kept.replace(f" {town} ", " ")
    return " ".join(kept.split()) or words


def compare(one: Thing, other: Thing) -> Likeness:
    """Return the likeness of two organisations by their best pair of names."""
    towns = frozenset(town for town in one.towns | other.towns if town)
    pairs = ((alike_names(a, b, towns), a, b) for a in sorted(one.names) for b in sorted(other.names))
    name, first, second = max(pairs, key=lambda pair: pair[0])
    return Likeness(name, _place(one, other), _type(one, other), (first, second))


def _place(one: Thing, other: Thing) -> float | None:
    """Return 1 for the same commune, one half for the same département, 0 for two distant ones."""
    if one.communes and other.communes:
        if one.communes & other.communes:
            return 1.0
        return 0.5 if {c[:2] for c in one.communes} & {c[:2] for c in other.communes} else 0.0
    if one.towns and other.towns:
        if any(f" {a} " in f" {b} " or f" {b} " in f" {a} " for a in one.towns for b in other.towns if a and b):
            return 1.0
        # A street without its town says nothing of the town.
        streets = any(_STREET.search(town) for towns in (one.towns, other.towns) for town in towns)
        return None if streets else 0.0
    return None


def _type(one: Thing, other: Thing) -> float | None:
    if not one.kinds or not other.kinds:
        return None
    if one.kinds & other.kinds:
        return 1.0
    for some, others in ((one.kinds, other.kinds), (other.kinds, one.kinds)):
        if "education" in some and others & _WIDE:
            return 0.9  # the wider class of the same
    return 0.0 if all(frozenset((a, b)) in _UNALIKE for a in one.kinds for b in other.kinds) else 0.5
