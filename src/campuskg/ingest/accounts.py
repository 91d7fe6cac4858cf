"""What became of every row and cell of an import, and the report that says so."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from campuskg.errors import Place, Problem

Effect = Literal["rejected", "dropped"]
COLUMNS: Final = ("file", "row", "key", "column", "value", "effect", "code", "fr", "en")
_LONGEST: Final = 200
_FORMULA: Final = tuple("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken in, or a cell that was left out, and why."""

    file: str
    row: int
    key: str
    column: str
    value: str
    effect: Effect
    code: str

    def cells(self) -> dict[str, str | int]:
        """Return the line of the report."""
        problem = Problem(self.code, Place(self.file, self.row), {"column": self.column, "value": self.value[:_LONGEST]})
        return {
            "file": self.file,
            "row": self.row,
            "key": self.key,
            "column": self.column,
            "value": self.value[:_LONGEST],
            "effect": self.effect,
            "code": self.code,
            "fr": problem.words("fr"),
            "en": problem.words("en"),
        }


@dataclass(slots=True)
class Accounts:
    """Counts of an import: every row is imported or rejected; every cell left out or repaired is counted."""

    rows: int = 0
    imported: int = 0
    rejected: int = 0
    triples: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[Reject] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Tell whether no row has vanished."""
        return self.imported + self.rejected == self.rows

    def as_json(self) -> dict[str, Any]:
        """Return the counts."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "rejected": self.rejected,
            "triples": self.triples,
            "cellsDropped": dict(sorted(self.dropped.items())),
            "cellsRepaired": dict(sorted(self.repaired.items())),
            "reasons": dict(sorted(self.reasons.items())),
        }


class Report:
    """Writes the rejects as they come; forgets them at once."""

    def __init__(self, accounts: Accounts, path: Path | None, final: Path | None) -> None:
        """Count into *accounts*; write to *path*, whose form is that of the name *final*."""
        self._accounts = accounts
        self._json = final is not None and final.suffix == ".json"
        self._file = path.open("w", encoding="utf-8", newline="") if path else None
        self._any = False
        if self._file and self._json:
            self._file.write('{"problems": [')
        elif self._file:
            csv.writer(self._file, lineterminator="\n").writerow(COLUMNS)

    def add(self, reject: Reject, *, counts: bool = True) -> None:
        """Write *reject*; with *counts*, a rejected row counts as one more."""
        accounts = self._accounts
        accounts.reasons[reject.code] += 1
        if reject.effect == "dropped":
            accounts.dropped[reject.column] += 1
        elif counts:
            accounts.rejected += 1
        if len(accounts.first) < 5:  # noqa: PLR2004  enough to see what is wrong
            accounts.first.append(reject)
        if self._file is None:
            return
        if self._json:
            self._file.write((",\n" if self._any else "\n") + json.dumps(reject.cells(), ensure_ascii=False))
        else:
            line = [_safe(cell) for cell in reject.cells().values()]
            csv.writer(self._file, lineterminator="\n").writerow(line)
        self._any = True

    def close(self) -> None:
        """Write the end of the report."""
        if self._file and self._json:
            self._file.write('\n],\n"counts": ' + json.dumps(self._accounts.as_json(), ensure_ascii=False, indent=1) + "}\n")
        if self._file:
            self._file.close()


def _safe(cell: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


@contextmanager
def reporting(accounts: Accounts, path: Path | None, final: Path | None) -> Iterator[Report]:
    """Open a report and close it."""
    report = Report(accounts, path, final)
    try:
        yield report
    finally:
        report.close()
