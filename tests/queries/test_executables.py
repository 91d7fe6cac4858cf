"""The catalogue as SHACL executables, read by another RDF library."""

import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery

from campuskg.queries import catalogue
from campuskg.queries.executables import catalogue_triples
from campuskg.release import turtle

SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def described() -> Graph:
    return Graph().parse(data=turtle(catalogue_triples()), format="turtle")


def test_every_query_is_there_with_question_target_keywords_and_prefixes(described: Graph) -> None:
    subjects = set(described.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(subjects) == len(catalogue())
    for name, query in catalogue().items():
        subject = URIRef(f"https://w3id.org/cmq/query/{name}")
        assert subject in subjects
        assert {str(o) for o in described.objects(subject, RDFS.comment)} == set(query.question)
        assert {o.language for o in described.objects(subject, RDFS.comment) if isinstance(o, Literal)} == {"fr", "en"}
        assert described.value(subject, SCHEMA.target) == URIRef("https://w3id.org/cmq/sparql")
        assert len(set(described.objects(subject, SCHEMA.keywords))) >= len(query.tags)
        table = described.value(subject, SH.prefixes)
        assert len(set(described.objects(table, SH.declare))) > 50
        assert {str(o) for o in described.objects(subject, SH.parameter)} == {f"{subject}#{n}" for n in query.parameters}


def test_every_text_parses_and_is_the_query(described: Graph) -> None:
    texts = {str(o) for p in (SH.select, SH.construct, SH.ask) for o in described.objects(None, p)}
    assert texts == {query.body for query in catalogue().values()}
    for text in texts:
        assert not text.startswith("#+")
        prepareQuery(text)


def test_parameters_have_paths_whose_local_name_is_the_variable(described: Graph) -> None:
    for query in catalogue().values():
        for name, parameter in query.parameters.items():
            node = URIRef(f"https://w3id.org/cmq/query/{query.name}#{name}")
            assert str(described.value(node, SH.path)).rpartition("#")[2] == name
            assert {str(o) for o in described.objects(node, SH.name)} == set(parameter.label)
            assert bool(described.value(node, SH.optional)) is parameter.optional
            assert described.value(node, SH.datatype) or described.value(node, SH.nodeKind) == SH.IRI


def test_no_blank_nodes_and_the_same_bytes_each_time() -> None:
    assert turtle(catalogue_triples()) == turtle(reversed(catalogue_triples()))
    assert not any(str(term).startswith("_:") for triple in catalogue_triples() for term in triple)
