"""Every IRI that we publish has a document that says something of it."""

import pyoxigraph as ox
import pytest

from campuskg.content import BASE_IRI
from campuskg.publish.dcat import Dump, Publication
from campuskg.publish.documents import Documents, path_of
from campuskg.release import Release


@pytest.fixture(scope="module")
def documents(release: Release) -> Documents:
    dumps = (Dump("dataset.nq", 1, "ab" * 32),)
    return Documents(release, Publication(release.digest, "2026-11-21", BASE_IRI, dumps, BASE_IRI + "sparql"))


def test_every_iri_of_the_dataset_is_described_by_its_document(documents: Documents, release: Release) -> None:
    """Each subject and object of ours is in a triple of the document that its IRI names.

    The quotations are a layer of the release at hand, never published: only they are left out.
    """
    iris = {
        term.value
        for quad in release.store.quads()
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE_IRI) and term.value != BASE_IRI + "graph/quotations"
    }
    by_path: dict[str, set[str]] = {}
    for iri in iris:
        by_path.setdefault(str(path_of(iri)), set()).add(iri)
    assert by_path.keys() <= set(documents.paths())
    lost = []
    for path, wanted in by_path.items():
        said = {t.value for triple in documents.triples(path) for t in triple if isinstance(t, ox.NamedNode)}
        lost += sorted(wanted - said)
    assert not lost


def test_every_document_says_something(documents: Documents) -> None:
    others = [path for path in documents.paths() if not path.startswith("id/")]
    assert {"ontology", "graph/facts", "dataset", "catalogue", "query/contradictions"} <= set(others)
    assert not [path for path in others if not documents.triples(path)]


def test_a_path_without_document_says_nothing(documents: Documents) -> None:
    assert [documents.triples(path) for path in ("id/organisation/nobody", "graph/none", "query/none", "etc/passwd")] == [[]] * 4
