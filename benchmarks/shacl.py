"""Validation by shacl-rust and by pySHACL, on the project's own dataset, in one run.

For whoever questions decision 0005: ``python benchmarks/shacl.py`` prints seconds and the ratio; ``--write`` keeps them in
``benchmarks/results/shacl.json``. pySHACL needs some minutes.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib

from campuskg.graph import load_curated
from campuskg.ontology import rules, validate_shapes
from campuskg.ontology.shapes import shapes_turtle
from campuskg.release.infer import infer
from campuskg.release.layers import layer_quads
from campuskg.store import MemoryStore

RESULTS = Path(__file__).resolve().parent / "results" / "shacl.json"


def dataset() -> str:
    """Return the whole dataset as N-Triples."""
    store = MemoryStore(layer_quads(load_curated()))
    infer(store, rules())
    return (ox.serialize({quad.triple for quad in store.quads()}, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def measure() -> dict[str, float | int | bool]:
    """Return the seconds of each engine, reading included, the median of three for the fast one, and their ratio."""
    text = dataset()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        results = validate_shapes(text)
        times.append(time.perf_counter() - start)
    fast = sorted(times)[1]
    start = time.perf_counter()
    data = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(data=shapes_turtle(), format="turtle")
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes)
    slow = time.perf_counter() - start
    return {
        "triples": len(data),
        "shacl-rust seconds": round(fast, 2),
        "pySHACL seconds": round(slow, 2),
        "ratio": round(slow / fast, 1),
        "same verdict": bool(conforms) == (not results),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {RESULTS.name}")
    found = measure()
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in found.items()))
    if parser.parse_args().write:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
