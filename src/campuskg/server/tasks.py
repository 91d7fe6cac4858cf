"""What workers do for the server: the tasks that need the graph, and how the parent of the workers loads the graph for them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from campuskg.store.guard import DEFAULT_LIMITS, GuardLimits
from campuskg.store.workers import Reply
from campuskg.store.workers.limits import COLD, WARM

if TYPE_CHECKING:
    from campuskg.release import Release
    from campuskg.store import GraphStore


@dataclass(frozen=True)
class Context:
    """What a task may use: the store, and the release it came from (None for a plain RDF file).

    *digest* identifies the data; *base* is the public address of the server, without a slash at its end;
    *corrections* is where readers send corrections (a mail or a page of issues), if anywhere; *guard* bounds the text of
    visitors' queries.
    """

    store: "GraphStore"
    release: "Release | None"
    digest: str
    base: str
    corrections: str = ""
    guard: GuardLimits = DEFAULT_LIMITS
    earlier: bool = False
    """Whether this is an earlier release, kept for the addresses that cite it."""
    check: Callable[[], None] | None = None
    """Raises what became of a release elsewhere since it was opened."""


Task = Callable[[Context, dict[str, Any]], Reply]
"""Runs inside a worker: takes the context and the task's arguments (JSON values), returns meta (JSON values) and a body.

It may raise any CampuskgError with JSON values as parameters (``Refusal`` names the HTTP status). It cannot open files or
import modules that nobody imported before: what it needs is loaded by the ``warm`` functions of the tables.
"""

EARLY: Final = frozenset(("sparql", "graphs", "ready"))
"""The tasks of ``server.evaluate``, which need the store and nothing that the ``warm`` functions load."""

USUAL: Final = 1
"""The stage of preparation that most pages need."""

LATE: Final = frozenset(
    (
        *("planning-page", "planning-file", "page-dossiers", "dossier", "view-list", "view-page", "view-file"),
        *("page-ontology", "page-ontology-term", "page-section", "page-about", "dumps", "dump-piece"),
    )
)
"""The tasks that need more: what takes longest to prepare comes last."""


def needs(task: Mapping[str, Any]) -> int:
    """Return the stage of preparation that *task* needs (``Handler.warming``)."""
    if task["task"] in EARLY:
        return COLD
    from campuskg.publish.published import is_heavy

    heavy = task["task"] in LATE or task.get("release") or is_heavy(str(task.get("path", "id/")))
    return WARM if heavy else USUAL


Warmer = Callable[[Context], None]
"""Loads, in the parent of the workers, what tasks need and cannot load themselves."""


class Handler:
    """Answers the tasks of one server in every worker."""

    def __init__(self, context: Context, keep: Sequence[str] = ()) -> None:
        """Answer with *context*; a task whose ``release`` is the digest of a release in one of the folders *keep*, with that."""
        from campuskg.server import evaluate

        self._context = context
        self._keep = keep
        self._kept: dict[str, Context] = {}
        self._tasks = dict(evaluate.TASKS)

    def __call__(self, task: dict[str, Any]) -> Reply:
        """Do *task*, a JSON object whose ``task`` names a line of the table."""
        if task["task"] not in self._tasks:
            self._learn()
        return self._tasks[task["task"]](self._kept.get(task.get("release", ""), self._context), task)

    def descriptors(self) -> Iterable[int]:
        """Return the open files that workers need: those of the stores on disk."""
        from campuskg.store.disk import DiskStore

        stores = [context.store for context in (self._context, *self._kept.values())]
        return {found for store in stores if isinstance(store, DiskStore) for found in store.descriptors()}

    def _learn(self) -> None:
        """Import the modules of all tasks."""
        from campuskg.server.tables import tasks

        self._tasks = tasks()

    def warming(self) -> Iterator[int | None]:
        """Load, step by step, what the tasks need that are not ``EARLY``, while files may still be opened.

        The stage ``USUAL`` is reached after the usual pages, before what few ask for.
        """
        from campuskg.server.source import open_source
        from campuskg.server.tables import PARTS, part, warmers

        for name in PARTS:  # one at a time: a worker that dies meanwhile is replaced between two of them
            part(name)
            yield None
        self._learn()
        usual, late = warmers()
        for warmer in usual:
            warmer(self._context)
            yield None
        yield USUAL
        for warmer in late:
            warmer(self._context)
            yield None
        from campuskg.server.resource_tasks import published_of

        for folder in self._keep:
            kept = replace(open_source(folder, self._context.base, self._context.corrections), earlier=True)
            self._kept[kept.digest] = kept
            published_of(kept)
            yield None


def load(  # noqa: PLR0913  one argument for each thing that the command line says
    *,
    source: str,
    base: str,
    keep: Sequence[str] = (),
    corrections: str = "",
    quotations: bool = False,
    guard: Mapping[str, Any] | None = None,
    storage: Mapping[str, Any] | None = None,
    elsewhere: Mapping[str, Any] | None = None,
) -> Handler:
    """Load the graph once, in the parent of the workers; return what every worker answers tasks with.

    *keep* are the folders of earlier releases, for the addresses that cite them; *guard* bounds visitors' queries;
    *quotations* shows the cited lines, where the release has them; *storage* says what is read from disk;
    *elsewhere* which service is asked instead of what is in *source* (``server.remote``).
    """
    from campuskg.server.source import open_source
    from campuskg.store.storage import Storage, keep_to

    if storage is not None:
        keep_to(Storage.from_json(storage))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's library would start threads, and a process with threads must not fork
    limits = DEFAULT_LIMITS if guard is None else GuardLimits(**{**guard, "services": tuple(guard["services"])})
    if elsewhere is not None:
        from campuskg.server.remote import open_endpoint

        return Handler(replace(open_endpoint(elsewhere, base, corrections), guard=limits), keep)
    return Handler(replace(open_source(source, base, corrections, quotations=quotations), guard=limits), keep)


def guard_arguments(limits: GuardLimits) -> dict[str, Any]:
    """Return *limits* as the argument of ``load``."""
    return asdict(limits)
