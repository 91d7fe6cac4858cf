"""The plan of an import: the lazy columns that turn the cells of a file into values, faults and triples."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from campuskg.ingest.cleaning import UNCOMPUTED, Traits, one_line, repaired, tidy
from campuskg.ingest.headers import columns_of, normal
from campuskg.ingest.kinds import KINDS, SCIENTIFIC, date_parts
from campuskg.ingest.mapping import Column, Companion, Importer, Point, columns_made, columns_read, columns_used
from campuskg.ingest.projections import SYSTEMS
from campuskg.ingest.tables import Block, Table
from campuskg.ingest.triples import SEPARATOR, Writer

KEPT: Final = "«kept»"
_NO_FAULT: Final = pl.lit(None, dtype=pl.String)


def raw(name: str) -> str:
    """Return the name of the column with the cell as it was given."""
    return f"«raw»{name}"


def clean(name: str) -> str:
    """Return the name of the column with the repaired cell."""
    return f"«clean»{name}"


def fault(name: str) -> str:
    """Return the name of the column with the code of what is wrong with a cell."""
    return f"«fault»{name}"


def mended(name: str) -> str:
    """Return the name of the column that tells whether a cell was repaired."""
    return f"«mended»{name}"


class Plan:
    """The columns of an import over one table; made once, used for every block of rows."""

    def __init__(self, made: Importer, table: Table, writer: Writer, companion: Table | None = None) -> None:
        """Find the columns of the table; ProblemsFound when one that is needed is missing."""
        brought = frozenset(made.companion.columns) if made.companion and companion else frozenset()
        self._made, self._table = made, table
        self._places = columns_of(made, table.header, Path(table.name), brought)
        self._other = _other(made, made.companion, companion) if made.companion and companion else None
        absent = [c.name for c in columns_read(made) if c.name not in self._places and c.name not in brought]
        self._absent = [pl.lit(None, dtype=pl.String).alias(raw(name)) for name in absent]
        self._writer = writer
        self._known: dict[Traits, list[list[pl.Expr]]] = {}

    def rows(self, cells: pl.DataFrame, traits: Traits) -> pl.DataFrame:
        """Return the rows of a block with values, ids, and what is wrong with them; *traits* are those of its bytes."""
        frame = cells.lazy()
        if self._other is not None and self._made.companion is not None:
            frame = frame.join(self._other, on=raw(self._made.companion.on), how="left", maintain_order="left")
        for stage in self._stages(traits):
            frame = frame.with_columns(stage) if stage else frame
        return frame.collect(engine="in-memory")

    def triples(self, rows: pl.DataFrame, traits: Traits) -> Iterator[tuple[pl.Series, int]]:
        """Yield the triples of *rows*, which are rows of a block with these *traits*, and how many they are."""
        return self._writer.triples(rows, escapes=traits.escapes)

    def _stages(self, traits: Traits) -> list[list[pl.Expr]]:
        """Return the columns to add, stage after stage: each stage looks at those before."""
        made = self._made
        if traits not in self._known:
            self._known[traits] = [
                self._absent,
                _cells(made, traits),
                _values(made, traits),
                *([_made(column)] for column in columns_made(made)),  # one by one: some are made of others of them
                _projected(made.point) if made.point else [],
                _faults(made, traits),
                _kept(made),
                self._writer.subjects(escapes=traits.escapes),
            ]
        return self._known[traits]

    def read(self, block: Block) -> pl.DataFrame:
        """Return the cells of a block that the importer reads, under our names.

        Raises what Polars raises for rows that cannot be told apart.
        """
        shift = 1 if self._table.numbered else 0
        places = sorted({*self._places.values(), *([0] if shift else [])})
        frame = pl.read_csv(
            io.BytesIO(block.data),
            has_header=False,
            separator=self._table.separator,
            infer_schema=False,
            columns=places,
        )
        names = dict(zip(places, frame.columns, strict=True))
        number = pl.col(names[0]).cast(pl.Int64) if shift else pl.int_range(block.first, block.first + pl.len(), dtype=pl.Int64)
        cells = [pl.col(names[place]).alias(raw(name)) for name, place in self._places.items()]
        return frame.select(number.alias("row"), *cells)


def _other(made: Importer, wished: Companion, companion: Table) -> pl.LazyFrame:
    """Return the columns of the companion file, the first row of each key, held in memory."""
    found = {normal(name): name for name in companion.header}
    wanted = {n: next(found[normal(a)] for a in made.columns[n].names if normal(a) in found) for n in wished.columns}
    on = wished.on
    key = next(found[normal(a)] for a in made.columns[on].names if normal(a) in found)
    columns = [pl.col(written).alias(raw(name)) for name, written in wanted.items()]
    scanned = pl.scan_csv(companion.path, separator=companion.separator, infer_schema=False)
    chosen = scanned.select(pl.col(key).alias(raw(on)), *columns).unique(raw(on), keep="first", maintain_order=True)
    return chosen.collect(engine="streaming").lazy()


def _cells(made: Importer, traits: Traits) -> list[pl.Expr]:
    cells = []
    for column in columns_read(made):
        text = pl.col(raw(column.name))
        if column.part is not None:
            text = _parts(text, column.split, traits).list.get(column.part, null_on_oob=True)
        if traits.units and made.form == "csv":  # in a table made of JSON it stands between values
            text = text.str.replace_all(SEPARATOR, "", literal=True)
        if traits.formulas:
            text = pl.when(text != UNCOMPUTED).then(text)
        cell = tidy(text, traits)
        if column.blank:
            cell = pl.when(~cell.is_in(list(column.blank))).then(cell)
        cells.append(
            (one_line(repaired(cell, traits), traits) if column.kind in ("text", "choice") else cell).alias(clean(column.name))
        )
    return cells


def _values(made: Importer, traits: Traits) -> list[pl.Expr]:
    used = columns_used(made)
    exprs = []
    for column in columns_read(made):
        text = pl.col(clean(column.name))
        exprs.append(_value(text, column, traits).alias(column.name))
        if f"{column.name}.precision" in used:
            exprs.append(date_parts(text, end=column.end)[1].alias(f"{column.name}.precision"))
    return exprs


def _value(text: pl.Expr, column: Column, traits: Traits) -> pl.Expr:
    make = KINDS[column.kind][0]
    if not column.many:
        return make(text, column)
    items = _items(text, column, traits)
    return pl.when(items.list.len() > 0).then(items.list.unique(maintain_order=True).list.join(SEPARATOR))


def _made(column: Column) -> pl.Expr:
    """Return a column made of others: the first that is there, or all of them joined."""
    if column.first:
        return pl.coalesce(column.first).alias(column.name)
    joined = pl.concat_str(list(column.join), separator=column.by, ignore_nulls=True)
    return pl.when(joined.str.len_bytes() > 0).then(joined).alias(column.name)


def _projected(point: Point) -> list[pl.Expr]:
    """Return latitude and longitude; null outside the systems that we know."""
    x, y = (pl.col(name).cast(pl.Float64, strict=False) for name in (point.x, point.y))
    system = pl.lit(point.crs)
    if point.by:
        by = pl.col(point.by)
        table = dict(point.values)
        system = (
            pl.when(by.is_in(list(table))).then(by.replace_strict(table, default=None, return_dtype=pl.String)).otherwise(system)
        )
    longitude = latitude = pl.lit(None, dtype=pl.Float64)
    for name in sorted({point.crs, *point.values.values()}):
        lon, lat = SYSTEMS[name](x, y)
        longitude = pl.when(system == name).then(lon).otherwise(longitude)
        latitude = pl.when(system == name).then(lat).otherwise(latitude)
    found = latitude.is_finite() & longitude.is_finite() & (latitude.abs() <= 90) & (longitude.abs() <= 180)  # noqa: PLR2004  degrees
    return [
        pl.when(found).then(degrees.round(6).cast(pl.Decimal(12, 6)).cast(pl.String)).alias(name)
        for name, degrees in (("latitude", latitude), ("longitude", longitude))
    ]


def _faults(made: Importer, traits: Traits) -> list[pl.Expr]:
    exprs: list[pl.Expr] = []
    for column in columns_made(made):
        missing = pl.when(pl.col(column.name).is_null()).then(pl.lit("import-required")) if column.required else _NO_FAULT
        exprs += [missing.alias(fault(column.name)), _NO_FAULT.alias(raw(column.name))]
    for column in columns_read(made):
        text, value = pl.col(clean(column.name)), pl.col(column.name)
        exprs.append(_fault(column, text, value, traits).alias(fault(column.name)))
        given = pl.col(raw(column.name))
        if column.part is None:
            changed = given.str.len_bytes() != text.str.len_bytes()
            same = (text == value) if _rewrites(column) else pl.lit(value=True)
            exprs.append((text.is_not_null() & value.is_not_null() & (changed | ~same)).alias(mended(column.name)))
    return exprs


def _rewrites(column: Column) -> bool:
    """Tell whether a value that differs from the cell is a repair, and not only another way to write it."""
    return (
        column.kind in ("text", "uai", "siren", "siret", "decimal", "latitude", "longitude", "metres", "url") and not column.many
    )


def _fault(column: Column, text: pl.Expr, value: pl.Expr, traits: Traits) -> pl.Expr:
    code = KINDS[column.kind][2]
    wrong = _NO_FAULT
    bad = value.is_null()
    if column.many and column.kind != "text":  # the good parts of the cell are kept, and the bad ones told of
        bad = bad | (_items(text, column, traits).list.len() < _parts(text, column.many, traits).list.len())
    if code:
        wrong = pl.when(text.is_not_null() & bad).then(pl.lit(code))
    if column.kind in ("siret", "siren", "integer", "uai"):
        wrong = (
            pl.when(text.is_not_null() & value.is_null() & text.str.contains(SCIENTIFIC))
            .then(pl.lit("import-scientific"))
            .otherwise(wrong)
        )
    if column.required:
        wrong = pl.when(text.is_null()).then(pl.lit("import-required")).otherwise(wrong)
    if traits.formulas:
        wrong = pl.when(pl.col(raw(column.name)) == UNCOMPUTED).then(pl.lit("import-formula")).otherwise(wrong)
    return wrong


def _parts(text: pl.Expr, marks: str, traits: Traits) -> pl.Expr:
    """Return the parts of a cell between separators, blank ones left out."""
    for mark in marks[1:]:
        text = text.str.replace_all(mark, marks[0], literal=True)
    return text.str.split(marks[0]).list.eval(tidy(pl.element(), traits)).list.drop_nulls()


def _items(text: pl.Expr, column: Column, traits: Traits) -> pl.Expr:
    """Return the values of the parts of a cell; a part that is no such thing gives none."""
    make = KINDS[column.kind][0]
    return _parts(text, column.many, traits).list.eval(make(pl.element(), column)).list.drop_nulls()


def _kept(made: Importer) -> list[pl.Expr]:
    """Return why a row is refused, if it is, and the column at fault."""
    refused, where = _NO_FAULT, _NO_FAULT
    for column in reversed([c for c in made.columns.values() if c.required]):
        bad = pl.col(fault(column.name)).is_not_null()
        refused = pl.when(bad).then(pl.col(fault(column.name))).otherwise(refused)
        where = pl.when(bad).then(pl.lit(column.name)).otherwise(where)
    for refusal in made.refusals:
        value = pl.col(refusal.column).fill_null("")
        bad = value.is_in(list(refusal.values))
        bad = bad | value.str.starts_with(refusal.starts) if refusal.starts else bad
        bad = bad & refused.is_null()
        where = pl.when(bad).then(pl.lit(refusal.column)).otherwise(where)
        refused = pl.when(bad).then(pl.lit(refusal.code)).otherwise(refused)
    for column in made.columns.values():
        if column.unknown:
            bad = pl.col(column.name).is_null() & refused.is_null()
            where = pl.when(bad).then(pl.lit(column.name)).otherwise(where)
            refused = pl.when(bad).then(pl.lit(column.unknown)).otherwise(refused)
    empty = pl.all_horizontal([pl.col(raw(column.name)).is_null() for column in columns_read(made)])
    refused = pl.when(empty).then(pl.lit("import-empty-row")).otherwise(refused)
    return [refused.alias("«refused»"), where.alias("«where»"), refused.is_null().alias(KEPT)]
