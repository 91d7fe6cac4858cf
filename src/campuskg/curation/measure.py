"""How good a proposal is, the curated graph as truth: for the benchmark, and for whoever changes a rule."""

import difflib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from campuskg.content import BASE_IRI
from campuskg.curation.gazetteer import fold_name
from campuskg.curation.known import Known, gazetteer, known_entities
from campuskg.curation.propose import Proposal, ProposedEntity, propose
from campuskg.ontology import prefixes
from campuskg.release import Release

NEAR_LINES: Final = 3
"""A new name must be proposed within this many lines of where the graph says the thing is named."""
NEAR_NAME: Final = 0.85
"""Two folded names at least this alike are one name that the OCR or the inflection has changed."""
_ID: Final = BASE_IRI + "id/"

_PAIRS: Final[Mapping[str, str]] = {
    "participations": "cmq:Participation cmq:participant cmq:participationIn",
    "functions": "cmq:Mandate cmq:holder cmq:mandateIn",
    "fundings": "cmq:Funding cmq:fundedItem cmq:funder",
    "trainings": "cmq:TrainingProgramme cmq:deliveredBy cmq:leadsTo",
}


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, how many were proposed, how many there were to find."""

    right: int
    proposed: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Share of what was proposed that is right."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        """Share of what was there that was found."""
        return self.found / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_json(self) -> dict[str, float]:
        """Return counts and shares."""
        shares = {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}
        return {**asdict(self), **shares}


@dataclass(slots=True)
class Measure:
    """What was measured on one text."""

    text: str
    known_from: tuple[str, ...]
    entities: Score
    known: Score
    new: Score
    by_kind: dict[str, Score]
    by_rule: dict[str, Score]
    statements: dict[str, Score]
    mention_recall: float
    seconds: float
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def measure(release: Release, text: str, source: str, known_from: Sequence[str]) -> Measure:
    """Propose on *text* with only *known_from* known, and compare with what *release* says *source* names."""
    names = gazetteer(release, known_from)
    start = time.perf_counter()
    proposal = propose(text, names, source)
    seconds = time.perf_counter() - start
    truth = {e.iri: e for e in known_entities(release).values() if e.passages.get(source)}
    matches = {e.id: match for e in proposal.entities if (match := _match(e, truth, source))}
    found = {iri for match in matches.values() for iri in match}
    by_kind = {
        kind: _score(proposal.entities, matches, truth, found, _of_kind(kind))
        for kind in sorted({e.kind for e in truth.values()})
    }
    rules = sorted({e.rule for e in proposal.entities})
    return Measure(
        text=source,
        known_from=tuple(known_from),
        entities=_score(proposal.entities, matches, truth, found, lambda _: True),
        known=_score(proposal.entities, matches, truth, found, lambda id_: _ID + id_ in names.classes),
        new=_score(proposal.entities, matches, truth, found, lambda id_: _ID + id_ not in names.classes),
        by_kind=by_kind,
        by_rule={rule: _rule_score(proposal.entities, matches, rule) for rule in rules},
        statements=dict(_statements(release, proposal, matches, source)),
        mention_recall=_mention_recall(proposal, matches, truth, source),
        seconds=seconds,
        missed=sorted(truth[iri].id for iri in truth.keys() - found),
        wrong=sorted(f"{e.id} ({e.rule}, {e.lines[0][0]})" for e in proposal.entities if e.id not in matches),
    )


def _match(entity: ProposedEntity, truth: Mapping[str, Known], source: str) -> tuple[str, ...]:
    """Return the true entity that *entity* is, if any: by IRI when known; by the likest name, kind and lines when new."""
    if entity.known:
        return (_ID + entity.id,) if _ID + entity.id in truth else ()
    names = [_fold(text, entity.cls) for text in (entity.label, *entity.others)]
    best = (NEAR_NAME, "")
    for iri, true in sorted(truth.items()):
        if true.kind == entity.id.partition("/")[0] and _near(entity.lines, true.passages[source]):
            likeness = max(_likeness(name, _fold(other, true.cls), best[0]) for name in names for other in true.names)
            if likeness > best[0] or (likeness == best[0] and not best[1]):
                best = (likeness, iri)
    return (best[1],) if best[1] else ()


def _fold(text: str, cls: str) -> str:
    """Return *text* folded, without spaces; the words of a person's name in one order, for texts that put the surname first."""
    words = fold_name(text).split()
    return "".join(sorted(words) if cls == "Person" else words)


def _likeness(one: str, other: str, least: float) -> float:
    """Return how alike two folded names are, from 0 to 1; 0 for less than *least*."""
    if one == other:
        return 1.0
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    hopeless = matcher.real_quick_ratio() < least or matcher.quick_ratio() < least
    return 0.0 if hopeless else matcher.ratio()


def _near(one: Iterable[tuple[int, int]], other: Sequence[tuple[int, int]], margin: int = NEAR_LINES) -> bool:
    return any(a <= d + margin and c <= b + margin for a, b in one for c, d in other)


def _of_kind(kind: str) -> Callable[[str], bool]:
    return lambda id_: id_.startswith(kind + "/")


def _score(
    proposed: Sequence[ProposedEntity],
    matches: Mapping[str, tuple[str, ...]],
    truth: Mapping[str, Known],
    found: set[str],
    wanted: Callable[[str], bool],
) -> Score:
    here = [e for e in proposed if wanted(e.id)]
    true = {iri for iri, e in truth.items() if wanted(e.id)}
    return Score(sum(e.id in matches for e in here), len(here), len(true & found), len(true))


def _rule_score(proposed: Sequence[ProposedEntity], matches: Mapping[str, tuple[str, ...]], rule: str) -> Score:
    here = [e for e in proposed if e.rule == rule]
    right = sum(e.id in matches for e in here)
    return Score(right, len(here), right, right)


def _mention_recall(proposal: Proposal, matches: Mapping[str, tuple[str, ...]], truth: Mapping[str, Known], source: str) -> float:
    """Return the share of (entity, passage) pairs of the graph at whose very lines the entity is proposed."""
    lines: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for entity in proposal.entities:
        for iri in matches.get(entity.id, ()):
            lines[iri] += entity.lines
    pairs = [(iri, passage) for iri, true in truth.items() for passage in true.passages[source]]
    return sum(_near(lines[iri], [passage], 0) for iri, passage in pairs) / len(pairs) if pairs else 0.0


def _statements(
    release: Release, proposal: Proposal, matches: Mapping[str, tuple[str, ...]], source: str
) -> Iterator[tuple[str, Score]]:
    """Yield a score for each kind of statement: the pair of things counts, not the role."""
    for key, words in _PAIRS.items():
        true = _true_pairs(release, words, source)
        proposed = [s for s in proposal.statements if s.key == key]
        sides = [(matches.get(s.subject, ()), matches.get(s.values[0][1], ())) for s in proposed]
        hits = [{(a, b) for a in one for b in other} & true for one, other in sides]
        yield key, Score(sum(map(bool, hits)), len(proposed), len(set().union(*hits)) if hits else 0, len(true))


def _true_pairs(release: Release, words: str, source: str) -> set[tuple[str, str]]:
    cls, one, other = words.split()
    answer = release.store.run(
        f"SELECT DISTINCT ?a ?b WHERE {{ ?s a {cls} ; {one} ?a ; {other} ?b ; "
        f"cmq:sourcePassage/oa:hasSource <{_ID}document/{source}> }}",
        prefixes=prefixes(),
    )
    return {(a.value, b.value) for a, b in getattr(answer, "rows", ()) if a is not None and b is not None}
