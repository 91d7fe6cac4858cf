"""Precision and recall of ``campuskg link`` on the schools and higher-education bodies of the graph.

For whoever wonders how far the proposals can be trusted: ``python benchmarks/link.py RELEASE DATA`` writes
``benchmarks/results/link.json``. DATA is the folder of the extracts; ``identifiers.tsv`` in it is the truth. Two measures: with
identifiers, as in real life, and by name, place and type alone: there every identifier is taken away from both sides first, so
that nothing of the truth is left to the matcher (it never looks at coordinates nor web addresses, which come from registers too).
"""

import argparse
import csv
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from campuskg.ingest.engine import run
from campuskg.ingest.link import Link, Thing, curated, imported, link
from campuskg.ingest.mapping import importer
from campuskg.release import open_release

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "link.json"
KINDS: Final = ("lycee", "college", "universite", "grande_ecole")
KEYS: Final = ("uai", "rorId")
DATASETS: Final = {
    "lycees-geo": "bfc_lycees_geo.csv",
    "ips-lycees": "fr-en-ips-lycees-ap2022_bfc.csv",
    "ips-colleges": "fr-en-ips-colleges-ap2022_bfc.csv",
    "etablissements-superieur": "fr-esr-principaux-etablissements-enseignement-superieur_2025.csv",
    "ror": "ror_bfc_and_partners.jsonl",
}


def truth(data: Path) -> set[tuple[str, str]]:
    """Return the (kind, value) of the identifiers of the schools and bodies of the truth."""
    with (data / "identifiers.tsv").open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text, delimiter="\t") if row["type"] in KINDS]
    return {("uai", row["uai"]) for row in rows if row["uai"]} | {("rorId", row["ror"]) for row in rows if row["ror"]}


def keys(thing: Thing) -> set[tuple[str, str]]:
    """Return the identifiers of a thing that the truth may have."""
    return {(name, value) for name in KEYS for value in thing.identifiers.get(name, ())}


def score(proposed: Iterable[Link], news: Sequence[Thing], known: Sequence[Thing], gold: set[tuple[str, str]]) -> dict[str, Any]:
    """Return precision and recall of the accepted proposals that the truth can judge."""
    marks = {thing.iri: keys(thing) for thing in (*news, *known)}
    right = {(a.iri, b.iri) for a in news for b in known if marks[a.iri] & marks[b.iri] & gold}
    accepted = {(one.imported.iri, one.curated.iri) for one in proposed if one.decision == "accept"}
    judged = {pair for pair in accepted if (marks[pair[0]] | marks[pair[1]]) & gold}
    good = judged & right
    return {
        "toFind": len(right),
        "accepted": len(accepted),
        "judged": len(judged),
        "right": len(good),
        "precision": round(len(good) / len(judged), 4) if judged else None,
        "recall": round(len(good) / len(right), 4) if right else None,
        "wrong": sorted(judged - right),
        "missed": sorted(right - accepted),
        "notJudged": sorted(accepted - judged),
    }


def imports(data: Path, folder: Path) -> dict[str, list[Thing]]:
    """Return the things of every dataset; those of the IPS have their UAI in their id only."""
    found = {}
    for name, file in DATASETS.items():
        out = folder / f"{name}.nt"
        run(importer(name), [data / file], out)
        found[name] = imported([out])
        for thing in found[name]:
            if name.startswith("ips"):
                thing.identifiers["uai"].add(thing.iri.rpartition("-")[2].upper())
    return found


def total(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the measure over all datasets."""
    sums = dict.fromkeys(("toFind", "accepted", "judged", "right"), 0)
    for part in parts:
        for name in sums:
            sums[name] += part[name]
    return {**sums, "precision": round(sums["right"] / sums["judged"], 4), "recall": round(sums["right"] / sums["toFind"], 4)}


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("release", type=Path)
    parser.add_argument("data", type=Path)
    chosen = parser.parse_args()
    known, gold = curated(open_release(chosen.release)), truth(chosen.data)
    bare = [thing.without_identifiers() for thing in known]
    results: dict[str, Any] = {"byName": {}, "withIdentifiers": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name, news in imports(chosen.data, Path(folder)).items():
            by_name = link([thing.without_identifiers() for thing in news], bare)
            results["byName"][name] = score(by_name, news, known, gold)
            results["withIdentifiers"][name] = score(link(news, known), news, known, gold)
    for measure in ("byName", "withIdentifiers"):
        results[measure]["all"] = total(results[measure].values())
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for measure, parts in results.items():
        for name, part in parts.items():
            print(measure, name, *(part[key] for key in ("toFind", "accepted", "judged", "right", "precision", "recall")))  # noqa: T201


if __name__ == "__main__":
    main()
