"""Real examples for the documentation: of each class a small, well-proved instance, of each property a triple and its proof."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import CMQ, expand, prefixes
from campuskg.publish.drawn import address
from campuskg.publish.ontology_terms import Vocabulary
from campuskg.publish.ontology_turtle import Piece, heads, lines
from campuskg.release import Release
from campuskg.release.layers import ID, claim_iri, graph_name

_MOST: Final = 11
"""Triples of an example: with the line of its subject, twelve lines."""
_LEAST: Final = 3
_COMPARED: Final = 500
"""Instances of a class that are compared, taken at equal distances from all: some have a hundred thousand."""
_LONG: Final = 120
_RANK: Final[Mapping[object, int]] = {
    graph_name(layer): rank for rank, layer in enumerate(("facts", "inferred", "sources", "claims", "vocabulary"))
}
"""Which layer an example is taken from first."""
_PASSAGE: Final = ID + "passage/"
_SUBJECT: Final = expand("rdf:subject")
_TYPE: Final = expand("rdf:type")
_NAME: Final = expand("skos:prefLabel")
_INFERRED: Final = graph_name("inferred")


@dataclass(frozen=True, slots=True)
class Example:
    """Some triples of the release as Turtle, whose they are, and the passages that prove them."""

    subject: str
    triples: tuple[ox.Triple, ...]
    passages: tuple[str, ...]
    left_out: int = 0
    """How many triples of the instance are not shown."""

    @property
    def heads(self) -> str:
        """The prefix lines."""
        return heads(self.triples)

    @property
    def lines(self) -> Sequence[Sequence[Piece]]:
        """The lines of Turtle, in pieces."""
        return lines(self.triples)

    @property
    def turtle(self) -> str:
        """The whole as text."""
        return self.heads + "\n" + "\n".join("".join(piece.text for piece in line) for line in self.lines) + "\n"

    @property
    def path(self) -> str:
        """The address of the subject."""
        return address(self.subject)

    def locators(self, most: int = 3) -> list[Piece]:
        """Return the first passages as curators write them, such as ``gbm-2022:254-256``, with their addresses."""
        return [Piece(locator(iri), address(iri)) for iri in self.passages[:most]]


def locator(passage: str) -> str:
    """Return the short form of a passage's IRI.

    >>> locator("https://w3id.org/cmq/id/passage/gbm-2022/254-256")
    'gbm-2022:254-256'
    """
    return passage.removeprefix(_PASSAGE).replace("/", ":", 1)


class Examples:
    """The examples of one release; the choice is the same in every run."""

    def __init__(self, release: Release, terms: Vocabulary) -> None:
        """Prepare for *release*."""
        self._store = release.store
        self._terms = terms

    def of_class(self, cls: str) -> Example | None:
        """Return the example of a class, or of a class below it when it has no instance of its own."""
        direct = self.instances.get(cls) or set()
        below = {iri for sub in self._terms.down(cls) for iri in self.instances.get(sub, ())}
        things = direct or below
        if not things:
            return None
        own = set(self._terms.in_domain_of(cls))
        known = sorted(things)
        subject = max(known[:: len(known) // _COMPARED + 1], key=lambda iri: self._merit(iri, own))
        triples = self._stated(subject)
        shown = tuple(triples[:_MOST])
        return Example(subject, shown, self.passages(subject), len(triples) - len(shown))

    def _merit(self, subject: str, own: set[str]) -> tuple[bool, bool, int, int, int]:
        """Return what makes an instance a good example: short, no long text, many of its class's *own* properties, proofs."""
        triples = self._chosen(subject)
        long = any(isinstance(t.object, ox.Literal) and len(t.object.value) > _LONG for t in triples)
        proofs = self._proofs[subject]
        documents = {iri.removeprefix(_PASSAGE).partition("/")[0] for iri in proofs}
        fits = _LEAST <= len(triples) <= _MOST
        properties = len({t.predicate.value for t in triples} & own)
        return fits, not long, properties if fits else -len(triples), len(documents), len(proofs)

    def of_property(self, iri: str) -> Example | None:
        """Return the example triple of a property, with what proves it."""
        wanted = self._terms.text(iri, "vann:example", "en")
        ranked = [(_RANK[q.graph_name], q) for q in self._store.matching(iri) if isinstance(q.subject, ox.NamedNode)]
        first = min((rank for rank, _ in ranked), default=0)
        best = min((quad for rank, quad in ranked if rank == first), key=lambda quad: self._order(quad, wanted), default=None)
        return Example(_iri(best.subject), (best.triple,), self._proof(best.triple)) if best else None

    @staticmethod
    def _order(quad: ox.Quad, wanted: str) -> tuple[bool, bool, str, str]:
        value = _iri(quad.object)
        return not _is(value, wanted), len(value) > _LONG, str(quad.subject), value

    @cached_property
    def instances(self) -> dict[str, set[str]]:
        """The instances of each class: things, and the codes of code lists."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for quad in self._store.matching(expand("rdf:type")):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith((ID, BASE_IRI + "scheme/")):
                found[_iri(quad.object)].add(quad.subject.value)
        return dict(found)

    @cached_property
    def _proofs(self) -> defaultdict[str, set[str]]:
        """The passages of each statement, and of each thing through the claims about it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for quad in self._store.matching(CMQ.sourcePassage.value):
            found[_iri(quad.subject)].add(_iri(quad.object))
        claims = graph_name("claims")
        about = [(_iri(q.object), _iri(q.subject)) for q in self._store.matching(expand("rdf:subject")) if q.graph_name == claims]
        for thing, claim in about:
            found[thing] |= found[claim]
        return found

    def passages(self, subject: str) -> tuple[str, ...]:
        """Return the passages that prove what is said of *subject*, sorted; of a passage, itself."""
        if subject.startswith(_PASSAGE):
            return (subject,)
        return tuple(sorted(self._proofs.get(subject, ())))

    def _stated(self, subject: str) -> list[ox.Triple]:
        """Return what is stated of *subject*, types and names first."""
        return sorted(self._chosen(subject), key=_by_interest)

    def _chosen(self, subject: str) -> set[ox.Triple]:
        """Return what is stated of *subject*; what was inferred only where nothing else is."""
        quads = list(self._store.about(ox.NamedNode(subject)))
        return {q.triple for q in quads if q.graph_name != _INFERRED} or {q.triple for q in quads}

    def _proof(self, triple: ox.Triple) -> tuple[str, ...]:
        """Return the passages of the claim or inference that holds *triple*, or those of its subject."""
        for holder in (claim_iri(triple).value, *self._inferences(triple)):
            if holder in self._proofs:
                return tuple(sorted(self._proofs[holder]))
        return self.passages(_iri(triple.subject))

    def _inferences(self, triple: ox.Triple) -> Iterator[str]:
        if isinstance(triple.subject, ox.NamedNode):
            about = (quad for quad in self._store.to(triple.subject) if quad.predicate.value == _SUBJECT)
            for quad in sorted(about, key=str):
                if self._is_of(quad.subject, triple):
                    yield _iri(quad.subject)

    def _is_of(self, holder: object, triple: ox.Triple) -> bool:
        if not isinstance(holder, ox.NamedNode):
            return False
        parts = {(q.predicate.value, q.object) for q in self._store.about(holder)}
        return {(expand("rdf:predicate"), triple.predicate), (expand("rdf:object"), triple.object)} <= parts


def _by_interest(triple: ox.Triple) -> tuple[bool, bool, bool, str]:
    name = triple.predicate.value
    typed, named = name == _TYPE, name == _NAME
    return not typed, not named, name == CMQ.sourcePassage.value, str(triple)


def _iri(term: object) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


def _is(value: str, wanted: str) -> bool:
    """Tell whether *value* is the example that the ontology itself gives: an id, a compact name or a text."""
    prefix, _, name = wanted.partition(":")
    return value in (wanted, ID + wanted, prefixes().get(prefix, "?") + name)
