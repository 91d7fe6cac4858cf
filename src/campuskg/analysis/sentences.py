"""Results of an analysis as plain sentences in French and English, by the patterns of ``words.toml``."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final

from campuskg.analysis.campuses import Isolated, Overlap
from campuskg.analysis.coverage import Cell
from campuskg.analysis.dependence import SinglePoint
from campuskg.analysis.gaps import Reason, Suggestion
from campuskg.analysis.measures import Bridge, Standing
from campuskg.analysis.money import Concentration
from campuskg.analysis.network import Link
from campuskg.analysis.paths import Path
from campuskg.analysis.rules import Rules, default_rules
from campuskg.errors import Lang, pick
from campuskg.release import NameIndex

_NARROW: Final = "\u202f"
_SHOWN: Final = 4
"""How many names of a list are said before "and n more"."""


@cache
def patterns() -> Mapping[str, Mapping[str, Mapping[Lang, str]]]:
    """Return the patterns: kind of result, case, language."""
    text = resources.files("campuskg.analysis").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Teller:
    """Says results in one language, with the names of one release."""

    def __init__(self, names: NameIndex, lang: Lang, rules: Rules | None = None, shown: int = _SHOWN) -> None:
        """Speak *lang* with *names*; lists are cut after *shown* names."""
        self._names = names
        self._lang: Lang = lang
        self._rules = rules or default_rules()
        self._shown = shown

    def name(self, iri: str) -> str:
        """Return the name of a thing, or the words of a category of the rules."""
        words = self._rules.category_words.get(iri)
        return pick(words, self._lang) if words else self._names.name(iri, self._lang)

    def listed(self, iris: Iterable[str]) -> str:
        """Return names as a list in words, cut when it is long."""
        names = [self.name(iri) for iri in iris]
        if len(names) > self._shown + 1:
            names = [*names[: self._shown], self.say("list", "more", n=len(names) - self._shown)]
            return ", ".join(names[:-1]) + " " + names[-1]
        if len(names) < 2:  # noqa: PLR2004
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.say('list', 'and')} {names[-1]}"

    def caveat(self, key: str) -> str:
        """Return one of the cautions."""
        return self.say("caveat", key)

    def proof(self, passages: Sequence[str]) -> str:
        """Return the passages as evidence; nothing for none."""
        return self.say("list", "proof", passages=", ".join(passages)) if passages else ""

    def link(self, link: Link) -> str:
        """Return what links two partners."""
        return self._counted("link", link.weight, a=self.name(link.a), b=self.name(link.b), via=self.listed(link.via))

    def path(self, path: Path) -> str:
        """Return a chain as a whole; its hops are said by ``hops``."""
        a, *between, b = path.nodes
        return self._counted("path", path.hops, a=self.name(a), b=self.name(b), between=self.listed(between))

    def hops(self, path: Path) -> list[str]:
        """Return each hop of a chain in the order of the chain."""
        told = []
        for node, link in zip(path.nodes, path.links, strict=False):
            other = link.other(node)
            via = self.listed(link.via)
            told.append(self._counted("link", link.weight, a=self.name(node), b=self.name(other), via=via))
        return told

    def standing(self, standing: Standing) -> str:
        """Return the place of a partner in the network."""
        if standing.betweenness is None:
            return self.say("standing", "unknown", node=self.name(standing.node))
        share = self.percent(100 * standing.betweenness)
        return self._counted("standing", standing.degree, node=self.name(standing.node), share=share)

    def bridge(self, bridge: Bridge) -> str:
        """Return what falls apart without a partner."""
        lost = self.listed(node for part in bridge.parts[1:] for node in part)
        return self._counted("bridge", bridge.cut_off, node=self.name(bridge.node), lost=lost)

    def community(self, number: int, group: Sequence[str]) -> str:
        """Return the group *number*, counted from 1."""
        return self._counted("community", len(group), number=number, names=self.listed(group))

    def concentration(self, one: Concentration) -> str:
        """Return how concentrated the funding of a holder is, and what is not known of it."""
        filled = {"holder": self.name(one.holder), "stage": lowered(self.name(one.stage)), "n": len(one.shares)}
        if one.total is None or one.hhi is None:
            told = [self.say("concentration", "unknown", **filled)]
        else:
            first = one.shares[0]
            share = self.percent(first.percent or 0)
            amounts = {"total": self.euro(one.total), "first": self.name(first.funder), "share": share}
            told = [self.say("concentration", "known", **filled, **amounts, hhi=self.number(one.hhi))]
        for case in ("unpriced", "unnamed"):
            if count := getattr(one, case):
                told.append(self.say("concentration", case, n=count))
        return " ".join(told)

    def single(self, point: SinglePoint) -> str:
        """Return what hangs by one funder, person or partner."""
        stage = lowered(self.name(point.stage)) if point.stage else ""
        told = {"node": self.name(point.node), "nodes": self.listed(point.nodes), "on": self.name(point.on), "stage": stage}
        return self.say("single", point.kind, n=len(point.nodes), **told)

    def isolated(self, one: Isolated) -> str:
        """Return a member that works with no other member."""
        case = "elsewhere" if one.elsewhere else "none"
        return self.say("isolated", case, node=self.name(one.node), campus=self.name(one.campus), n=one.elsewhere)

    def overlap(self, one: Overlap) -> str:
        """Return what two campuses have in common."""
        ends = {"a": self.name(one.a), "b": self.name(one.b)}
        if not one.shared:
            return self.say("overlap", "none", **ends)
        share = self.percent(100 * (one.share or 0))
        return self._counted("overlap", len(one.shared), **ends, shared=self.listed(one.shared), share=share)

    def cell(self, cell: Cell) -> str:
        """Return what a campus documents for a sector at a level or with a category, or that it documents nothing."""
        level, category = lowered(self.name(cell.level)) if cell.level else "", self.name(cell.category)
        filled = {"campus": self.name(cell.campus), "sector": self.name(cell.sector)}
        if cell.things:
            return self.say("coverage", "there", **filled, things=self.listed(cell.things), at=level or category)
        told = self.say("coverage", "level" if cell.level else "category", **filled, level=level, category=category)
        case = f"{cell.state}-{'level' if cell.level else 'category'}"
        return f"{told} {self.say('coverage', case, perhaps=self.listed(cell.perhaps))}"

    def reason(self, reason: Reason) -> str:
        """Return one reason, as part of a sentence."""
        kinds = [thing for thing in reason.things if thing in self._rules.category_words]
        others = [thing for thing in reason.things if thing not in kinds]
        case = reason.rule
        if reason.rule == "distance" and (reason.measure or 0) < 1:
            case = "same-place" if len(set(others)) == 1 else "near"
            others = others[:1]
        told = {"things": self.listed(kinds or others), "campuses": self.listed(others), "km": self.number(reason.measure or 0)}
        return self.say("reason", case, **told)

    def suggestion(self, one: Suggestion) -> str:
        """Return a suggestion with its reasons."""
        reasons = " ; " if self._lang == "fr" else "; "
        told = reasons.join(self.reason(reason) for reason in one.reasons)
        return self.say("suggestion", "pair", a=self.name(one.a), b=self.name(one.b), reasons=told)

    def unknown(self, one: Suggestion) -> str:
        """Return which rules could not be judged; nothing when all were."""
        labels = ", ".join(lowered(pick(self._rules.rules[rule].label, self._lang)) for rule in one.unknown)
        return self.say("reason", "unknown", rules=labels) if labels else ""

    def number(self, value: Decimal | float) -> str:
        """Return a whole number in the reader's manner."""
        shown = f"{value:,.0f}"
        return shown if self._lang == "en" else shown.replace(",", _NARROW)

    def percent(self, value: Decimal | float) -> str:
        """Return a percentage with one decimal."""
        return f"{value:.1f}%" if self._lang == "en" else f"{value:.1f}".replace(".", ",") + f"{_NARROW}%"

    def euro(self, value: Decimal) -> str:
        """Return an amount in euros, its cents only where there are any."""
        shown = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
        return f"€{shown}" if self._lang == "en" else shown.replace(",", _NARROW).replace(".", ",") + f"{_NARROW}€"

    def _counted(self, kind: str, n: int, **filled: object) -> str:
        return self.say(kind, "one" if n == 1 else "many", n=n, **filled)

    def say(self, kind: str, case: str, **filled: object) -> str:
        """Return one pattern, filled."""
        return patterns()[kind][case][self._lang].format_map(filled)


def lowered(text: str) -> str:
    """Return *text* as it stands inside a sentence: only its first letter is made small.

    >>> lowered("Niveau 3 (CAP)")
    'niveau 3 (CAP)'
    """
    return text[:1].lower() + text[1:]
