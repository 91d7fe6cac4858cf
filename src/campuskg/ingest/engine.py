"""Running an import: batches of rows in, N-Triples and a report out, in constant memory; every row is accounted for."""

import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from campuskg.errors import InternalFault, Place, Problem, ProblemsFound, UsageProblem
from campuskg.graph.sources import slug
from campuskg.ingest.accounts import Accounts, Effect, Reject, Report, reporting
from campuskg.ingest.cleaning import Traits
from campuskg.ingest.flow import in_order
from campuskg.ingest.mapping import Importer
from campuskg.ingest.plan import KEPT, Plan, fault, mended, raw
from campuskg.ingest.provenance import head
from campuskg.ingest.tables import Block, Table, prepare, rewritten
from campuskg.ingest.triples import Writer
from campuskg.ingest.written import Output, aside, written

_DAY: Final = re.compile(r"(20[0-9]{2})[-_]?(0[1-9]|1[0-2])[-_]?([0-2][0-9]|3[01])(?![0-9])")

Progress = Callable[[int, int], None]
"""Told how many rows are done, and how many there are."""


def run(  # noqa: PLR0913  what the command line asks for
    made: Importer,
    files: Sequence[Path],
    out: Path,
    *,
    report: Path | None = None,
    version: str = "",
    companion: Path | None = None,
    progress: Progress | None = None,
) -> Accounts:
    """Import *files* of one dataset into the N-Triples file *out*; the files appear whole or not at all.

    Raises ProblemsFound for a file of another dataset or form, MissingInput for one that is not there or a disk that refuses.
    """
    options = _Options(report, version, companion, progress)
    _refuse_to_overwrite([*files, *([companion] if companion else [])], [out, *([report] if report else [])])
    try:
        return _run(made, files, out, options, anew=False)
    except _Irregular:
        return _run(made, files, out, options, anew=True)


def _run(made: Importer, files: Sequence[Path], out: Path, options: "_Options", *, anew: bool) -> Accounts:
    accounts = Accounts()
    report, version, companion = options.report, options.version, options.companion
    with tempfile.TemporaryDirectory(prefix="campuskg-import-") as folder:
        tables = [prepare(file, made, Path(folder)) for file in files]
        beside = prepare(companion, made, Path(folder)) if companion else None
        stated = version or _version(files, tables)
        document = f"{made.id}-{slug(stated)}"
        writer = Writer(made, document)
        with (
            written(out) as triples,
            aside(report) if report else nullcontext() as lines,
            reporting(accounts, lines, report) as rejects,
        ):
            start = head(made, document, tables, stated)
            accounts.triples += start.count(b"\n")
            triples.write(start)
            job = _Job(made, writer, beside, Path(folder), accounts, rejects, triples, options.progress, anew=anew)
            for table in tables:
                job.read(table)
            if not accounts.whole:
                raise InternalFault(
                    "import-unaccounted", rows=accounts.rows, imported=accounts.imported, rejected=accounts.rejected
                )
            triples.end()  # before there is a report that tells of it
    return accounts


def _refuse_to_overwrite(read: Sequence[Path], written: Sequence[Path]) -> None:
    """Refuse a call that would write over what it reads, or two things into one file."""
    kept = {path.resolve() for path in read}
    for path in written:
        if path.resolve() in kept:
            raise UsageProblem("import-over", file=str(path))
        kept.add(path.resolve())


def _version(files: Sequence[Path], tables: Sequence[Table]) -> str:
    """Return the day in the name of a file, or the start of its digest: what tells two states of a dataset apart."""
    for file in files:
        for part in (file.name, file.parent.name):
            if found := _DAY.search(part):
                return "-".join(found.groups())
    return tables[0].sha256[:12]


@dataclass(frozen=True, slots=True)
class _Options:
    report: Path | None
    version: str
    companion: Path | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What became of a block: its rows, with what is wrong with them; those kept; its traits.

    Its triples too, unless rows of other blocks have a say in which are kept: then they are made when it is its turn.
    """

    rows: pl.DataFrame
    kept: pl.DataFrame
    traits: Traits
    triples: deque[tuple[pl.Series, int]]


class _Irregular(Exception):
    """The engine does not read the rows that were counted: the file must be written anew first."""


class _Job:
    """One run over the tables of a dataset."""

    def __init__(  # noqa: PLR0913, PLR0917  all that a batch needs
        self,
        made: Importer,
        writer: Writer,
        companion: Table | None,
        aside: Path,
        accounts: Accounts,
        report: Report,
        out: Output,
        progress: Progress | None,
        *,
        anew: bool,
    ) -> None:
        self._anew = anew
        self._made, self._writer, self._companion, self._aside = made, writer, companion, aside
        self._accounts, self._report, self._out, self._progress = accounts, report, out, progress
        self._keys: set[str] = set()

    def read(self, table: Table) -> None:
        """Import the rows of *table*; an irregular file is written anew first, so that each bad row is found."""
        fast = table.regular and not self._anew
        known = table if fast or table.numbered else rewritten(table, self._aside)
        self._accounts.rows += known.rows
        for one in known.faults:
            self._report.add(Reject(known.name, one.row, "", "", one.text, "rejected", one.code))
        seen = len(known.faults)
        plan = Plan(self._made, known, self._writer, self._companion)
        with closing(in_order(lambda block: self._made_of(plan, known, block), known.blocks())) as batches:
            for batch in batches:
                seen += batch.rows.height
                self._take(plan, known, batch)
                if self._progress:
                    self._progress(seen, known.rows)
        if seen != known.rows and fast:
            raise _Irregular

    def _made_of(self, plan: Plan, table: Table, block: Block) -> _Batch:
        """Return what becomes of a block of rows; done in a thread, with no regard to other blocks."""
        strict = not (table.numbered or self._anew)
        try:
            cells = plan.read(block)
        except pl.exceptions.PolarsError as error:
            if strict:
                raise _Irregular from error
            reason = str(error).splitlines()[0]
            raise ProblemsFound([Problem("import-quotes", Place(table.name, block.first), {"reason": reason})]) from error
        if strict and cells.height != block.rows:
            raise _Irregular
        traits = Traits.of(block.data, lines=block.lines, quotes=block.quotes)
        rows = plan.rows(cells, traits)
        kept = rows if rows[KEPT].all() else rows.filter(pl.col(KEPT))
        return _Batch(rows, kept, traits, deque(() if self._made.unique else plan.triples(kept, traits)))

    def _take(self, plan: Plan, table: Table, batch: _Batch) -> None:
        kept = batch.kept
        said: Iterable[tuple[pl.Series, int]] = (batch.triples.popleft() for _ in range(len(batch.triples)))
        if self._made.unique:
            kept = self._first(table, kept)
            said = plan.triples(kept, batch.traits)
        self._accounts.imported += kept.height
        for lines, count in said:  # each is let go of once it is given
            self._accounts.triples += count
            self._out.write(lines.cast(pl.Binary).item())
        if batch.kept is not batch.rows:
            self._rows_refused(table, batch.rows.filter(~pl.col(KEPT)))
        self._cells(table, kept)

    def _first(self, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
        """Return *rows* without those whose key a row before them has."""
        again = []
        for place, (number, key) in enumerate(rows.select("row", "«key»").iter_rows()):
            if key in self._keys:
                again.append(place)
                name = self._made.key[0]
                self._report.add(self._reject(table, number, key, name, key, "rejected", "import-twice"))
            self._keys.add(key)
        return rows.filter(~pl.int_range(pl.len()).is_in(again)) if again else rows

    def _rows_refused(self, table: Table, batch: pl.DataFrame) -> None:
        for row in batch.iter_rows(named=True):
            where = row["«where»"] or ""
            value = row.get(raw(where)) or ""
            self._report.add(self._reject(table, row["row"], row["«key»"], where, value, "rejected", row["«refused»"]))

    def _cells(self, table: Table, batch: pl.DataFrame) -> None:
        """Report the cells left out, and count those repaired."""
        for name in self._made.columns:
            wrong = batch[fault(name)]
            if wrong.null_count() < batch.height:
                bad = batch.filter(wrong.is_not_null()).select("row", "«key»", raw(name), fault(name))
                for number, key, value, code in bad.iter_rows():
                    self._report.add(self._reject(table, number, key, name, value or "", "dropped", code))
            if mended(name) in batch.columns and (count := int(batch[mended(name)].sum())):
                self._accounts.repaired[name] += count

    def _reject(  # noqa: PLR0913, PLR0917  a line of the report
        self, table: Table, row: int, key: str, column: str, value: str, effect: Effect, code: str
    ) -> Reject:
        names = self._made.columns[column].names if column in self._made.columns else ("",)
        return Reject(table.name, row, key, names[0], value, effect, code)
