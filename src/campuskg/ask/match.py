"""Scoring the queries of the catalogue against a question, with the reasons.

Two measures are mixed, both between 0 and 1. *Coverage*: of what the question says, weighted by rarity (the inverse document
frequency of Robertson and Spärck Jones over the catalogue), which part does the query speak about? *Likeness*: how near is the
question to one of the ways of asking the query (Dice's coefficient over weighted words)? What a question names must then fit
the parameters of the query: a thing that has its place raises the score, one that has none lowers it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.ask.cards import CONCEPT, Card, Sentence
from campuskg.ask.slots import Filling
from campuskg.ask.words import Unit

_COVERAGE: Final = 0.6
_LIKENESS: Final = 0.4
_BY_NAME: Final = 1.12
"""The question says every word of the query's name."""
_WEAK: Final = 0.3
"""A weak word counts for less than a third of another."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query that may answer: its score, what speaks for it, and its parameters filled."""

    card: Card
    score: float
    coverage: float
    likeness: float
    matched: tuple[Unit, ...]
    filling: Filling

    @property
    def name(self) -> str:
        """The name of the query."""
        return self.card.query.name

    @property
    def unfilled(self) -> tuple[str, ...]:
        """The parameters that keep their default."""
        parameters = self.card.query.parameters.values()
        return tuple(p.name for p in parameters if p.default and p.name not in self.filling.values)


class Scales:
    """How much each feature weighs, over all cards."""

    def __init__(self, cards: Sequence[Card]) -> None:
        """Count in how many *cards* each feature stands."""
        counts = Counter(feature for card in cards for feature, weight in card.features.items() if weight >= CONCEPT)
        total = len(cards)
        self._weights = {f: math.log(1 + (total - n + 0.5) / (n + 0.5)) for f, n in counts.items()}
        self.unknown = math.log(1 + (total + 0.5) / 1.5)
        """The weight of a word that no query knows: that of a word which one knows."""
        self._best = _best(cards)

    def gain(self, unit: Unit, features: Mapping[str, float]) -> float:
        """Return how much of *unit* is said by something with *features*.

        A word that has a concept weighs what the concept weighs, however rare the word itself is in the catalogue.
        """
        concepts = [self._weights.get(feature, self.unknown) for feature in unit.features if feature[0] == "#"]
        found = (
            features[feature] * (CONCEPT * self._weights.get(feature, self.unknown))
            if feature[0] == "#"
            else features[feature] * max(concepts, default=self._weights.get(feature, self.unknown))
            for feature in unit.features
            if feature in features
        )
        return max(found, default=0.0) * (_WEAK if unit.weak else 1.0)

    def worth(self, unit: Unit) -> float:
        """Return the most that any card could gain from *unit*; for an unknown word, what a rare one weighs."""
        if unit.weak:
            return self.gain(unit, self._best)
        return self.gain(unit, self._best) or self.unknown

    def knows(self, unit: Unit) -> bool:
        """Tell whether any query speaks about *unit*."""
        return self.gain(unit, self._best) > 0


def _best(cards: Iterable[Card]) -> dict[str, float]:
    best: dict[str, float] = {}
    for card in cards:
        for feature, weight in card.features.items():
            best[feature] = max(best.get(feature, 0.0), weight)
    return best


def coverage(
    question: Sequence[Unit], card: Card, scales: Scales, placed: frozenset[int] = frozenset()
) -> tuple[float, tuple[Unit, ...]]:
    """Return which part of *question* the *card* speaks about, and the units that say so; *placed* words are in its place."""
    worth = sum(map(scales.worth, question))
    gains = [(scales.worth(u) if placed >= {*u.places} else scales.gain(u, card.features), u) for u in question]
    matched = tuple(unit for gain, unit in gains if gain > 0 and not unit.weak)
    return (sum(gain for gain, _ in gains) / worth if worth else 0.0), matched


def likeness(question: Sequence[Unit], sentence: Sentence, scales: Scales) -> float:
    """Return how near *question* and *sentence* are."""
    ours, theirs = _features(question), _features(sentence.units)
    weight = sum(map(scales.worth, question)) + sum(map(scales.worth, sentence.units))
    if not weight:
        return 0.0
    shared = sum(scales.gain(unit, theirs) for unit in question) + sum(scales.gain(unit, ours) for unit in sentence.units)
    return min(1.0, shared / weight)


def _features(found: Iterable[Unit]) -> dict[str, float]:
    return {feature: 1.0 for unit in found for feature in unit.features}


def score(question: Sequence[Unit], card: Card, filling: Filling, scales: Scales) -> Candidate:
    """Return the *card* as a candidate for *question*."""
    covered, matched = coverage(question, card, scales, filling.places)
    near = max((likeness(question, sentence, scales) for sentence in card.sentences), default=0.0)
    total = (_COVERAGE * covered + _LIKENESS * near) * filling.factor
    said = {feature for unit in question for feature in unit.features}
    if card.name and all(unit.features & said for unit in card.name):
        total *= _BY_NAME
    return Candidate(card, total, covered, near, matched, filling)
