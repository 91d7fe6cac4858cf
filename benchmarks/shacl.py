"""Validation by shacl-rust and by pySHACL: the same results on data that are broken on purpose, and the seconds of both.

For whoever questions decision 0005: ``python benchmarks/shacl.py RELEASE`` takes parts of a release of growing size, drops one
statement in a hundred and puts a wrong value into another one, and compares every result: focus node, path, component, severity.
``--real`` validates the whole, unbroken dataset too, ``--country`` that of a made-up country (pySHACL needs minutes), ``--quick``
the smaller parts only. ``--write`` keeps the figures in ``benchmarks/results/shacl.json``; what is kept of other sizes stays.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import rdflib
from measures import keep, load, now, read, spread, versions

from campuskg.ontology import validate_shapes
from campuskg.ontology.shapes import shapes_turtle
from campuskg.synthetic import generate

SIZES = (10_000, 30_000, 100_000)
TIMES = 5
BROKEN = 0.01
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
Result = tuple[str, str, str, str]


def triples(nquads: Iterable[str]) -> list[str]:
    """Return N-Quads as the lines of N-Triples of all their graphs."""
    return [line.rpartition(" <")[0] + " .\n" for line in nquads]


def broken(lines: Iterable[str], seed: int = 7) -> list[str]:
    """Return *lines* without some and with wrong values in others, but for the vocabulary, which shapes rely on."""
    chance = random.Random(seed)  # noqa: S311  the same faults each time
    found = []
    for line in lines:
        drawn = chance.random() if "/id/" in line.partition(" ")[0] else 1.0
        if drawn < BROKEN:
            continue
        head, _, _ = line.rpartition(" .\n")
        parts = head.split(" ", 2)
        wrong = drawn < 2 * BROKEN and not parts[1].endswith("#type>") and parts[2].startswith("<")  # rdflib cannot sum words
        found.append(f'{parts[0]} {parts[1]} "broken" .\n' if wrong else line)
    return found


def fast(text: str) -> tuple[list[float], set[Result]]:
    """Validate with shacl-rust, several times."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        results = validate_shapes(text)
        times.append(time.perf_counter() - start)
    return times, {(one.focus, one.path, one.component, one.severity) for one in results}


def slow(text: str) -> tuple[float, set[Result]]:
    """Validate with pySHACL, once."""
    start = time.perf_counter()
    data = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(data=shapes_turtle(), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    seconds = time.perf_counter() - start
    top = next(report.subjects(rdflib.RDF.type, SH.ValidationReport))  # what is below sh:detail explains, and is no result
    return seconds, {_result(report, one) for one in report.objects(top, SH.result)}


def _result(report: rdflib.Graph, one: rdflib.term.Node) -> Result:
    def value(name: str) -> str:
        found = report.value(one, SH[name])
        return "" if found is None else str(found)

    path = report.value(one, SH.resultPath)
    kept = str(path) if isinstance(path, rdflib.URIRef) else ""
    component, severity = value("sourceConstraintComponent"), value("resultSeverity")
    return value("focusNode"), kept, component.removeprefix(SH), severity.removeprefix(SH)


def compared(lines: list[str]) -> dict[str, object]:
    """Return the figures of both engines on the same triples."""
    text = "".join(lines)
    times, ours = fast(text)
    seconds, theirs = slow(text)
    return {
        "triples": len(set(lines)),
        "shacl-rust seconds": spread(times, 3),
        "pySHACL seconds": round(seconds, 2),
        "ratio": round(seconds / spread(times)["median"], 1),
        "results": len(ours),
        "pySHACL results": len(theirs),
        "same results": ours == theirs,
        "load": load(),
        "when": now(),
        "versions": versions(("shacl-rust", "pyshacl", "rdflib")),
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="the smaller parts only")
    parser.add_argument("--real", action="store_true", help="the whole dataset as well")
    parser.add_argument("--country", type=Path, metavar="RELEASE", help="the whole of a large release as well, such as 1m's")
    given = parser.parse_args()
    kept = {str(name): one for name, one in read("shacl").items() if isinstance(one, dict)}
    chosen = {f"part of {size}": broken(triples(generate(given.release, size))) for size in (SIZES[:2] if given.quick else SIZES)}
    wholes = {"whole, unbroken": given.release if given.real else None, "made-up country, unbroken": given.country}
    for name, release in wholes.items():
        if release is not None:
            with (release / "dataset.nq").open(encoding="utf-8") as lines:
                chosen[name] = triples(lines)
    for name, lines in chosen.items():
        kept[name] = compared(lines)
        sys.stdout.write(f"{name}: {json.dumps(kept[name])}\n")
        sys.stdout.flush()
        if given.write:
            keep("shacl", kept)


if __name__ == "__main__":
    main()
