"""What the server counts of itself, for a monitor: ``/metrics`` in the text format of Prometheus (version 0.0.4).

Nothing of it tells who asked or what: statuses, seconds, bytes kept, queries at work.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from campuskg import __version__
from campuskg.server.request import Request
from campuskg.server.response import Response, answer
from campuskg.server.routes import Route

if TYPE_CHECKING:
    from campuskg.server.app import App

_BOUNDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Upper bounds in seconds of the classes of the histogram."""
_MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts responses; those made in the event loop, those ready in one thread, whichever it is."""

    def __init__(self) -> None:
        """Start from nothing."""
        self.responses: Counter[tuple[int, bool]] = Counter()
        """By status, and by whether the answer was ready in the cache."""
        self._classes = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0

    def ready(self, status: int) -> None:
        """Count a response that was ready."""
        self.responses[status, True] += 1

    def made(self, status: int, seconds: float) -> None:
        """Count a response that was made, and how long that took."""
        self.responses[status, False] += 1
        self._classes[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds

    def histogram(self) -> Iterator[tuple[str, Mapping[str, str], float]]:
        """Yield the samples of the histogram of seconds: suffix, labels, value."""
        total = 0
        for bound, count in zip((*map(str, _BOUNDS), "+Inf"), self._classes, strict=True):
            total += count
            yield "_bucket", {"le": bound}, total
        yield "_sum", {}, round(self._seconds, 6)
        yield "_count", {}, total


def exposition(app: "App") -> str:
    """Return all that *app* counts, as Prometheus reads it."""
    lines: list[str] = []

    def family(name: str, kind: str, text: str, samples: Iterator[tuple[str, Mapping[str, str], float]]) -> None:
        lines.extend((f"# HELP campuskg_{name} {text}", f"# TYPE campuskg_{name} {kind}"))
        for suffix, labels, value in samples:
            said = ",".join(f'{key}="{label}"' for key, label in labels.items())
            lines.append(f"campuskg_{name}{suffix}{f'{{{said}}}' if said else ''} {value}")

    responses = sorted(app.metrics.responses.items())
    family("info", "gauge", "What is served.", iter([("", {"version": __version__, "release": app.digest[:12]}, 1)]))
    family(
        "responses_total",
        "counter",
        "Responses by status, and by whether they were ready in the cache.",
        (("", {"status": str(status), "ready": str(ready).lower()}, count) for (status, ready), count in responses),
    )
    family("response_seconds", "histogram", "Seconds to make a response that was not ready.", app.metrics.histogram())
    family("queries", "gauge", "Queries by where they are.", (("", {"where": k}, v) for k, v in app.pool.load.items()))
    workers = {kind: len(pids) for kind, pids in app.pool.pids.items()}
    family("processes", "gauge", "Processes beside the server's own.", (("", {"kind": k}, v) for k, v in workers.items()))
    kept = {"requests": app.ready.size, "answers": app.answers.size}
    family("cache_bytes", "gauge", "Bytes of the answers kept.", (("", {"cache": k}, v) for k, v in kept.items()))
    return "\n".join(lines) + "\n"


async def metrics(request: Request, app: "App") -> Response:  # noqa: ARG001  every handler has this signature
    """GET /metrics: what a monitor reads; an operator keeps it from the public at the proxy, though nothing in it is secret."""
    return answer(exposition(app).encode(), _MEDIA)


ROUTES: Final = (Route(("GET",), "/metrics", metrics),)
