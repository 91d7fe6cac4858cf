"""One SPARQL service as a store asks it: a query, the dataset it is about, the forms in which the answer can be read."""

import urllib.request
from dataclasses import dataclass
from typing import Final, Protocol

from SPARQLWrapper import POST, SPARQLWrapper

from campuskg.content import BASE_IRI
from campuskg.store.credentials import Credentials
from campuskg.store.exchange import Exchange, HttpAnswer, Limits

RELEASE_GRAPHS: Final = tuple(f"{BASE_IRI}graph/{layer}" for layer in ("facts", "claims", "sources", "vocabulary", "inferred"))
ABOUT_RELEASE: Final = f"{BASE_IRI}graph/release"
"""Where ``push`` writes which release a store holds; no layer, and so no part of what queries see."""
NO_GRAPH: Final = "urn:campuskg:no-graph"
"""A graph that no store has: an empty dataset cannot be asked for in another way (SPARQL 1.1 Protocol, section 2.1.4)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a service."""

    text: str
    accept: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Service(Protocol):
    """Answers questions, here or through somebody who may."""

    @property
    def shown(self) -> str:
        """The address without what may be secret."""

    def ask(self, ask: Ask) -> HttpAnswer:
        """Return the answer; raises RemoteFailed."""


class _Request(SPARQLWrapper):
    """The package's request, with the query form told by us: its own guess reads words such as 'move' in comments."""

    def _parseQueryType(self, query: str) -> str:  # noqa: ARG002, N802  the package's names
        return "SELECT"


class HttpService:
    """Asks over HTTP."""

    def __init__(self, url: str, *, credentials: Credentials | None = None, limits: Limits | None = None) -> None:
        """Ask *url* with *credentials*, within *limits*. Raises RemoteFailed for an address that is not HTTP."""
        self._exchange = Exchange(url, credentials=credentials, limits=limits)

    @property
    def shown(self) -> str:
        """The address without what may be secret."""
        return self._exchange.shown

    @property
    def url(self) -> str:
        """The address."""
        return self._exchange.url

    def ask(self, ask: Ask, seconds: float | None = None) -> HttpAnswer:
        """Return the answer, within *seconds* where they are fewer than the limit; raises RemoteFailed."""
        return self._exchange.send(self._request(ask), seconds=seconds)

    def _request(self, ask: Ask) -> urllib.request.Request:
        request = _Request(self._exchange.url, agent="campuskg")
        request.setMethod(POST)
        request.setOnlyConneg(True)
        for graph in ask.default:
            request.addParameter("default-graph-uri", graph)
        for graph in ask.named:
            request.addParameter("named-graph-uri", graph)
        request.addCustomHttpHeader("Accept", ask.accept)
        request.setQuery(ask.text)
        made: urllib.request.Request = request._createRequest()  # noqa: SLF001  its query() would follow redirects and read without end
        return made
