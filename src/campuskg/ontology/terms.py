"""The terms of the ontology, read from Turtle: classes, properties, code lists."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from campuskg.content import BASE_IRI, content

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"

CMQ_IRI = BASE_IRI + "ontology#"


class Namespace:
    """The closed namespace of our ontology: a misspelt term raises AttributeError instead of making a new IRI."""

    def __getattr__(self, name: str) -> ox.NamedNode:
        """Return the term *name* as a node."""
        if name.startswith("__") or name not in load_terms().names:
            raise AttributeError(f"the ontology has no term {name!r}")
        return ox.NamedNode(CMQ_IRI + name)


CMQ = Namespace()


@dataclass(frozen=True, slots=True)
class Property:
    """One property of the ontology or one that it reuses."""

    iri: str
    kind: str
    """``object``, ``datatype`` or ``annotation``."""
    domains: frozenset[str]
    ranges: frozenset[str]
    code_lists: frozenset[str]


@dataclass(frozen=True, slots=True)
class OntologyTerms:
    """What the engine needs to know of the ontology."""

    names: frozenset[str]
    """Local names of our own terms."""
    classes: frozenset[str]
    properties: Mapping[str, Property]
    parents: Mapping[str, frozenset[str]]
    """Direct superclasses, by class."""
    labels: Mapping[str, Mapping[str, str]] = field(repr=False)
    """Term or concept -> language -> label."""
    concepts: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Concept scheme -> its concepts, sorted."""

    def ancestors(self, cls: str) -> frozenset[str]:
        """Return *cls* and all its superclasses."""
        seen: set[str] = set()
        todo = [cls]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo.extend(self.parents.get(current, ()))
        return frozenset(seen)

    def is_statement(self, cls: str) -> bool:
        """Tell whether nodes of *cls* carry their own evidence (qualified statements)."""
        return CMQ_IRI + "QualifiedStatement" in self.ancestors(cls)


def vocabulary_files() -> list[Path]:
    """Return the Turtle files that make the vocabulary layer: terms, alignments, code lists."""
    folder = content("ontology")
    return [folder / "campus.ttl", folder / "alignments.ttl", *sorted((folder / "codelists").glob("*.ttl"))]


def _triples() -> Iterator[ox.Triple]:
    for path in vocabulary_files():
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            yield quad.triple


_KINDS = {OWL + "ObjectProperty": "object", OWL + "DatatypeProperty": "datatype", OWL + "AnnotationProperty": "annotation"}


@cache
def load_terms() -> OntologyTerms:
    """Read the ontology and the code lists once."""
    objects: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    labels: defaultdict[str, dict[str, str]] = defaultdict(dict)
    subjects: set[str] = set()
    for s, p, o in _triples():
        if not isinstance(s, ox.NamedNode):
            continue
        subjects.add(s.value)
        if isinstance(o, ox.NamedNode):
            objects[s.value, p.value].add(o.value)
        elif isinstance(o, ox.Literal) and p.value in (RDFS + "label", SKOS + "prefLabel"):
            labels[s.value][o.language or ""] = o.value
    types = {s: objects[s, RDF + "type"] for s in subjects}
    properties = {
        s: Property(
            iri=s,
            kind=kind,
            domains=frozenset(objects[s, RDFS + "domain"] | objects[s, SCHEMA + "domainIncludes"]),
            ranges=frozenset(objects[s, RDFS + "range"] | objects[s, SCHEMA + "rangeIncludes"]),
            code_lists=frozenset(objects[s, CMQ_IRI + "codeList"]),
        )
        for s in sorted(subjects)
        for kind in [next((_KINDS[t] for t in sorted(types[s]) if t in _KINDS), None)]
        if kind
    }
    concepts: defaultdict[str, list[str]] = defaultdict(list)
    for s in sorted(subjects):
        for scheme in objects[s, SKOS + "inScheme"]:
            concepts[scheme].append(s)
    return OntologyTerms(
        names=frozenset(s.removeprefix(CMQ_IRI) for s in subjects if s.startswith(CMQ_IRI)),
        classes=frozenset(s for s in subjects if OWL + "Class" in types[s]),
        properties=properties,
        parents={s: frozenset(objects[s, RDFS + "subClassOf"]) for s in subjects},
        labels=dict(labels),
        concepts={scheme: tuple(members) for scheme, members in sorted(concepts.items())},
    )
