"""rdflib over a release, as a service: ``python rdflib_service.py dataset.nq``. A child process answers each query."""

from __future__ import annotations

import gc
import sys
import warnings
from pathlib import Path

from rdflib import Dataset

sys.path.insert(0, str(Path(__file__).parents[1]))
from engines.service import JSON, TRIPLES, Answered, Running, serve


def main(nquads: str) -> None:
    """Load *nquads* and serve."""
    warnings.simplefilter("ignore")
    dataset = Dataset(default_union=True)
    dataset.parse(nquads, format="nquads")
    gc.freeze()  # children share these pages

    def answer(query: str, _: Running) -> Answered:
        result = dataset.query(query)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return TRIPLES, result.serialize(format="nt") or b""
        return JSON, result.serialize(format="json") or b""

    serve(answer, fork=True)


if __name__ == "__main__":
    main(sys.argv[1])
