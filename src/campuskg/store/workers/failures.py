"""How a query can fail in the workers, each with its limit, and how an error crosses from a worker to its caller.

Tree::

    UsageProblem
    ├── QueryTimedOut   it took longer than its time
    ├── QueryTooBig     its worker died of it: memory, or depth
    └── AnswerTooBig    the answer does not fit
    MissingInput
    ├── PoolBusy        no place now; knows when to come back
    ├── WorkerLost      its worker was killed from outside; the query may be sent again
    └── WorkersUnsafe   the system cannot lock the workers in
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from campuskg.errors import CampuskgError, InternalFault, MissingInput, Place, Problem, ProblemsFound, Severity, UsageProblem


class QueryTimedOut(UsageProblem):
    """The query was stopped because it took longer than *limit* seconds."""

    def __init__(self, limit: float) -> None:
        """Name the limit."""
        super().__init__("query-timed-out", limit=f"{limit:g}")
        self.limit = limit


class QueryTooBig(UsageProblem):
    """The query used up its worker: more than *limit* MiB, or nested too deep for the engine."""

    def __init__(self, limit: int) -> None:
        """Name the limit."""
        super().__init__("query-too-big", limit=limit)
        self.limit = limit


class PoolBusy(MissingInput):
    """No place is free; worth trying again in *retry_after* seconds."""

    def __init__(self, retry_after: float) -> None:
        """Say when to come back."""
        super().__init__("pool-busy", seconds=math.ceil(retry_after))
        self.retry_after = math.ceil(retry_after)


class WorkerLost(MissingInput):
    """The worker was killed from outside, or the pool is stopping: no fault of the query."""

    def __init__(self) -> None:
        """Need nothing."""
        super().__init__("worker-lost")


class WorkersUnsafe(MissingInput):
    """The self-test found that a worker could reach the network or the files."""

    def __init__(self, found: str) -> None:
        """Say what the self-test *found*."""
        super().__init__("workers-unsafe", found=found)
        self.found = found


def described(error: CampuskgError) -> dict[str, Any]:
    """Return what is needed to raise *error* again in another process."""
    kind = type(error)
    state = {name: value for name, value in vars(error).items() if _plain(value)}
    if "params" in vars(error):
        state["params"] = _said(vars(error)["params"])
    problems = [_problem(found) for found in error.problems] if isinstance(error, ProblemsFound) else []
    return {"kind": f"{kind.__module__}.{kind.__qualname__}", "state": state, "problems": problems, "exit": error.exit_code}


def _problem(found: Problem) -> dict[str, Any]:
    place = [found.place.file, found.place.line, found.place.column]
    return {"code": found.code, "place": place, "params": _said(found.params), "severity": str(found.severity)}


def _said(params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters of a message as JSON can say them; what it cannot is said as the message would."""
    return {name: value if _plain(value) else str(value) for name, value in params.items()}


def rebuilt(description: Mapping[str, Any]) -> CampuskgError:
    """Return the error of *description*; only classes that already exist here are made.

    An error whose class is not known here keeps its message and becomes the nearest class that is.
    """
    if problems := description.get("problems"):
        return ProblemsFound(Problem(p["code"], Place(*p["place"]), p["params"], Severity(p["severity"])) for p in problems)
    state = description.get("state", {})
    known = {f"{kind.__module__}.{kind.__qualname__}": kind for kind in _family(CampuskgError)}
    kind = known.get(str(description.get("kind")))
    if kind is None:
        kind = {2: UsageProblem, 3: MissingInput}.get(int(description.get("exit", 4)), InternalFault)
    error = kind.__new__(kind)
    Exception.__init__(error)
    vars(error).update(state)
    if "code" not in state or "params" not in state:
        return InternalFault("internal", said=str(description.get("kind")))
    return error


def _family(kind: type[CampuskgError]) -> Iterator[type[CampuskgError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def _plain(value: object) -> bool:
    """Tell whether *value* survives JSON unchanged."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, (str, int, float, bool))
