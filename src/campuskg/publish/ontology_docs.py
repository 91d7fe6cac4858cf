"""The documentation of the ontology as a model: every term with its rules, counts, examples and the questions that use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish.ontology_examples import Example, Examples
from campuskg.publish.ontology_shapes import Rule, Shapes, shapes
from campuskg.publish.ontology_terms import ONTOLOGY, OURS, Vocabulary, compact, local, vocabulary
from campuskg.queries import Query, catalogue
from campuskg.queries.tokens import code
from campuskg.release import Release

LAYERS: Final = ("facts", "claims", "sources", "inferred", "vocabulary")
"""The layers of the dataset, in the order in which they are explained."""


@dataclass(frozen=True, slots=True)
class About:
    """What the ontology says of itself."""

    title: str
    description: str
    version: str
    version_iri: str
    prior: str
    issued: str
    licence: str
    creators: tuple[str, ...]
    prefix: str
    namespace: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: its IRI, how many codes it has, which properties take them."""

    iri: str
    codes: int
    properties: tuple[str, ...]
    shape: str
    """The shape that checks that a value is one of its codes; empty where there is none."""


class OntologyDocs:
    """The documentation of the ontology with what one release shows of it; without a release, only the terms."""

    def __init__(self, release: Release | None) -> None:
        """Read the files; count in *release*."""
        self.terms: Vocabulary = vocabulary()
        self.shapes: Shapes = shapes()
        self.digest = release.digest if release else ""
        self._statistics = release.statistics() if release else {}
        self._examples = Examples(release, self.terms) if release else None
        self._found: dict[str, Example | None] = {}
        _ = self.queries  # read now: a worker opens no files

    @property
    def names(self) -> Sequence[str]:
        """The IRIs of all our terms: classes, then properties."""
        return (*self.terms.classes, *self.terms.properties)

    def find(self, kind: str, name: str) -> str:
        """Return the IRI of the ``class`` or ``property`` with the local *name*; empty where there is none."""
        iri = OURS + name
        return iri if iri in (self.terms.classes if kind == "class" else self.terms.properties) else ""

    def about(self, lang: Lang) -> About:
        """Return what the ontology says of itself in *lang*."""
        terms = self.terms
        creators = [terms.text(iri, "foaf:name", lang) for iri in terms.iris(ONTOLOGY, "dcterms:creator")]
        return About(
            terms.text(ONTOLOGY, "dcterms:title", lang),
            terms.text(ONTOLOGY, "dcterms:description", lang),
            terms.text(ONTOLOGY, "owl:versionInfo", lang),
            next(iter(terms.iris(ONTOLOGY, "owl:versionIRI")), ONTOLOGY),
            next(iter(terms.iris(ONTOLOGY, "owl:priorVersion")), ""),
            terms.text(ONTOLOGY, "dcterms:issued", lang),
            next(iter(terms.iris(ONTOLOGY, "dcterms:license")), ""),
            tuple(creators),
            terms.text(ONTOLOGY, "vann:preferredNamespacePrefix", lang),
            terms.text(ONTOLOGY, "vann:preferredNamespaceUri", lang),
        )

    def count(self, iri: str) -> int:
        """Return how many things of the release are directly of a class, or how many triples have a property."""
        groups = (self._statistics.get(group, {}) for group in ("classes", "properties"))
        return sum(group.get(compact(iri), 0) for group in groups)

    def total(self, cls: str) -> int:
        """Return how many things of the release are of a class or of one below it."""
        if self._examples is None:
            return 0
        found = self._examples.instances
        things = {iri for sub in self.terms.down(cls) for iri in found.get(sub, ())}
        return sum(1 for iri in things if not iri.startswith(_CODES))

    def codes(self, cls: str) -> int:
        """Return how many codes of code lists are of a class."""
        found = self._examples.instances.get(cls, ()) if self._examples else ()
        return sum(1 for iri in found if iri.startswith(_CODES))

    def layers(self) -> Mapping[str, int]:
        """Return the layers of the dataset and the statements of each."""
        return {name: self._statistics.get("layers", {}).get(name, 0) for name in LAYERS}

    @cached_property
    def queries(self) -> Mapping[str, Sequence[Query]]:
        """The questions of the catalogue that use each term of ours."""
        found: defaultdict[str, list[Query]] = defaultdict(list)
        for query in catalogue().values():
            for name in sorted({token.text for token in code(query.sparql) if token.text.startswith("cmq:")}):
                found[expand(name)].append(query)
        return dict(found)

    def asked(self, iri: str) -> list[Query]:
        """Return the questions that use a property, or a class itself or through a property that is only of that class."""
        own = self._only.get(iri, ())
        found = {query.name: query for name in (iri, *own) for query in self.queries.get(name, ())}
        return [found[name] for name in sorted(found)]

    @cached_property
    def _only(self) -> Mapping[str, Sequence[str]]:
        """The properties that are of one class only, by that class."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for prop in self.terms.properties:
            domain = self.terms.domain(prop)
            if len(domain) == 1:
                found[domain[0]].append(prop)
        return dict(found)

    def example(self, iri: str) -> Example | None:
        """Return the example of a term of ours; None where the release has none."""
        if self._examples is None:
            return None
        if iri not in self._found:
            is_class = iri in self.terms.classes
            self._found[iri] = self._examples.of_class(iri) if is_class else self._examples.of_property(iri)
        return self._found[iri]

    def rules(self, iri: str) -> list[Rule]:
        """Return the rules that name a class as their target, or those on the values of a property."""
        return self.shapes.of_class(iri) if self.terms.kind(iri) == "class" else self.shapes.of_property(iri)

    def code_lists(self) -> list[CodeList]:
        """Return the code lists with the properties that take their codes."""
        checks = {scheme: shape for shape, scheme in self.shapes.membership_shapes().items()}
        taken: defaultdict[str, list[str]] = defaultdict(list)
        for prop in (*self.terms.properties, *self.terms.reused_properties):
            for scheme in self.terms.iris(prop, "cmq:codeList"):
                taken[scheme].append(prop)
        return [
            CodeList(iri, len(self.terms.having("skos:inScheme", iri)), tuple(taken[iri]), checks.get(iri, ""))
            for iri in self.terms.schemes
        ]

    def reused(self) -> Sequence[str]:
        """Return the terms of other vocabularies that the data use or that a shape is about, classes first."""
        return self._reused

    @cached_property
    def _reused(self) -> tuple[str, ...]:
        found = (*self.terms.reused_classes, *self.terms.reused_properties)
        return tuple(iri for iri in found if self.count(iri) or self.rules(iri))


_CODES: Final = ONTOLOGY.removesuffix("ontology") + "scheme/"


def term_path(terms: Vocabulary, iri: str) -> str:
    """Return the address of the page of one of our terms.

    Classes and properties are kept apart: ``Indicator`` and ``indicator`` would be one file on a disk that ignores case.
    """
    return f"/ontology/{'class' if terms.kind(iri) == 'class' else 'property'}/{local(iri)}"


def ontology_docs(release: Release | None) -> OntologyDocs:
    """Return the documentation of *release*, made once in each process."""
    digest = release.digest if release else ""
    if digest not in _MADE:
        _MADE[digest] = OntologyDocs(release)
    return _MADE[digest]


_MADE: Final[dict[str, OntologyDocs]] = {}
