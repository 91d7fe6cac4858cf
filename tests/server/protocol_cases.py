"""The cases of the SPARQL 1.1 Protocol written out as a table of our own, so that they run without the W3C's files."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

GRAPH = "http://example.org/graph/"
DOCUMENT = "http://example.org/Document"
DATA = "".join(
    f"<{GRAPH}{number}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DOCUMENT}> <{GRAPH}{number}> .\n"
    for number in (1, 2, 3)
)
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"


class Case(NamedTuple):
    """One request and what is expected of its answer: a status (or its class, 4 for 4xx), a truth, a media type."""

    name: str
    method: str = "GET"
    params: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    body: bytes = b""
    accept: str = "*/*"
    status: int = 200
    truth: bool | None = None
    media: str | None = None
    headers: Mapping[str, str] = {}


def _typed(*numbers: int) -> str:
    return " ".join(f"<{GRAPH}{number}> a ?type{number} ." for number in numbers)


def _graphs(name: str, *numbers: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"{name}-graph-uri", f"{GRAPH}{number}") for number in numbers)


def _query(text: str) -> tuple[tuple[str, str], ...]:
    return (("query", text),)


def _form(*pairs: tuple[str, str]) -> bytes:
    return urlencode(pairs).encode()


IN_DEFAULT = f"ASK {{ {_typed(1, 2)} FILTER NOT EXISTS {{ {_typed(3)} }} }}"
IN_NAMED = f"ASK {{ GRAPH ?g {{ {_typed(1)} }} GRAPH ?h {{ {_typed(2)} }} FILTER NOT EXISTS {{ GRAPH ?i {{ {_typed(3)} }} }} }}"
IN_BOTH = f"ASK {{ {_typed(3)} GRAPH ?g {{ {_typed(1)} }} GRAPH ?h {{ {_typed(2)} }} FILTER NOT EXISTS {{ {_typed(1)} }} }}"
CONFLICT = f"ASK FROM <{GRAPH}3> {{ GRAPH ?g {{ {_typed(1)} }} GRAPH ?h {{ {_typed(2)} }} FILTER NOT EXISTS {{ {_typed(3)} }} }}"
IN_UNION = f"ASK {{ {_typed(1, 2, 3)} }}"
IN_CLAUSE = f"ASK FROM <{GRAPH}3> {{ {_typed(3)} FILTER NOT EXISTS {{ {_typed(1)} }} }}"
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{GRAPH}1> {{ ?s ?p ?o }} }}"
RESULTS_JSON = "application/sparql-results+json"

QUERIES = (
    Case("post form", "POST", _graphs("default", 9), FORM, _form(("query", "ASK {}")), truth=True),
    Case("post form, charset", "POST", (), f"{FORM}; charset=UTF-8", _form(("query", "ASK {}")), truth=True),
    Case("default graphs, get", params=(*_query(IN_DEFAULT), *_graphs("default", 1, 2)), truth=True),
    Case("default graphs, post", "POST", _graphs("default", 1, 2), DIRECT, IN_DEFAULT.encode(), truth=True),
    Case("default graphs, form", "POST", (), FORM, _form(*_query(IN_DEFAULT), *_graphs("default", 1, 2)), truth=True),
    Case("named graphs, post", "POST", _graphs("named", 1, 2), DIRECT, IN_NAMED.encode(), truth=True),
    Case("named graphs, get", params=(*_query(IN_NAMED), *_graphs("named", 1, 2)), truth=True),
    Case("full dataset", "POST", (*_graphs("default", 3), *_graphs("named", 1, 2)), DIRECT, IN_BOTH.encode(), truth=True),
    Case("protocol beats FROM", "POST", _graphs("named", 1, 2), DIRECT, CONFLICT.encode(), truth=True),
    Case("no dataset is the union", params=_query(IN_UNION), truth=True),
    Case("FROM alone", params=_query(IN_CLAUSE), truth=True),
    Case("unknown graph is empty", params=(*_query("ASK { ?s ?p ?o }"), *_graphs("default", 9)), truth=False),
    Case("get", params=_query("ASK {}"), truth=True),
    Case("trailing slash and unknown parameters", params=(*_query("ASK {}"), ("unknown", "1")), truth=True),
    Case("select", params=_query("SELECT (1 AS ?x) {}"), media=RESULTS_JSON),
    Case("ask", params=_query("ASK {}"), media=RESULTS_JSON),
    Case("describe", params=_query(f"DESCRIBE <{GRAPH}1>"), media="text/turtle"),
    Case("construct", params=_query(CONSTRUCT), media="text/turtle"),
    Case("select as csv", params=_query("SELECT (1 AS ?x) {}"), accept="text/csv", media="text/csv"),
    Case("select as tsv", params=(*_query("SELECT (1 AS ?x) {}"), ("format", "tsv")), media="text/tab-separated-values"),
    Case("select as xml", params=(*_query("SELECT (1 AS ?x) {}"), ("output", "xml")), media="application/sparql-results+xml"),
    Case("construct as rdf/xml", params=_query(CONSTRUCT), accept="application/rdf+xml", media="application/rdf+xml"),
    Case("construct as json-ld", params=(*_query(CONSTRUCT), ("format", "json")), media="application/ld+json"),
    Case("construct as n-triples", params=(*_query(CONSTRUCT), ("format", "nt")), media="application/n-triples"),
    Case("post direct", "POST", (), DIRECT, b"ASK {}", truth=True),
    Case("post direct, charset", "POST", (), f"{DIRECT}; charset=utf-8", b"ASK {}", truth=True),
)

REFUSED = (
    Case("put", "PUT", _query("ASK {}"), FORM, status=405),
    Case("delete", "DELETE", _query("ASK {}"), status=405),
    Case("patch", "PATCH", _query("ASK {}"), DIRECT, b"ASK {}", status=405),
    Case("two queries", params=(*_query("ASK {}"), *_query("SELECT * {}")), status=400),
    Case("two queries, address and body", "POST", _query("ASK {}"), DIRECT, b"ASK {}", status=400),
    Case("wrong media type", "POST", (), "text/plain", b"ASK {}", status=415),
    Case("form without its type", "POST", (), None, _form(("query", "ASK {}")), status=415),
    Case("query without its type", "POST", (), None, b"ASK {}", status=415),
    Case("utf-16", "POST", (), f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), status=415),
    Case("utf-16 without saying so", "POST", (), DIRECT, "ASK {}".encode("utf-16"), status=400),
    Case("syntax", params=_query("ASK {"), status=400),
    Case("empty query", params=_query(""), status=400),
    Case("no query", "POST", (), FORM, b"", status=400),
    Case("empty direct query", "POST", (), DIRECT, b"", status=400),
    Case("relative graph", params=(*_query("ASK {}"), ("default-graph-uri", "here")), status=400),
    Case("unknown format", params=(*_query("ASK {}"), ("format", "pdf")), status=400),
    Case("unreadable time", params=(*_query("ASK {}"), ("timeout", "soon")), status=400),
    Case("ask as csv", params=_query("ASK {}"), accept="text/csv", status=406),
    Case("select as turtle", params=_query("SELECT * {}"), accept="text/turtle", status=406),
    Case("nothing acceptable", params=_query("ASK {}"), accept="image/png", status=406),
    Case("service", params=_query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), status=400),
    Case("silent service", params=_query("SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }"), status=400),
    Case("hidden service", params=_query("SELECT * { SERV\\u0049CE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }"), status=400),
    Case("compressed body", "POST", (), DIRECT, b"ASK {}", status=415, headers={"content-encoding": "gzip"}),
)

CHANGE = f"INSERT DATA {{ GRAPH <{GRAPH}1> {{ <{GRAPH}x> <{GRAPH}y> 1 }} }}"
UPDATES = (
    Case("update, form", "POST", (), FORM, _form(("update", "CLEAR ALL")), status=403),
    Case("update, direct", "POST", (), UPDATE, b"CLEAR ALL", status=403),
    Case("update, direct, dataset", "POST", (("using-graph-uri", f"{GRAPH}1"),), UPDATE, CHANGE.encode(), status=403),
    Case("update, named dataset", "POST", (("using-named-graph-uri", f"{GRAPH}1"),), UPDATE, CHANGE.encode(), status=403),
    Case("update, get", params=(("update", "CLEAR ALL"),), status=403),
    Case("update beside a query", params=(("update", "CLEAR ALL"), *_query("ASK {}")), status=403),
    Case("two updates", "POST", (), FORM, _form(("update", "CLEAR ALL"), ("update", "DROP ALL")), status=403),
    Case("update as text", "POST", (), "text/plain", b"CLEAR ALL", status=415),
    Case("update without type", "POST", (), None, b"update=CLEAR%20ALL", status=415),
    Case("update, utf-16", "POST", (), f"{UPDATE}; charset=UTF-16", "CLEAR ALL".encode("utf-16"), status=415),
    Case("update, syntax", "POST", (), FORM, _form(("update", "CLEAR NOTHING AT")), status=403),
    Case("update in a query parameter", params=_query("CLEAR ALL"), status=400),
    Case("update in a query body", "POST", (), DIRECT, CHANGE.encode(), status=400),
    Case("put of a graph", "PUT", (("graph", f"{GRAPH}1"),), "text/turtle", b"<a:a> <a:b> <a:c> .", status=405),
    Case("deletion of a graph", "DELETE", (("graph", f"{GRAPH}1"),), status=405),
)
