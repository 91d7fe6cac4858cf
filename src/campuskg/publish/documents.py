"""Which document answers for each IRI that we publish, and what it says: so that every IRI resolves.

An IRI of ours is the base, a path, and perhaps a fragment. The path names the document: ``id/organisation/ensmm``,
``scheme/funding-stage/granted``, ``ontology``, ``graph/facts``, ``query/contradictions``, ``dataset``.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI, content
from campuskg.ontology import expand
from campuskg.publish.dcat import Publication, catalogue
from campuskg.publish.void import void
from campuskg.release import Release
from campuskg.release.description import Describer
from campuskg.release.layers import LAYERS, graph_name

_FILES: Final = {
    "ontology": "campus.ttl",
    "ontology/alignments": "alignments.ttl",
    "ontology/prefixes": "prefixes.ttl",
}
"""Documents that are files of the ontology as they stand."""
_METADATA: Final = frozenset({"", "catalogue", "dataset"})
_OURS: Final = ("id/", "scheme/", "graph/", "query/", "dataset/", "ontology/")


def path_of(iri: str) -> str | None:
    """Return the path of the document that answers for *iri*; None when the IRI is not ours.

    >>> path_of("https://w3id.org/cmq/ontology#Campus"), path_of("https://example.org/")
    ('ontology', None)
    """
    return iri.removeprefix(BASE_IRI).partition("#")[0] if iri.startswith(BASE_IRI) else None


class Documents:
    """The documents of one published release."""

    def __init__(self, release: Release, publication: Publication) -> None:
        """Prepare for *release*, published as *publication* says."""
        self._release = release
        self._publication = publication
        self._describer = Describer(release)

    def paths(self) -> list[str]:
        """Return the path of every document that an IRI of the dataset or of its metadata needs, sorted."""
        described = [*self._metadata, *(triple for some in self._queries.values() for triple in some)]
        terms = (term for quad in self._quads for term in (quad.subject, quad.predicate, quad.object))
        others = (term for t in described for term in (t.subject, t.predicate, t.object))
        iris = {term.value for each in (terms, others) for term in each if isinstance(term, ox.NamedNode)}
        iris |= {graph_name(layer).value for layer in LAYERS}
        paths = {path for iri in iris if (path := path_of(iri)) is not None}
        return sorted(path for path in paths if path in _METADATA | _FILES.keys() or path.startswith(_OURS))

    def triples(self, path: str) -> list[ox.Triple]:
        """Return what the document at *path* says, in no order; an empty list when there is no such document."""
        if path in _FILES:
            return [q.triple for q in ox.parse(path=content("ontology") / _FILES[path], format=ox.RdfFormat.TURTLE)]
        if path.startswith("id/"):
            return self._entity(BASE_IRI + path)
        if path in _METADATA or path.startswith("dataset/"):
            return _about(BASE_IRI + path, self._metadata) if path.startswith("dataset/") else self._metadata
        if path.startswith("query/"):
            return self._queries.get(BASE_IRI + path, [])
        if path.startswith("graph/"):
            return self._layer(path.removeprefix("graph/"))
        return self._code(BASE_IRI + path)

    def _entity(self, iri: str) -> list[ox.Triple]:
        """Return the facts about a thing, the statements that involve it, what others say of it, and the passages."""
        facts = graph_name("facts")
        incoming = {q.triple for q in self._release.store.to(ox.NamedNode(iri)) if q.graph_name == facts}
        return list(self._describer.triples(iri) | incoming)

    def _code(self, iri: str) -> list[ox.Triple]:
        """Return what is said of a code, a code list or a version of the ontology, with the codes of a list."""
        store, node = self._release.store, ox.NamedNode(iri)
        found = [q.triple for q in store.about(node)]
        within = {expand("skos:inScheme"), expand("owl:priorVersion"), expand("owl:versionIRI")}
        members = [q.triple for q in store.to(node) if q.predicate.value in within]
        label = expand("skos:prefLabel")
        names = (
            q.triple
            for t in members
            if isinstance(t.subject, ox.NamedNode)
            for q in store.about(t.subject)
            if q.predicate.value == label
        )
        return _sorted([*found, *members, *names])

    def _layer(self, name: str) -> list[ox.Triple]:
        if name not in LAYERS:
            return []
        graph, part = graph_name(name), ox.NamedNode(f"{self._publication.dataset.value}#{name}")
        count = [t.object for t in self._metadata if t.subject == part and t.predicate.value == expand("void:triples")]
        return _sorted(
            [
                ox.Triple(graph, ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("sd:Graph"))),
                ox.Triple(graph, ox.NamedNode(expand("dcterms:isPartOf")), self._publication.dataset),
                *(ox.Triple(graph, ox.NamedNode(expand("void:triples")), number) for number in count),
            ]
        )

    @cached_property
    def _quads(self) -> list[ox.Quad]:
        """What is published: the layers, without the quotations that a release at hand may hold."""
        published = {graph_name(layer) for layer in LAYERS}
        return [quad for quad in self._release.store.quads() if quad.graph_name in published]

    @cached_property
    def _metadata(self) -> list[ox.Triple]:
        sizes = void(self._publication.dataset, self._release.store)
        return _sorted([*catalogue(self._publication), *sizes])

    @cached_property
    def _queries(self) -> dict[str, list[ox.Triple]]:
        """What names each query or a fragment of it."""
        from campuskg.queries.executables import catalogue_triples

        found: dict[str, list[ox.Triple]] = {}
        for triple in _sorted(catalogue_triples()):
            nodes = (node.value for node in (triple.subject, triple.object) if isinstance(node, ox.NamedNode))
            for iri in {value.partition("#")[0] for value in nodes}:
                found.setdefault(iri, []).append(triple)
        return found

    def metadata(self) -> list[ox.Triple]:
        """Return the catalogue (DCAT-AP) with the sizes and links of the dataset (VoID)."""
        return self._metadata


def _about(iri: str, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples that name *iri* or a fragment of it."""
    nodes = ((t, node.value) for t in triples for node in (t.subject, t.object) if isinstance(node, ox.NamedNode))
    return _sorted(triple for triple, value in nodes if value.partition("#")[0] == iri)


def _sorted(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    return sorted(set(triples), key=str)
