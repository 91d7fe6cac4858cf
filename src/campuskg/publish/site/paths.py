"""Every path that the site must answer for: those of the IRIs of a release and of its metadata."""

from collections.abc import Iterator

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.publish.documents import path_of
from campuskg.publish.published import Published
from campuskg.queries import catalogue
from campuskg.release.layers import LAYERS

_OURS = ("id/", "scheme/", "ontology/")


def paths(published: Published) -> list[str]:
    """Return the paths, sorted: what ``Documents.paths`` gives, without counting the whole dataset for it."""
    found = {path for iri in _iris(published) if (path := path_of(iri)) is not None and path.startswith(_OURS)}
    found |= {"ontology", "ontology/alignments", "ontology/prefixes", "catalogue", "dataset", published.version}
    found |= {f"graph/{layer}" for layer in LAYERS} | {f"query/{name}" for name in (*catalogue(), "parameter")}
    return sorted(found)


def heavy(path: str) -> bool:
    """Tell whether the document at *path* needs the dumps and the counts of the whole dataset."""
    return path in ("catalogue", "dataset") or path.startswith(("dataset/", "graph/"))


def _iris(published: Published) -> Iterator[str]:
    terms: set[object] = set()
    for quad in published.release.store.quads():
        terms.update((quad.subject, quad.object, quad.predicate))
    yield from (term.value for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(BASE_IRI))
