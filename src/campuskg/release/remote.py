"""Opening a release that lies in a SPARQL service: what it is, as ``push`` wrote it there, and a store that asks the service.

A folder of the same release, where there is one, gives its files (dumps, counts, retired ids); every query goes to the
service. A folder of another release is left aside, for its counts would not be those of the answers.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Place, Problem, Severity
from campuskg.ontology import expand
from campuskg.release.directory import read_manifest, recover
from campuskg.release.opened import Release
from campuskg.store.credentials import Credentials
from campuskg.store.exchange import Limits
from campuskg.store.failures import RemoteFailed
from campuskg.store.remote import RemoteStore
from campuskg.store.service import ABOUT_RELEASE, HttpService, Service

Warn = Callable[[Problem], None]
"""Told what is not as it seems, though it does not stop anything."""

_FILES: Final = ("statistics.json", "retired.json")
"""What of a release's folder goes along into a store: a few kilobytes that pages need."""
_DATASET: Final = "dataset.nq"
_LAYER: Final = BASE_IRI + "graph/"
NOWHERE: Final = Path(os.devnull)
"""The folder of a release that has none: nothing is found in it."""


@dataclass(frozen=True)
class RemoteRelease(Release):
    """A release whose quads are in a service; without a *folder*, its small files come from there too."""

    said: Mapping[str, Any] = field(default_factory=dict)
    service: Service | None = None

    def statistics(self) -> dict[str, dict[str, int]]:
        """Return the counts written by the build; none where the service does not hold them."""
        path = self.folder / "statistics.json"
        found: dict[str, dict[str, int]] = (
            json.loads(path.read_bytes()) if path.is_file() else self.said.get("statistics.json", {})
        )
        return found

    @cached_property
    def retired(self) -> dict[str, dict[str, str]]:
        """The retired ids, as ``Release.retired``."""
        path = self.folder / "retired.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_bytes()) if path.is_file() else self.said.get("retired.json", {})
        return found

    def check(self) -> None:
        """Raise RemoteFailed when the service does not answer now, or holds another release by now."""
        service = self.service
        if service is None:
            return
        text = (
            f"# {time.time()}\nSELECT ?id WHERE {{ GRAPH <{ABOUT_RELEASE}> {{ ?release <{expand('dcterms:identifier')}> ?id }} }}"
        )
        there = [row["id"] for row in RemoteStore(service=service, graphs=(ABOUT_RELEASE,)).select(text).dicts()]
        if there and self.digest not in there:
            raise RemoteFailed("remote-changed", url=service.shown, ours=self.digest[:16], theirs=there[0][:16])


@dataclass(frozen=True, slots=True)
class Found:
    """What a service holds: the digest and the manifest of the release, its small files, the folder that goes with it."""

    manifest: dict[str, Any]
    said: Mapping[str, Any]
    folder: Path | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of the dataset, or of what could be counted of it."""
        return str(self.manifest["outputs"][_DATASET])


def description(release: Release) -> Iterator[str]:
    """Yield the lines of N-Triples by which a store says which release it holds: what ``push`` writes when all is there."""
    about = f"{BASE_IRI}dataset/{release.digest[:16]}"
    manifest = {"campuskg": release.manifest["campuskg"], "outputs": release.manifest["outputs"]}
    yield _line(about, "rdf:type", ox.NamedNode(expand("dcat:Dataset")))
    yield _line(about, "dcterms:identifier", ox.Literal(release.digest))
    texts = {"manifest.json": json.dumps(manifest, sort_keys=True)}
    for name in _FILES:
        path = release.folder / name
        if path.is_file():
            texts[name] = json.dumps(json.loads(path.read_bytes()), ensure_ascii=False, sort_keys=True)
    for name, text in texts.items():
        yield _line(f"{about}#{name}", "rdf:value", ox.Literal(text))


def described(service: Service) -> dict[str, Any]:
    """Return the small files that the store says of its release, by name; nothing where it says none. Raises RemoteFailed."""
    store = RemoteStore(service=service, graphs=())
    rows = store.select(f"SELECT ?file ?text WHERE {{ GRAPH <{ABOUT_RELEASE}> {{ ?file <{expand('rdf:value')}> ?text }} }}")
    try:
        found = {row["file"].rpartition("#")[2]: json.loads(row["text"]) for row in rows.dicts()}
        _ = found["manifest.json"]["outputs"][_DATASET]
    except (KeyError, TypeError, ValueError):
        return {}
    return found


def look(service: Service, folder: Path | None = None, warn: Warn | None = None) -> Found:
    """Return what *service* holds, and *folder* with it where that is of the same release.

    Raises RemoteFailed where there is nothing, MissingInput for a folder without release. *warn* is told of another release
    in the folder.
    """
    counts = _counts(service)
    if not counts:
        raise RemoteFailed("remote-empty", url=service.shown)
    said = described(service)
    if folder is not None:
        recover(folder)
        own = Found(read_manifest(folder), {}, folder)
        there = str(said["manifest.json"]["outputs"][_DATASET]) if said else ""
        same = there == own.digest if said else counts == _layers(folder)
        if same:
            return own
        if warn is not None:
            params = {"url": service.shown, "folder": str(folder), "ours": own.digest[:16], "theirs": there[:16] or str(counts)}
            warn(Problem("remote-other-release", Place(str(folder)), params, Severity.WARNING))
    if not said:
        counted = hashlib.sha256("\n".join(f"{layer} {count}" for layer, count in counts.items()).encode()).hexdigest()
        return Found({"campuskg": "", "outputs": {_DATASET: counted}}, {})
    return Found(said["manifest.json"], said)


def open_remote(
    url: str,
    folder: Path | None = None,
    *,
    credentials: Credentials | None = None,
    limits: Limits | None = None,
    warn: Warn | None = None,
) -> RemoteRelease:
    """Open the release that the service at *url* holds; raises RemoteFailed. *folder* and *warn* as for ``look``."""
    service = HttpService(url, credentials=credentials or Credentials.from_environment(), limits=limits)
    return opened(service, look(service, folder, warn))


def opened(service: Service, found: Found) -> RemoteRelease:
    """Return the release that was *found* in *service*."""
    return RemoteRelease(found.folder or NOWHERE, found.manifest, RemoteStore(service=service), found.said, service)


def _counts(service: Service) -> dict[str, int]:
    """Return the number of triples of each layer of a release in *service*."""
    rows = RemoteStore(service=service).select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    return {row["g"].removeprefix(_LAYER): int(row["n"]) for row in sorted(rows.dicts(), key=lambda row: row["g"])}


def _layers(folder: Path) -> dict[str, int]:
    """Return the number of triples of each layer that the build counted."""
    found: dict[str, int] = json.loads((folder / "statistics.json").read_bytes())["layers"]
    return found


def _line(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> str:
    return f"<{subject}> <{expand(predicate)}> {value} ."
