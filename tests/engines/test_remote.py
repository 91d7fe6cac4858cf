"""RemoteStore against real services: the dataset, the forms of answer, terms there and back, logins, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.queries import catalogue
from campuskg.release.layers import LAYERS, graph_name
from campuskg.store import MemoryStore, QueryRefused
from campuskg.store.credentials import Credentials
from campuskg.store.engine import Rows, Term
from campuskg.store.exchange import Exchange, Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.remote import RELEASE_GRAPHS, RemoteStore
from campuskg.store.upload import StoreUploader, UpdateUploader
from engines.answers import rows_of
from engines.conftest import Engine
from engines.servers import STARTS, Server, guarded, start_campuskg

SERVERS = ("oxigraph", "virtuoso")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS: tuple[Term, ...] = (
    ox.NamedNode("https://w3id.org/cmq/id/x/é"),
    ox.Literal("plain"),
    ox.Literal(""),
    ox.Literal('quote " and \\ and \n and \t and \r'),
    ox.Literal("C:\\users\\uface\\U0001F600"),
    ox.Literal('"} } ; DROP ALL #'),
    ox.Literal("𝄞 é 日本 \u2028"),
    ox.Literal("campus", language="fr"),
    ox.Literal("12", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal")),
    ox.Literal("2022-02-28", datatype=ox.NamedNode(XSD + "date")),
)


def test_the_graphs_are_those_of_a_release() -> None:
    assert tuple(graph_name(layer).value for layer in LAYERS) == RELEASE_GRAPHS


@pytest.mark.parametrize("where", SERVERS)
def test_the_default_graph_is_the_union(where: str, engine: Engine, published: MemoryStore) -> None:
    store = RemoteStore(engine(where).url)
    distinct = len({quad.triple for quad in published.quads()})
    assert [row[0] and row[0].value for row in store.select(COUNT).rows] == [str(distinct)]


@pytest.mark.parametrize("where", STARTS)
def test_named_graphs_are_found(where: str, engine: Engine, published: MemoryStore) -> None:
    store = RemoteStore(engine(where).url)
    rows = store.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    found = {graph.value: int(count.value) for graph, count in rows.rows if graph and count}
    assert found == {graph: sum(1 for _ in published.quads(graph)) for graph in RELEASE_GRAPHS}


@pytest.mark.parametrize("where", SERVERS)
def test_a_dataset_of_the_query_is_kept(where: str, engine: Engine, published: MemoryStore) -> None:
    store = RemoteStore(engine(where).url)
    rows = store.select(f"SELECT (COUNT(*) AS ?n) FROM <{RELEASE_GRAPHS[0]}> WHERE {{ ?s ?p ?o }}")  # noqa: S608  an own constant
    assert [row[0] and int(row[0].value) for row in rows.rows] == [sum(1 for _ in published.quads(RELEASE_GRAPHS[0]))]


@pytest.mark.parametrize("where", STARTS)
def test_all_forms(where: str, engine: Engine, published: MemoryStore) -> None:
    store = RemoteStore(engine(where).url)
    assert store.run("ASK { ?s a cmq:Campus }", prefixes={"cmq": "https://w3id.org/cmq/ontology#"}) is True
    assert store.run("# SELECT move\nASK { <urn:no> ?p ?o }") is False
    text = "CONSTRUCT { ?s <urn:label> ?o } WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }"
    assert set(store.construct(text)) == set(published.construct(text))
    with pytest.raises(QueryRefused):
        store.select(text)
    with pytest.raises(QueryRefused):
        store.construct(COUNT)


@pytest.mark.parametrize("where", SERVERS)
@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p ?o }", "# SELECT\nDROP ALL", "", "LOAD <file:///etc/passwd>"])
def test_no_update_is_sent(text: str, where: str, engine: Engine) -> None:
    with pytest.raises(QueryRefused):
        RemoteStore(engine(where).url).run(text)


@pytest.mark.parametrize("where", STARTS)
def test_a_faulty_query_is_refused_in_the_services_words(where: str, engine: Engine) -> None:
    with pytest.raises(RemoteFailed) as failed:
        RemoteStore(engine(where).url).run("SELECT ?x WHERE { ?x ?y }")
    assert failed.value.code == "remote-query-refused"
    assert len(failed.value.say("fr")) < 1000


def test_a_blank_node_or_a_wrong_name_is_no_binding() -> None:
    store = RemoteStore("http://127.0.0.1:9/")
    with pytest.raises(QueryRefused):
        store.select(COUNT, {"s": ox.BlankNode()})
    with pytest.raises(QueryRefused):
        store.select(COUNT, {"s) } #": ox.Literal(1)})


@pytest.mark.parametrize("protocol", ["update", "gsp"])
@pytest.mark.parametrize("where", SERVERS)
def test_terms_there_and_back_and_bound(protocol: str, where: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(f"empty_{where}")
    credentials = Credentials(server.extra.get("user", ""), server.extra.get("password", ""))
    exchange = Exchange(server.extra[protocol], credentials=credentials)
    uploader = UpdateUploader(exchange, "test") if protocol == "update" else StoreUploader(exchange)
    graph = f"urn:terms:{protocol}"
    triples = [ox.Triple(ox.NamedNode(f"urn:s{i}"), ox.NamedNode("urn:p"), term) for i, term in enumerate(TERMS)]
    uploader.begin(graph)
    uploader.add(graph, [f"{triple} ." for triple in triples])
    uploader.finish(graph)
    store = RemoteStore(server.url, graphs=())
    answer = store.run(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert isinstance(answer, Rows)
    assert {ox.Triple(*row) for row in answer.rows} == set(triples)  # type: ignore[arg-type]
    for triple in triples:
        rows = store.select(f"SELECT ?s ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", {"o": triple.object}).rows
        assert list(rows) == [(triple.subject, triple.object)]
    uploader.drop(graph)
    assert store.run(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}") is False


def test_a_wrong_password_is_refused(empty_virtuoso: Server) -> None:
    exchange = Exchange(empty_virtuoso.extra["update"], credentials=Credentials("dba", "wrong"), limits=Limits(retries=0))
    with pytest.raises(RemoteFailed) as failed:
        UpdateUploader(exchange, "test").drop("urn:x")
    assert failed.value.code == "remote-login"


def test_a_slow_query_ends_at_its_limit(engine: Engine) -> None:
    store = RemoteStore(engine("jena").url, limits=Limits(total=1))
    with pytest.raises(RemoteFailed) as failed:
        store.run("SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?a)) + STRLEN(STR(?f)) = -7) }")
    assert failed.value.code == "remote-timeout"


@pytest.fixture(scope="module")
def own_service(release_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the project's own service over the release."""
    server = guarded(start_campuskg(release_dir, tmp_path_factory.mktemp("own")))
    yield server
    server.stop()


def test_our_own_service_answers_as_the_others(own_service: Server, published: MemoryStore) -> None:
    store = RemoteStore(own_service.url)
    for name in ("campus-members", "contradictions", "programme-funders"):
        sparql = catalogue()[name].sparql
        assert rows_of(store.run(sparql)) == rows_of(published.run(sparql))
    assert store.run("ASK { ?s a ?class }") is True
    assert len(store.construct("CONSTRUCT WHERE { ?s a <https://w3id.org/cmq/ontology#Programme> }")) > 5
    with pytest.raises(RemoteFailed) as failed:
        store.run("SELECT ?x WHERE { ?x ?y }")
    assert failed.value.code == "remote-query-refused"
    with pytest.raises(RemoteFailed) as refused:
        UpdateUploader(Exchange(own_service.url), "test").drop("urn:x")
    assert refused.value.params["status"] in (403, 405)
