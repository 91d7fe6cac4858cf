"""The named-graph layers: what is a fact, what is a claim, what proves it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.content import content
from campuskg.errors import Place
from campuskg.graph import Curated, Locator, Statement, load_curated
from campuskg.ontology import CMQ, expand, load_terms
from campuskg.release import Release
from campuskg.release.layers import ID, LAYERS, claim_iri, claims, facts, graph_name, layer_quads

A = ox.NamedNode(ID + "organisation/a")
NOTE = ox.NamedNode(expand("skos:note"))


def _statement(value: str, rank: str = "rk:normal", reason: str = "", line: int = 1) -> Statement:
    triple = ox.Triple(A, NOTE, ox.Literal(value))
    return Statement(triple, (Locator("essai", line, line),), Place("f"), reified=True, rank=rank, reason=reason)


def _values(statements: list[Statement]) -> list[str]:
    return [t.object.value for t in facts(statements)]  # type: ignore[union-attr]  # literals only


def test_facts_are_the_claims_of_best_rank() -> None:
    normal, other, preferred, deprecated = (
        _statement("n"),
        _statement("o"),
        _statement("p", "rk:preferred"),
        _statement("d", "rk:deprecated"),
    )
    assert _values([normal, other]) == ["n", "o"]
    assert _values([normal, deprecated]) == ["n"]
    assert _values([normal, preferred, deprecated]) == ["p"]
    assert _values([deprecated]) == []
    assert _values([_statement("n"), _statement("n", "rk:deprecated")]) == []


def test_facts_do_not_depend_on_order() -> None:
    group = [_statement("n"), _statement("p", "rk:preferred"), _statement("d", "rk:deprecated"), _statement("n", line=2)]
    assert set(_values(group)) == set(_values(group[::-1])) == {"p"}


def test_one_claim_a_triple_with_all_passages() -> None:
    made = list(claims([_statement("n", line=1), _statement("n", line=2)]))
    claim = claim_iri(_statement("n").triple)
    assert {t.subject for t in made} == {claim}
    assert {t.object for t in made if t.predicate == CMQ.sourcePassage} == {
        ox.NamedNode(f"{ID}passage/essai/{n}") for n in (1, 2)
    }
    assert len([t for t in made if t.predicate == CMQ.rank]) == 1


def test_claims_of_every_rank_are_kept() -> None:
    made = list(claims([_statement("n"), _statement("d", "rk:deprecated", "faux")]))
    assert len({t.subject for t in made}) == 2
    assert ox.Literal("faux", language="fr") in {t.object for t in made}


def test_iri_of_a_claim_is_pinned() -> None:
    """The IRI of a claim must be the same in every release: a change here breaks what others cite."""
    assert claim_iri(_statement("n").triple).value == f"{ID}claim/081acddcab80dbf8"


@pytest.fixture(scope="module")
def quads(root: Path) -> list[ox.Quad]:
    return layer_quads(load_curated(root / "graph"))


def test_layers_are_the_known_ones(release: Release) -> None:
    graphs = {str(q.graph_name) for q in release.store.quads()} - {str(graph_name("quotations"))}
    assert graphs == {str(graph_name(layer)) for layer in LAYERS}


def test_no_blank_nodes(release: Release) -> None:
    assert not [q for q in release.store.quads() if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]


def test_every_fact_of_an_entity_is_claimed(quads: list[ox.Quad]) -> None:
    """Worked out here without SPARQL: the claims layer, read back, holds every fact about what is not a statement."""
    terms = load_terms()
    parts: dict[object, dict[str, object]] = {}
    for quad in quads:
        if quad.graph_name == graph_name("claims"):
            parts.setdefault(quad.subject, {})[quad.predicate.value] = quad.object
    names = [expand(f"rdf:{name}") for name in ("subject", "predicate", "object")]
    claimed = {tuple(found[name] for name in names) for found in parts.values() if CMQ.sourcePassage.value in found}
    stated = [quad for quad in quads if quad.graph_name == graph_name("facts")]
    typed = [q for q in stated if q.predicate.value == expand("rdf:type")]
    kinds = {q.subject: q.object.value for q in typed if isinstance(q.object, ox.NamedNode)}
    entities = {subject for subject, kind in kinds.items() if not terms.is_statement(kind)}
    facts_ = [q for q in stated if q.subject in entities and q.predicate != CMQ.sourcePassage]
    assert facts_
    assert [q for q in facts_ if (q.subject, q.predicate, q.object) not in claimed] == []


def test_every_passage_has_a_document_and_a_place(quads: list[ox.Quad]) -> None:
    cited = {q.object for q in quads if q.predicate == CMQ.sourcePassage}
    described = {(q.subject, q.predicate.value) for q in quads if q.graph_name == graph_name("sources")}
    for passage in cited:
        assert (passage, expand("oa:hasSource")) in described
        lines = {(passage, CMQ.startLine.value), (passage, CMQ.endLine.value), (passage, expand("oa:start"))}
        assert lines <= described or (passage, CMQ.rowKey.value) in described


def test_passages_have_the_characters_of_their_lines(release: Release, sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the source texts are not at hand")
    query = """PREFIX cmq: <https://w3id.org/cmq/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT ?file ?first ?last ?start ?end ?exact
    WHERE { ?p oa:hasSource/dcterms:identifier ?file ; cmq:startLine ?first ; cmq:endLine ?last ;
    oa:start ?start ; oa:end ?end ; oa:exact ?exact }"""
    rows = release.store.select(query).dicts()
    texts = {row["file"]: next(sources_folder.rglob(row["file"])).read_bytes().decode() for row in rows}
    for row in rows:
        text = texts[row["file"]]
        assert text[int(row["start"]) : int(row["end"])].removesuffix("\n") == row["exact"]
        assert text[: int(row["start"])].count("\n") + 1 == int(row["first"])
    assert rows


def test_every_term_in_use_is_declared(quads: list[ox.Quad]) -> None:
    terms = load_terms()
    ours = CMQ.rank.value.removesuffix("rank")
    used = {q.predicate.value for q in quads} | {q.object.value for q in quads if isinstance(q.object, ox.NamedNode)}
    assert {iri for iri in used if iri.startswith(ours) and iri.removeprefix(ours) not in terms.names} == set()
    codes = {iri for iri in used if "/cmq/scheme/" in iri}
    declared = {concept for members in terms.concepts.values() for concept in members} | set(terms.concepts)
    assert codes - declared == set()


def test_reading_nothing_gives_the_vocabulary_only() -> None:
    empty = Curated([], {}, {}, [], [], Path(), 0)
    assert {q.graph_name for q in layer_quads(empty)} == {graph_name("vocabulary")}
    assert (content("ontology") / "campus.ttl").is_file()
