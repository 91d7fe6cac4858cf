"""The page of the benchmarks: what the kept results say, as one document.

``python benchmarks/report.py`` writes ``docs/benchmarks.md`` from ``benchmarks/results/*.json``; ``run.py`` does so at its end.
Nothing is measured here, so that the page can be checked against the results by a test.
"""

import statistics
import sys
from collections.abc import Callable

from measures import ROOT, read
from report_parts import PARTS
from written import OURS, Found, against, number, seconds, table

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`python benchmarks/run.py` (or `make bench`) measures everything in the tables below within 25 minutes on two cores and writes
this page from `benchmarks/results/*.json`; `--only PART` runs one part, `--full` the long forms. Medians stand first, quartiles
in brackets. A ratio says how many times faster we are; `≥` marks one against a peer that did not end within its limit. Peers ran
on the same machine in the same run, with equal answers checked. A figure of a part that the last run left out has an older date.

"""


def render() -> str:
    """Return the page."""
    made = (part(read(name)) for name, part in PARTS.items())
    return HEAD + promises() + ran(read("run")) + "".join(text for text in made if text)


# What was promised -------------------------------------------------------------------------------------------------------


def promises() -> str:
    """Return the table of the goals with what was measured."""
    rows = []
    for goal, wanted, measured in GOALS:
        try:
            value, note = measured()
        except (KeyError, IndexError, ValueError, ZeroDivisionError, statistics.StatisticsError, StopIteration):
            value, note = None, "not measured yet"
        if value is None:
            rows.append((goal, wanted, note, "–"))
        else:
            kind, _, limit = wanted.partition(" ")
            good = value >= float(limit.split()[0]) if kind == "≥" else value <= float(limit.split()[0])
            rows.append((goal, wanted, note, "yes" if good else "**no**"))
    return "## Goals\n\n" + table(("goal", "wanted", "measured", "met"), rows)


def _one_million() -> Found:
    found: Found = read("national")["scales"]["1m"]
    return found


def _build() -> tuple[float, str]:
    one = _one_million()
    return one["build"]["seconds"], f"{one['build']['seconds']} s for {number(one['quads'])} quads"


def _times_faster(name: str, ours: str = OURS) -> Callable[[], tuple[float, str]]:
    def measured() -> tuple[float, str]:
        whole, each, ended = against(_one_million(), name, ours)
        sign = "" if ended else "≥ "
        return whole, f"{sign}{number(whole)} × (median of the ratios {sign}{number(each)} ×)"

    return measured


def _tables() -> tuple[float, str]:
    found = _one_million()["tables"]["tables"]
    ratios = [one["store"]["median"] / one["first"]["median"] for one in found.values()]
    again = [one["store"]["median"] / one["again"]["median"] for one in found.values()]
    whole = sum(one["store"]["median"] for one in found.values()) / sum(one["first"]["median"] for one in found.values())
    text = f"{number(whole)} × for all {len(found)} tables, median {number(statistics.median(ratios))} × at the first reading"
    return whole, f"{text}, {number(statistics.median(again))} × after that"


def _shacl() -> tuple[float, str]:
    found = {name: one for name, one in read("shacl").items() if isinstance(one, dict)}
    largest = max(found.values(), key=lambda one: one["triples"])
    same = all(one["same results"] for one in found.values())
    least = min(one["ratio"] for one in found.values())
    text = f"{number(largest['ratio'])} × on {number(largest['triples'])} triples, {number(least)} × at least on any part"
    return largest["ratio"] if same else 0, f"{text}, {'the same' if same else 'OTHER'} results"


def _import() -> tuple[float, str]:
    found = read("import")["throughput"]
    return found[
        "medianRatio"
    ], f"{number(found['medianRatio'])} × triples a second (by processor {number(found['medianProcessorRatio'])} ×)"


def _flat() -> tuple[float, str]:
    found = read("import")["memory"]
    rows = [number(found[name]["rows"]) for name in ("small", "large")]
    return found["ratio"], f"{found['ratio']:.2f} × the memory from {rows[0]} to {rows[1]} rows"


def _command() -> tuple[float, str]:
    found = read("run")
    if not found["seconds"]:
        raise ValueError  # only parts were run
    return found["seconds"] / 60, f"{found['seconds'] / 60:.1f} minutes"


def _site() -> tuple[float, str]:
    found = read("site")["first"]
    runs = ", ".join(map(str, sorted(found["runs"])))
    return found["seconds"], f"{found['seconds']} s for {number(found['files'])} files (runs: {runs})"


GOALS: tuple[tuple[str, str, Callable[[], tuple[float, str]]], ...] = (
    ("Build of 1 M statements, with validation", "≤ 60 s", _build),
    ("Catalogue at 1 M, in process, nothing remembered, beside rdflib", "≥ 20 ×", _times_faster("rdflib")),
    ("The same beside the `oxigraph` server on disk", "≥ 3 ×", _times_faster("oxigraph, disk")),
    ("Statistics from the tables of a release, beside asking the store", "≥ 20 ×", _tables),
    ("SHACL at 1 M beside pySHACL, with the same results", "≥ 30 ×", _shacl),
    ("Import beside morph-kgc", "≥ 8 ×", _import),
    ("Memory of an import as its rows grow", "≤ 1.25 ×", _flat),
    ("The real graph as a static site, from the start of the command to its end", "≤ 20 s", _site),
    ("The whole of the benchmarks", "≤ 25 minutes", _command),
)


# The run -------------------------------------------------------------------------------------------------------------------


def ran(found: Found) -> str:
    """Return the machine and the parts of the last run."""
    if not found:
        return ""
    machine = found["machine"]
    text = (
        f"## The last run\n\n{found['started'][:16].replace('T', ' ')} UTC: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory GiB']} GiB, {machine['system']}, Python {machine['python']}. "
        f"Versions: {', '.join(f'{name} {number}' for name, number in found['versions'].items())}.\n\n"
    )
    rows = [
        (n, one["status"], one["when"][:16].replace("T", " "), seconds(one["seconds"]), one["load before"])
        for n, one in found["parts"].items()
    ]
    return text + table(("part", "state", "when (UTC)", "took", "machine load before"), rows)


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
