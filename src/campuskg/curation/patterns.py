"""The rules of ``patterns.toml``, compiled."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from campuskg.curation.gazetteer import fold_name

_PART: Final = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True)
class EntityRule:
    """How the name of a thing of one class looks."""

    name: str
    cls: str
    pattern: re.Pattern[str]
    full: bool
    """Whether the label keeps the kind word (*Lycée X*) or is the name alone."""
    confidence: float
    accents: bool
    """Whether the pattern reads the text with its accents."""
    nested: bool
    """Whether the name may lie inside another candidate (a town in the name of a school)."""


@dataclass(frozen=True, slots=True)
class RelationRule:
    """Which words between or around two kinds of things make a candidate statement."""

    name: str
    kind: str
    """``participation``, ``mandate``, ``funding``, ``location`` or ``training``."""
    words: re.Pattern[str]
    code: str
    """Role or stage, as curators write it."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Patterns:
    """All the rules."""

    entities: tuple[EntityRule, ...]
    relations: tuple[RelationRule, ...]
    figures: tuple[tuple[str, re.Pattern[str]], ...]
    """Kinds of dates and figures, the most precise first."""
    dropped: frozenset[str]
    """Words that are no name."""
    attendance: re.Pattern[str]
    attendance_titles: int
    expansions: Mapping[str, str]
    """First word of an expanded acronym -> class."""
    diploma: re.Pattern[str]


@cache
def load_patterns() -> Patterns:
    """Read ``patterns.toml`` once."""
    raw = tomllib.loads(files("campuskg.curation").joinpath("patterns.toml").read_text(encoding="utf-8"))
    parts: Mapping[str, str] = raw["parts"]
    leave = raw["leave"]
    return Patterns(
        entities=tuple(_entity_rule(rule, parts) for rule in raw["rules"]),
        relations=tuple(_relation_rule(rule) for rule in raw["relations"]),
        figures=tuple((rule["name"], re.compile(expand_parts(rule["pattern"], parts))) for rule in raw["figures"]),
        dropped=frozenset(fold_name(word) for word in leave["words"]),
        attendance=re.compile(leave["attendance"]),
        attendance_titles=leave["attendance_titles"],
        expansions=raw["expansions"],
        diploma=re.compile(expand_parts("{DIPLOMA}", parts)),
    )


def expand_parts(pattern: str, parts: Mapping[str, str]) -> str:
    """Return *pattern* with its ``{NAME}`` parts written out; KeyError for an unknown part (a fault of ours).

    >>> expand_parts("le {NAME}", {"NAME": "{CAP}+", "CAP": "[A-Z]"})
    'le [A-Z]+'
    """
    while _PART.search(pattern):
        pattern = _PART.sub(lambda m: parts[m[1]], pattern)
    return pattern


def _entity_rule(raw: Mapping[str, Any], parts: Mapping[str, str]) -> EntityRule:
    written = expand_parts(raw["pattern"], parts)
    return EntityRule(
        name=raw["name"],
        cls=raw["type"],
        pattern=re.compile(r"(?<!\w)" + written),
        full=raw["label"] == "full",
        confidence=raw["confidence"],
        accents=raw.get("on") == "text",
        nested=raw.get("nested", False),
    )


def _relation_rule(raw: Mapping[str, Any]) -> RelationRule:
    return RelationRule(raw["name"], raw["kind"], re.compile(raw["words"]), raw.get("code", ""), raw["confidence"])
