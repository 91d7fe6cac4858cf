"""The terms of the ontology as its documentation needs them: labels, definitions, hierarchy, alignments, code lists."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from typing import Final

import pyoxigraph as ox

from campuskg import ontology
from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import expand, vocabulary_files

OURS: Final = BASE_IRI + "ontology#"
ONTOLOGY: Final = BASE_IRI + "ontology"
_PROPERTY_KINDS: Final = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
_ALIGNED: Final = (
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "skos:exactMatch",
    "skos:closeMatch",
)

Value = ox.NamedNode | ox.Literal | ox.BlankNode

compact = lru_cache(maxsize=4096)(ontology.compact)
"""The compact form of a term: asked for the same few hundred terms thousands of times a page."""


class Vocabulary:
    """The vocabulary layer as written in the Turtle files."""

    def __init__(self) -> None:
        """Read the terms, their alignments and the code lists."""
        self._about: defaultdict[tuple[str, str], list[Value]] = defaultdict(list)
        self._to: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for path in vocabulary_files():
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
                self._add(quad.triple)

    def _add(self, triple: ox.Triple) -> None:
        subject, value = _key(triple.subject), triple.object
        if isinstance(value, ox.Triple):
            return
        self._about[subject, triple.predicate.value].append(value)
        if not isinstance(value, ox.Literal):
            self._to[_key(value), triple.predicate.value].append(subject)

    def iris(self, subject: str, name: str) -> list[str]:
        """Return the IRIs that *subject* has for the property *name* (compact), sorted by their compact form."""
        found = {value.value for value in self._about.get((subject, expand(name)), ()) if isinstance(value, ox.NamedNode)}
        return sorted(found, key=compact)

    def having(self, name: str, value: str) -> list[str]:
        """Return the subjects that have *value* for the property *name*, sorted by their compact form."""
        return sorted(set(self._to.get((value, expand(name)), ())), key=compact)

    def text(self, subject: str, name: str, lang: Lang) -> str:
        """Return the literal of *subject* for *name* in *lang*, or without language; empty where there is none."""
        found = {v.language or "": v.value for v in self._about.get((subject, expand(name)), ()) if isinstance(v, ox.Literal)}
        return found.get(lang) or found.get("", "")

    def label(self, iri: str, lang: Lang) -> str:
        """Return the label of a term or a code list in *lang*, or its compact name."""
        return self.text(iri, "rdfs:label", lang) or self.text(iri, "skos:prefLabel", lang) or compact(iri)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Our classes, by name."""
        return tuple(self._ours(["owl:Class"]))

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Our properties, by name."""
        return tuple(self._ours(_PROPERTY_KINDS))

    @cached_property
    def reused_classes(self) -> tuple[str, ...]:
        """The classes of other vocabularies that the ontology names."""
        return tuple(iri for iri in self.having("rdf:type", expand("owl:Class")) if not iri.startswith(OURS))

    @cached_property
    def reused_properties(self) -> tuple[str, ...]:
        """The properties of other vocabularies that the ontology names."""
        found = {iri for kind in _PROPERTY_KINDS for iri in self.having("rdf:type", expand(kind))}
        return tuple(sorted((iri for iri in found if not iri.startswith(OURS)), key=compact))

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """The code lists, by name."""
        return tuple(self.having("rdf:type", expand("skos:ConceptScheme")))

    def _ours(self, kinds: Iterable[str]) -> list[str]:
        found = {iri for kind in kinds for iri in self.having("rdf:type", expand(kind)) if iri.startswith(OURS)}
        return sorted(found, key=lambda iri: (local(iri).casefold(), local(iri)))

    def kind(self, iri: str) -> str:
        """Return ``class``, ``object``, ``datatype`` or ``annotation``."""
        types = [compact(found) for found in self.iris(iri, "rdf:type")]
        found = next((kind for kind in _PROPERTY_KINDS if kind in types), "owl:Class")
        return found.removeprefix("owl:").removesuffix("Property").lower()

    def is_symmetric(self, iri: str) -> bool:
        """Tell whether a property is declared symmetric."""
        return expand("owl:SymmetricProperty") in self.iris(iri, "rdf:type")

    def supers(self, iri: str) -> list[str]:
        """Return the direct super-classes or super-properties."""
        return self.iris(iri, "rdfs:subClassOf") + self.iris(iri, "rdfs:subPropertyOf")

    def subs(self, iri: str) -> list[str]:
        """Return the direct sub-classes or sub-properties."""
        return self.having("rdfs:subClassOf", iri) + self.having("rdfs:subPropertyOf", iri)

    @cache  # noqa: B019  one vocabulary lives as long as the process
    def up(self, iri: str) -> frozenset[str]:
        """Return a term and all that it specialises."""
        return frozenset(_closure(iri, self.supers))

    @cache  # noqa: B019  one vocabulary lives as long as the process
    def down(self, iri: str) -> frozenset[str]:
        """Return a term and all that specialises it."""
        return frozenset(_closure(iri, self.subs))

    def domain(self, iri: str) -> list[str]:
        """Return the classes whose things may have the property."""
        return sorted({*self.iris(iri, "rdfs:domain"), *self.iris(iri, "schema:domainIncludes")}, key=compact)

    def range(self, iri: str) -> list[str]:
        """Return the classes or datatypes of the property's values."""
        return sorted({*self.iris(iri, "rdfs:range"), *self.iris(iri, "schema:rangeIncludes")}, key=compact)

    def inverses(self, iri: str) -> list[str]:
        """Return the inverses, whichever side states it."""
        return sorted({*self.iris(iri, "owl:inverseOf"), *self.having("owl:inverseOf", iri)}, key=compact)

    def in_domain_of(self, cls: str) -> list[str]:
        """Return our properties that name *cls* as their domain."""
        return self._by_class[0].get(cls, [])

    def in_range_of(self, cls: str) -> list[str]:
        """Return our properties that name *cls* as their range."""
        return self._by_class[1].get(cls, [])

    @cached_property
    def _by_class(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Our properties by domain and by range."""
        domains: defaultdict[str, list[str]] = defaultdict(list)
        ranges: defaultdict[str, list[str]] = defaultdict(list)
        for iri in self.properties:
            for found, classes in ((domains, self.domain(iri)), (ranges, self.range(iri))):
                for cls in classes:
                    found[cls].append(iri)
        return dict(domains), dict(ranges)

    def alignments(self, iri: str) -> Iterator[tuple[str, str]]:
        """Yield the relation (compact name) and the term of each alignment with another vocabulary."""
        for name in _ALIGNED:
            yield from ((name, other) for other in self.iris(iri, name) if not other.startswith(BASE_IRI))

    def disjoint(self, iri: str) -> list[str]:
        """Return the classes declared disjoint with *iri* (``owl:AllDisjointClasses``)."""
        return sorted({other for group in self._disjoint if iri in group for other in group} - {iri}, key=compact)

    @cached_property
    def _disjoint(self) -> list[frozenset[str]]:
        """The groups of disjoint classes."""
        groups = self._to.get((expand("owl:AllDisjointClasses"), expand("rdf:type")), ())
        return [frozenset(self._members(group)) for group in groups]

    def _members(self, group: str) -> Iterator[str]:
        node = next(iter(self._about[group, expand("owl:members")]), None)
        while isinstance(node, ox.BlankNode):
            first, rest = (self._about[_key(node), expand(name)] for name in ("rdf:first", "rdf:rest"))
            yield from (value.value for value in first if isinstance(value, ox.NamedNode))
            node = next(iter(rest), None)

    def triples(self, iri: str) -> list[ox.Triple]:
        """Return what the files say of a term."""
        subject = ox.NamedNode(iri)
        return [ox.Triple(subject, ox.NamedNode(p), o) for p in self._named.get(iri, ()) for o in self._about[iri, p]]

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """The properties that are stated of each subject, in the order of the files."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for subject, predicate in self._about:
            found[subject].append(predicate)
        return dict(found)


def local(iri: str) -> str:
    """Return the name of a term of ours without its namespace, which is its anchor; of another's, its compact form with a dash.

    >>> local("https://w3id.org/cmq/ontology#Campus"), local("http://www.w3.org/ns/org#Organization")
    ('Campus', 'org-Organization')
    """
    return iri.removeprefix(OURS) if iri.startswith(OURS) else compact(iri).replace(":", "-", 1)


def _closure(iri: str, step: Callable[[str], Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [iri]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo.extend(step(current))
    return seen


def _key(node: Value | ox.Triple) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, read once."""
    return Vocabulary()
