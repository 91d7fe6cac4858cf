"""The rules of the gap finder as data: ``gaps.toml``, with weights that a reader may change."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from campuskg.errors import Text, UsageProblem, nearest


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its weight and its words."""

    name: str
    weight: float
    label: Text
    about: Text


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, and what they are about."""

    rules: Mapping[str, Rule]
    km: float
    rare: float
    much: float
    categories: Mapping[str, tuple[str, ...]]
    category_words: Mapping[str, Text]
    complementary: Mapping[frozenset[str], float]
    """Pair of categories (one, when both are the same) -> how well they complete each other, 0 to 1."""

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return sum(rule.weight for rule in self.rules.values())

    def adjusted(self, weights: Mapping[str, float] | None = None, km: float | None = None) -> "Rules":
        """Return the rules with other *weights* or distance; UsageProblem for a rule that is not there or a senseless number."""
        given = dict(weights or {})
        for name, weight in given.items():
            if name not in self.rules:
                raise UsageProblem("rule-unknown", name=name, known=nearest(name, self.rules) or ", ".join(self.rules))
            if not 0 <= weight <= 1000:  # noqa: PLR2004  false for what is no number, too
                raise UsageProblem("rule-weight", name=name, value=weight)
        if km is not None and not 0 < km < math.inf:
            raise UsageProblem("rule-distance", value=km)
        rules = {name: replace(rule, weight=given.get(name, rule.weight)) for name, rule in self.rules.items()}
        if not any(rule.weight for rule in rules.values()):
            raise UsageProblem("rule-none")
        return replace(self, rules=rules, km=self.km if km is None else km)


@cache
def default_rules() -> Rules:
    """Return the rules as the file has them."""
    text = resources.files("campuskg.analysis").joinpath("gaps.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    rules = {
        name: Rule(name, one["weight"], Text(one["fr"], one["en"]), Text(one["about_fr"], one["about_en"]))
        for name, one in told["rules"].items()
    }
    return Rules(
        rules,
        told["options"]["km"],
        told["options"]["rare"],
        told["options"]["much"],
        {name: tuple(classes) for name, classes in told["categories"].items()},
        {name: Text(words["fr"], words["en"]) for name, words in told["category_words"].items()},
        {frozenset(pair.split("-")): value for pair, value in told["complementary"].items()},
    )
