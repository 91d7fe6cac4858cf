"""The gap finder: partnerships that are not documented and that readable rules suggest, each with its reasons and their proof.

``benchmarks/gaps.py`` measures what it finds again of links that were hidden from it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, log1p

from campuskg.analysis.asked import Proofs, Source, in_order
from campuskg.analysis.network import Network
from campuskg.analysis.partnerships import network_of, participations
from campuskg.analysis.rules import Rules, default_rules
from campuskg.analysis.surroundings import Surroundings, category, kilometres, surroundings


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one rule speaks for a pair."""

    rule: str
    weight: float
    value: float
    """What the rule found, from 0 to 1."""
    things: tuple[str, ...] = ()
    """What it found: shared partners, sectors, campuses, places, or the names of two categories."""
    passages: tuple[str, ...] = ()
    """What proves it; empty for ``new``, which is about what no source tells."""
    measure: float | None = None
    """The figure to tell: kilometres for ``distance``, else None."""
    via: tuple[str, ...] = ()
    """The activities that make the partners shared."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two who have no documented partnership, and why they might have one."""

    a: str
    b: str
    score: float
    """Sum of weight times value over the sum of all weights, 0 to 1."""
    reasons: tuple[Reason, ...]
    """The strongest first."""
    unknown: tuple[str, ...]
    """Rules that could not be judged, since the sources say nothing: they gave nothing, which is not a no."""


@dataclass(frozen=True)
class Finder:
    """Judges pairs of one network in one set of surroundings."""

    network: Network
    around: Surroundings
    activities: Mapping[str, Proofs]
    rules: Rules

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Organisation -> its category in the rules, where it has one."""
        told = {thing: category(kinds, self.rules.categories) for thing, kinds in self.around.kinds.items()}
        return {thing: found for thing, found in told.items() if found}

    @cached_property
    def degrees(self) -> Mapping[str, int]:
        """Organisation -> its number of partners, where it has any."""
        return {node: len(partners) for node, partners in self.network.links_of.items() if partners}

    @cached_property
    def _pull(self) -> Mapping[str, float]:
        """Organisation -> what it is worth as a shared partner: the fewer partners, the more (Adamic and Adar 2003)."""
        return {node: 1 / log(degree) for node, degree in self.degrees.items() if degree > 1}

    @cached_property
    def _habit(self) -> Mapping[str, float]:
        """Organisation -> how used to partnerships it is, 0 to 1."""
        most = log1p(max(self.degrees.values(), default=1))
        return {node: log1p(degree) / most for node, degree in self.degrees.items()}

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """Sector -> what it is worth to share it: one that two have is worth 1."""
        counts: dict[str, int] = {}
        for found in self.around.sectors.values():
            for sector in found:
                counts[sector] = counts.get(sector, 0) + 1
        return {sector: 1 / (1 + max(count - 2, 0) / self.rules.rare) for sector, count in counts.items()}

    @cached_property
    def _campuses(self) -> Mapping[str, frozenset[str]]:
        """Organisation -> campuses that it takes part in; a campus takes part in itself."""
        found = {thing: frozenset(campuses) for thing, campuses in self.around.campuses.items()}
        own = {campus for campuses in found.values() for campus in campuses}
        return found | {campus: found.get(campus, frozenset()) | {campus} for campus in own}

    @cached_property
    def _met(self) -> frozenset[tuple[str, frozenset[str]]]:
        """Campus and pair of categories that some documented activity of its members brings together."""
        found: set[tuple[str, frozenset[str]]] = set()
        for proofs in self.activities.values():
            present = [(self._campuses.get(one, frozenset()), self.categories.get(one)) for one in proofs]
            for place, (campuses, kind) in enumerate(present):
                for others, other in present[place + 1 :]:
                    if kind and other:
                        found |= {(campus, frozenset((kind, other))) for campus in campuses & others}
        return frozenset(found)

    @cached_property
    def _judges(self) -> Mapping[str, Callable[[str, str], float | None]]:
        return {
            "partners": self._partners,
            "campus": self._campus,
            "sector": self._sector,
            "distance": self._distance,
            "category": self._category,
            "new": self._new,
            "active": self._active,
        }

    def value(self, rule: str, a: str, b: str) -> float | None:
        """Return what *rule* finds, 0 to 1; None where the sources do not say enough to judge."""
        return self._judges[rule](a, b)

    def score(self, a: str, b: str) -> float:
        """Return the score of a pair."""
        rules = self.rules.rules.values()
        return sum(rule.weight * (self.value(rule.name, a, b) or 0) for rule in rules if rule.weight) / self.rules.total

    def _partners(self, a: str, b: str) -> float | None:
        if a not in self.degrees or b not in self.degrees:
            return None
        pull = sum(self._worth(one, a, b) for one in self._shared(a, b))
        return pull / (self.rules.much + pull)

    def _worth(self, one: str, a: str, b: str) -> float:
        """Return what *one* is worth as a partner of both: the more, the fewer others it has and the more it does with each."""
        links = self.network.links_of
        return self._pull[one] * min(links[a][one].weight, links[b][one].weight)

    def _shared(self, a: str, b: str) -> Sequence[str]:
        one, other = self.network.links_of[a], self.network.links_of[b]
        return sorted(one.keys() & other.keys())

    def _campus(self, a: str, b: str) -> float | None:
        if a not in self._campuses or b not in self._campuses:
            return None
        return float(bool(self._campuses[a] & self._campuses[b]))

    def _sector(self, a: str, b: str) -> float | None:
        if a not in self.around.sectors or b not in self.around.sectors:
            return None
        rest = 1.0
        for sector in sorted(self.around.sectors[a].keys() & self.around.sectors[b].keys()):
            rest *= 1 - self._rarity[sector]
        return 1 - rest

    def _distance(self, a: str, b: str) -> float | None:
        if a not in self.around.points or b not in self.around.points:
            return None
        return max(0.0, 1 - kilometres(self.around.points[a], self.around.points[b]) / self.rules.km)

    def _category(self, a: str, b: str) -> float | None:
        if a not in self.categories or b not in self.categories:
            return None
        return self.rules.complementary.get(frozenset((self.categories[a], self.categories[b])), 0.0)

    def _new(self, a: str, b: str) -> float | None:
        campuses = self._campuses.get(a, frozenset()) & self._campuses.get(b, frozenset())
        if not campuses or not self._category(a, b):
            return None
        kinds = frozenset((self.categories[a], self.categories[b]))
        return float(all((campus, kinds) not in self._met for campus in campuses))

    def _active(self, a: str, b: str) -> float | None:
        if a not in self._habit or b not in self._habit:
            return None
        return self._habit[a] * self._habit[b]

    def suggestion(self, a: str, b: str) -> Suggestion:
        """Return a pair with its reasons and their proof."""
        reasons, unknown = [], []
        for rule in self.rules.rules.values():
            value = self.value(rule.name, a, b)
            if rule.weight and value is None:
                unknown.append(rule.name)
            elif rule.weight and value:
                reasons.append(self._reason(rule.name, rule.weight, value, (a, b)))
        reasons.sort(key=lambda reason: -reason.weight * reason.value)
        return Suggestion(a, b, self.score(a, b), tuple(reasons), tuple(unknown))

    def _reason(self, rule: str, weight: float, value: float, pair: tuple[str, str]) -> Reason:
        a, b = pair
        match rule:
            case "partners":
                return self._shared_partners(weight, value, pair)
            case "sector":
                return Reason(rule, weight, value, *self._in_common(self.around.sectors, pair))
            case "campus" | "new":
                shared = tuple(sorted(self._campuses[a] & self._campuses[b]))
                things = shared if rule == "campus" else (*shared, self.categories[a], self.categories[b])
                return Reason(rule, weight, value, things, self._membership(shared, pair) if rule == "campus" else ())
            case "distance":
                one, other = self.around.points[a], self.around.points[b]
                proof = in_order((*one.passages, *other.passages))
                return Reason(rule, weight, value, (one.place, other.place), proof, kilometres(one, other))
            case "category":
                return Reason(rule, weight, value, (self.categories[a], self.categories[b]))
        return Reason(rule, weight, value, measure=None)

    def _shared_partners(self, weight: float, value: float, pair: tuple[str, str]) -> Reason:
        """Return the partners that both have, the most telling first, with the activities and the proof of both links."""
        shared = sorted(self._shared(*pair), key=lambda one: (-self._worth(one, *pair), one))
        links = [self.network.links_of[end][one] for one in shared for end in pair]
        via = tuple(sorted({activity for link in links for activity in link.via}))
        return Reason("partners", weight, value, tuple(shared), in_order(p for link in links for p in link.passages), via=via)

    def _in_common(self, told: Mapping[str, Proofs], pair: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        one, other = (told[end] for end in pair)
        shared = tuple(sorted(one.keys() & other.keys()))
        return shared, in_order(p for thing in shared for p in (*one[thing], *other[thing]))

    def _membership(self, campuses: Iterable[str], pair: tuple[str, str]) -> tuple[str, ...]:
        found = (self.around.campuses.get(end, {}).get(campus, ()) for campus in campuses for end in pair)
        return in_order(p for passages in found for p in passages)

    def pairs(self, focus: str | None = None) -> Iterable[tuple[str, str]]:
        """Return who could be suggested: two who still exist, without a link, not one house, nor a campus and its own member.

        With a *focus*, only pairs around it, the end that is in the focus first.
        """
        things = sorted(self.around.kinds.keys() - self.around.former)
        near = self._around_focus(focus)
        for place, a in enumerate(things):
            partners = self.network.links_of.get(a, {})
            for b in things[place + 1 :]:
                if (near is None or a in near or b in near) and b not in partners and not self._together(a, b):
                    yield (b, a) if near is not None and a not in near else (a, b)

    def _together(self, a: str, b: str) -> bool:
        """Tell whether two are one house, or a campus and a member of it."""
        if frozenset((a, b)) in self.around.houses:
            return True
        return b in self.around.campuses.get(a, {}) or a in self.around.campuses.get(b, {})

    def _around_focus(self, focus: str | None) -> Collection[str] | None:
        """Return the focus itself; of a campus, its members too."""
        return None if focus is None else {focus} | self.around.members(focus)

    def best(self, focus: str | None = None, limit: int = 20) -> Sequence[Suggestion]:
        """Return the *limit* best suggestions; of equals, the first in the order of IRIs."""
        scored = ((round(self.score(a, b), 9), a, b) for a, b in self.pairs(focus))
        ranked = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1], one[2]))
        return [self.suggestion(a, b) for _, a, b in ranked[:limit]]


def finder(source: Source, rules: Rules | None = None) -> Finder:
    """Return the finder of a graph, with the network of all documented partnerships."""
    found = participations(source)
    return Finder(network_of(found), surroundings(source), found, rules or default_rules())


def gaps(source: Source, rules: Rules | None = None, focus: str | None = None, limit: int = 20) -> Sequence[Suggestion]:
    """Return the best suggestions of *source*; with a *focus* (an organisation, or a campus and its members) only around it."""
    return finder(source, rules).best(focus, limit)
