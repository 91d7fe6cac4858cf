"""From likenesses to proposals: identifiers first, then names; accept, reject or unsure, always with the reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from campuskg.errors import Text
from campuskg.ingest.link.compare import STOPS, Likeness, compare, core
from campuskg.ingest.link.things import Thing

Decision = Literal["accept", "reject", "unsure"]
STRONG: Final = ("uai", "rorId", "siret")
"""Identifiers that belong to one body only: two bodies with different ones are two bodies."""
WEAK: Final = ("siren", "wikidataId")
"""Identifiers that several bodies may share: sites of one legal person, a university and its successor."""
ACCEPT: Final = 0.93
ALIKE: Final = 0.9
PROPOSE: Final = 0.72
MARGIN: Final = 0.04
_COMMON: Final = 400
"""A word that more curated names than this share finds no candidates by itself."""
RULES: Final = ("same-uai", "same-ror", "same-siret", "same-siren", "same-wikidata", "name")
"""What a proposal rests on: an identifier, or name, place and type; a weak identifier asks for the name as well."""
_NO_TYPE: Final = Text("type inconnu", "type unknown")
_NAMES: Final[Mapping[str, str]] = {"uai": "UAI", "rorId": "ROR", "siret": "SIRET", "siren": "SIREN", "wikidataId": "Wikidata"}


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal: an imported thing, a curated one, what to do and why."""

    imported: Thing
    curated: Thing
    decision: Decision
    score: float
    reasons: tuple[Text, ...]
    likeness: Likeness | None = None
    rule: str = "name"


def link(news: Sequence[Thing], known: Sequence[Thing]) -> list[Link]:
    """Return the proposals for *news* among *known*, sorted by imported id, best first. Same input, same answer."""
    by_identifier, by_word = _identifiers(known), _words(known)
    proposals: list[Link] = []
    for new in news:
        linked = list(_by_identifier(new, by_identifier))
        done = {proposal.curated.iri for proposal in linked}
        named = [] if any(p.decision == "accept" for p in linked) else _by_name(new, by_word, done)
        proposals += linked + named
    proposals = _one_each(proposals)
    return sorted(proposals, key=lambda p: (p.imported.iri, -p.score, p.curated.iri))


def _identifiers(known: Iterable[Thing]) -> Mapping[tuple[str, str], list[Thing]]:
    index: defaultdict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing in known:
        for name, values in thing.identifiers.items():
            for value in values:
                index[name, value].append(thing)
    return index


def _words(known: Iterable[Thing]) -> Mapping[str, list[Thing]]:
    """Return the curated things by the beginnings of the words of their names."""
    index: defaultdict[str, dict[str, Thing]] = defaultdict(dict)
    for thing in known:
        for key in _keys(thing):
            index[key][thing.iri] = thing
    return {key: list(things.values()) for key, things in index.items() if len(things) <= _COMMON}


def _keys(thing: Thing) -> set[str]:
    return {word[:4] for name in thing.names for word in core(name).split() if len(word) > 2 and word not in STOPS}  # noqa: PLR2004  "de" finds all


def _by_identifier(new: Thing, index: Mapping[tuple[str, str], list[Thing]]) -> Iterator[Link]:
    """Yield what the identifiers say."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    things: dict[str, Thing] = {}
    for name in (*STRONG, *WEAK):
        for value in sorted(new.identifiers.get(name, ())):
            for thing in index.get((name, value), ()):
                things[thing.iri] = thing
                found[thing.iri].append((name, value))
    strong = {iri for iri, shared in found.items() if any(name in STRONG for name, _ in shared)}
    for iri in sorted(found):
        thing, shared = things[iri], found[iri]
        reasons = tuple(Text(f"même {_NAMES[n]} : {v}", f"same {_NAMES[n]}: {v}") for n, v in shared)
        against, rule = _different(new, thing), "same-" + _NAMES[shared[0][0]].lower()
        if iri in strong and not against and len(strong) == 1:
            yield Link(new, thing, "accept", 1.0, reasons, rule=rule)
        elif iri in strong:
            several = () if len(strong) == 1 else (Text("plusieurs candidats ont le même", "several candidates share it"),)
            yield Link(new, thing, "unsure", 0.9, (*reasons, *against, *several), rule=rule)
        elif against:
            yield Link(new, thing, "reject", 0.3, (*reasons, *against), rule=rule)
        else:
            yield _weak(new, thing, reasons, rule)


def _weak(new: Thing, thing: Thing, reasons: tuple[Text, ...], rule: str) -> Link:
    """Return the proposal for a shared identifier that is not one body's alone: the names decide."""
    likeness = compare(new, thing)
    decision: Decision = "accept" if likeness.score >= ACCEPT else "unsure"
    return Link(new, thing, decision, max(likeness.score, 0.8), (*reasons, *_told(likeness)), likeness, rule)


def _different(new: Thing, thing: Thing) -> tuple[Text, ...]:
    """Return the identifiers that say that they are two bodies."""
    apart = []
    for name in STRONG:
        mine, theirs = new.identifiers.get(name, set()), thing.identifiers.get(name, set())
        if mine and theirs and not mine & theirs:
            shown = f"{min(mine)} ≠ {min(theirs)}"
            apart.append(Text(f"{_NAMES[name]} différents : {shown}", f"different {_NAMES[name]}: {shown}"))
    return tuple(apart)


def _by_name(new: Thing, index: Mapping[str, list[Thing]], done: set[str]) -> list[Link]:
    """Return the proposals by name, place and type: the best one, and those that come near it."""
    near = {thing.iri: thing for key in sorted(_keys(new)) for thing in index.get(key, ()) if thing.iri not in done}
    scored = [(compare(new, thing), thing) for thing in near.values()]
    scored = [(likeness, thing) for likeness, thing in scored if likeness.type != 0 and likeness.score >= PROPOSE]
    scored.sort(key=lambda pair: (-pair[0].score, pair[1].iri))
    links = []
    for place, (likeness, thing) in enumerate(scored[:3]):
        against = _different(new, thing)
        rival = scored[1][0].score if place == 0 and len(scored) > 1 else 0.0
        reasons = [*_told(likeness), *against]
        decision: Decision = "unsure"
        if against or place:
            decision = "reject" if against or likeness.score < scored[0][0].score - MARGIN else "unsure"
        elif likeness.score >= ACCEPT and likeness.place == 1.0 and likeness.name >= ALIKE and likeness.score - rival >= MARGIN:
            decision = "accept"
        elif rival and likeness.score - rival < MARGIN:
            reasons.append(Text("un autre candidat est aussi proche", "another candidate is as near"))
        links.append(Link(new, thing, decision, likeness.score, tuple(reasons), likeness))
    return links


def _told(likeness: Likeness) -> tuple[Text, ...]:
    """Return the parts of a score in words."""
    one, other = likeness.names
    told = [Text(f"noms : « {one} », « {other} » ({likeness.name:.2f})", f"names: '{one}', '{other}' ({likeness.name:.2f})")]
    places = {
        1.0: Text("même commune", "same town"),
        0.5: Text("même département", "same département"),
        0.0: Text("lieux différents", "different places"),
    }
    told.append(places[likeness.place] if likeness.place is not None else Text("lieu inconnu", "place unknown"))
    types = {
        1.0: Text("même type", "same type"),
        0.9: Text("type plus large", "wider type"),
        0.0: Text("types différents", "different types"),
        0.5: Text("types voisins", "neighbouring types"),
    }
    told.append(types.get(likeness.type, _NO_TYPE) if likeness.type is not None else _NO_TYPE)
    return tuple(told)


def _one_each(proposals: list[Link]) -> list[Link]:
    """Return the proposals where no two things of one file are accepted for the same curated thing by their names alone."""
    taken = Counter((_family(p.imported), p.curated.iri) for p in proposals if p.decision == "accept" and p.likeness)
    firm = {(_family(p.imported), p.curated.iri) for p in proposals if p.decision == "accept" and not p.likeness}
    best: dict[tuple[str, str], float] = {}
    for p in proposals:
        if p.decision == "accept" and p.likeness:
            key = (_family(p.imported), p.curated.iri)
            best[key] = max(best.get(key, 0.0), p.score)
    kept = []
    for p in proposals:
        key = (_family(p.imported), p.curated.iri)
        if p.decision == "accept" and p.likeness and (key in firm or taken[key] > 1):
            why = Text("d'autres choses importées lui sont aussi proches", "other imported things are as near to it")
            p = replace(p, decision="unsure", reasons=(*p.reasons, why))  # noqa: PLW2901  the same, doubted
        kept.append(p)
    return kept


def _family(thing: Thing) -> str:
    """Return what the ids of one dataset begin with."""
    return thing.id.partition("/")[2].rpartition("-")[0]
