"""Slips of the keyboard: a word that nobody knows is taken for the known word one or two letters away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from campuskg.ask.words import Word, stem

_SHORTEST: Final = 6
_LONG: Final = 9


class Speller:
    """The known words, by their length."""

    def __init__(self, known: Iterable[str]) -> None:
        """Know the folded words *known*."""
        self._known = frozenset(known)
        self._stems = frozenset(map(stem, self._known))
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_length[len(word)].append(word)

    def knows(self, word: Word) -> bool:
        """Tell whether *word*, or another form of it, is known."""
        return word.folded in self._known or word.stem in self._stems

    def mended(self, word: Word) -> Word:
        """Return *word* as it was probably meant; unchanged when it is known, short, or near nothing."""
        size = len(word.folded)
        if size < _SHORTEST or not word.folded.isalpha() or self.knows(word):
            return word
        reach = 2 if size >= _LONG else 1
        near = [other for length in range(size - reach, size + reach + 1) for other in self._by_length.get(length, ())]
        best = process.extractOne(word.folded, near, scorer=OSA.distance, score_cutoff=reach)
        return replace(word, folded=best[0], stem=stem(best[0])) if best and best[0][0] == word.folded[0] else word
