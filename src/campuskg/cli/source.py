"""Where a command asks its queries: a release in this process, or a SPARQL service somewhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyoxigraph as ox

    from campuskg.release import NameIndex
    from campuskg.store import Rows


class Store(Protocol):
    """The query methods that every engine has."""

    def run(
        self, sparql: str, bindings: None = None, prefixes: Mapping[str, str] | None = None
    ) -> "Rows | bool | Sequence[ox.Triple]":
        """Run any query; *prefixes* are known without declaration."""

    def select(self, sparql: str, /) -> "Rows":
        """Run a SELECT."""

    def construct(self, sparql: str, /) -> "Sequence[ox.Triple]":
        """Run a CONSTRUCT."""


@dataclass(frozen=True, slots=True)
class Source:
    """An engine with the names of its things, and which release it holds, where that is known."""

    store: Store
    names: "NameIndex"
    digest: str = ""
    issued: str = ""


def open_source(release: Path, endpoint: str | None = None) -> Source:
    """Return the service at *endpoint* when there is one, else the release in the folder *release*; raises MissingInput."""
    if endpoint:
        return _remote(endpoint)
    from campuskg.release import open_release

    opened = open_release(release)
    return Source(opened.store, opened.names, opened.digest, opened.date)


def open_store(release: Path, endpoint: str | None = None) -> Store:
    """Return only the engine of that source: no names are fetched."""
    if endpoint:
        from campuskg.store.credentials import Credentials
        from campuskg.store.remote import RemoteStore

        return RemoteStore(endpoint, credentials=Credentials.from_environment())
    from campuskg.release import open_release

    return open_release(release).store


def _remote(endpoint: str) -> Source:
    """Return a remote service; the names are fetched once, for a person reads names and types names."""
    import pyoxigraph as ox

    from campuskg.release import NameIndex
    from campuskg.release.names import labels_query
    from campuskg.store import MemoryStore

    store = open_store(Path(), endpoint)
    labels = store.construct(labels_query())
    return Source(store, NameIndex(MemoryStore(ox.Quad(t.subject, t.predicate, t.object) for t in labels)))
