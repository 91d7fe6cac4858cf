"""The two standard ways to write a named graph into a store: SPARQL 1.1 Update and the Graph Store HTTP Protocol.

By Update the batches go into a graph beside, which takes the place of the old one when it is whole, so readers never
see half a graph. The Graph Store Protocol has no such move: a graph of several batches grows under its own name.
"""

import urllib.request
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote, urlencode

from campuskg.store.exchange import Exchange
from campuskg.store.failures import RemoteFailed
from campuskg.store.spelling import in_sparql, quoted


class Uploader(Protocol):
    """Writes graphs, batch by batch."""

    def growing(self, graph: str) -> str:
        """Return the name of the graph that takes the batches of *graph*."""

    def begin(self, graph: str) -> None:
        """Make the growing graph empty."""

    def add(self, graph: str, lines: Sequence[str]) -> None:
        """Add triples, as lines of N-Triples; the same lines may come twice."""

    def finish(self, graph: str) -> None:
        """Put the whole graph in its place."""

    def drop(self, graph: str) -> None:
        """Take *graph* away."""


class UpdateUploader:
    """Writes by SPARQL 1.1 Update."""

    def __init__(self, exchange: Exchange, mark: str) -> None:
        """Write through *exchange*; *mark* tells the growing graphs of one release from those of another."""
        self._exchange = exchange
        self._mark = mark

    def growing(self, graph: str) -> str:
        """Return the name of the graph beside."""
        return f"{graph}/incoming/{self._mark}"

    def begin(self, graph: str) -> None:
        """Make the graph beside empty."""
        self.drop(self.growing(graph))

    def add(self, graph: str, lines: Sequence[str]) -> None:
        """Insert *lines* into the graph beside."""
        triples = "\n".join(in_sparql(line) for line in lines)
        self._update(f"INSERT DATA {{ GRAPH {quoted(self.growing(graph))} {{\n{triples}\n}} }}")

    def finish(self, graph: str) -> None:
        """Move the graph beside to its place; where MOVE is not known, copy it and drop it."""
        new, old = quoted(self.growing(graph)), quoted(graph)
        try:
            self._update(f"MOVE GRAPH {new} TO GRAPH {old}")
        except RemoteFailed as error:
            if error.params.get("status") not in (400, 500, 501):
                raise
            self._update(f"DROP SILENT GRAPH {old}")
            self._update(f"INSERT {{ GRAPH {old} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {new} {{ ?s ?p ?o }} }}")
            self._update(f"DROP SILENT GRAPH {new}")

    def drop(self, graph: str) -> None:
        """Drop *graph*, if it is there."""
        self._update(f"DROP SILENT GRAPH {quoted(graph)}")

    def _update(self, text: str) -> None:
        body = urlencode({"update": text}, quote_via=quote).encode("ascii")
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
        self._exchange.send(urllib.request.Request(self._exchange.url, body, headers, method="POST"))  # noqa: S310  checked by Exchange


class StoreUploader:
    """Writes by the SPARQL 1.1 Graph Store HTTP Protocol."""

    def __init__(self, exchange: Exchange) -> None:
        """Write through *exchange*."""
        self._exchange = exchange
        self._fresh: set[str] = set()

    def growing(self, graph: str) -> str:
        """Return the graph itself: the protocol cannot move one."""
        return graph

    def begin(self, graph: str) -> None:
        """Let the next batch replace the graph."""
        self._fresh.add(graph)

    def add(self, graph: str, lines: Sequence[str]) -> None:
        """PUT the first batch in the place of the graph, POST the others to it."""
        method = "PUT" if graph in self._fresh else "POST"
        self._send(graph, method, ("\n".join(lines) + "\n").encode())
        self._fresh.discard(graph)

    def finish(self, graph: str) -> None:
        """Do nothing: the graph is in its place."""

    def drop(self, graph: str) -> None:
        """DELETE *graph*, if it is there."""
        self._send(graph, "DELETE", None)

    def _send(self, graph: str, method: str, body: bytes | None) -> None:
        joint = "&" if "?" in self._exchange.url else "?"
        url = f"{self._exchange.url}{joint}{urlencode({'graph': graph})}"
        # N-Triples is Turtle (RDF 1.1 N-Triples, section 1), and every store reads Turtle.
        headers = {"Content-Type": "text/turtle; charset=utf-8", "Accept": "*/*"}
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310  checked by Exchange
        self._exchange.send(request, allowed=frozenset({404}) if method == "DELETE" else frozenset())
