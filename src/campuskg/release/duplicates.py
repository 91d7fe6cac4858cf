"""Suspicious near-duplicates: things of one kind with names equal or all but equal, that nobody declared different."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

import pyoxigraph as ox

from campuskg.errors import Problem, Severity
from campuskg.graph import Curated
from campuskg.release.layers import ID
from campuskg.release.names import NameIndex
from campuskg.release.validation import PlaceIndex
from campuskg.store import MemoryStore

_DIFFERENT: Final = "http://www.w3.org/2002/07/owl#differentFrom"
_KINDS: Final = (
    "organisation",
    "person",
    "place",
    "programme",
    "project",
    "event",
    "qualification",
    "training",
    "campus",
    "output",
)
_ALIKE: Final = 0.93
_COMMON: Final = 40
"""A word borne by more things than this brings no pair together."""


_LONG: Final = 5
"""Shorter words that differ by a letter mean other things (CPI, CRSA)."""


def near_duplicates(store: MemoryStore, curated: Curated) -> list[Problem]:
    """Return a warning for each suspicious pair of curated things, at the place of the second one.

    Added things are left out: ``campuskg link`` compares them, with more than their names.
    """
    names = NameIndex(store)
    curated_names = {iri: folded for iri, folded in names.by_thing().items() if iri.removeprefix(ID) in curated.node_places}
    different = {
        frozenset((q.subject.value, q.object.value))
        for q in store.matching(_DIFFERENT)
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    }
    places = PlaceIndex(curated)
    problems = []
    for one, other in sorted(_pairs(curated_names)):
        if frozenset((one, other)) not in different:
            params = {"one": one.removeprefix(ID), "other": other.removeprefix(ID), "name": names.name(other, "fr")}
            problems.append(Problem("near-duplicate", places.find(other), params, Severity.WARNING))
    return problems


def _pairs(names: Mapping[str, frozenset[str]]) -> Iterable[tuple[str, str]]:
    """Yield the pairs of things that share a word and have names alike; each pair in order, once."""
    words: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for iri, folded in names.items():
        kind = iri.removeprefix(ID).split("/", 1)[0]
        if kind in _KINDS:
            for name in folded:
                for word in name.split():
                    words[kind, word].add(iri)
    candidates = {pair for things in words.values() if len(things) <= _COMMON for pair in combinations(sorted(things), 2)}
    return {(one, other) for one, other in candidates if any(alike(a, b) for a in names[one] for b in names[other])}


def alike(one: str, other: str) -> bool:
    """Tell whether two folded names are equal, use the same words, or differ by a slip; numbers must be equal.

    >>> alike("lycee jules haag", "lycee jules haag besancon"), alike("lycee nelson mandela", "lycee nelson mandella")
    (False, True)
    """
    if one == other or sorted(one.split()) == sorted(other.split()):
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or abs(len(one) - len(other)) > 2:  # noqa: PLR2004  a slip is short
        return False
    changed = set(one.split()) ^ set(other.split())
    long_enough = all(len(word) >= _LONG for word in changed)
    return long_enough and difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE
