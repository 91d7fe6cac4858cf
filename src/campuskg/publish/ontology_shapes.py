"""The shapes (SHACL, https://www.w3.org/TR/shacl/) as rules in plain words: how many values a property has, and which."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI, content
from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.ontology_terms import Value, Vocabulary, compact, vocabulary
from campuskg.publish.ontology_words import said

_SCHEME: Final = BASE_IRI + "scheme/"
_PATTERNS: Final = {
    r"^\d{9}$": "nine_digits",
    r"^\d{14}$": "fourteen_digits",
    r"^\d{7}[A-Z]$": "uai_form",
    r"^0[a-z0-9]{6}\d{2}$": "ror_form",
    "^(day|month|year)$": "precision_form",
}
"""Patterns of the shapes -> the key of their words; another pattern is shown as it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that a shape states: of which property of which things, and its own message where it is broken."""

    shape: str
    path: str
    """The property; empty for a rule that a SPARQL query states."""
    parts: Mapping[str, tuple[Value, ...]]
    """The constraint components: local name of the SHACL property -> values."""
    targets: tuple[str, ...]
    """The classes whose things it holds for."""
    subjects_of: tuple[str, ...]
    """The properties whose subjects it holds for."""

    @property
    def severity(self) -> str:
        """The severity: Violation unless the shape says otherwise (SHACL 2.1.4)."""
        return compact(self._iri("severity") or expand("sh:Violation")).removeprefix("sh:")

    @property
    def scheme(self) -> str:
        """The code list that the values come from; empty where there is none."""
        return self._iri("scheme")

    @property
    def value_class(self) -> str:
        """The class of the values; empty where any will do."""
        return self._iri("class")

    def message(self, lang: Lang) -> str:
        """Return the shape's own message in *lang*."""
        found = {v.language: v.value for v in self.parts.get("message", ()) if isinstance(v, ox.Literal)}
        return found.get(lang, "")

    def count(self, lang: Lang) -> str:
        """Return how many values there are, in words."""
        words, least, most = said(lang), self._number("minCount"), self._number("maxCount")
        if least and least == most:
            return words["exactly_one"] if least == 1 else words["exactly"].format(n=least)
        if least and most:
            return words["from_to"].format(least=least, most=most)
        if least:
            return words["at_least_one"] if least == 1 else words["at_least"].format(n=least)
        if most:
            return words["at_most_one"] if most == 1 else words["at_most"].format(n=most)
        return words["any_number"]

    def kind(self, lang: Lang, terms: Vocabulary) -> str:
        """Return which values there may be, in words; empty where the shape says nothing of it."""
        return ", ".join(self._kinds(lang, terms))

    def _kinds(self, lang: Lang, terms: Vocabulary) -> Iterator[str]:
        words = said(lang)
        if self.value_class:
            yield terms.label(self.value_class, lang)
        if self.scheme:
            yield words["code_of"].format(list=terms.label(self.scheme, lang))
        if found := self._iri("datatype"):
            yield words.get(compact(found).replace(":", "_"), compact(found))
        if "hasValue" in self.parts:
            yield words["always"].format(value=", ".join(compact(v.value) for v in self.parts["hasValue"]))
        least, most = (_plain(self.parts.get(name, ())) for name in ("minInclusive", "maxInclusive"))
        if least or most:
            key = "between" if least and most else "from_on" if least else "up_to"
            yield words[key].format(least=least, most=most)
        if pattern := _plain(self.parts.get("pattern", ())):
            yield words[_PATTERNS[pattern]] if pattern in _PATTERNS else words["pattern"].format(pattern=pattern)
        if "uniqueLang" in self.parts:
            yield words["one_per_language"]

    def sentence(self, lang: Lang, terms: Vocabulary) -> str:
        """Return the rule as one sentence; of a rule without a property, its message."""
        if not self.path:
            return self.message(lang)
        count, kind = self.count(lang), self.kind(lang, terms)
        return f"{terms.label(self.path, lang)}{said(lang)['colon']} {count}" + (f", {kind}" if kind else "")

    def _iri(self, name: str) -> str:
        return next((value.value for value in self.parts.get(name, ()) if isinstance(value, ox.NamedNode)), "")

    def _number(self, name: str) -> int:
        return int(_plain(self.parts.get(name, ())) or 0)


class Shapes:
    """The rules of all shapes, by what they hold for."""

    def __init__(self) -> None:
        """Read the shapes."""
        about: defaultdict[str, defaultdict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for path in sorted((content("ontology") / "shapes").glob("*.ttl")):
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
                if not isinstance(quad.object, ox.Triple):
                    about[_name(quad.subject)][compact(quad.predicate.value)].append(quad.object)
        self._about = about
        self.members = dict(self._memberships())
        self.rules = tuple(self._rules())

    def of_class(self, cls: str) -> list[Rule]:
        """Return the rules that name *cls* itself as their target."""
        return [rule for rule in self.rules if cls in rule.targets]

    def inherited(self, cls: str, terms: Vocabulary) -> list[tuple[str, Rule]]:
        """Return the rules that hold for *cls* because it specialises another class, with that class; each rule once."""
        own = {rule.shape for rule in self.of_class(cls)}
        found: dict[str, tuple[str, Rule]] = {}
        general_first = sorted(terms.up(cls) - {cls}, key=lambda parent: (len(terms.up(parent)), compact(parent)))
        for parent in general_first:
            for rule in self.of_class(parent):
                if rule.shape not in own:
                    found.setdefault(rule.shape, (parent, rule))
        return list(found.values())

    def of_property(self, iri: str) -> list[Rule]:
        """Return the rules on the values of a property, and those on whatever has it."""
        return [rule for rule in self.rules if rule.path == iri or iri in rule.subjects_of]

    def _rules(self) -> Iterator[Rule]:
        for shape, parts in sorted(self._about.items()):
            if expand("sh:NodeShape") not in {_name(value) for value in parts["rdf:type"]}:
                continue
            targets = tuple(sorted((_name(v) for v in parts.get("sh:targetClass", ())), key=compact))
            subjects_of = tuple(sorted(_name(v) for v in parts.get("sh:targetSubjectsOf", ())))
            for held in sorted(_name(v) for v in (*parts.get("sh:property", ()), *parts.get("sh:sparql", ()))):
                if shape not in self.members:
                    yield self._rule(held, targets, subjects_of)
            if "sh:or" in parts:  # its message says it: the alternatives are no rules of their own
                yield self._rule(shape, targets, subjects_of)

    def _rule(self, shape: str, targets: tuple[str, ...], subjects_of: tuple[str, ...]) -> Rule:
        parts = {name.removeprefix("sh:"): tuple(values) for name, values in self._about[shape].items()}
        schemes = tuple(ox.NamedNode(self.members[_name(v)]) for v in parts.get("node", ()) if _name(v) in self.members)
        path = next((_name(value) for value in parts.get("path", ())), "")
        return Rule(shape, path, parts | ({"scheme": schemes} if schemes else {}), targets, subjects_of)

    def _memberships(self) -> Iterator[tuple[str, str]]:
        """Yield each node shape that only says « a code of that list », with the list."""
        for shape, parts in self._about.items():
            for held in parts.get("sh:property", ()):
                inner = self._about[_name(held)]
                if [compact(_name(v)) for v in inner.get("sh:path", ())] == ["skos:inScheme"]:
                    yield from ((shape, _name(v)) for v in inner.get("sh:hasValue", ()) if _name(v).startswith(_SCHEME))

    def property_shapes(self) -> set[str]:
        """Return the IRI of every property shape of the files that is a rule of its own, not an alternative of another."""
        kind = expand("sh:PropertyShape")
        found = {shape for shape, parts in self._about.items() if kind in {_name(v) for v in parts.get("rdf:type", ())}}
        return found - {_name(one) for parts in self._about.values() for one in parts.get("rdf:first", ())}

    def membership_shapes(self) -> dict[str, str]:
        """Return the property shapes that say « a code of that list » -> the list."""
        return {_name(held): scheme for shape, scheme in self.members.items() for held in self._about[shape]["sh:property"]}


def _plain(values: Iterable[Value]) -> str:
    return next((re.sub(r"\.0$", "", value.value) for value in values), "")


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


@cache
def shapes() -> Shapes:
    """Return the shapes, read once."""
    vocabulary()
    return Shapes()
