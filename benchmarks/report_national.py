"""The part of the page about a country of growing size: build, latency, growth, tables."""

import statistics
from collections.abc import Iterable

from written import OURS, Found, against, number, seconds, table

SCALES = ("10k", "100k", "1m", "10m")


def national(found: Found) -> str:
    """Return build, latency, growth and tables at the scales."""
    if not found:
        return ""
    scales = {name: found["scales"][name] for name in SCALES if name in found["scales"]}
    text = "## A country of growing size\n\n" + _scales(scales) + _latency(scales) + _growth(found)
    text += _tables_table(scales.get("1m", {})) + _per_query(scales)
    said = ", ".join(f"{name} {number}" for name, number in found["versions"].items() if number)
    return text + f"Versions: {said}. Load of the machine before each engine: in `benchmarks/results/national.json`.\n\n"


def _scales(scales: Found) -> str:
    rows = []
    for name, one in scales.items():
        build = one.get("build", {})
        stages = ", ".join(f"{stage} {time:g}" for stage, time in build.get("stages", {}).items())
        rows.append((name, number(one["quads"]), build.get("seconds", "–"), build.get("MiB", "–"), stages or "–"))
    lead = "Made by `campuskg generate`: a tenth of the real graph, the real graph (100k), and a made-up country beside it.\n\n"
    return lead + table(("scale", "quads", "build s", "peak MiB", "phases of the build, s"), rows)


def _latency(scales: Found) -> str:
    text = (
        "Every query of the catalogue with its default values, the whole answer as SPARQL JSON, warm. *campuskg* is our store in "
        "its process, every query inspected and computed anew. *served, first* is our server asked for the first time, *served, "
        "again* the same text again, which comes from its memory of answers: that is a cache, not a faster engine. The others "
        "remember no answers.\n\n"
    )
    rows = []
    for scale, one in scales.items():
        for name, label, queries in _engines(one):
            rows.append((f"{scale}, {label}", *_row(one, name, queries)))
    heads = ("engine", "load s", "answered", "not in time", "median", "quartiles over queries", "slower than campuskg")
    return text + table(heads, rows)


def _engines(one: Found) -> Iterable[tuple[str, str, str]]:
    for name, figures in one["engines"].items():
        if "queries" in figures:
            yield name, "served, first" if name == "served" else name, "queries"
        if "again" in figures:
            yield name, "served, again", "again"


def _row(one: Found, name: str, which: str) -> tuple[object, ...]:
    figures = one["engines"][name]
    answers = figures[which]
    known = sorted(a.get("median", a.get("censored")) for a in answers.values() if "median" in a or "censored" in a)
    late = sum("censored" in a for a in answers.values())
    if not known:
        return (figures.get("load", "–"), 0, late, "–", "–", "–")
    quartiles = statistics.quantiles(known, n=4) if len(known) > 1 else [known[0]] * 3
    if name == OURS:
        ratio = "1"
    else:
        shifted = {"engines": {OURS: one["engines"].get(OURS, {"queries": {}}), name: {"queries": answers}}}
        try:
            whole, _, ended = against(shifted, name)
            ratio = f"{'' if ended else '≥ '}{whole:.3g} ×"
        except statistics.StatisticsError:
            ratio = "–"
    middle = statistics.median(known)
    over = "≥ " if late * 2 > len(known) else ""
    return (
        figures.get("load") or "–", len(answers) - late, late, over + seconds(middle),
        f"[{seconds(quartiles[0])}, {seconds(quartiles[2])}]", ratio,
    )  # fmt: skip


def _growth(found: Found) -> str:
    rows = []
    for name, slopes in found.get("growth", {}).items():
        if len(slopes) > 1:
            values = sorted(slopes.values())
            quartiles = statistics.quantiles(values, n=4)
            worst = ", ".join(f"{query} {slope:.2f}" for query, slope in sorted(slopes.items(), key=lambda one: -one[1])[:3])
            rows.append(
                (name, len(values), f"{statistics.median(values):.2f}", f"[{quartiles[0]:.2f}, {quartiles[2]:.2f}]", worst)
            )
    if not rows:
        return ""
    lead = "Growth: the exponent of the time of a query as the data grow (0: not at all, 1: with them, 2: with their square).\n\n"
    return lead + table(("engine", "queries", "median exponent", "quartiles", "steepest"), rows)


def _tables_table(one: Found) -> str:
    if "tables" not in one:
        return ""
    rows = []
    ordered = sorted(one["tables"]["tables"].items(), key=lambda pair: -pair[1]["store"]["median"])
    for name, found in ordered:
        ratio = found["store"]["median"] / found["first"]["median"]
        again = found["store"]["median"] / found["again"]["median"]
        cells = (seconds(found["store"]["median"]), seconds(found["first"]["median"]), seconds(found["again"]["median"]))
        rows.append((name, found["rows"], *cells, number(ratio), number(again)))
    lead = (
        f"Tables of the release at 1 M (`queries/tables.yaml`, {number(one['tables']['bytes'])} bytes, read in "
        f"{seconds(one['tables']['file read'])} when the release is opened): "
        "the same rows from the store and from the table, the first time and after.\n\n"
    )
    return lead + table(("table", "rows", "store", "table, first", "table, again", "ratio, first", "ratio, again"), rows)


def _per_query(scales: Found) -> str:
    """Return the median of each query on each engine at the largest scale that rdflib has, folded away."""
    scale, one = next(((s, scales[s]) for s in ("1m", "100k", "10k") if s in scales), ("", {}))
    if not one:
        return ""
    engines = [(name, label, which) for name, label, which in _engines(one)]
    rows = []
    for query, answer in sorted(one["engines"].get(OURS, {}).get("queries", {}).items()):
        cells = []
        for name, _, which in engines:
            found = one["engines"][name][which].get(query, {})
            if "median" in found:
                wrong = " ≠ rows" if found["rows"] != answer.get("rows") else ""
                cells.append(seconds(found["median"]) + wrong)
            else:
                cells.append(f"> {found['censored']:g} s" if "censored" in found else "error" if "error" in found else "–")
        rows.append((query, answer.get("rows", "–"), *cells))
    body = table(("query", "rows", *(label for _, label, _ in engines)), rows)
    return f"<details><summary>Each query at {scale}</summary>\n\n{body}</details>\n\n"
