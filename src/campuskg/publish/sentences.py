"""Facts and qualified statements as plain sentences in French and English, by the patterns of ``sentences.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

import pyoxigraph as ox

from campuskg.errors import Lang
from campuskg.ontology import compact, expand
from campuskg.publish import words
from campuskg.publish.values import shown
from campuskg.release.names import NameIndex

Facts = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]
"""The values of each property (compact name) of one node."""

_PART: Final = re.compile(r"\[([^\]]*)\]")
_SLOT: Final = re.compile(r"\{([^}]*)\}")
_DATES: Final = ("validFrom", "validUntil", "fromPrecision", "untilPrecision")


def facts_of(triples: Iterable[ox.Triple | ox.Quad]) -> dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Return the facts of each subject of *triples*, in a fixed order."""
    found: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in sorted(triples, key=str):
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, (ox.NamedNode, ox.Literal)):
            found.setdefault(subject, {}).setdefault(compact(triple.predicate.value), []).append(value)
    return found


class Sentences:
    """Says statements in one language, with the names of one release."""

    def __init__(self, names: NameIndex, lang: Lang) -> None:
        """Speak *lang*, with *names*."""
        self._names = names
        self._lang: Lang = lang
        self._colon = " : " if lang == "fr" else ": "

    def statement(self, facts: Facts) -> str:
        """Return a qualified statement as a sentence; what its class has no pattern for is listed property by property."""
        pattern = next((p for cls in _classes(facts) if (p := _patterns().get(cls))), None)
        if pattern is None:
            return " · ".join(self.fact(name, value) for name, values in facts.items() if _telling(name) for value in values)
        by_name = {name.partition(":")[2]: (name, values) for name, values in facts.items()}
        said = _PART.sub(lambda match: self._fill(match[1], by_name, optional=True), pattern[self._lang])
        return self._fill(said, by_name, optional=False)

    def fact(self, name: str, value: ox.NamedNode | ox.Literal) -> str:
        """Return ``property: value`` for the property *name* (compact)."""
        return f"{self.property(name)}{self._colon}{self.value(name, value)}"

    def property(self, name: str) -> str:
        """Return the label of the property *name* (compact)."""
        return self._names.name(expand(name), self._lang)

    def value(self, name: str, value: ox.NamedNode | ox.Literal) -> str:
        """Return one value of the property *name* (compact)."""
        return shown(expand(name), value, self._names, self._lang)

    def thing(self, node: ox.NamedNode) -> str:
        """Return the name of *node*."""
        return self._names.name(node.value, self._lang)

    def _fill(self, text: str, facts: Mapping[str, tuple[str, Sequence[ox.NamedNode | ox.Literal]]], *, optional: bool) -> str:
        missing = False

        def value(match: re.Match[str]) -> str:
            nonlocal missing
            found = self._period(facts) if match[1] == "period" else ""
            for key in match[1].split("|"):
                if not found and key in facts:
                    name, values = facts[key]
                    found = ", ".join(self.value(name, one) for one in values)
            missing = missing or not found
            return found or "?"

        said = _SLOT.sub(value, text)
        return "" if optional and missing else said

    def _period(self, facts: Mapping[str, tuple[str, Sequence[ox.NamedNode | ox.Literal]]]) -> str:
        first, last, from_precision, until_precision = (facts[key][1][0].value if key in facts else "" for key in _DATES)
        return words.period(first, last, self._lang, (from_precision or "day", until_precision or "day"))


def _classes(facts: Facts) -> list[str]:
    return [compact(value.value).partition(":")[2] for value in facts.get("rdf:type", ()) if isinstance(value, ox.NamedNode)]


def _telling(name: str) -> bool:
    return name not in ("rdf:type", "cmq:sourcePassage")


@cache
def _patterns() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("campuskg.publish").joinpath("sentences.toml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return loaded
