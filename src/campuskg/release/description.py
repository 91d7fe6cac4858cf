"""All that a release says of one thing, each fact with its evidence: what ``campuskg show`` and, later, pages print."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from campuskg.ontology import CMQ, expand, load_terms
from campuskg.release.layers import ID, claim_iri, graph_name
from campuskg.release.opened import Release

_NAMES = ("skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "cmq:acronym")
_TYPE = expand("rdf:type")
_EXACT = expand("oa:exact")
_SUBJECT, _PREDICATE, _OBJECT = (expand(f"rdf:{name}") for name in ("subject", "predicate", "object"))


@dataclass(frozen=True, order=True, slots=True)
class Evidence:
    """One passage that proves a fact."""

    source: str
    locator: str
    quote: str = ""
    path: str = ""
    """The id of the passage, such as ``passage/gbm-2022/304-306``."""

    def __str__(self) -> str:
        """Return the form that curators write."""
        return f"{self.source}:{self.locator}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and a value, with evidence; *rank* is the code of the rank."""

    property: str
    value: ox.NamedNode | ox.Literal
    evidence: tuple[Evidence, ...] = ()
    rank: str = "normal"


@dataclass(frozen=True, slots=True)
class StatementView:
    """A qualified statement that involves the thing: its class, the property that links, its other properties."""

    iri: str
    cls: str
    link: str
    facts: tuple[Fact, ...]
    evidence: tuple[Evidence, ...]


@dataclass(slots=True)
class Description:
    """All that a release says of one thing."""

    iri: str
    types: list[str] = field(default_factory=list)
    names: list[Fact] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    statements: list[StatementView] = field(default_factory=list)
    incoming: list[Fact] = field(default_factory=list)
    """Facts of other things whose value is this one; ``value`` is the other thing."""

    def __bool__(self) -> bool:
        """Tell whether the release says anything."""
        return bool(self.types or self.facts or self.statements or self.incoming or self.names)


class Describer:
    """Describes things of one release."""

    def __init__(self, release: Release) -> None:
        """Prepare for *release*."""
        self._store = release.store
        self._terms = load_terms()
        self._facts = graph_name("facts")
        self._inferred = graph_name("inferred")
        self._label_predicates = {expand(name) for name in _NAMES}
        self._passage_of, self._row, self._rank = CMQ.sourcePassage, CMQ.rowKey.value, CMQ.rank.value  # asked for very often

    def describe(self, iri: str) -> Description:
        """Return the description of *iri*; an empty one when nothing is known."""
        node = ox.NamedNode(iri)
        found = Description(iri)
        claims = self._claims(node)
        for quad in sorted(self._store.about(node), key=str):
            predicate, value = quad.predicate.value, quad.object
            if not isinstance(value, (ox.NamedNode, ox.Literal)) or quad.graph_name == self._inferred:
                continue
            if predicate == _TYPE:
                found.types.append(value.value)
            elif predicate != self._passage_of.value and (predicate, value) not in claims:
                found.facts.append(Fact(predicate, value, self.evidence(node) if self._is_statement(node) else ()))
        for (predicate, value), (evidence, rank) in claims.items():
            if predicate != _TYPE:
                target = found.names if predicate in self._label_predicates else found.facts
                target.append(Fact(predicate, value, evidence, rank))
        self._around(node, found)
        return found

    def triples(self, iri: str) -> set[ox.Triple]:
        """Return the facts about *iri*, the statements that involve it and the passages that prove them."""
        node = ox.NamedNode(iri)
        nodes = {node, *(q.subject for q in self._store.to(node) if self._is_statement(q.subject))}
        found = {q.triple for n in nodes if isinstance(n, ox.NamedNode) for q in self._store.about(n)}
        passage = self._passage_of
        passages = {t.object for t in found if t.predicate == passage}
        found |= {q.triple for p in passages if isinstance(p, ox.NamedNode) for q in self._store.about(p)}
        return found

    def evidence(self, node: ox.NamedNode) -> tuple[Evidence, ...]:
        """Return the passages that prove the statement or claim *node*."""
        wanted = self._passage_of
        passages = (q.object for q in self._store.about(node) if q.predicate == wanted)
        return tuple(sorted({self.passage(passage) for passage in passages if isinstance(passage, ox.NamedNode)}))

    def passage(self, passage: ox.NamedNode) -> Evidence:
        """Return one *passage*."""
        source, locator = passage.value.removeprefix(ID + "passage/").split("/", 1)
        quote = ""
        for quad in self._store.about(passage):
            predicate = quad.predicate.value
            if predicate == self._row and isinstance(quad.object, ox.Literal):
                locator = quad.object.value
            elif predicate == _EXACT and isinstance(quad.object, ox.Literal):
                quote = " ".join(quad.object.value.split())
        return Evidence(source, locator, quote, passage.value.removeprefix(ID))

    def _claims(self, node: ox.NamedNode) -> dict[tuple[str, ox.NamedNode | ox.Literal], tuple[tuple[Evidence, ...], str]]:
        found: dict[tuple[str, ox.NamedNode | ox.Literal], tuple[tuple[Evidence, ...], str]] = {}
        subjects = (q.subject for q in self._store.to(node) if q.predicate.value == _SUBJECT)
        for claim in sorted((c for c in subjects if isinstance(c, ox.NamedNode)), key=str):
            parts: dict[str, ox.NamedNode | ox.Literal] = {
                q.predicate.value: q.object for q in self._store.about(claim) if isinstance(q.object, (ox.NamedNode, ox.Literal))
            }
            if self._rank not in parts:
                continue  # an inference: it has no rank
            rank = parts[self._rank].value.rsplit("/", 1)[-1]
            key = (parts[_PREDICATE].value, parts[_OBJECT])
            found[key] = (self.evidence(claim), rank)
        return found

    def _around(self, node: ox.NamedNode, found: Description) -> None:
        for quad in sorted(self._store.to(node), key=str):
            other, predicate = quad.subject, quad.predicate.value
            if quad.graph_name != self._facts or not isinstance(other, ox.NamedNode):
                continue
            if self._is_statement(other):
                found.statements.append(self._view(other, predicate, node))
            else:
                claim = next(iter(self._claim_of(quad)), None)
                found.incoming.append(Fact(predicate, other, self.evidence(claim) if claim else ()))

    def _claim_of(self, quad: ox.Quad) -> Iterable[ox.NamedNode]:
        claim = claim_iri(quad.triple)
        if any(True for _ in self._store.about(claim)):
            yield claim

    def _view(self, statement: ox.NamedNode, link: str, node: ox.NamedNode) -> StatementView:
        cls, facts = "", []
        for quad in sorted(self._store.about(statement), key=str):
            predicate, value = quad.predicate.value, quad.object
            if quad.graph_name != self._facts or not isinstance(value, (ox.NamedNode, ox.Literal)):
                continue
            if predicate == _TYPE:
                cls = value.value
            elif predicate != self._passage_of.value and not (predicate == link and value == node):
                facts.append(Fact(predicate, value))
        return StatementView(statement.value, cls, link, tuple(facts), self.evidence(statement))

    def _is_statement(self, node: object) -> bool:
        return node in self._statements

    @cached_property
    def _statements(self) -> frozenset[object]:
        """The qualified statements of the release: asked for so often that they are found once."""
        classes = {cls for cls in self._terms.classes if self._terms.is_statement(cls)}
        return frozenset(
            q.subject
            for q in self._store.matching(_TYPE)
            if q.graph_name == self._facts and isinstance(q.object, ox.NamedNode) and q.object.value in classes
        )


def grouped(facts: Iterable[Fact]) -> dict[str, Sequence[Fact]]:
    """Return *facts* by property, in the order of the properties' names."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.property].append(fact)
    return dict(sorted(groups.items()))
