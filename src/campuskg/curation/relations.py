"""Candidate statements: two things and a word between them, in one sentence, by the rules of ``patterns.toml``."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.curation.figures import Figure, within
from campuskg.curation.patterns import RelationRule, load_patterns
from campuskg.curation.reading import Reading, Span

_ENDEAVOURS: Final = frozenset({"programme", "project", "event"})
_SCHOOLS: Final = frozenset({"Lycee", "College", "HigherEducationInstitution", "TrainingCentre", "EducationProvider"})
_STAGE_KEYS: Final = {
    "stage:requested": "requestedAmount",
    "stage:planned": "plannedAmount",
    "stage:granted": "grantedAmount",
    "stage:paid": "paidAmount",
}
_AT: Final = re.compile(r" ?(?:,|-|\()? ?(?:de |d'|a |au |sur )?")
_FAR: Final = 70
_LONG: Final = 900


@dataclass(frozen=True, slots=True)
class Mention:
    """A proposed entity at one place of the text."""

    span: Span
    entity: str
    cls: str

    @property
    def kind(self) -> str:
        """The kind segment of the id."""
        return self.entity.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement for a person to accept: what a curator would nest under *subject*."""

    subject: str
    key: str
    """The nested key (``participations``), or ``stated`` for a plain fact."""
    values: tuple[tuple[str, str], ...]
    lines: tuple[int, int]
    rule: str
    confidence: float
    stated: bool = False
    """Whether the graph already says so: then only this proof is new."""

    def same(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """Return what two candidates share when they are the same statement at two places."""
        return self.subject, self.key, self.values


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with what was found in it."""

    span: Span
    plain: str
    lines: tuple[int, int]
    mentions: Sequence[Mention]
    figures: Sequence[Figure]
    topic: str
    """The campus, programme or project last named before or in the sentence."""

    def of(self, kinds: Iterable[str]) -> list[Mention]:
        """Return the first mention of each entity of *kinds*."""
        wanted = frozenset(kinds)
        first: dict[str, Mention] = {}
        for mention in self.mentions:
            if mention.kind in wanted:
                first.setdefault(mention.entity, mention)
        return list(first.values())


def find_relations(reading: Reading, mentions: Sequence[Mention], figures: Sequence[Figure]) -> list[Candidate]:
    """Return the candidate statements of *reading*, each once with the place where it is surest."""
    best: dict[object, Candidate] = {}
    rules = load_patterns().relations
    for sentence in _sentences(reading, mentions, figures):
        found = [c for rule in rules for c in _MAKERS[rule.kind](sentence, rule)]
        for candidate in [*found, *_locations(reading, sentence)]:
            known = best.get(candidate.same())
            if known is None or candidate.confidence > known.confidence:
                best[candidate.same()] = candidate
    return sorted(best.values(), key=lambda c: (c.lines, c.subject, c.key, c.values))


def _sentences(reading: Reading, mentions: Sequence[Mention], figures: Sequence[Figure]) -> Iterator[_Sentence]:
    topic = ""
    for span in reading.sentences:
        here = [m for m in mentions if span.covers(m.span)]
        for mention in here:
            if mention.kind in (*_ENDEAVOURS, "campus"):
                topic = mention.entity
        if here and span.end - span.start < _LONG:
            plain = reading.plain[span.start : span.end]
            yield _Sentence(span, plain, reading.lines(span), here, figures, topic)


def _participations(sentence: _Sentence, rule: RelationRule) -> Iterator[Candidate]:
    """Tie organisations to an endeavour by a role word; what is carried *by* someone wants that one after the word."""
    word = rule.words.search(sentence.plain)
    endeavours = sentence.of(_ENDEAVOURS) or sentence.of({"campus"})
    if not word or not (endeavours or sentence.topic):
        return
    at = sentence.span.start + word.start()
    organisations = [m for m in sentence.of({"organisation"}) if not _inside(m, endeavours)]
    if word[0].endswith(" par"):
        organisations = [m for m in organisations if m.span.start >= at][:1]
    endeavour = min(endeavours, key=lambda m: (abs(m.span.start - at), m.span.start)).entity if endeavours else sentence.topic
    for organisation in organisations:
        far = abs(organisation.span.start - at) >= _FAR
        values = (("participationIn", endeavour), ("role", rule.code))
        confidence = rule.confidence - 0.05 * far - 0.1 * (not endeavours)
        yield Candidate(organisation.entity, "participations", values, sentence.lines, rule.name, round(confidence, 2))


def _mandates(sentence: _Sentence, rule: RelationRule) -> Iterator[Candidate]:
    """Tie a person to the organisation or campus named nearest to a function."""
    for word in rule.words.finditer(sentence.plain):
        at = sentence.span.start + word.start()
        persons = [m for m in sentence.of({"person"}) if _gap(m, at, word[0]) < _FAR]
        bodies = [m for m in sentence.of({"organisation", "campus"}) if _gap(m, at, word[0]) < _FAR]
        if persons and bodies:
            person = min(persons, key=lambda m: _gap(m, at, word[0]))
            body = min(bodies, key=lambda m: (m.span.start < at, _gap(m, at, word[0])))
            values = (("mandateIn", body.entity), ("role", rule.code))
            yield Candidate(person.entity, "functions", values, sentence.lines, rule.name, rule.confidence)


def _fundings(sentence: _Sentence, rule: RelationRule) -> Iterator[Candidate]:
    """Tie an amount and a funder to the thing funded, in the sentence or (less sure) the topic."""
    amounts = within(sentence.figures, sentence.span, "amount")
    if rule.code == "stage:planned" and not amounts:
        amounts = _row_amount(sentence)
    funders = [m for m in sentence.of({"organisation"}) if m.cls in ("PublicBody", "Company", "ProfessionalBody")]
    if not rule.words.search(sentence.plain) or not amounts or not funders:
        return
    items = sentence.of(_ENDEAVOURS)
    item = items[0].entity if items else sentence.topic
    if item.partition("/")[0] not in _ENDEAVOURS:
        return
    confidence = rule.confidence if items else rule.confidence - 0.1
    values = (("funder", funders[0].entity), ("fundingStage", rule.code), (_STAGE_KEYS[rule.code], amounts[0].value))
    yield Candidate(item, "fundings", values, sentence.lines, rule.name, round(confidence, 2))


def _row_amount(sentence: _Sentence) -> list[Figure]:
    """Return the number at the end of a table row, which a column heading says to be euros."""
    match = re.search(r"\t(\d{1,3}(?: \d{3})+|\d{4,})$", sentence.plain)
    if not match:
        return []
    span = Span(sentence.span.start + match.start(1), sentence.span.start + match.end(1))
    return [Figure(span, sentence.lines, "amount", match[1], match[1].replace(" ", ""))]


def _trainings(sentence: _Sentence, rule: RelationRule) -> Iterator[Candidate]:
    """Tie the one school of a sentence to its diplomas."""
    schools = [m for m in sentence.of({"organisation"}) if m.cls in _SCHOOLS]
    if len(schools) != 1 or not rule.words.search(sentence.plain):
        return
    for diploma in sentence.of({"qualification"}):
        values = (("leadsTo", diploma.entity),)
        yield Candidate(schools[0].entity, "trainings", values, sentence.lines, rule.name, rule.confidence)


def _locations(reading: Reading, sentence: _Sentence) -> Iterator[Candidate]:
    """Tie an organisation to a place named in or right after its name."""
    places = [m for m in sentence.mentions if m.kind == "place"]
    for body in (m for m in sentence.mentions if m.kind == "organisation"):
        for place in places:
            between = reading.plain[body.span.end : place.span.start]
            beside = place.span.start >= body.span.end and bool(_AT.fullmatch(between)) and bool(between.strip())
            if (beside or body.span.covers(place.span)) and body.cls not in ("PublicBody", "Person"):
                yield Candidate(body.entity, "stated", (("locatedIn", place.entity),), sentence.lines, "place-in-name", 0.6)


def _inside(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(other.span.covers(mention.span) for other in others)


def _gap(mention: Mention, at: int, word: str) -> int:
    return max(mention.span.start - (at + len(word)), at - mention.span.end, 0)


_MAKERS: Final[Mapping[str, Callable[[_Sentence, RelationRule], Iterator[Candidate]]]] = {
    "participation": _participations,
    "mandate": _mandates,
    "funding": _fundings,
    "training": _trainings,
}
