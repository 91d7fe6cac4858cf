"""Serving what lies in a SPARQL service elsewhere: found before anything starts, asked by the workers through this process.

The workers are those of any other server: locked in, without network. A query of theirs goes to the one address that the
operator named (``store.relay``); what comes back is read in the worker. The parent of the workers, which runs no visitor's
query, asks the service itself while it prepares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from campuskg.release.remote import NOWHERE, Found, Warn, look, opened
from campuskg.server.limits import MIB, Limits
from campuskg.server.source import Source
from campuskg.store.credentials import Credentials
from campuskg.store.exchange import Limits as CallLimits
from campuskg.store.relay import Relay, Relayed
from campuskg.store.service import HttpService

if TYPE_CHECKING:
    from campuskg.server.tasks import Context
    from campuskg.store.workers import Pool, PoolLimits

_PREPARING: Final = CallLimits(total=300.0, answer=256 * MIB, retries=1, watched=False)
"""For the parent of the workers, which must not start threads: whole indexes are read there, once."""
_QUICK: Final = 0.5
"""Seconds that a query in the fast lane may take at least: on the way to a service and back, most of it is waiting."""


@dataclass(frozen=True)
class Elsewhere:
    """A service that exists and holds a release: what is served, and how it is asked."""

    endpoint: str
    found: Found

    @property
    def source(self) -> Source:
        """What is served, as of a folder; its path leads nowhere where there is no folder of this release."""
        return Source(self.found.folder or NOWHERE, self.found.digest, self.found.manifest)

    @property
    def told(self) -> dict[str, Any]:
        """What the parent of the workers must be told, as JSON values; the credentials it finds where we do."""
        folder = str(self.found.folder.resolve()) if self.found.folder else ""
        return {"endpoint": self.endpoint, "manifest": self.found.manifest, "said": dict(self.found.said), "folder": folder}

    def pool(self, loader: str, arguments: Mapping[str, object], granted: "PoolLimits", limits: Limits) -> "Pool":
        """Return the workers, who ask the service through this process; the time that it takes counts as theirs."""
        from campuskg.store.workers import Pool

        calls = CallLimits(connect=3.0, total=300.0, answer=4 * limits.answer * MIB, retries=1, pause=0.2, longest_pause=2.0)
        service = HttpService(self.endpoint, credentials=Credentials.from_environment(), limits=calls)
        relay = Relay(service, threads=limits.workers + limits.slow_workers + limits.parked)
        return Pool(loader, arguments, replace(granted, fast_cpu=max(granted.fast_cpu, _QUICK)), relay)


def check_endpoint(endpoint: str, folder: Path | None, warn: Warn | None = None) -> Elsewhere:
    """Return what the service at *endpoint* holds; raises RemoteFailed, or MissingInput for a *folder* without release."""
    return Elsewhere(endpoint, look(HttpService(endpoint, credentials=Credentials.from_environment()), folder, warn))


def open_endpoint(told: Mapping[str, Any], base: str, corrections: str) -> "Context":
    """Return the context of the tasks: for the parent of the workers, and then for them."""
    from campuskg.server.tasks import Context

    found = Found(told["manifest"], told["said"], Path(told["folder"]) if told["folder"] else None)
    direct = HttpService(told["endpoint"], credentials=Credentials.from_environment(), limits=_PREPARING)
    release = opened(Relayed(direct), found)
    return Context(release.store, release, release.digest, base, corrections, check=release.check)
