"""The W3C's SPARQL 1.1 test suite, read from its manifests: the cases, and all their data as one dataset."""

import http.client
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

BASE = "http://w3c.example/sparql11/"
KASEI = "http://kasei.us/2009/09/sparql/data/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation", "project-expression",
    "property-path", "subquery", "syntax-query", "csv-tsv-res", "json-res",
)  # fmt: skip
_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}


class Manifest:
    """A manifest as a graph that is easy to walk."""

    def __init__(self, path: Path, base: str) -> None:
        """Read *path*."""
        self._objects: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base):
            self._objects[quad.subject][quad.predicate.value].append(quad.object)

    def all(self, node: object, predicate: str) -> list[object]:
        """Return the objects of *predicate*."""
        return self._objects[node][predicate]

    def one(self, node: object, predicate: str) -> object | None:
        """Return the first object of *predicate*."""
        return next(iter(self.all(node, predicate)), None)

    def text(self, node: object, predicate: str) -> str | None:
        """Return the text of the first object of *predicate*."""
        value = self.one(node, predicate)
        return value.value if isinstance(value, (ox.Literal, ox.NamedNode)) else None

    def items(self, head: object | None) -> Iterator[object]:
        """Walk a list."""
        while head is not None and head != ox.NamedNode(f"{RDF}nil"):
            yield self.one(head, f"{RDF}first")
            head = self.one(head, f"{RDF}rest")

    def entries(self) -> Iterator[object]:
        """Return the cases in the order of the manifest."""
        heads = [objects[f"{MF}entries"][0] for objects in list(self._objects.values()) if objects[f"{MF}entries"]]
        for head in heads:
            yield from self.items(head)


class QueryCase(NamedTuple):
    """One case of query evaluation or of syntax; the data are IRIs of files under BASE."""

    name: str
    kind: str
    query: str
    base: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: Path | None


@cache
def query_cases(folder: Path) -> tuple[QueryCase, ...]:
    """Return all query cases without SERVICE and entailment."""
    found = []
    for name in FOLDERS:
        base = f"{BASE}{name}/manifest.ttl"
        manifest = Manifest(folder / name / "manifest.ttl", base)
        for entry in manifest.entries():
            kind = (manifest.text(entry, f"{RDF}type") or "").removeprefix(MF)
            action = manifest.one(entry, f"{MF}action")
            query = (manifest.text(action, f"{QT}query") if not isinstance(action, ox.NamedNode) else action.value) or ""
            result = manifest.text(entry, f"{MF}result")
            found.append(
                QueryCase(
                    f"{name}/{str(entry).rpartition('#')[2].rstrip('>')}",
                    kind,
                    _file(folder, query).read_text(encoding="utf-8"),
                    query,
                    tuple(_iris(manifest, action, f"{QT}data")),
                    tuple(_iris(manifest, action, f"{QT}graphData")),
                    _file(folder, result) if result else None,
                )
            )
    return tuple(found)


def _iris(manifest: Manifest, action: object, predicate: str) -> Iterator[str]:
    for node in manifest.all(action, predicate):
        yield node.value if isinstance(node, ox.NamedNode) else (manifest.text(node, f"{QT}graph") or "")


def _file(folder: Path, iri: str) -> Path:
    return folder / iri.removeprefix(BASE)


def quads(folder: Path, iri: str, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """Yield the statements of the data file *iri* as those of *graph*."""
    path = _file(folder, iri)
    for quad in ox.parse(path=path, format=_FORMATS[path.suffix], base_iri=iri, rename_blank_nodes=True):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def dataset(folder: Path) -> bytes:
    """Return the data of all cases as N-Quads: each file is the named graph of its own IRI."""
    files = sorted({iri for case in query_cases(folder) for iri in (*case.data, *case.named)})
    everything = [quad for iri in files for quad in quads(folder, iri, ox.NamedNode(iri))]
    for number in (1, 2, 3):
        name = ox.NamedNode(f"{KASEI}data{number}.rdf")
        everything += [
            ox.Quad(quad.subject, quad.predicate, quad.object, name)
            for quad in ox.parse(path=folder / "protocol" / f"data{number}.nt", format=ox.RdfFormat.N_TRIPLES)
        ]
    return ox.serialize(everything, format=ox.RdfFormat.N_QUADS) or b""


class HttpRequest(NamedTuple):
    """One request of a protocol case, and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    truth: bool | None
    form: str | None

    def send(self, port: int) -> tuple[int, str, bytes]:
        """Send the request as it is written; return status, media type and body."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest(self.method, self.path, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        if self.body or self.method in ("POST", "PUT"):
            connection.putheader("content-length", str(len(self.body)))
        connection.endheaders(self.body)
        answer = connection.getresponse()
        body = answer.read()
        media = (answer.getheader("content-type") or "").partition(";")[0]
        connection.close()
        return answer.status, media, body

    def passes(self, status: int, media: str, body: bytes) -> bool:
        """Tell whether an answer is what the case expects."""
        if not any(expected.startswith(f"StatusCode{status // 100}") for expected in self.statuses):
            return False
        if self.truth is not None and json.loads(body)["boolean"] is not self.truth:
            return False
        results = media.startswith("application/sparql-results") and status == 200
        match self.form:
            case "boolean":
                return results and b'"boolean"' in body
            case "tabular":
                return results and b'"bindings"' in body
            case "RDF":
                return media in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
        return True


class ProtocolCase(NamedTuple):
    """A case of the protocol manifest: its requests in order."""

    name: str
    update: bool
    requests: tuple[HttpRequest, ...]


def protocol_cases(folder: Path) -> Iterator[ProtocolCase]:
    """Yield the cases of the protocol manifest."""
    manifest = Manifest(folder / "protocol" / "manifest.ttl", f"{BASE}protocol/manifest.ttl")
    for entry in manifest.entries():
        name = str(entry).rpartition("#")[2].rstrip(">")
        action = manifest.one(entry, f"{MF}action")
        requests = [_request(manifest, node) for node in manifest.items(manifest.one(action, f"{HT}requests"))]
        yield ProtocolCase(name, "update" in name, tuple(requests))


def _request(manifest: Manifest, node: object) -> HttpRequest:
    headers = {
        manifest.text(header, f"{HT}fieldName") or "": manifest.text(header, f"{HT}fieldValue") or ""
        for header in manifest.items(manifest.one(node, f"{HT}headers"))
    }
    content = manifest.one(node, f"{HT}body")
    encoding = manifest.text(content, f"{CNT}characterEncoding") or "UTF-8"
    answer = manifest.one(node, f"{HT}resp")
    truth = manifest.text(answer, f"{MF}expectedBoolean")
    return HttpRequest(
        manifest.text(node, f"{HT}methodName") or "",
        (manifest.text(node, f"{HT}absolutePath") or "").replace("/sparql/", "/sparql", 1),
        headers,
        (manifest.text(content, f"{CNT}chars") or "").encode(encoding),
        tuple(status.value.rpartition("#")[2] for status in manifest.all(answer, f"{MF}expectedStatus")),  # type: ignore[attr-defined]
        None if truth is None else truth == "true",
        manifest.text(answer, f"{MF}expectedFormat"),
    )
