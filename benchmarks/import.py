"""Throughput and memory of ``campuskg import``, beside morph-kgc, on synthetic rows made from a real extract.

For whoever wonders how the importers grow: ``benchmarks/import.py`` writes ``results/import.json``. morph-kgc is installed into
an environment of its own, or taken from that of the interpreter ``--morph``. Both programs read the same file and must write the
same triples: that is checked first, and gives both their bytecode, as an installation does. What is compared is triples a second
of whole processes, from their start to their end, over a million rows: with few, the start of the interpreters would be a good
part of what is measured. ``--quick`` takes a million rows, not five, for the memory. Without the extract of the annuaire: exit 3.
"""

import argparse
import csv
import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from measures import bytecode
from peers import MORPH, environment

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "import.json"
EXTRACT = ROOT.parent / "shared" / "data" / "fr-en-annuaire-education_dept35_2023.csv"
QUICK_LARGE = 1_000_000
SAME_ROWS = 100_000
"""Enough to compare the triples one by one in memory."""
MAPPING = """
publisher = "campuskg"
licence = "CC0 1.0"
key = ["code"]

[title]
fr = "Banc"
en = "Bench"

[columns]
code = { kind = "code", required = true }
name = { required = true }
address = {}
commune = { kind = "commune" }
latitude = { kind = "latitude" }
longitude = { kind = "longitude" }
opened = { kind = "date" }

[[things]]
iri = "organisation/bench-{code}"
class = "=org:Organization"
[things.says]
"skos:prefLabel" = "name@fr"
"cmq:address" = "address"
"cmq:locatedIn" = "<place/commune-{commune}>"
"cmq:latitude" = "latitude"
"cmq:longitude" = "longitude"
"cmq:validFrom" = "opened"
"""
RML = """
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix cmq: <https://w3id.org/cmq/ontology#> .
@prefix id: <https://w3id.org/cmq/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<#row> rml:logicalSource [ rml:source "{csv}" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "https://w3id.org/cmq/id/passage/bench-bench/{{code}}" ; rr:class cmq:Passage ] ;
  rr:predicateObjectMap [ rr:predicate <http://www.w3.org/ns/oa#hasSource> ; rr:object id:document\\/bench-bench ] ;
  rr:predicateObjectMap [ rr:predicate <http://www.w3.org/ns/prov#wasGeneratedBy> ; rr:object id:activity\\/import-bench-bench ] ;
  rr:predicateObjectMap [ rr:predicate cmq:rowKey ; rr:objectMap [ rml:reference "code" ] ] .
<#thing> rml:logicalSource [ rml:source "{csv}" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "https://w3id.org/cmq/id/organisation/bench-{{code}}" ;
    rr:class <http://www.w3.org/ns/org#Organization> ] ;
  rr:predicateObjectMap [ rr:predicate skos:prefLabel ; rr:objectMap [ rml:reference "name" ; rr:language "fr" ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:address ; rr:objectMap [ rml:reference "address" ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:locatedIn ;
    rr:objectMap [ rr:template "https://w3id.org/cmq/id/place/commune-{{commune}}" ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:latitude ; rr:objectMap [ rml:reference "latitude" ; rr:datatype xsd:decimal ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:longitude ; rr:objectMap [ rml:reference "longitude" ; rr:datatype xsd:decimal ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:validFrom ; rr:objectMap [ rml:reference "opened" ; rr:datatype xsd:date ] ] ;
  rr:predicateObjectMap [ rr:predicate cmq:sourcePassage ;
    rr:objectMap [ rr:template "https://w3id.org/cmq/id/passage/bench-bench/{{code}}" ] ] .
"""
OURS = """
import os, re, sys, tomllib
from pathlib import Path
from campuskg.ingest.mapping import read_importer
from campuskg.ingest.engine import run
made = read_importer("bench", tomllib.loads(Path(sys.argv[1]).read_text()))
accounts = run(made, [Path(sys.argv[2])], Path(sys.argv[3]), version="bench")
peak = int(re.search("VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
used = os.times()
print(accounts.triples, accounts.imported, peak // 1024, used.user + used.system)
"""


def real_rows() -> list[dict[str, str]]:
    """Return the rows of the extract that have every cell, without the repairs that only we make."""
    with EXTRACT.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    kept = [
        {
            "name": " ".join(row["Nom_etablissement"].split()).replace("''", "'"),
            "address": " ".join(row["Adresse_1"].split()).replace("''", "'"),
            "commune": row["Code_commune"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "opened": row["date_ouverture"],
        }
        for row in rows
    ]
    return [row for row in kept if all(row.values())]


def synthetic(real: Sequence[dict[str, str]], count: int) -> Iterator[list[str]]:
    """Yield *count* rows: the real ones over and over, each with a key of its own."""
    cells = [list(row.values()) for row in real]
    for number in range(count):
        yield [str(number), *cells[number % len(cells)]]


def write(real: Sequence[dict[str, str]], count: int, file: Path) -> None:
    """Write a file of *count* rows."""
    with file.open("w", encoding="utf-8", newline="") as text:
        out = csv.writer(text, lineterminator="\n")
        out.writerow(["code", *real[0]])
        out.writerows(synthetic(real, count))


def ours(folder: Path, file: Path) -> dict[str, float]:
    """Run our import in a process of its own."""
    out = folder / "ours.nt"
    out.unlink(missing_ok=True)  # nor is taking away what was there before
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603  our own programs
        [sys.executable, "-c", OURS, str(folder / "bench.toml"), str(file), str(out)],
        capture_output=True,
        check=True,
        text=True,
        env=bytecode(folder),
    )
    seconds = time.perf_counter() - start
    triples, rows, rss, used = map(float, done.stdout.split())
    rates = {"triplesPerSecond": triples / seconds, "processorSeconds": used}
    return {"rows": rows, "triples": triples, "seconds": seconds, "peakRssMiB": rss, **rates}


def morph(python: str, folder: Path, file: Path) -> dict[str, float]:
    """Run morph-kgc on the same file, as its documentation says; its own best settings (all cores)."""
    out = folder / "morph.nt"
    out.unlink(missing_ok=True)
    (folder / "bench.rml.ttl").write_text(RML.format(csv=file), encoding="utf-8")
    config = (
        f"[CONFIGURATION]\noutput_file={out}\nnumber_of_processes={os.cpu_count()}\n\n[bench]\nmappings={folder}/bench.rml.ttl\n"
    )
    (folder / "morph.ini").write_text(config, encoding="utf-8")
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(  # noqa: S603  our own programs
        [python, "-m", "morph_kgc", str(folder / "morph.ini")],
        capture_output=True,
        check=False,
        text=True,
        cwd=folder,
        env=bytecode(folder),
    )
    seconds, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    with out.open("rb") as lines:
        triples = sum(1 for _ in lines)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {"triples": triples, "seconds": seconds, "triplesPerSecond": triples / seconds, "processorSeconds": used}


def same(folder: Path) -> dict[str, int]:
    """Compare the triples of both outputs; ours has eleven more, which tell of the file and of the import."""
    left, right = (set(ox.parse(path=folder / name, format=ox.RdfFormat.N_TRIPLES)) for name in ("ours.nt", "morph.nt"))
    return {"both": len(left & right), "onlyOurs": len(left - right), "onlyMorph": len(right - left)}


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--morph", default="", help="Python of an environment with morph-kgc")
    parser.add_argument("--quick", action="store_true", help="fewer rows")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.large = QUICK_LARGE
    chosen.morph = chosen.morph or str(environment("morph", MORPH))
    if not EXTRACT.is_file():
        sys.exit(3)
    real = real_rows()
    folder = Path(tempfile.mkdtemp(prefix="campuskg-bench-"))
    results: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "polars": version("polars")},
        "load before": round(os.getloadavg()[0], 1),
    }
    try:
        (folder / "bench.toml").write_text(MAPPING, encoding="utf-8")
        if chosen.morph:
            results["throughput"] = _throughput(chosen, folder, real)
        results["memory"] = _memory(chosen, folder, real)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not chosen.morph and RESULTS.is_file():
        results["throughput"] = json.loads(RESULTS.read_text(encoding="utf-8")).get("throughput", {})
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))  # noqa: T201  a script


def _throughput(chosen: argparse.Namespace, folder: Path, real: list[dict[str, str]]) -> dict[str, Any]:
    """Alternate the two programs, so that the load of the machine weighs on both."""
    write(real, min(SAME_ROWS, chosen.rows // 10), folder / "rows.csv")
    ours(folder, folder / "rows.csv")
    morph(chosen.morph, folder, folder / "rows.csv")
    compared = same(folder)
    gc.collect()
    write(real, chosen.rows, folder / "rows.csv")
    pairs = []
    for _ in range(chosen.runs):
        mine, theirs = ours(folder, folder / "rows.csv"), morph(chosen.morph, folder, folder / "rows.csv")
        pairs.append({"ours": mine, "morph": theirs, "ratio": mine["triplesPerSecond"] / theirs["triplesPerSecond"]})
    asked = "import importlib.metadata as m; print(m.version('morph-kgc'))"
    name = subprocess.run(  # noqa: S603
        [chosen.morph, "-c", asked], capture_output=True, check=True, text=True
    ).stdout.strip()
    ratios = [pair["ratio"] for pair in pairs]
    return {
        "rows": chosen.rows,
        "morphKgc": name,
        "runs": pairs,
        "sameTriples": compared,
        "medianRatio": statistics.median(ratios),
        "leastRatio": min(ratios),
        "medianProcessorRatio": statistics.median(p["morph"]["processorSeconds"] / p["ours"]["processorSeconds"] for p in pairs),
    }


def _memory(chosen: argparse.Namespace, folder: Path, real: list[dict[str, str]]) -> dict[str, Any]:
    found = {}
    for label, count in (("small", chosen.small), ("large", chosen.large)):
        write(real, count, folder / "rows.csv")
        found[label] = ours(folder, folder / "rows.csv")
    return {**found, "ratio": found["large"]["peakRssMiB"] / found["small"]["peakRssMiB"]}


if __name__ == "__main__":
    main()
