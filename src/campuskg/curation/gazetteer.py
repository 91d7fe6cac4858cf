"""The names of a release, found in a text in spite of accents, case, plurals, line ends and slips of the OCR."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from campuskg.curation.reading import Reading, Span

_STOP: Final = frozenset("le la les l de du des d un une et a au aux en the of and".split())  # noqa: SIM905  one line reads better
_OCR: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_BREAK: Final = re.compile(r"[\n;:!?()\[\]]")
_TITLE: Final = re.compile(r"(?<!\w)(?:M\.?|MM\.|Mr|Mme|Mmes|Monsieur|Madame|Messieurs|Mesdames) ?$")
_ARTICLE: Final = re.compile(r"(?i:les? |la |l')")
_COMPOUND: Final = re.compile(r"(?:-|(?<!\w)(?:Hauts?|Hautes?|Grande?|Pays|Val|Mont)[ -])$")
_SLIP_LENGTH: Final = 6
_PLURAL_LENGTH: Final = 3
_PERSON_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one known entity."""

    text: str
    iri: str
    cls: str
    """Local name of the class, as curators write it."""
    weight: int = 0
    """How good a name it is: 3 preferred, 2 alternative or acronym, 1 hidden."""


@dataclass(frozen=True, slots=True)
class Found:
    """A known name in the text; *candidates* holds more than one IRI when several entities bear the name, best first."""

    span: Span
    candidates: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Token:
    raw: str
    word: str
    span: Span


@dataclass(slots=True)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    names: list[tuple[Name, str]] = field(default_factory=list)
    """Names that end here, with what they ask of the case of the text."""


class Gazetteer:
    """A set of names, matched in one pass; the longest name wins."""

    def __init__(self, names: Iterable[Name]) -> None:
        """Index *names*; persons are also found surname first, and by surname after a title."""
        self._root = _Node()
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        for name in sorted(set(names), key=lambda n: (-n.weight, n.text, n.iri)):
            self.classes.setdefault(name.iri, name.cls)
            self.labels.setdefault(name.iri, name.text)
            for form, case in _forms(name):
                self._enter(form, name, case)

    def _enter(self, form: str, name: Name, case: str) -> None:
        node = self._root
        for token in tokens(form):
            node = node.following.setdefault(token.word, _Node())
            if len(token.word) >= _SLIP_LENGTH:
                for key in _deletions(token.word):
                    self._near[key].add(token.word)
        if node is not self._root:
            node.names.append((name, case))

    def find(self, reading: Reading) -> list[Found]:
        """Return the known names of *reading*, from left to right, without overlap."""
        plain = reading.plain
        words = tokens(plain)
        similar: dict[str, tuple[str, ...]] = {}
        found: list[Found] = []
        position = 0
        while position < len(words):
            best = self._longest(plain, words, position, similar)
            if best:
                found.append(best[1])
                position += best[0]
            else:
                position += 1
        return found

    def known(self, text: str) -> tuple[str, ...]:
        """Return the entities whose name is *text* as a whole."""
        plain = Reading(text, (0,)).plain
        words = tokens(plain)
        best = self._longest(plain, words, 0, {}) if words else None
        return best[1].candidates if best and best[0] == len(words) else ()

    def _longest(
        self, plain: str, words: Sequence[_Token], position: int, similar: dict[str, tuple[str, ...]]
    ) -> tuple[int, Found] | None:
        """Return the longest match that begins at *position*, with its number of words."""
        best: tuple[int, int, Found] | None = None
        todo = [(self._root, 0, 0)]
        while todo:
            node, length, slips = todo.pop()
            if node.names and slips * 2 <= length and (best is None or (length, -slips) > best[:2]):
                stretch = words[position : position + length]
                span = Span(stretch[0].span.start, stretch[-1].span.end)
                candidates = _allowed(node.names, stretch, plain, slips)
                if candidates:
                    best = (length, -slips, Found(span, candidates, exact=slips == 0))
            at = position + length
            if at < len(words) and (length == 0 or not _broken(plain, words[at - 1], words[at])):
                todo += self._steps(node, words[at].word, length, slips, similar)
        return (best[0], best[2]) if best else None

    def _steps(
        self, node: _Node, word: str, length: int, slips: int, similar: dict[str, tuple[str, ...]]
    ) -> Iterator[tuple[_Node, int, int]]:
        if word in node.following:
            yield node.following[word], length + 1, slips
        if len(word) >= _SLIP_LENGTH:
            if word not in similar:
                similar[word] = tuple(sorted({w for key in _deletions(word) for w in self._near.get(key, ())} - {word}))
            for other in similar[word]:
                if other in node.following:
                    yield node.following[other], length + 1, slips + 1


def tokens(plain: str) -> list[_Token]:
    """Return the significant words of *plain* (a text without accents), folded; articles are left out."""
    found = []
    for match in _WORD.finditer(plain):
        raw = match[0]
        if raw.lower() in _STOP and not (raw.isupper() and len(raw) > 1):
            continue
        found.append(_Token(raw, fold_word(raw), Span(match.start(), match.end())))
    return found


def fold_word(word: str) -> str:
    """Return *word* in lower case, singular, OCR look-alikes made equal.

    >>> fold_word("Lycées".replace("é", "e")), fold_word("lnstitut") == fold_word("Institut")
    ('lycee', True)
    """
    low = word.lower()
    if len(low) > _PLURAL_LENGTH and low[-1] in "sx":
        low = low[:-1]
    return low if low.isdigit() else low.translate(_OCR)


def fold_name(text: str) -> str:
    """Return *text* as its significant folded words, for comparing names."""
    return " ".join(token.word for token in tokens(Reading(text, (0,)).plain))


def _forms(name: Name) -> Iterator[tuple[str, str]]:
    """Yield the forms under which *name* is looked for, and the case each asks for."""
    plain = Reading(name.text, (0,)).plain
    words = plain.split()
    capitals = plain.isupper() and len(words) == 1
    alone = len(words) > 1 and len(tokens(plain)) == 1 and not _ARTICLE.match(plain)
    yield plain, "capitals" if capitals and len(plain) <= _SLIP_LENGTH else "whole" if alone else "any"
    if name.cls == "Person" and len(words) >= _PERSON_WORDS:
        words = [w for w in words if w not in ("Monsieur", "Madame", "M.", "Mme")]
        yield " ".join([*words[1:], words[0]]), "any"
        yield words[-1], "title"


def _allowed(names: Sequence[tuple[Name, str]], stretch: Sequence[_Token], plain: str, slips: int) -> tuple[str, ...]:
    """Return the IRIs of *names* that the case of *stretch* allows, best first."""
    raws = [token.raw for token in stretch]
    capital = any(raw[0].isupper() or raw[0].isdigit() for raw in raws)
    before = plain[max(0, stretch[0].span.start - 24) : stretch[0].span.start]
    found: dict[str, int] = {}
    for name, case in names:
        if case == "capitals":
            fits = raws[0].isupper() and slips == 0
        elif case == "title":
            fits = bool(_TITLE.search(before))
        elif case == "whole":  # a preposition is half of such a name
            fits = (before + raws[0]).endswith(Reading(name.text, (0,)).plain)
        else:
            fits = capital or len(stretch) > _PERSON_WORDS or (len(stretch) > 1 and name.text.islower())
        if fits and not (name.cls == "Place" and len(stretch) == 1 and _COMPOUND.search(before)):
            found[name.iri] = max(found.get(name.iri, 0), name.weight)
    return tuple(sorted(found, key=lambda iri: (-found[iri], iri)))


def _broken(plain: str, one: _Token, other: _Token) -> bool:
    """Tell whether what stands between two words ends a name."""
    between = plain[one.span.end : other.span.start]
    if _BREAK.search(between):
        return True
    return "." in between and len(one.raw) > 1


def _deletions(word: str) -> Iterator[str]:
    """Yield *word* and *word* less one letter: two words that share one of these differ by one slip (or two that cancel)."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
