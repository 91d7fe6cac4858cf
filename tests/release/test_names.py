"""Finding things by what people call them."""

import pyoxigraph as ox
import pytest

from campuskg.release import Release
from campuskg.release.layers import ID, graph_name
from campuskg.release.names import NameIndex, fold
from campuskg.store import MemoryStore

HAAG = ID + "organisation/lycee-jules-haag"


@pytest.mark.parametrize(
    "text",
    ["Lycée Jules Haag", "lycee jules haag", "LYCÉE JULES-HAAG", "le lycée Jules Haag", "organisation/lycee-jules-haag", HAAG],
)
def test_finds(release: Release, text: str) -> None:
    assert HAAG in release.names.find(text)


def test_finds_by_compact_name(release: Release) -> None:
    assert release.names.find("cmq:Campus") == ["https://w3id.org/cmq/ontology#Campus"]


@pytest.mark.parametrize("text", ["", " ", "zzzz", "\0", "' OR 1=1", "a" * 5000])
def test_finds_nothing_and_does_not_fail(release: Release, text: str) -> None:
    assert release.names.find(text) == []
    assert isinstance(release.names.near(text), list)


@pytest.mark.parametrize("slip", ["Lycée Jules Hag", "lycee jule haag", "Jules Haag lycée", "Haagg", "hagg"])
def test_near_names(release: Release, slip: str) -> None:
    assert HAAG in [match.iri for match in release.names.near(slip)]


def test_a_text_like_no_name_has_none_near(release: Release) -> None:
    assert release.names.near("qqqzzz xyxyxy") == []


def test_near_names_are_few_and_ours(release: Release) -> None:
    near = release.names.near("lycée", 3)
    assert 0 < len(near) <= 3
    assert all(match.iri.startswith(ID) for match in near)


def test_every_name_of_every_entity_finds_it(release: Release) -> None:
    for predicate in ("http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2004/02/skos/core#altLabel"):
        for quad in release.store.matching(predicate):
            if (
                isinstance(quad.subject, ox.NamedNode)
                and quad.subject.value.startswith(ID)
                and isinstance(quad.object, ox.Literal)
            ):
                assert quad.subject.value in release.names.find(quad.object.value), quad.object.value


def test_names_by_language() -> None:
    node, label = ox.NamedNode(ID + "x"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    both = [
        ox.Quad(node, label, ox.Literal(text, language=lang), graph_name("facts"))
        for text, lang in (("Région", "fr"), ("Region", "en"))
    ]
    names = NameIndex(MemoryStore(both))
    assert (names.name(node.value, "fr"), names.name(node.value, "en")) == ("Région", "Region")
    assert NameIndex(MemoryStore(both[:1])).name(node.value, "en") == "Région"
    assert NameIndex(MemoryStore()).name(node.value, "en")


@pytest.mark.parametrize(
    ("one", "other"), [("L'Œuvre", "oeuvre"), ("École d’ingénieurs", "ecole ingenieurs"), ("Le", "le"), ("ENSMM", "ensmm")]
)
def test_fold(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)


def test_the_nearest_name_comes_first(release: Release) -> None:
    assert release.names.near("Lycee Jule Hag")[0].iri == HAAG
