"""What a release knows by name, and from which texts: the gazetteer of ``propose``, and what a benchmark holds out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.curation.gazetteer import Gazetteer, Name, fold_name
from campuskg.curation.relations import Candidate
from campuskg.graph.context import load_context
from campuskg.graph.minting import mint
from campuskg.ontology import prefixes
from campuskg.release import Release

_ID: Final = BASE_IRI + "id/"
_WEIGHTS: Final = {"prefLabel": 3, "altLabel": 2, "acronym": 2, "hiddenLabel": 1}
KINDS: Final = frozenset({"organisation", "person", "place", "programme", "project", "event", "qualification", "campus"})
"""Kinds of things that a text names; trainings, decisions, budgets and the like are statements in disguise."""

_OWNERS: Final = {
    "participations": ("Participation", "participant"),
    "functions": ("Mandate", "holder"),
    "fundings": ("Funding", "fundedItem"),
    "trainings": ("TrainingProgramme", "deliveredBy"),
}

_NAMES: Final = """
SELECT DISTINCT ?entity ?property ?name ?source WHERE {
  ?claim a cmq:Claim ; rdf:subject ?entity ; rdf:predicate ?property ; rdf:object ?name ; cmq:sourcePassage/oa:hasSource ?source .
  VALUES ?property { skos:prefLabel skos:altLabel skos:hiddenLabel cmq:acronym }
}"""
_CLASSES: Final = """
SELECT DISTINCT ?entity ?class WHERE { ?claim a cmq:Claim ; rdf:subject ?entity ; rdf:predicate rdf:type ; rdf:object ?class }"""
_PASSAGES: Final = """
SELECT DISTINCT ?entity ?source ?first ?last WHERE {
  ?entity cmq:sourcePassage ?passage . ?passage oa:hasSource ?source .
  OPTIONAL { ?passage cmq:startLine ?first ; cmq:endLine ?last }
}"""


@dataclass(frozen=True, slots=True)
class Known:
    """One entity of a release, as the gazetteer and the benchmark see it."""

    iri: str
    cls: str
    names: Mapping[str, tuple[int, frozenset[str]]]
    """Name -> how good it is, and the sources that prove it."""
    passages: Mapping[str, tuple[tuple[int, int], ...]]
    """Source -> first and last lines where it is named; no lines for rows of datasets."""

    @property
    def kind(self) -> str:
        """The kind segment of the id."""
        return self.iri.removeprefix(_ID).partition("/")[0]

    @property
    def id(self) -> str:
        """The id as curators write it."""
        return self.iri.removeprefix(_ID)


def known_entities(release: Release) -> dict[str, Known]:
    """Return the entities of *release* by IRI, those of ``KINDS`` only."""
    names: defaultdict[str, dict[str, tuple[int, frozenset[str]]]] = defaultdict(dict)
    passages: defaultdict[str, defaultdict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for entity, prop, name, source in _rows(release, _NAMES):
        if isinstance(name, ox.Literal) and name.language in (None, "fr", ""):
            weight, proofs = names[_text(entity)].get(name.value, (0, frozenset()))
            better = max(weight, _WEIGHTS[_text(prop).rpartition("#")[2]])
            names[_text(entity)][name.value] = (better, proofs | {_source(source)})
    for entity, source, first, last in _rows(release, _PASSAGES):
        lines = [(int(first.value), int(last.value))] if first is not None and last is not None else []
        passages[_text(entity)][_source(source)] += lines
    local = {iri: name for name, iri in load_context().classes.items()}
    found: dict[str, Known] = {}
    for entity, cls in _rows(release, _CLASSES):
        iri = _text(entity)
        if iri in names and _text(cls) in local:
            cited = {source: tuple(sorted(lines)) for source, lines in sorted(passages[iri].items())}
            found[iri] = Known(iri, local[_text(cls)], names[iri], cited)
    return {iri: entity for iri, entity in sorted(found.items()) if entity.kind in KINDS}


def text_sources(release: Release) -> frozenset[str]:
    """Return the ids of the sources that are texts (cited by lines)."""
    rows = _rows(release, "SELECT ?document WHERE { ?document a cmq:SourceDocument ; cmq:lineCount ?n }")
    return frozenset(_source(row[0]) for row in rows)


def gazetteer(release: Release, known_from: Collection[str] = ()) -> Gazetteer:
    """Return the names of *release*; with *known_from*, only what those texts (and datasets) make known.

    An entity is then known when one of those texts names it, or no text at all does. Of its names, those proven by another
    text alone are left out, but for the preferred one.
    """
    others = text_sources(release) - set(known_from) if known_from else frozenset[str]()
    names: list[Name] = []
    for entity in known_entities(release).values():
        cited = set(entity.passages)
        if cited & others and not cited & set(known_from):
            continue
        for text, (weight, proofs) in entity.names.items():
            own = not proofs <= others or weight == _WEIGHTS["prefLabel"]
            if own and len(fold_name(text)) > 1:
                names.append(Name(text, entity.iri, entity.cls, weight))
    return Gazetteer(names)


def already_stated(release: Release, candidate: Candidate) -> bool:
    """Tell whether *release* already holds *candidate*: it would get the IRI of a statement that is there."""
    values = dict(candidate.values)
    if candidate.key == "stated":
        triples = release.store.about(ox.NamedNode(_ID + candidate.subject))
        return any(_ID + value == _text_of(quad.object) for quad in triples for value in values.values())
    cls, link = _OWNERS[candidate.key]
    iri = mint(cls, values, (link, candidate.subject))
    return any(True for _ in release.store.about(ox.NamedNode(_ID + iri)))


def _text_of(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _rows(release: Release, query: str) -> list[tuple[ox.NamedNode | ox.Literal | ox.BlankNode | None, ...]]:
    answer = release.store.run(query, prefixes=prefixes())
    return list(getattr(answer, "rows", ()))


def _text(term: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> str:
    return term.value if term is not None else ""


def _source(term: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> str:
    return _text(term).rpartition("/document/")[2]
