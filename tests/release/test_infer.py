"""The rules: idempotent, order-independent, and every triple they add is explained."""

import random
from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from campuskg.graph import load_curated
from campuskg.ontology import CMQ, Rule, expand, rules
from campuskg.release import Release
from campuskg.release.infer import infer
from campuskg.release.layers import ID, graph_name, layer_quads
from campuskg.store import MemoryStore

BY_A_RULE = ("participatesIn", "worksFor", "funds", "fundedBy", "givesFundsTo", "partnerOf", "offers")


@pytest.fixture(scope="module")
def quads() -> Sequence[ox.Quad]:
    return layer_quads(load_curated())


def _inferred(quads: Sequence[ox.Quad], order: Sequence[Rule]) -> set[ox.Triple]:
    store = MemoryStore(quads)
    infer(store, order)
    return {q.triple for q in store.quads(graph_name("inferred").value)}


@pytest.fixture(scope="module")
def expected(quads: Sequence[ox.Quad]) -> set[ox.Triple]:
    return _inferred(quads, rules())


def test_a_second_run_adds_nothing(quads: Sequence[ox.Quad]) -> None:
    store = MemoryStore(quads)
    assert infer(store, rules()) > 0
    before = len(store)
    assert infer(store, rules()) == 0
    assert len(store) == before


@pytest.mark.parametrize("seed", range(10))
def test_order_does_not_matter(quads: Sequence[ox.Quad], expected: set[ox.Triple], seed: int) -> None:
    order = rules()
    random.Random(seed).shuffle(order)  # noqa: S311  seeded on purpose
    assert _inferred(quads, order) == expected


def test_nothing_stated_is_inferred_again(quads: Sequence[ox.Quad], expected: set[ox.Triple]) -> None:
    assert expected.isdisjoint({q.triple for q in quads})


def test_every_inferred_relation_is_explained(expected: set[ox.Triple]) -> None:
    """A triple between two entities has an Inference node with its origin and passages."""
    explained = {}
    parts: dict[object, dict[str, set[object]]] = {}
    for triple in expected:
        parts.setdefault(triple.subject, {}).setdefault(triple.predicate.value, set()).add(triple.object)
    for node, found in parts.items():
        if CMQ.Inference in found.get(expand("rdf:type"), ()):
            (s,), (p,), (o,) = (found[expand(f"rdf:{name}")] for name in ("subject", "predicate", "object"))
            assert found[expand("prov:wasDerivedFrom")]
            assert found[CMQ.sourcePassage.value]
            explained[s, p, o] = node
    statements = ("participation/", "mandate/", "inference/", "funding/", "contribution/", "label-award/")
    relations = [
        t
        for t in expected
        if isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
        and t.subject.value.startswith(ID)
        and t.object.value.startswith(ID)
        and not t.subject.value.removeprefix(ID).startswith(statements)
    ]
    assert relations
    assert [t for t in relations if (t.subject, t.predicate, t.object) not in explained] == []


def test_evidence_of_an_inference_is_that_of_its_origins(release: Release) -> None:
    rows = release.store.select(
        """PREFIX cmq: <https://w3id.org/cmq/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?inference ?passage WHERE { ?inference a cmq:Inference ; cmq:sourcePassage ?passage .
        FILTER NOT EXISTS { ?inference prov:wasDerivedFrom/cmq:sourcePassage ?passage } }"""
    )
    assert rows.dicts() == []


def _store(**facts: str) -> MemoryStore:
    """Return a small dataset: a funding with *facts* between a funder, a project and a beneficiary."""
    data = f"""@prefix cmq: <https://w3id.org/cmq/ontology#> . @prefix stage: <https://w3id.org/cmq/scheme/funding-stage/> .
    @prefix id: <{ID}> . @prefix rk: <https://w3id.org/cmq/scheme/rank/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    id:f a cmq:Funding ; cmq:funder id:region ; cmq:fundedItem id:projet ; cmq:beneficiary id:lycee ; cmq:sourcePassage id:p ;
      {" ; ".join(f"cmq:{name} {value}" for name, value in facts.items())} .
    cmq:Funding <http://www.w3.org/2000/01/rdf-schema#subClassOf> cmq:QualifiedStatement ."""
    store = MemoryStore(
        ox.Quad(t.subject, t.predicate, t.object, graph_name("facts"))
        for t in ox.parse(data.encode(), format=ox.RdfFormat.TURTLE)
    )
    infer(store, rules())
    return store


def _local(store: MemoryStore) -> set[str]:
    quads = store.quads(graph_name("inferred").value)
    return {q.predicate.value.rsplit("#", 1)[-1] for q in quads} & {*BY_A_RULE, "amount"}


@pytest.mark.parametrize(
    ("stage", "made"),
    [
        ("stage:requested", set()),
        ("stage:rejected", set()),
        ("stage:planned", {"funds", "fundedBy"}),
        ("stage:granted", {"funds", "fundedBy", "givesFundsTo"}),
        ("stage:paid", {"funds", "fundedBy", "givesFundsTo"}),
    ],
)
def test_only_money_that_comes_gives_a_shortcut(stage: str, made: set[str]) -> None:
    assert _local(_store(fundingStage=stage, requestedAmount="1.0")) == made


def test_amount_is_that_of_the_most_advanced_stage() -> None:
    store = _store(fundingStage="stage:paid", requestedAmount="9.0", plannedAmount="8.0", grantedAmount="7.0", paidAmount="6.0")
    (amount,) = store.matching(CMQ.amount.value)
    assert isinstance(amount.object, ox.Literal)
    assert float(amount.object.value) == 6


def test_deprecated_money_gives_nothing() -> None:
    assert _local(_store(fundingStage="stage:paid", paidAmount="1.0", rank="rk:deprecated")) <= {"amount"}


def test_rejected_funding_gives_no_shortcut_in_the_project(release: Release) -> None:
    rows = release.store.select(
        """PREFIX cmq: <https://w3id.org/cmq/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX stage: <https://w3id.org/cmq/scheme/funding-stage/>
        SELECT ?inference WHERE { ?inference a cmq:Inference ; prov:wasDerivedFrom/cmq:fundingStage ?stage
        VALUES ?stage { stage:requested stage:rejected } }"""
    )
    assert rows.dicts() == []
