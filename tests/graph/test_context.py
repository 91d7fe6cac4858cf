"""The JSON-LD context: in step with the ontology, and read alike by two JSON-LD processors."""

import json
import re

import pyoxigraph as ox
import pytest
from rdflib import Dataset, URIRef
from rdflib.compare import isomorphic

from campuskg.content import content
from campuskg.graph import context as context_module
from campuskg.graph import load_curated, records
from campuskg.graph.context import DATE_KEYS, OWN_KEYS, load_context
from campuskg.graph.records import Collector, Statement
from campuskg.ontology import CMQ, load_terms, prefixes

RAW = json.loads((content("graph") / "context.jsonld").read_text(encoding="utf-8"))["@context"]

# Our own properties that curators do not write: the build makes them.
MADE_BY_THE_BUILD = {
    "acronym",
    "codeList",
    "endLine",
    "expiresOn",
    "lineCount",
    "rowKey",
    "sha256",
    "sourcePassage",
    "startLine",
}


def _inferred() -> set[str]:
    """Return the local names of the properties that only rules make, or that are said of codes."""
    made = set()
    for path in (content("ontology") / "rules").glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        made |= set(re.findall(r"BIND\(cmq:(\w+) AS \?p\)", text)) | set(re.findall(r"CONSTRUCT \{ \?\w+ cmq:(\w+) ", text))
    for path in (content("ontology") / "codelists").glob("*.ttl"):
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            made.add(quad.predicate.value.rsplit("#", 1)[-1])  # said of codes, in the code lists themselves
            if quad.predicate.value.endswith("#roleProperty") and isinstance(quad.object, ox.NamedNode):
                made.add(quad.object.value.rsplit("#", 1)[-1])
    return made


def test_prefixes_are_those_of_the_table() -> None:
    assert {name: iri for name, iri in load_context().prefixes.items() if prefixes().get(name) != iri} == {}


def test_every_term_is_declared() -> None:
    terms = load_terms()
    keys = [key for key in load_context().keys.values() if not key.iri.startswith("http://www.w3.org/2002/07/owl#")]
    assert [key.name for key in keys if key.iri not in terms.properties] == []
    assert {name for name, iri in load_context().classes.items() if iri not in terms.classes} == set()


def test_every_property_that_curators_may_state_has_a_key() -> None:
    own = {iri for iri in load_terms().properties if iri.startswith(CMQ.rank.value.removesuffix("rank"))}
    covered = {key.iri for key in load_context().keys.values()}
    missing = {iri.rsplit("#", 1)[1] for iri in own - covered} - MADE_BY_THE_BUILD
    kinds = {iri.rsplit("#", 1)[1] for iri in own if load_terms().properties[iri].kind == "annotation"}
    assert missing - _inferred() - kinds == set()


def test_reverse_keys_name_forward_properties() -> None:
    for key in load_context().keys.values():
        if key.reverse:
            prop = load_terms().properties[key.iri]
            assert prop.kind == "object"
            assert len(prop.domains) == 1, f"{key.name} must set one class"


def test_codes_come_from_a_list_whose_prefix_is_known() -> None:
    namespaces = set(load_context().prefixes.values())
    for key in load_context().keys.values():
        for scheme in key.code_lists:
            assert f"{scheme}/" in namespaces, key.name


def test_own_keys_are_not_shadowed() -> None:
    assert set(DATE_KEYS) & set(RAW) == set()
    assert set(OWN_KEYS) & set(load_context().keys) == set()
    assert tuple(name for name in context_module.NESTED_FORWARD if name in RAW) == context_module.NESTED_FORWARD


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning", "ignore:ConjunctiveGraph:DeprecationWarning")
def test_the_fragments_of_the_loader_mean_the_same_to_rdflib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample every n-th fragment of the whole graph, so that each file and class is there."""
    kept: list[Collector] = []

    def keep(collector: Collector) -> list[Statement]:
        kept.append(collector)
        return []

    monkeypatch.setattr("campuskg.graph.load.statements", keep)
    load_curated()
    (collector,) = kept
    step = max(len(collector.fragments) // 400, 1)
    fragments = {f"urn:statement:{n}": f for n, f in list(enumerate(collector.fragments))[::step]}
    document = json.dumps({**load_context().json, "@graph": [{"@id": n, "@graph": [f]} for n, f in fragments.items()]})
    ours, theirs = Dataset(), Dataset()
    ours.parse(
        data=ox.serialize(ox.parse(document, format=ox.RdfFormat.JSON_LD), format=ox.RdfFormat.N_QUADS) or b"", format="nquads"
    )
    theirs.parse(data=document, format="json-ld")
    for name in fragments:
        one, other = ours.graph(URIRef(name)), theirs.graph(URIRef(name))
        assert len(one) == 1, name
        assert isomorphic(one, other), name
    assert records.statements is not keep
