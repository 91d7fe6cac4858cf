"""What the gap finder found again of links that were hidden from it: the figures that its benchmark wrote, where they ship."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from campuskg.errors import Lang
from campuskg.publish import words


@dataclass(frozen=True, slots=True)
class Measured:
    """One way to suggest, and how often it was right."""

    name: str
    recall: str
    rank: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How links were hidden, in which release, and what each way found again."""

    hidden: str
    release: str
    methods: Sequence[Measured]


@cache
def _figures() -> Mapping[str, Any] | None:
    """Return what the benchmark wrote; None where it does not ship."""
    found = resources.files("campuskg.analysis").joinpath("evaluation.json")
    if not found.is_file():
        return None
    loaded: Mapping[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return loaded


def evaluation(lang: Lang) -> Evaluation | None:
    """Return the figures in words; None where they are not at hand."""
    figures = _figures()
    if figures is None:
        return None
    methods = [
        Measured(
            one["label"][lang],
            words.percent(str(round(100 * one["recall@20"], 1)), lang),
            words.number(str(round(one["mrr"], 2)), lang, 2),
        )
        for one in figures["methods"].values()
    ]
    return Evaluation(figures["hidden"][lang], figures["release"][:12], methods)
