"""A file to import, made ready for the engine: UTF-8, one separator, its rows counted by other means than the engine's."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from campuskg.errors import Place, Problem, ProblemsFound, no_file
from campuskg.ingest.flatten import flatten, records_of
from campuskg.ingest.mapping import Importer
from campuskg.ingest.scan import CHUNK, SEPARATORS, Scan, opened, stranger
from campuskg.ingest.xlsx import sheet_to_csv

BLOCK_ROWS: Final = 5120
_LONGEST_CELL: Final = 1 << 24
BLOCK_BYTES: Final = (1 << 18, 1 << 22)
ROW: Final = "«row»"
"""Column with the number of the row, in files that had to be written anew."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot even be read as cells."""

    row: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: their bytes, the number of the first, and what is seen at once of their cells.

    *lines* tells whether a cell may hold a line end, *quotes* whether one may hold a quotation mark.
    """

    data: bytes
    first: int
    rows: int
    lines: bool
    quotes: bool

    @classmethod
    def of(cls, data: bytes, first: int, separator: bytes) -> "Block":
        """Look at the bytes of some whole records."""
        pieces = data.split(b'"')
        inside = b"".join(pieces[1::2]).count(b"\n")
        rows = data.count(b"\n") - inside + (data[-1:] != b"\n")
        lines = inside > 0 or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n"))
        quotes = len(pieces) > rows or _stray(
            pieces[::2], separator
        )  # where most rows have quotes, to look costs more than it saves
        return cls(data, first, rows, lines, quotes)


def _stray(outside: list[bytes], separator: bytes) -> bool:
    """Tell whether a quotation mark may be part of a cell; *outside* is what lies before, between and after quoted parts.

    None is when each quoted part fills a cell: ends of a cell on both its sides, and something between it and the next.
    """
    before, after = {piece[-1:] for piece in outside[:-1]}, {piece[:1] for piece in outside[1:]}
    nothing_between = b"" in {*outside[1:-1]}
    return nothing_between or not before <= {b"", separator, b"\n"} or not after <= {b"", separator, b"\n", b"\r"}


@dataclass(frozen=True, slots=True)
class Table:
    """A file that the engine can read: UTF-8, its separator, its header, how many rows it has, its digest as it was given."""

    name: str
    path: Path
    separator: str
    header: tuple[str, ...]
    rows: int
    sha256: str
    regular: bool = True
    numbered: bool = False
    faults: list[Fault] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in blocks of whole records, without the header: what is read at once does not grow with the file."""
        first, separator = 1, self.separator.encode()
        for data in self._records():
            block = Block.of(data, first, separator)
            yield block
            first += block.rows

    def _records(self) -> Iterator[bytes]:
        """Yield the bytes of the blocks."""
        least, most = BLOCK_BYTES
        size = min(max(self.path.stat().st_size // (self.rows + 1) * BLOCK_ROWS, least), most)
        with self.path.open("rb") as read:
            rest, first = b"", True
            while data := read.read(size):
                data = rest + data
                end = _end_of_record(data)
                block, rest = data[:end], data[end:]
                if first and block:
                    block, first = block[_end_of_first(block) :], False
                if block:
                    yield block
            if first:
                rest = rest[_end_of_first(rest) :]
            if rest:
                yield rest


def _end_of_record(data: bytes) -> int:
    """Return where the last whole record of *data* ends: after a line end that no quote is open at; 0 when there is none."""
    quotes, end = data.count(b'"'), len(data)
    while True:  # from quote to quote, backwards: a cell of a million lines is passed in one step
        start = data.rfind(b'"', 0, end)
        if quotes % 2 == 0 and (found := data.rfind(b"\n", start + 1, end)) >= 0:
            return found + 1
        if start < 0:
            return 0
        quotes, end = quotes - 1, start


def _end_of_first(data: bytes) -> int:
    """Return where the first record of *data* ends."""
    start, quoted = 0, False
    while True:
        quote = data.find(b'"', start)
        end = data.find(b"\n", start, len(data) if quote < 0 else quote)
        if end >= 0 and not quoted:
            return end + 1
        if quote < 0:
            return len(data)
        start, quoted = quote + 1, not quoted


def prepare(file: Path, made: Importer, aside: Path) -> Table:
    """Return *file* ready to be read; what must be unpacked or written anew goes below *aside*.

    Raises MissingInput when it is not there, ProblemsFound when it is empty or in an unknown encoding.
    """
    try:
        return _prepare(file, made, aside)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise no_file(file) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ProblemsFound([Problem("import-packed", Place(str(file)), {"reason": str(error)})]) from error
    except OSError as error:
        raise ProblemsFound([Problem("file-unreadable", Place(str(file)), {"reason": error.strerror or ""})]) from error


def _prepare(file: Path, made: Importer, aside: Path) -> Table:
    scan = Scan.of(file)
    if kind := stranger(scan.start, jsonl=made.form == "jsonl"):
        raise ProblemsFound([Problem("import-stranger", Place(str(file)), {"kind": kind})])
    if not scan.start.strip():
        raise ProblemsFound([Problem("import-empty-file", Place(file.name))])
    if made.form == "jsonl":
        return flatten_table(file, made, aside, scan.digest)
    if scan.start.startswith(b"PK\x03\x04"):
        plain = aside / (file.name + ".csv")
        sheet_to_csv(file, plain)
        return _table(plain, file.name, Scan.of(plain), scan.digest)
    if scan.encoding == "utf-8" and not scan.packed:
        return _table(file, file.name, scan, scan.digest)
    plain = aside / (file.name + ".utf8")
    decoder = codecs.getincrementaldecoder(scan.encoding)(errors="replace")
    with opened(file) as read, plain.open("wb") as write:
        while data := read.read(CHUNK):
            write.write(decoder.decode(data).encode())
        write.write(decoder.decode(b"", final=True).encode())
    return _table(plain, file.name, Scan.of(plain), scan.digest)


def flatten_table(file: Path, made: Importer, aside: Path, digest: str) -> Table:
    """Return the table of a file of JSON records, its paths made columns."""
    plain = aside / (file.name + ".csv")
    with opened(file) as read:
        rows, bad = flatten(records_of(read), plain, made.paths)
    faults = [Fault(row, "import-json" if text else "import-empty-row", text) for row, text in bad]
    header = (ROW, *made.paths)
    return Table(file.name, plain, ",", header, rows, digest, numbered=True, faults=faults)


def _table(path: Path, name: str, scan: Scan, digest: str) -> Table:
    """Return the table of a file in UTF-8, with what its bytes tell of its rows."""
    separator, header = _header(path, name)
    separators = scan.separators.get(separator.encode())
    regular = not scan.open_quote and separators == scan.records * (len(header) - 1)
    return Table(name, path, separator, header, max(scan.records - 1, 0), digest, regular=regular)


def _header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the separator and the names of the columns, from the first record."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        start = text.read(CHUNK)
    line = start.lstrip("\r\n").splitlines()[0] if start.strip() else ""
    if not line.strip():
        raise ProblemsFound([Problem("import-empty-file", Place(name))])
    try:
        separator = max(SEPARATORS, key=lambda mark: len(next(csv.reader([line], delimiter=mark))))
        return separator, tuple(next(csv.reader(io.StringIO(start, newline=""), delimiter=separator)))
    except csv.Error as error:
        raise ProblemsFound([Problem("import-quotes", Place(name), {"reason": str(error)})]) from error


def rewritten(table: Table, aside: Path) -> Table:
    """Return *table* with its rows numbered and well formed; rows with too many or too few cells become faults.

    For files whose quotes or cells are irregular: slower, and exact about which row is at fault.
    """
    plain = aside / (table.name + ".clean.csv")
    faults, rows = [], 0
    with table.path.open(encoding="utf-8-sig", newline="") as read, plain.open("w", encoding="utf-8", newline="") as write:
        out = csv.writer(write, lineterminator="\n")
        out.writerow((ROW, *table.header))
        for rows, cells in enumerate(_records(read, table), start=1):
            if len(cells) == len(table.header):
                out.writerow((rows, *cells))
            else:
                code = "import-cells" if cells else "import-empty-row"
                faults.append(Fault(rows, code, table.separator.join(cells)))
    return Table(table.name, plain, ",", (ROW, *table.header), rows, table.sha256, numbered=True, faults=faults)


def _records(read: io.TextIOWrapper, table: Table) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))  # a longer cell is a quotation mark that nothing closes
    reader = csv.reader(read, delimiter=table.separator)
    try:
        next(reader, None)
        yield from reader
    except csv.Error as error:
        place = Place(table.name, reader.line_num)
        raise ProblemsFound([Problem("import-quotes", place, {"reason": str(error)})]) from error
