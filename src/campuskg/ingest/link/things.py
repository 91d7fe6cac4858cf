"""The organisations to match: their names, identifiers, places and types, from a release or from imported triples."""

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Place, Problem, ProblemsFound, no_file
from campuskg.graph.identifiers import IDENTIFIER_CHECKS
from campuskg.ontology import expand
from campuskg.release import Release
from campuskg.release.names import fold

ORGANISATION: Final = BASE_IRI + "id/organisation/"
_COMMUNE: Final = re.compile(re.escape(BASE_IRI) + r"id/place/commune-([0-9ab]+)$")
_NAMES: Final = {expand(f"skos:{name}Label") for name in ("pref", "alt", "hidden")} | {expand("cmq:acronym")}
IDENTIFIERS: Final[Mapping[str, str]] = {
    expand(f"cmq:{name}"): name for name in ("uai", "rorId", "siret", "siren", "wikidataId", "rncpCode")
}
_TYPE, _LOCATED, _ADDRESS = expand("rdf:type"), expand("cmq:locatedIn"), expand("cmq:address")
_CODE, _CLASSIFICATION, _PREFERRED = expand("cmq:inseeCode"), expand("org:classification"), expand("skos:prefLabel")
_PROOF, _MADE_BY, _IMPORT = expand("cmq:sourcePassage"), expand("prov:wasGeneratedBy"), BASE_IRI + "id/activity/import-"
_ARRONDISSEMENTS: Final[Mapping[str, str]] = {"751": "75056", "6938": "69123", "132": "13055"}
_OTHER_CODE: Final = expand("dcterms:identifier")
_READ: Final = _NAMES | set(IDENTIFIERS) | {_OTHER_CODE, _TYPE, _LOCATED, _ADDRESS, _CODE, _CLASSIFICATION}
_KINDS: Final[Mapping[str, str]] = {
    expand("cmq:Lycee"): "lycee",
    expand("cmq:College"): "college",
    expand("cmq:HigherEducationInstitution"): "higher",
    expand("cmq:ResearchUnit"): "research",
    expand("cmq:Company"): "company",
    expand("cmq:PublicBody"): "public",
    expand("cmq:EducationProvider"): "education",
    expand("cmq:TrainingCentre"): "training",
    expand("cmq:NonProfitAssociation"): "association",
    expand("cmq:ProfessionalBody"): "profession",
}
_BY_FIRST_WORD: Final[Mapping[str, str]] = {
    **dict.fromkeys(("lycee", "lyc", "lp", "lpo", "lgt", "legt"), "lycee"),
    **dict.fromkeys(("college", "clg", "coll"), "college"),
    **{f"{school} {stage}": "education" for school in ("ecole", "ec") for stage in ("maternelle", "elementaire", "primaire")},
    "universite": "higher",
    "greta": "training",
    "cfa": "training",
}


@dataclass(slots=True)
class Thing:
    """An organisation as it is known on one side."""

    iri: str
    label: str = ""
    names: set[str] = field(default_factory=set)
    identifiers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    communes: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Return the id without its base."""
        return self.iri.removeprefix(BASE_IRI + "id/")

    def without_identifiers(self) -> "Thing":
        """Return the same thing as if no register knew it: what a name matcher is judged on."""
        return Thing(
            self.iri, self.label, set(self.names), defaultdict(set), set(self.communes), set(self.towns), set(self.kinds)
        )


def curated(release: Release) -> list[Thing]:
    """Return the organisations of a release, sorted by IRI; those that came in with an import are left out."""
    triples: list[ox.Triple] = []
    proofs: list[tuple[str, str]] = []
    rows: set[str] = set()
    for quad in release.store.quads():
        predicate = quad.predicate.value
        if predicate in _READ:
            triples.append(quad.triple)
        elif predicate == _PROOF and isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
            proofs.append((quad.subject.value, quad.object.value))
        elif predicate == _MADE_BY and str(quad.object).startswith(f"<{_IMPORT}"):
            rows.add(str(quad.subject)[1:-1])
    brought = {thing for thing, passage in proofs if passage in rows}
    return [thing for thing in _things(triples) if thing.iri not in brought]


def imported(files: Iterable[Path]) -> list[Thing]:
    """Return the organisations of N-Triples files, sorted by IRI; ProblemsFound for a file that is none."""
    return _things(triple for file in files for triple in _triples(file))


def _triples(file: Path) -> Iterator[ox.Triple]:
    try:
        with _open(file) as data:
            for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES):
                if quad.predicate.value in _READ:
                    yield quad.triple
    except (FileNotFoundError, IsADirectoryError) as error:
        raise no_file(file) from error
    except (SyntaxError, OSError, EOFError, zlib.error) as error:
        line = getattr(error, "lineno", None) or 1
        raise ProblemsFound(
            [Problem("link-triples", Place(str(file), line), {"file": file.name, "reason": str(error)})]
        ) from error


def _open(file: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file)) if file.suffix == ".gz" else file.open("rb")


def _things(triples: Iterable[ox.Triple]) -> list[Thing]:
    found: dict[str, Thing] = {}
    codes: dict[str, str] = {}
    towns: defaultdict[str, set[str]] = defaultdict(set)
    located: defaultdict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if not isinstance(triple.subject, ox.NamedNode) or isinstance(triple.object, ox.BlankNode | ox.Triple):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object.value
        if subject.startswith(ORGANISATION):
            _read(found.setdefault(subject, Thing(subject)), predicate, value)
            if predicate == _LOCATED:
                located[subject].add(value)
        elif predicate == _CODE:
            codes[subject] = value
        elif predicate in _NAMES:
            towns[subject].add(value)
    for iri, places in located.items():
        for place in sorted(places):
            _place(found[iri], place, codes.get(place, ""), towns.get(place, set()))
    named = [_finished(thing) for thing in found.values() if thing.names]
    return sorted(named, key=lambda thing: thing.iri)


def _town(code: str) -> str:
    """Return the code of a commune, that of the whole town for an arrondissement of Paris, Lyon or Marseille.

    >>> _town("75105"), _town("13213"), _town("69387"), _town("25056")
    ('75056', '13055', '69123', '25056')
    """
    return next((whole for start, whole in _ARRONDISSEMENTS.items() if code.startswith(start)), code)


def _read(thing: Thing, predicate: str, value: str) -> None:
    if predicate in _NAMES:
        thing.names.add(value)
        # Of several preferred names the first in order: a choice that does not hang on the order of the file.
        if predicate == _PREFERRED and (not thing.label or value < thing.label):
            thing.label = value
    elif predicate in IDENTIFIERS:
        thing.identifiers[IDENTIFIERS[predicate]].add(value)
    elif predicate == _OTHER_CODE:
        # A body may have several codes of one register; the main one has its own property.
        for name in ("uai", "siret"):
            if IDENTIFIER_CHECKS[name](value):
                thing.identifiers[name].add(value)
    elif predicate == _TYPE and value in _KINDS:
        thing.kinds.add(_KINDS[value])
    elif predicate == _ADDRESS:
        thing.towns.add(fold(value))


def _place(thing: Thing, place: str, code: str, names: set[str]) -> None:
    if found := _COMMUNE.search(place):
        thing.communes.add(_town(found[1].upper()))
    elif len(code) == 5:  # noqa: PLR2004  a commune; shorter codes are those of départements and regions
        thing.communes.add(_town(code))
    if found or len(code) == 5:  # noqa: PLR2004
        thing.towns.update(fold(name) for name in names)


def _finished(thing: Thing) -> Thing:
    """Return *thing* with a label and, where no class tells, the kind that its names begin with."""
    thing.label = thing.label or min(thing.names)
    if not thing.kinds:
        words = [fold(name).split() for name in thing.names]
        firsts = {" ".join(some[:length]) for some in words for length in (1, 2)}
        thing.kinds = {_BY_FIRST_WORD[first] for first in firsts if first in _BY_FIRST_WORD}
    return thing
