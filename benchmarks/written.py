"""How the page of the benchmarks writes tables, times and numbers."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]
OURS = "campuskg"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers."""
    lines = [f"| {' | '.join(heads)} |", "|---|" + "--:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]) + "\n\n"


def seconds(value: float) -> str:
    """Return a time in the unit that suits it.

    >>> seconds(0.0123), seconds(12.3), seconds(0.0000041)
    ('12.3 ms', '12.3 s', '4.1 µs')
    """
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 1 or unit == "µs":
            return f"{value * factor:.3g} {unit}"
    return ""


def spelt(one: Found) -> str:
    """Return a median with its quartiles."""
    return f"{seconds(one['median'])} [{seconds(one['q1'])}, {seconds(one['q3'])}]"


def number(value: float) -> str:
    """Return a count with thin groups of thousands, or a ratio with as many digits as it is worth."""
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.3g}"  # noqa: PLR2004


def medians(one: Found, name: str) -> dict[str, tuple[float, bool]]:
    """Return the median of each query that *name* answered, or its limit, and whether it ended."""
    found = {}
    for query, answer in one["engines"][name]["queries"].items():
        if "median" in answer:
            found[query] = (answer["median"], True)
        elif "censored" in answer:
            found[query] = (answer["censored"], False)
    return found


def against(one: Found, name: str, ours: str = OURS) -> tuple[float, float, bool]:
    """Return their catalogue median over ours, the median of the ratios, and whether every query ended."""
    mine, theirs = medians(one, ours), medians(one, name)
    both = [query for query in mine if query in theirs and mine[query][1]]
    whole = statistics.median(theirs[q][0] for q in both) / statistics.median(mine[q][0] for q in both)
    each = statistics.median(theirs[q][0] / mine[q][0] for q in both)
    return whole, each, all(theirs[q][1] for q in both)
