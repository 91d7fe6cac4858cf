"""From a question to what is done about it: a query chosen, three offered, or a frank word that nobody knows."""

from dataclasses import dataclass
from typing import Final, Literal

from campuskg.ask import dates
from campuskg.ask.cards import card, named, vocabulary
from campuskg.ask.entities import Lexicon, is_ordinary
from campuskg.ask.match import Candidate, Scales, score
from campuskg.ask.slots import Facts, fill
from campuskg.ask.spelling import Speller
from campuskg.ask.words import Unit, Word, mentions_any, tables, units, words
from campuskg.errors import UsageProblem
from campuskg.queries import catalogue, tags
from campuskg.store import GraphStore, Rows

Verdict = Literal["chosen", "offered", "unknown", "private", "elsewhere"]

MAX_LENGTH: Final = 400
OFFERED: Final = 3
_SURE: Final = 0.42
_LIKELY: Final = 0.38
_LIKELY_BY_ONE_WORD: Final = 0.465
"""A question that one word alone ties to the catalogue is more likely about something else."""
_LEAD: Final = 1.12
"""How much better than the second the first must be to be chosen without asking, unless it is beyond doubt."""
_BEYOND_DOUBT: Final = 0.72


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: its words (mended), its units, and what it names."""

    text: str
    words: tuple[Word, ...]
    units: tuple[Unit, ...]
    facts: Facts

    def said(self, unit: Unit) -> str:
        """Return the words of the question that make up *unit*."""
        return " ".join(word.raw for word in self.words if word.place in unit.places)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is made of a question: a verdict, and the candidates, best first (three at most)."""

    question: Question
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    because: str = ""
    """The words that made us refuse."""


class Asker:
    """Answers questions about one graph with the catalogue."""

    def __init__(self, store: GraphStore) -> None:
        """Index the catalogue and the names in *store*."""
        queries = catalogue()
        self._store = store
        everyday = vocabulary(queries.values())
        self.lexicon = Lexicon(store, is_ordinary, everyday)
        self.cards = [card(query, tags(), self.lexicon) for query in queries.values()]
        self.scales = Scales(self.cards)
        self._speller = Speller(tables().spoken | everyday | self.lexicon.tokens)

    def understand(self, text: str) -> Question:
        """Return *text* as understood; UsageProblem for one that is too long."""
        if len(text) > MAX_LENGTH:
            raise UsageProblem("ask-long", limit=MAX_LENGTH)
        found = [self._speller.mended(word) for word in words(dates.without(text))]
        mentions = self.lexicon.mentions(found)
        taken = {place for mention in mentions for place in mention.places}
        facts = Facts(tuple(mentions), tuple(self.lexicon.codes(found)), tuple(dates.moments(text)), tuple(dates.amounts(text)))
        said = units([word for word in found if word.place not in taken])
        told = units([word for word in found if word.place in taken and is_ordinary(word)])
        said += [Unit(u.stems, u.places, u.features, weak=True) for u in told]
        said += [named(self.lexicon, mention.iri, mention.places) for mention in mentions]
        return Question(text, tuple(found), tuple(said), facts)

    def ask(self, text: str) -> Outcome:
        """Return what is made of the question *text*."""
        question = self.understand(text)
        refused = self._refused(question)
        if refused:
            return refused
        ranked = self.ranked(question)
        best = ranked[0].score if ranked else 0.0
        if not ranked or best < _least(ranked[0], question) or not self._says_something(question):
            return Outcome(question, "unknown", because=", ".join(self._strangers(question)))
        offered = self._answering([c for c in ranked[:OFFERED] if c.score >= best / 2])
        lead = best / ranked[1].score if len(ranked) > 1 and ranked[1].score else 2.0
        sure = best >= _BEYOND_DOUBT or (best >= _SURE and lead >= _LEAD)
        return Outcome(question, "chosen" if sure else "offered", offered)

    def _answering(self, candidates: list[Candidate]) -> tuple[Candidate, ...]:
        """Return *candidates* with those that the graph answers first: what was filled in may leave nothing to say."""
        silent = {c.name for c in candidates if c.filling.values and not self._has_answer(c)}
        return tuple(sorted(candidates, key=lambda candidate: candidate.name in silent))

    def _has_answer(self, candidate: Candidate) -> bool:
        found = self._store.run(candidate.card.query.bound(candidate.filling.values))
        return bool(found.rows if isinstance(found, Rows) else found)

    def ranked(self, question: Question) -> list[Candidate]:
        """Return all queries as candidates, best first."""
        found = [score(question.units, each, fill(each, question.facts, self.lexicon), self.scales) for each in self.cards]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.name))

    def _refused(self, question: Question) -> Outcome | None:
        """Refuse what is private or lies elsewhere, unless the words are part of a name in the graph."""
        taken = {place for mention in question.facts.mentions for place in mention.places}
        free = [word for word in question.words if word.place not in taken]
        private = mentions_any(question.words, tables().private)
        if private:
            return Outcome(question, "private", because=" ".join(private))
        foreign = mentions_any(free, tables().foreign)
        if foreign:
            return Outcome(question, "elsewhere", because=" ".join(foreign))
        idle = mentions_any(free, tables().idle) or mentions_any(question.words, tables().idle_phrases)
        return Outcome(question, "unknown", because=" ".join(idle)) if idle else None

    def _says_something(self, question: Question) -> bool:
        return any(self.scales.knows(unit) for unit in question.units if not unit.weak) or bool(question.facts.mentions)

    def _strangers(self, question: Question) -> list[str]:
        return [question.said(unit) for unit in question.units if not unit.weak and not self.scales.knows(unit)]


def _least(best: Candidate, question: Question) -> float:
    """Return the score that *best* needs before it is offered."""
    tied = len(best.matched) + len(question.facts.mentions) - len(best.filling.homeless)
    return _LIKELY if tied > 1 else _LIKELY_BY_ONE_WORD
