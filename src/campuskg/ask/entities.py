"""What a question names: entities by their names, aliases and acronyms, and codes of the code lists by their labels.

Longest names win. A short or everyday word (*TI*, *bureau*) is a name only when it is written as one: in capitals, or after
a word such as *CMQ*. Words that belong to one entity alone (*Haag*) stand for it when nothing longer does.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox

from campuskg.ask.words import Word, stem, tables, words
from campuskg.content import BASE_IRI
from campuskg.ontology import expand, load_terms
from campuskg.store import GraphStore

How = Literal["name", "beginning", "part"]
_ID: Final = BASE_IRI + "id/"
_SCHEME: Final = BASE_IRI + "scheme/"
_NAMES: Final = ("skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "cmq:acronym", "dcterms:title")
_KNOWN_FOR: Final = ("cmq:participationIn", "cmq:participant")
"""What is spoken about more is meant more often."""
_CAMPUS: Final = expand("cmq:Campus")
_LINKERS: Final = frozenset(
    ("le", "la", "les", "l", "de", "du", "des", "d", "un", "une", "et", "au", "aux", "the", "of", "and", "a")
)
KINDS: Final = (
    *("campus", "organisation", "person", "programme", "project", "event", "place", "qualification"),
    *("training", "facility", "post", "agreement", "decision", "document", "output", "budget"),
)
"""Kinds of things that questions name, the likelier first."""
_KNOWN_BY_PART: Final = frozenset(("campus", "organisation", "person", "place"))
"""Kinds of things that one word of their name may stand for; those of a project or an event are everyday words."""
_HERALDS: Final = frozenset(["cmq", "campus"])
_IN_EVERY_CAMPUS: Final = frozenset(("metiers", "qualifications", "excellence"))
_SHORT: Final = 3
_PART: Final = 4
_TELLING: Final = 6
_FEW: Final = 12

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that a question names: what it may be, likeliest first, and the words that name it."""

    iris: tuple[str, ...]
    places: frozenset[int]
    said: str
    how: How = "name"

    @property
    def iri(self) -> str:
        """The likeliest thing."""
        return self.iris[0]

    @property
    def is_campus(self) -> bool:
        """Whether the likeliest thing is a campus."""
        return kind_of(self.iri) == "campus"


@dataclass(frozen=True, slots=True)
class CodeMention:
    """A code whose label stands in a question."""

    iri: str
    scheme: str
    places: frozenset[int]


class Lexicon:
    """The names in a graph, ready for linking."""

    def __init__(self, store: GraphStore, ordinary: Callable[[Word], bool], everyday: Iterable[str] = ()) -> None:
        """Read the names in *store*; *ordinary* tells the words that are no names by themselves.

        The *everyday* words (folded) are parts of names only when they are written with a capital.
        """
        self._ordinary = ordinary
        self._everyday = frozenset(map(stem, everyday))
        self._names: defaultdict[Key, set[str]] = defaultdict(set)
        self._beginnings: defaultdict[Key, set[str]] = defaultdict(set)
        self._parts: defaultdict[str, set[str]] = defaultdict(set)
        self._codes: defaultdict[Key, set[str]] = defaultdict(set)
        self._code_parts: defaultdict[str, set[str]] = defaultdict(set)
        self._likely: dict[str, tuple[int, int, int]] = {}
        self._known = Counter(quad.object for name in _KNOWN_FOR for quad in store.matching(expand(name)))
        self.types = types_of(store)
        self.tokens: set[str] = set()
        for iri, name in labels_in(store):
            if iri.startswith(_SCHEME):
                self._codes[_meaning(name)].add(iri)
                for part in _meaning(name):
                    self._code_parts[part].add(iri)
            elif iri.startswith(_ID) and kind_of(iri) in KINDS:
                self._add(iri, name)
        self._longest = max(map(len, self._names), default=0)

    def _add(self, iri: str, name: str) -> None:
        key = tuple(word.folded for word in words(name) if word.folded not in _LINKERS)
        if not key:
            return
        self._names[key].add(iri)
        self.tokens.update(key)
        shortest = min(len(name), self._likely.get(iri, (0, 0, len(name)))[2])
        self._likely[iri] = (KINDS.index(kind_of(iri)), -self._known[ox.NamedNode(iri)], shortest)
        for size in range(2, len(key)):
            self._beginnings[key[:size]].add(iri)
        for token in key:
            self._parts[stem(token)].add(iri)

    def mentions(self, question: Sequence[Word]) -> list[Mention]:
        """Return what the words of *question* name, in their order, each word used once."""
        content = [word for word in question if word.folded not in _LINKERS]
        found: list[Mention] = []
        at = 0
        while at < len(content):
            mention, size = self._longest_at(content, at)
            if mention:
                found.append(mention)
            at += size
        return found

    def _campus_at(self, content: Sequence[Word], at: int) -> tuple[Mention | None, int]:
        """Return the one campus that a word beside « campus » names (« le campus automobile », "the leather campus")."""
        name, follows = content[at], at + 1 < len(content) and content[at + 1].folded in _HERALDS
        if name.folded in _HERALDS or not (follows or (at and content[at - 1].folded in _HERALDS)):
            return None, 1
        part = content[at : at + 2] if follows else [name]
        found = {iri for iri in self._parts.get(name.stem, ()) if kind_of(iri) == "campus"}
        ranked = sorted(found, key=lambda iri: self._likely[iri])
        common = name.folded in _IN_EVERY_CAMPUS or len(name.folded) < _SHORT
        return (self._mention(ranked[:1], part, "name"), len(part)) if ranked and not common else (None, 1)

    def _longest_at(self, content: Sequence[Word], at: int) -> tuple[Mention | None, int]:
        for size in range(min(self._longest, len(content) - at), 0, -1):
            part = content[at : at + size]
            key = tuple(word.folded for word in part)
            if key in self._names and (size > 1 or self._is_name(content, at)):
                return self._mention(self._names[key], part, "name"), size
            if size > 1 and key in self._beginnings and not all(map(self._ordinary, part)):
                return self._mention(self._beginnings[key], part, "beginning"), size
        campus, size = self._campus_at(content, at)
        if campus:
            return campus, size
        word = content[at]
        owners = {iri for iri in self._parts.get(word.stem, ()) if kind_of(iri) in _KNOWN_BY_PART}
        written = word.raw[0].isupper() or word.stem not in self._everyday
        if owners and len(owners) <= _FEW and len(word.folded) >= _PART and written and not self._ordinary(word):
            return self._mention(owners, [word], "part"), 1
        return None, 1

    def _is_name(self, content: Sequence[Word], at: int) -> bool:
        """Tell whether a single word is written as a name (see the docstring of the module)."""
        word = content[at]
        if word.folded in _HERALDS:
            return False
        if at and content[at - 1].folded in _HERALDS:
            return True
        if self._ordinary(word) or len(word.folded) < _SHORT:
            return word.raw.isupper() and len(word.raw) > 1
        return not word.folded.isdigit()

    def _mention(self, iris: Iterable[str], part: Sequence[Word], how: How) -> Mention:
        ranked = tuple(sorted(iris, key=lambda iri: (*self._likely[iri], iri)))
        return Mention(ranked, frozenset(word.place for word in part), " ".join(word.raw for word in part), how)

    def codes(self, question: Sequence[Word]) -> list[CodeMention]:
        """Return the codes whose label stands in *question*, the longest labels first; their words stay in use."""
        content = [word for word in question if word.folded not in _LINKERS]
        found: list[CodeMention] = []
        for size in range(min(6, len(content)), 0, -1):
            for at in range(len(content) - size + 1):
                part = content[at : at + size]
                places = frozenset(word.place for word in part)
                if any(places <= mention.places for mention in found):
                    continue
                key = tuple(word.stem for word in part)
                iris = self._codes.get(key) or (self._only_code(part[0]) if size == 1 else ())
                found += [CodeMention(iri, iri.rpartition("/")[0], places) for iri in sorted(iris)]
        return found

    def _only_code(self, word: Word) -> list[str]:
        """Return the codes that alone in their list bear *word* in their label (« plasturgie et composites »)."""
        if len(word.folded) < _TELLING or self._ordinary(word):
            return []
        lists = Counter(iri.rpartition("/")[0] for iri in self._code_parts.get(word.stem, ()))
        return [iri for iri in self._code_parts.get(word.stem, ()) if lists[iri.rpartition("/")[0]] == 1]

    def bearing(self, mention: Mention, classes: Iterable[str]) -> str:
        """Return the one thing of *classes* that bears the words of *mention* in its name; an empty string otherwise."""
        wanted = tuple(word.folded for word in words(mention.said) if word.folded not in _LINKERS)
        owners = [self._parts.get(stem(token), set()) for token in wanted]
        common = set.intersection(*owners) if owners else set()
        found = [iri for iri in common if self.fit(iri, classes)]
        return found[0] if len(found) == 1 else ""

    def fit(self, iri: str, classes: Iterable[str]) -> int:
        """Return how narrowly one of the *classes* (IRIs) describes *iri*: the depth of the class, 0 when none does.

        A campus is an organisation, but who says organisation does not mean a campus: that fits least.
        """
        if kind_of(iri) == "campus" and _CAMPUS not in classes:
            return int(bool(self.types.get(iri, frozenset()) & set(classes)))
        described = self.types.get(iri, frozenset()) & set(classes)
        return max((len(load_terms().ancestors(cls)) for cls in described), default=0)


def kind_of(iri: str) -> str:
    """Return the kind of the thing *iri*, as its address says it."""
    return iri.removeprefix(_ID).partition("/")[0]


def _meaning(label: str) -> Key:
    """Return the stems of a code's *label*, without what brackets add."""
    bare = label.partition(" (")[0] or label
    return tuple(word.stem for word in words(bare) if word.folded not in _LINKERS)


def labels_in(store: GraphStore) -> Iterator[tuple[str, str]]:
    """Yield the things of *store* with each of their names, acronyms and titles."""
    for name in _NAMES:
        for quad in store.matching(expand(name)):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                yield quad.subject.value, quad.object.value


def types_of(store: GraphStore) -> Mapping[str, frozenset[str]]:
    """Return the classes of each entity that questions name, the wider ones included."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for quad in store.matching(expand("rdf:type")):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            iri = quad.subject.value
            if iri.startswith(_ID) and kind_of(iri) in KINDS:
                found[iri] |= load_terms().ancestors(quad.object.value)
    return dict(found)


def is_ordinary(word: Word) -> bool:
    """Tell whether *word* is an everyday word of questions: a stop word, a weak one, or one with a concept."""
    known = tables()
    return word.folded in known.stop or word.stem in known.weak or (word.stem,) in known.concepts or word.folded.isdigit()
