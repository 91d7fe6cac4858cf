"""Tables: the answers that pages of statistics show, computed once by the build and read ever after.

``tables.json`` of a release holds, of each query of ``campuskg.queries.tables``, the SHA-256 of its text and its answer column
by column, each value as SPARQL 1.1 Query Results TSV spells it (https://www.w3.org/TR/sparql11-results-csv-tsv/). A store that
is asked exactly that text answers with the table, so that no page needs to know that there is one.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from campuskg.ontology import expand
from campuskg.queries import tables
from campuskg.release.directory import as_json, digest
from campuskg.store import MemoryStore, Rows

FILE: Final = "tables.json"
MOST_ROWS: Final = 50_000
"""A longer answer is no summary: the store is asked for it."""
_TSV: Final = "text/tab-separated-values"
_DATE: Final = expand("dcterms:date")


def latest_day(store: MemoryStore) -> str:
    """Return the day of the latest curation that *store* records; empty when it records none."""
    days = (quad.object for quad in store.matching(_DATE) if isinstance(quad.object, ox.Literal))
    return max((day.value for day in days), default="")


def tables_file(store: MemoryStore) -> bytes:
    """Return the tables over *store* as the build keeps them: the same dataset, the same bytes."""
    curated = latest_day(store)
    found: dict[str, object] = {}
    for name, table in tables().items():
        if curated or not table.depends_on_day():
            text = table.sparql(curated)
            head, *rows = store.serialize(text, _TSV).body.decode().splitlines()
            if len(rows) <= MOST_ROWS:
                found[name] = {"query": table.query.name, "asked": digest(text.encode()), "columns": _columns(head, rows)}
    return as_json(found)


def _columns(head: str, rows: list[str]) -> list[list[str]]:
    """Return each column: the name of its variable, then its values."""
    lines = [line.split("\t") for line in (head, *rows)]
    return [list(column) for column in zip(*lines, strict=True)]


class Tables:
    """The tables of one release: gives the answer to a text that one of them answers; made into terms when first asked for."""

    def __init__(self, found: Mapping[str, Mapping[str, Any]]) -> None:
        """Hold what the file of a release says."""
        self._columns: Mapping[str, list[list[str]]] = {said["asked"]: said["columns"] for said in found.values()}
        self._rows: dict[str, Rows] = {}

    @classmethod
    def of(cls, folder: Path) -> "Tables":
        """Read the tables of the release in *folder*; none for a release of an earlier version."""
        path = folder / FILE
        return cls(json.loads(path.read_bytes()) if path.is_file() else {})

    def __len__(self) -> int:
        """Return the number of texts that are answered."""
        return len(self._columns)

    def __call__(self, sparql: str) -> Rows | None:
        """Return the answer to *sparql* where a table holds it."""
        asked = digest(sparql.encode()) if self._columns else ""
        if asked in self._columns and asked not in self._rows:
            self._rows[asked] = _rows(self._columns[asked])
        return self._rows.get(asked)


def _rows(columns: list[list[str]]) -> Rows:
    text = "\n".join("\t".join(line) for line in zip(*columns, strict=True)) + "\n"
    solutions = ox.parse_query_results(text, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  a table of ours
    return Rows.of(solutions)
