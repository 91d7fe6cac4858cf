"""Loading a release into a remote store: graph by graph, resumable, and believed only after reading it back.

A rerun asks the store first: a graph that is already what it should be is left alone. Of a graph that was interrupted, the
state file says how many batches went out; the count in the store must agree, else the graph begins again. Whatever the
state file says, the fingerprint of what the store gives back decides.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from campuskg.errors import MissingInput
from campuskg.store.failures import RemoteFailed
from campuskg.store.fingerprint import Fingerprints, fingerprints
from campuskg.store.readback import GraphReader
from campuskg.store.service import ABOUT_RELEASE
from campuskg.store.upload import Uploader

Outcome = Literal["present", "identical", "same-values", "differs"]
Progress = Callable[[str, int, int], None]
"""Told the graph, the triples sent so far and how many there are."""

BATCH: Final = 2_000
_TRIES: Final = 2
_TOO_MANY: Final = frozenset({400, 413, 500})
_FEWEST: Final = 100


@dataclass(frozen=True, slots=True)
class GraphReport:
    """What came of one graph."""

    graph: str
    outcome: Outcome
    ours: Fingerprints
    theirs: Fingerprints

    @property
    def good(self) -> bool:
        """Whether the store holds the graph."""
        return self.outcome != "differs"


class PushState:
    """How many batches of each graph went out; a file that is replaced whole after each batch."""

    def __init__(self, path: Path) -> None:
        """Keep the state in *path*; a state that cannot be read counts as none."""
        self._path = path
        try:
            loaded = json.loads(path.read_bytes())
            self._sent = {str(graph): int(sent) for graph, sent in loaded.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._sent = {}

    def sent(self, graph: str) -> int:
        """Return the number of batches of *graph* that the store has."""
        return max(self._sent.get(graph, 0), 0)

    def note(self, graph: str, sent: int) -> None:
        """Keep that *sent* batches of *graph* are in the store."""
        self._sent[graph] = sent
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(self._sent, indent=1), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:
            raise MissingInput("file-unwritable", folder=str(self._path), reason=error.strerror or "") from error

    def forget(self) -> None:
        """Take the file away: all is done."""
        self._path.unlink(missing_ok=True)


def state_path(address: str, digest: str, batch: int) -> Path:
    """Return where the state of a push is kept, for one store, one release and one size of batch."""
    home = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(f"{address}\n{digest}\n{batch}".encode()).hexdigest()[:24]
    return Path(home) / "campuskg" / "push" / f"{name}.json"


class Push:
    """One release on its way into one store."""

    def __init__(
        self,
        nquads: Path,
        *,
        reader: GraphReader,
        uploader: Uploader,
        state: PushState,
        batch: int = BATCH,
        progress: Progress | None = None,
    ) -> None:
        """Send *nquads* through *uploader* in batches of *batch* triples, reading back through *reader*."""
        self._nquads = nquads
        self._reader = reader
        self._uploader = uploader
        self._state = state
        self._batch = batch
        self._progress = progress or (lambda *_: None)

    def graphs(self) -> Sequence[str]:
        """Return the names of the release's graphs, sorted."""
        return sorted({quad.graph_name.value for quad in self._quads() if isinstance(quad.graph_name, ox.NamedNode)})

    def run(self) -> Iterator[GraphReport]:
        """Send each graph that the store does not hold already; yield what came of each."""
        for graph in self.graphs():
            yield self._one(graph)
        self._state.forget()

    def prune(self, base: str) -> Sequence[str]:
        """Drop the graphs under *base* that the release does not have, such as those of an interrupted push; return them."""
        ours = {*self.graphs(), ABOUT_RELEASE}
        old = sorted(name for name in self._reader.names() if name.startswith(base) and name not in ours)
        for name in old:
            self._uploader.drop(name)
        return old

    def _one(self, graph: str) -> GraphReport:
        ours = fingerprints(self._triples(graph))
        report = self._compared(graph, ours)
        if report.good:
            return GraphReport(graph, "present", ours, report.theirs)
        for _ in range(_TRIES):
            self._send(graph, ours.exact.count)
            report = self._compared(graph, ours)
            if report.good:
                break
            self._state.note(graph, 0)
        return report

    def _compared(self, graph: str, ours: Fingerprints) -> GraphReport:
        if self._reader.count(graph) not in (ours.exact.count, ours.values.count):
            return GraphReport(graph, "differs", ours, Fingerprints())
        theirs = self._reader.fingerprints(graph)
        same: Outcome = "same-values" if theirs.values == ours.values else "differs"
        return GraphReport(graph, "identical" if theirs.exact == ours.exact else same, ours, theirs)

    def _send(self, graph: str, total: int) -> None:
        done = self._resumed(graph)
        if done == 0:
            self._uploader.begin(graph)
        for number, lines in enumerate(self._batches(graph, done), done + 1):
            self._add(graph, lines)
            self._state.note(graph, number)
            self._progress(graph, min(number * self._batch, total), total)
        self._uploader.finish(graph)
        self._state.note(graph, 0)

    def _add(self, graph: str, lines: Sequence[str]) -> None:
        """Add *lines*; a store that refuses so many at once gets them by halves (Virtuoso compiles some 5,000 lines at most)."""
        try:
            self._uploader.add(graph, lines)
        except RemoteFailed as error:
            if error.params.get("status") not in _TOO_MANY or len(lines) <= _FEWEST:
                raise
            middle = len(lines) // 2
            self._add(graph, lines[:middle])
            self._add(graph, lines[middle:])

    def _resumed(self, graph: str) -> int:
        """Return the batches that need not go out again: those of the state, when the store's count agrees."""
        sent = self._state.sent(graph)
        if sent == 0:
            return 0
        expected = fingerprints(islice(self._triples(graph), sent * self._batch))
        held = self._reader.count(self._uploader.growing(graph))
        near = expected.values.count <= held <= expected.exact.count + self._batch  # the last batch may have come unnoted
        return sent if near else 0

    def _batches(self, graph: str, done: int) -> Iterator[list[str]]:
        """Yield the lines of *graph* in batches, after those that are *done*."""
        lines = (f"{triple} ." for triple in islice(self._triples(graph), done * self._batch, None))
        while batch := list(islice(lines, self._batch)):
            yield batch

    def _triples(self, graph: str) -> Iterator[ox.Triple]:
        name = ox.NamedNode(graph)
        return (quad.triple for quad in self._quads() if quad.graph_name == name)

    def _quads(self) -> Iterator[ox.Quad]:
        return iter(ox.parse(path=self._nquads, format=ox.RdfFormat.N_QUADS))
