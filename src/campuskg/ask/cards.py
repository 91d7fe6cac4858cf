"""What each query of the catalogue answers to: its words, its sentences, and what its parameters take."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.ask.entities import Lexicon
from campuskg.ask.words import Unit, Word, units, words
from campuskg.errors import Text
from campuskg.ontology import compact
from campuskg.queries import Query

_ASKED, _NAME, _TAG, _HEADING, _WHY = 1.0, 0.8, 0.5, 0.5, 0.3
CONCEPT: Final = 0.8
"""A synonym counts a little less than the word itself."""

CONCEPTS: Final[Mapping[str, str]] = {
    "cmq:Campus": "#campus", "org:Organization": "#organisation", "cmq:Lycee": "#school", "cmq:College": "#school",
    "cmq:Company": "#company", "foaf:Person": "#person", "cmq:Programme": "#project", "cmq:Project": "#project",
    "cmq:Event": "#event", "dcterms:Location": "#where", "cmq:Qualification": "#diploma", "cmq:SourceDocument": "#document",
    "cmq:TrainingProgramme": "#training", "org:Post": "#post", "cmq:Budget": "#budget",
}  # fmt: skip
"""What naming a thing of a class says about the subject of a question."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way of asking a query: its units, and its text for readers."""

    text: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One query as the matcher sees it."""

    query: Query
    features: Mapping[str, float]
    """Feature -> how much the query is about it (0 to 1)."""
    sentences: tuple[Sentence, ...]
    defaults: frozenset[str]
    """The things that the query is about when nothing else is said."""
    name: tuple[Unit, ...]
    """The words of its name."""
    named: frozenset[str]
    """The things that its question names."""


def card(query: Query, tags: Mapping[str, Text], lexicon: Lexicon) -> Card:
    """Return the card of *query*; the names of entities in its sentences are put aside."""
    features: dict[str, float] = {}
    sentences, names = [], set[str]()
    for text in (*query.question, *(phrase for phrases in query.phrases.values() for phrase in phrases)):
        found, mentioned = _bare(text, lexicon)
        names |= mentioned if text in query.question else set()
        _note(features, found, _ASKED)
        sentences.append(Sentence(text, tuple(found)))
    _note(features, units(words(query.name)), _NAME)
    _note(features, units(words(" ".join(text for tag in query.tags for text in (tag, *tags.get(tag, ()))))), _TAG)
    headings = [text for column in query.columns.values() for text in (*column.label, *column.means)]
    labels = [text for parameter in query.parameters.values() for text in parameter.label]
    _note(features, units(words(" . ".join((*headings, *labels)))), _HEADING)
    _note(features, units(words(" . ".join(query.why))), _WHY)
    for concept in _parameter_concepts(query):
        features[concept] = max(features.get(concept, 0), _NAME)
    return Card(query, features, tuple(sentences), _defaults(query), tuple(units(words(query.name))), frozenset(names))


def _note(features: dict[str, float], found: Iterable[Unit], weight: float) -> None:
    for unit in found:
        for feature in unit.features:
            features[feature] = max(features.get(feature, 0), weight)


def _bare(text: str, lexicon: Lexicon) -> tuple[list[Unit], set[str]]:
    """Return the units of *text* outside the names of entities, each of which leaves the concept of its class; and these."""
    found = words(text)
    mentions = [m for m in lexicon.mentions(found) if m.how == "name"]
    taken = {place for mention in mentions for place in mention.places}
    kept: list[Unit] = units([word for word in found if word.place not in taken])
    left = [named(lexicon, mention.iri, mention.places) for mention in mentions]
    return kept + left, {mention.iri for mention in mentions}


def named(lexicon: Lexicon, iri: str, places: Iterable[int]) -> Unit:
    """Return the unit that a named thing leaves in a sentence: what its classes say."""
    concepts = {CONCEPTS[name] for name in map(compact, lexicon.types.get(iri, ())) if name in CONCEPTS}
    return Unit((), tuple(sorted(places)), frozenset(concepts), weak=True)


def _parameter_concepts(query: Query) -> set[str]:
    names = {compact(cls) for parameter in query.parameters.values() for cls in parameter.classes}
    return {CONCEPTS[name] for name in names if name in CONCEPTS}


def _defaults(query: Query) -> frozenset[str]:
    return frozenset(
        term.value
        for parameter in query.parameters.values()
        for term in (*parameter.default, *parameter.example)
        if isinstance(term, ox.NamedNode)
    )


def vocabulary(queries: Iterable[Query]) -> set[str]:
    """Return the folded words of the sentences and headings of *queries*."""
    known: set[str] = set()
    for query in queries:
        texts: list[str] = [*query.question, *query.why, query.name]
        texts += [phrase for phrases in query.phrases.values() for phrase in phrases]
        texts += [text for column in query.columns.values() for text in column.label]
        known.update(word.folded for text in texts for word in words(text))
    return known


Ordinary = Callable[[Word], bool]
Words = Sequence[Word]
