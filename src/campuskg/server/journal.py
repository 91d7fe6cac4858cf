"""One line a request on standard error, as JSON: what was asked and what it cost, never the text of a query."""

import json
import sys
import traceback
from hashlib import sha256
from typing import Any, Final, TextIO

from campuskg.server.response import Response

_LONGEST_PATH: Final = 200


class Journal:
    """Writes the log; *on* is false when only faults are written."""

    def __init__(self, level: str = "error", out: TextIO | None = None) -> None:
        """Write at *level*: ``info`` for every request, ``error`` for our own faults only."""
        self.on = level == "info"
        self._out = sys.stderr if out is None else out

    def request(self, scope: Any, response: Response, seconds: float, *, ready: bool) -> None:  # noqa: ANN401
        """Write one request: JSON escapes control characters, so that nobody forges a line."""
        query = scope.query_string
        self._write(
            {
                "client": scope.client,
                "method": scope.method[:20],
                "path": scope.path[:_LONGEST_PATH],
                "query": sha256(query.encode("utf-8", "replace")).hexdigest()[:16] if query else None,
                "status": response.status,
                "bytes": len(response.body),
                "ms": round(seconds * 1000, 2),
                "ready": ready,
            }
        )

    def fault(self, error: BaseException) -> None:
        """Write a fault of ours, with where it happened: for the operator, never for the visitor."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
        self._write({"fault": type(error).__name__, "said": str(error)[:_LONGEST_PATH], "place": place})

    def _write(self, line: dict[str, object]) -> None:
        self._out.write(json.dumps(line, ensure_ascii=True) + "\n")
        self._out.flush()
