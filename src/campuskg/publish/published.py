"""What is published of a release, ready to be asked for by path: documents, types of things, what is gone, near names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact, expand
from campuskg.publish.dcat import Dump, Publication, catalogue
from campuskg.publish.documents import Documents
from campuskg.publish.dumps import described, made, sizes
from campuskg.publish.entity import EntityPages
from campuskg.publish.schema_org import schema_type
from campuskg.release import Match, Release
from campuskg.release.description import Describer
from campuskg.release.layers import LAYERS, graph_name

Facts = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]
State = Literal["found", "gone", "unknown"]
FILES: Final = ("ontology", "ontology/alignments", "ontology/prefixes")
"""Documents that are files of the ontology as they stand."""
_NOT_LISTED: Final = ("id/claim/", "id/inference/", "id/passage/", "graph/", "query/")
"""Paths that a site map leaves out: proofs are reached from what they prove."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A retired id: since when, why in each language, and the path of what replaces it."""

    on: str
    why: Mapping[str, str]
    replaced_by: str = ""


def is_heavy(path: str) -> bool:
    """Tell whether the document at *path* is about the dataset itself: its counts and dumps take seconds to make."""
    return path in ("", "catalogue", "dataset") or path.startswith(("dataset/", "graph/"))


class Published:
    """One release as it is published at one address."""

    def __init__(self, release: Release, base: str) -> None:
        """Publish *release* at *base*, an address without a slash at its end."""
        self.release = release
        self.base = base
        self.date = release.date
        self.pages = EntityPages(release)
        self.describer = Describer(release)
        self._small = Documents(release, self._publication(()))
        self._sizes = sizes(release)
        self._read()

    def _read(self) -> None:
        """Read every file now: what answers later may not be allowed to."""
        self._files = {path: self._small.triples(path) for path in FILES}
        list(catalogue(self._publication(())))
        _ = self.release.retired
        schema_type(())

    def _publication(self, dumps: tuple[Dump, ...]) -> Publication:
        return Publication(self.release.digest, self.date, f"{self.base}/", dumps, f"{self.base}/sparql")

    @property
    def version(self) -> str:
        """The path of this release as a dataset."""
        return f"dataset/{self.release.digest[:16]}"

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The dumps that are made from the release; the first to ask waits a second or two."""
        return made(self.release)

    @cached_property
    def dumps(self) -> tuple[Dump, ...]:
        """Every dump with its size and digest."""
        return described(self.release, self._sizes, self.files)

    @cached_property
    def metadata(self) -> Documents:
        """The documents with the metadata of the dumps: dearer to make than the others."""
        return Documents(self.release, self._publication(self.dumps))

    @cached_property
    def dossiers(self) -> frozenset[str]:
        """The ids (``msi``) of the campuses that have a dossier: those of other regions are only cited."""
        from campuskg.publish.dossier.compose import campuses

        return frozenset(campuses(self.release))

    def triples(self, path: str) -> list[ox.Triple]:
        """Return what the document at *path* says, in no order and without quotations; nothing for an unknown path."""
        if path in self._files:
            return self._files[path]
        found = (self.metadata if is_heavy(path) else self._small).triples(path)
        return [triple for triple in found if triple.predicate.value != _EXACT]

    def state(self, path: str) -> State:
        """Tell whether *path* has a document, had one, or never had."""
        if path.startswith("id/") and path.removeprefix("id/") in self.release.retired:
            return "gone"
        if path.startswith(("id/", "scheme/")):
            node = ox.NamedNode(BASE_IRI + path)
            known = any(True for _ in self.release.store.about(node)) or any(True for _ in self.release.store.to(node))
            return "found" if known else "unknown"
        return "found" if self.has(path) else "unknown"

    def has(self, path: str) -> bool:
        """Tell whether a path that is no thing and no code has a document."""
        if path in ("", "catalogue", "dataset", self.version):
            return True
        if path.startswith("graph/"):
            return path.removeprefix("graph/") in LAYERS
        return not path.startswith("dataset/") and bool(self.triples(path))

    def gone(self, path: str) -> Gone:
        """Return what is known of the retired id at *path*."""
        told = self.release.retired[path.removeprefix("id/")]
        other = told.get("replacedBy", "")
        return Gone(told["on"], {lang: told[lang] for lang in ("fr", "en")}, f"id/{other}" if other else "")

    def near(self, path: str) -> list[Match]:
        """Return the things whose names are nearest to the words of *path*."""
        return self.release.names.near(" ".join(path.rpartition("/")[2].replace("-", " ").split())[:100])

    def classes(self, path: str) -> list[str]:
        """Return the classes of what *path* names: that of schema.org, then our own and those of other vocabularies."""
        if path in ("dataset", self.version):
            return ["https://schema.org/Dataset", expand("dcat:Dataset")]
        if path == "catalogue":
            return ["https://schema.org/DataCatalog", expand("dcat:Catalog")]
        node = ox.NamedNode(BASE_IRI + path)
        kinds = (q.object for q in self.release.store.about(node) if q.predicate.value == expand("rdf:type"))
        ordered = sorted(
            {kind.value for kind in kinds if isinstance(kind, ox.NamedNode)}, key=lambda iri: (not iri.startswith(BASE_IRI), iri)
        )
        return [f"https://schema.org/{schema_type(ordered)}", *ordered]

    def facts(self, iri: str) -> Facts:
        """Return the values of each property (compact name) of *iri*, of all layers, in a fixed order."""
        found: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        for quad in sorted(self.release.store.about(ox.NamedNode(iri)), key=str):
            value, values = quad.object, found.setdefault(compact(quad.predicate.value), [])
            if isinstance(value, (ox.NamedNode, ox.Literal)) and value not in values:
                values.append(value)
        return found

    def members(self, path: str) -> list[str]:
        """Return the IRIs of the codes of a list; nothing for anything else."""
        if not path.startswith("scheme/"):
            return []
        return self.pointing(BASE_IRI + path, "skos:inScheme")

    def pointing(self, iri: str, name: str, layer: str = "") -> list[str]:
        """Return the IRIs whose property *name* (compact) has the value *iri*, in one *layer* or in any, sorted."""
        quads = self.release.store.to(ox.NamedNode(iri))
        wanted, graph = expand(name), graph_name(layer) if layer else None
        found = (q.subject for q in quads if q.predicate.value == wanted and (graph is None or q.graph_name == graph))
        return sorted({node.value for node in found if isinstance(node, ox.NamedNode)})

    def listed(self) -> Iterator[str]:
        """Yield the paths that search engines should know, sorted."""
        found = {"", "catalogue", "dataset", self.version, "ontology"}
        for layer in LAYERS:
            subjects = {quad.subject for quad in self.release.store.quads(graph_name(layer).value)}
            iris = (node.value for node in subjects if isinstance(node, ox.NamedNode))
            found |= {iri.removeprefix(BASE_IRI).partition("#")[0] for iri in iris if iri.startswith(BASE_IRI)}
        yield from sorted(path for path in found if not path.startswith(_NOT_LISTED))


class Earlier(Published):
    """An earlier release that a server keeps: described and citable; files and endpoint are those of the one it serves."""

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Nothing: no file of it is offered."""
        return {}

    @cached_property
    def dumps(self) -> tuple[Dump, ...]:
        """Nothing."""
        return ()

    def _publication(self, dumps: tuple[Dump, ...]) -> Publication:
        return replace(super()._publication(dumps), endpoint="")


def facts_of(published: Published, iri: str) -> Facts:
    """Return the values of each property (compact name) of *iri*, of all layers, in a fixed order."""
    return published.facts(iri)


def names_of(matches: Sequence[Match]) -> str:
    """Return near names as a message lists them."""
    return ", ".join(match.name for match in matches)


_EXACT: Final = expand("oa:exact")
