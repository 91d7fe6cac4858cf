"""Where a query cannot be read, and what to do about it, as the parameters of one message."""

import re
from typing import Final

from campuskg.store.hints import hint

_NEAR: Final = 30
_PLACE: Final = re.compile(r"error at (\d+):(\d+):")


def place(message: str, sparql: str) -> dict[str, object]:
    """Return line, column, what stands there and a hint, from the engine's ``error at LINE:COLUMN: …``.

    The engine's list of what it expected is left out: it names character ranges, which help nobody.
    """
    match = _PLACE.match(message)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    advice = hint(sparql, message)
    if advice.start is not None:
        before = sparql[: advice.start]
        line, column = before.count("\n") + 1, advice.start - before.rfind("\n")
    lines = sparql.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    near = {"fr": f"près de « {rest[:_NEAR]} »", "en": f"near '{rest[:_NEAR]}'"}
    end = {"fr": "à la fin", "en": "at the end"}
    said = "" if match else message
    return {
        "line": line,
        "column": column,
        "near": near if rest else end,
        "said": said,
        "hint": {"fr": advice.fr, "en": advice.en},
    }
