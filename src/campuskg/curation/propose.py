"""Candidate statements from a new text: known names, new names, figures, relations. Nothing enters the graph by itself."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from campuskg.content import BASE_IRI
from campuskg.curation.entities import NewName, find_new
from campuskg.curation.figures import Figure, find_figures
from campuskg.curation.gazetteer import Found, Gazetteer, fold_name, tokens
from campuskg.curation.reading import Reading, Span, read_text
from campuskg.curation.relations import Candidate, Mention, find_relations
from campuskg.errors import Text
from campuskg.graph import slug
from campuskg.graph.minting import node_rules

_ID: Final = BASE_IRI + "id/"
_EXTENDED: Final = {"Programme": "Project", "Project": "Project", "Event": "Event", "Campus": "Project"}
_STATEMENTS_LESS: Final = 0.1
_KNOWN_EXACT: Final = 0.95
_KNOWN_SLIP: Final = 0.8
_KNOWN_AMBIGUOUS: Final = 0.6

STAGES: Final = (
    Text("Lecture du texte", "Reading the text"),
    Text("Noms connus", "Known names"),
    Text("Noms nouveaux", "New names"),
    Text("Chiffres et relations", "Figures and relations"),
)


@dataclass(frozen=True, slots=True)
class ProposedEntity:
    """A thing that the text names: known to the graph, or new."""

    id: str
    cls: str
    label: str
    known: bool
    confidence: float
    rule: str
    others: tuple[str, ...] = ()
    """Other names found in the text (for new things)."""
    alternatives: tuple[str, ...] = ()
    """Ids of other things that bear the same name."""
    lines: tuple[tuple[int, int], ...] = ()
    """First and last line of each mention."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that is proposed from one text."""

    source: str
    entities: Sequence[ProposedEntity]
    statements: Sequence[Candidate]
    figures: Sequence[Figure]
    attendance: Sequence[tuple[int, int, int]]
    """Attendance lists left out: first line, last line, number of persons."""


@dataclass(frozen=True, slots=True)
class _Hit:
    span: Span
    entity: str


def propose(
    text: str,
    names: Gazetteer,
    source: str,
    *,
    min_confidence: float = 0.5,
    stated: Callable[[Candidate], bool] = lambda _: False,
    progress: Callable[[Text], None] = lambda _: None,
) -> Proposal:
    """Return what the rules propose for *text*, to be cited as *source*; same input, same proposal.

    *stated* tells which statements the graph already holds. Statements are proposed from a little under *min_confidence* on,
    because their confidence counts the words that tie two things and not the things.
    """
    progress(STAGES[0])
    reading = read_text(text)
    progress(STAGES[1])
    found = names.find(reading)
    progress(STAGES[2])
    new = find_new(reading, [f.span for f in found])
    entities, hits = _gather(reading, names, found, new.names)
    kept = {e.id: e for e in entities if e.confidence >= min_confidence}
    progress(STAGES[3])
    mentions = [Mention(hit.span, hit.entity, kept[hit.entity].cls) for hit in hits if hit.entity in kept]
    figures = find_figures(reading)
    least = round(min_confidence - _STATEMENTS_LESS, 2)
    statements = [replace(s, stated=stated(s)) for s in find_relations(reading, mentions, figures) if s.confidence >= least]
    attendance = [(*reading.lines(span), count) for span, count in new.attendance]
    return Proposal(source, sorted(kept.values(), key=lambda e: (e.lines[0], e.id)), statements, figures, attendance)


def _gather(
    reading: Reading, names: Gazetteer, found: Sequence[Found], new: Sequence[NewName]
) -> tuple[list[ProposedEntity], list[_Hit]]:
    """Return the entities and every place of each: known names settled, new names merged."""
    new = _without_echoes(reading, names, found, new)
    found = [f for f in found if not _part_of_name(reading, names, f, new)]
    found += _known_after_all(names, new)
    settled = _settle(found)
    hits = [_Hit(f.span, chosen.removeprefix(_ID)) for f, chosen in zip(found, settled, strict=True)]
    entities = [_known_entity(reading, names, group) for group in _by_entity(found, settled).values()]
    groups = _merge([_with_class(names, found, n) for n in new if not _is_known(names, n)])
    taken = {iri.removeprefix(_ID) for iri in names.classes}
    for group in groups:
        entity = _new_entity(reading, group, taken)
        taken.add(entity.id)
        entities.append(entity)
        hits += [_Hit(n.span, entity.id) for n in group]
    return entities, sorted(hits, key=lambda h: (h.span, h.entity))


def _without_echoes(reading: Reading, names: Gazetteer, found: Sequence[Found], new: Sequence[NewName]) -> list[NewName]:
    """Leave out a new name that only adds a town or more words to a known name of its kind, and a town that is a thing."""
    long = [f for f in found if len(tokens(reading.plain[f.span.start : f.span.end])) > 1]  # a bare "AFPA" begins many names
    begun = {(f.span.start, _kind(names.classes[f.candidates[0]])) for f in long}
    things = {fold_name(n.label) for n in new if n.cls != "Place"}
    return [
        n
        for n in new
        if (n.cls == "" or (n.span.start, _kind(n.cls)) not in begun) and not (n.cls == "Place" and fold_name(n.label) in things)
    ]


def _part_of_name(reading: Reading, names: Gazetteer, found: Found, new: Iterable[NewName]) -> bool:
    """Tell whether a known place is only a word within a new compound name (*Haut-Jura Saint-Claude*)."""
    if names.classes[found.candidates[0]] != "Place" or not any(n.span.covers(found.span) and n.cls != "Place" for n in new):
        return False
    return bool(re.search(r"[A-Z]\w*[ -]$", reading.plain[max(0, found.span.start - 30) : found.span.start]))


def _kind(cls: str) -> str:
    return node_rules()[cls].kind


def _is_known(names: Gazetteer, name: NewName) -> bool:
    return any(names.known(text) for text in (name.label, *name.others))


def _known_after_all(names: Gazetteer, new: Iterable[NewName]) -> Iterable[Found]:
    """Yield the names that the rules completed (the fourth lycée of an enumeration) and that the graph knows in full."""
    for name in new:
        candidates = next((c for text in (name.label, *name.others) if (c := names.known(text))), ())
        if candidates:
            yield Found(name.span, candidates, exact=False)


def _settle(found: Sequence[Found]) -> list[str]:
    """Choose one of the candidates of each name: the one most often named without doubt in this text, else the first."""
    sure = Counter(f.candidates[0] for f in found if len(f.candidates) == 1)
    return [min(f.candidates, key=lambda iri: (-sure[iri], f.candidates.index(iri))) for f in found]


def _by_entity(found: Sequence[Found], settled: Sequence[str]) -> Mapping[str, list[tuple[Found, str]]]:
    groups: defaultdict[str, list[tuple[Found, str]]] = defaultdict(list)
    for one, chosen in zip(found, settled, strict=True):
        groups[chosen].append((one, chosen))
    return groups


def _known_entity(reading: Reading, names: Gazetteer, group: Sequence[tuple[Found, str]]) -> ProposedEntity:
    iri = group[0][1]
    others = {c.removeprefix(_ID) for f, _ in group for c in f.candidates} - {iri.removeprefix(_ID)}
    sure = any(len(f.candidates) == 1 for f, _ in group)
    exact = any(f.exact for f, _ in group)
    confidence = _KNOWN_AMBIGUOUS if not sure else _KNOWN_EXACT if exact else _KNOWN_SLIP
    return ProposedEntity(
        id=iri.removeprefix(_ID),
        cls=names.classes[iri],
        label=names.labels[iri],
        known=True,
        confidence=confidence,
        rule="known-name",
        alternatives=tuple(sorted(others)) if not sure else (),
        lines=tuple(sorted({reading.lines(f.span) for f, _ in group})),
    )


def _with_class(names: Gazetteer, found: Sequence[Found], name: NewName) -> NewName:
    """Give an extended known name the class that its first part suggests."""
    if name.cls:
        return name
    part = next(f for f in found if f.span.start == name.span.start)
    return replace(name, cls=_EXTENDED.get(names.classes[part.candidates[0]], ""))


def _merge(names: Iterable[NewName]) -> list[list[NewName]]:
    """Group the names that are the same thing: one folded form and one kind; a surname joins the one person who bears it."""
    groups: dict[tuple[str, str], list[NewName]] = {}
    for name in names:
        if not name.cls:
            continue
        kind = _kind(name.cls)
        keys = [(kind, _key(text)) for text in (name.label, *name.others)]
        group = next((groups[key] for key in keys if key in groups), [])
        group.append(name)
        for key in keys:
            groups.setdefault(key, group)
    _join_surnames(groups)
    unique = {id(group): group for group in groups.values() if group}
    return list(unique.values())


def _key(text: str) -> str:
    return fold_name(text).replace(" ", "")


def _join_surnames(groups: dict[tuple[str, str], list[NewName]]) -> None:
    persons = {fold_name(group[0].label): group for key, group in groups.items() if key[0] == "person" and group}
    for folded, group in persons.items():
        bearers = [other for full, other in persons.items() if " " in full and folded in full.split()]
        if " " not in folded and len(bearers) == 1:
            bearers[0].extend(group)
            group.clear()


def _new_entity(reading: Reading, group: Sequence[NewName], taken: Collection[str]) -> ProposedEntity:
    best = max(group, key=lambda n: (n.confidence, len(n.label.split()) if n.cls == "Person" else 0, -n.span.start))
    others = Counter(text for n in group for text in (n.label, *n.others) if fold_name(text) != fold_name(best.label))
    node = f"{_kind(best.cls)}/{slug(best.label)[:60].strip('-') or 'sans-nom'}"
    unique = next(i for i in (node, *(f"{node}-{n}" for n in range(2, 1000))) if i not in taken)
    return ProposedEntity(
        id=unique,
        cls=best.cls,
        label=best.label,
        known=False,
        confidence=round(min(0.99, best.confidence + 0.02 * (len(group) - 1)), 2),
        rule=best.rule,
        others=tuple(sorted(others)),
        lines=tuple(sorted({reading.lines(n.span) for n in group})),
    )
