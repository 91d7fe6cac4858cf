"""What a release says of one thing, each fact with its evidence."""

import pyoxigraph as ox
import pytest

from campuskg.ontology import CMQ, expand, load_terms
from campuskg.release import Release
from campuskg.release.description import Describer, Description, Fact, grouped
from campuskg.release.layers import ID, graph_name

HAAG = ID + "organisation/lycee-jules-haag"


@pytest.fixture(scope="module")
def describer(release: Release) -> Describer:
    return Describer(release)


@pytest.fixture(scope="module")
def haag(describer: Describer) -> Description:
    return describer.describe(HAAG)


def test_names_types_and_facts(haag: Description) -> None:
    assert CMQ.Lycee.value in haag.types
    assert "Lycée Jules Haag" in {fact.value.value for fact in haag.names}
    assert ox.NamedNode(ID + "place/besancon") in {fact.value for fact in haag.facts if fact.property == CMQ.locatedIn.value}


def test_every_fact_has_evidence(haag: Description) -> None:
    assert all(fact.evidence for fact in [*haag.names, *haag.facts])
    assert all(view.evidence for view in haag.statements)


def test_evidence_is_written_as_curators_write_it(haag: Description) -> None:
    (uai,) = [fact for fact in haag.facts if fact.property == CMQ.uai.value]
    assert [str(evidence) for evidence in uai.evidence] == ["identifiers:Lycée Jules Haag"]


def test_statements_name_the_other_side(haag: Description) -> None:
    statements = [view for view in haag.statements if view.cls == CMQ.Participation.value]
    assert statements
    for view in statements:
        assert view.link == CMQ.participant.value
        assert CMQ.participationIn.value in {fact.property for fact in view.facts}


def test_unknown_thing_is_empty(describer: Describer) -> None:
    assert not describer.describe(ID + "organisation/inconnue")
    assert describer.describe(HAAG)


def test_whole_facts_layer_is_described(release: Release, describer: Describer) -> None:
    """Every fact about an entity is in its description: nothing is hidden."""
    facts = graph_name("facts")
    entity = next(iri for iri in release.names.find("Lycée Jules Haag"))
    told = describer.describe(entity)
    values = {(f.property, f.value) for f in [*told.names, *told.facts]}
    for quad in release.store.about(ox.NamedNode(entity)):
        if quad.graph_name == facts and quad.predicate not in (CMQ.sourcePassage, ox.NamedNode(expand("rdf:type"))):
            assert (quad.predicate.value, quad.object) in values


def test_a_demoted_claim_is_shown_with_its_rank(release: Release, describer: Describer) -> None:
    rows = release.store.select(
        """PREFIX cmq: <https://w3id.org/cmq/ontology#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?s ?p ?o WHERE { ?c a cmq:Claim ; cmq:rank <https://w3id.org/cmq/scheme/rank/deprecated> ;
        rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"""
    ).dicts()
    for row in rows:
        told = describer.describe(row["s"])
        assert "deprecated" in {f.rank for f in [*told.facts, *told.names] if (f.property, f.value.value) == (row["p"], row["o"])}


def test_triples_hold_the_statements_and_their_passages(describer: Describer) -> None:
    found = describer.triples(HAAG)
    passages = {t.object for t in found if t.predicate == CMQ.sourcePassage}
    assert passages <= {t.subject for t in found}


def test_every_entity_can_be_described(release: Release, describer: Describer) -> None:
    classes = {iri for iri in load_terms().classes if not load_terms().is_statement(iri)}
    things = {
        q.subject.value
        for q in release.store.matching(expand("rdf:type"))
        if isinstance(q.subject, ox.NamedNode)
        and isinstance(q.object, ox.NamedNode)
        and q.graph_name == graph_name("facts")
        and q.object.value in classes
    }
    assert things
    for iri in sorted(things)[::25]:
        told = describer.describe(iri)
        assert told.types
        assert told.names, iri


def test_facts_are_grouped_by_property() -> None:
    one, two = Fact("urn:b", ox.Literal("1")), Fact("urn:a", ox.Literal("2"))
    assert list(grouped([one, two, one])) == ["urn:a", "urn:b"]
    assert grouped([one, two, one])["urn:b"] == [one, one]
