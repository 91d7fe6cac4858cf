"""A file to import, made ready for the engine: UTF-8, one separator, its rows counted by other means than the engine's."""

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from campuskg.errors import MissingInput, Place, Problem, ProblemsFound
from campuskg.ingest.flatten import flatten
from campuskg.ingest.mapping import Importer
from campuskg.ingest.xlsx import sheet_to_csv

CHUNK: Final = 1 << 20
BLOCK_ROWS: Final = 4096
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

    def blocks(self) -> Iterator[bytes]:
        """Yield the rows in blocks of whole records, without the header: what is read at once does not grow with the file."""
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
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end


def _end_of_first(data: bytes) -> int:
    """Return where the first record of *data* ends."""
    end = data.find(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.find(b"\n", end) + 1
    return end or len(data)


def prepare(file: Path, made: Importer, aside: Path) -> Table:
    """Return *file* ready to be read; what must be unpacked or written anew goes below *aside*.

    Raises MissingInput when it is not there, ProblemsFound when it is empty or in an unknown encoding.
    """
    try:
        return _prepare(file, made, aside)
    except FileNotFoundError as error:
        raise MissingInput("file-missing", file=str(file)) from error
    except (gzip.BadGzipFile, EOFError) as error:
        raise ProblemsFound([Problem("import-packed", Place(str(file)), {"reason": str(error)})]) from error
    except OSError as error:
        raise ProblemsFound([Problem("file-unreadable", Place(str(file)), {"reason": error.strerror or ""})]) from error


def _prepare(file: Path, made: Importer, aside: Path) -> Table:
    scan = _Scan.of(file)
    if made.form == "jsonl":
        return flatten_table(file, made, aside, scan.digest)
    if scan.start.startswith(b"PK\x03\x04"):
        plain = aside / (file.name + ".csv")
        sheet_to_csv(file, plain)
        return _table(plain, file.name, _Scan.of(plain), scan.digest)
    if scan.encoding == "utf-8" and not scan.packed:
        return _table(file, file.name, scan, scan.digest)
    plain = aside / (file.name + ".utf8")
    decoder = codecs.getincrementaldecoder(scan.encoding)()
    with _open(file) as read, plain.open("wb") as write:
        while data := read.read(CHUNK):
            write.write(decoder.decode(data).encode())
        write.write(decoder.decode(b"", final=True).encode())
    return _table(plain, file.name, _Scan.of(plain), scan.digest)


def flatten_table(file: Path, made: Importer, aside: Path, digest: str) -> Table:
    """Return the table of a file of JSON lines, its paths made columns."""
    plain = aside / (file.name + ".csv")
    with _open(file) as read:
        rows, bad = flatten(read, plain, made.paths)
    faults = [Fault(row, "import-json", text) for row, text in bad]
    header = (ROW, *made.paths)
    return Table(file.name, plain, ",", header, rows, digest, numbered=True, faults=faults)


def _open(file: Path) -> BinaryIO:
    with file.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    return gzip.open(file, "rb") if packed else file.open("rb")  # type: ignore[return-value]  # a gzip file reads bytes


@dataclass(slots=True)
class _Scan:
    """One pass over the bytes: digest, encoding, records and separators outside quotes. Constant memory."""

    digest: str = ""
    packed: bool = False
    encoding: str = "utf-8"
    start: bytes = b""
    newlines: int = 0
    separators: dict[bytes, int] = field(default_factory=lambda: dict.fromkeys((b";", b",", b"\t"), 0))
    open_quote: bool = False
    last: bytes = b""

    @classmethod
    def of(cls, file: Path) -> "_Scan":
        scan, whole, decoder = cls(), sha256(), codecs.getincrementaldecoder("utf-8")()
        with file.open("rb") as raw:
            while data := raw.read(CHUNK):
                whole.update(data)
        scan.digest = whole.hexdigest()
        with file.open("rb") as raw:
            scan.packed = raw.read(2) == b"\x1f\x8b"
        with _open(file) as read:
            while data := read.read(CHUNK):
                scan.start = scan.start or data
                scan.last = data[-1:]
                scan._count(data)
                if scan.encoding == "utf-8" and not _goes_on(decoder, data):
                    scan.encoding = "cp1252" if scan._fits_windows(file) else "latin-1"
        if scan.encoding == "utf-8" and not _goes_on(decoder, b"", final=True):
            scan.encoding = "cp1252" if scan._fits_windows(file) else "latin-1"
        return scan

    def _count(self, data: bytes) -> None:
        """Count what lies outside quotes: every other piece between quotation marks."""
        for piece in data.split(b'"'):
            if not self.open_quote:
                self.newlines += piece.count(b"\n")
                for mark in self.separators:
                    self.separators[mark] += piece.count(mark)
            self.open_quote = not self.open_quote
        self.open_quote = not self.open_quote  # one mark fewer than pieces

    def _fits_windows(self, file: Path) -> bool:
        with _open(file) as read:
            while data := read.read(CHUNK):
                if any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)):
                    return False
        return True

    @property
    def records(self) -> int:
        return self.newlines + (self.last not in (b"", b"\n"))


def _goes_on(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bool:
    """Tell whether *data* goes on what was decoded before."""
    try:
        decoder.decode(data, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _table(path: Path, name: str, scan: _Scan, digest: str) -> Table:
    """Return the table of a file in UTF-8, with what its bytes tell of its rows."""
    separator, header = _header(path, name)
    cells = scan.separators[separator.encode()]
    regular = not scan.open_quote and cells == scan.records * (len(header) - 1)
    return Table(name, path, separator, header, max(scan.records - 1, 0), digest, regular=regular)


def _header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the separator and the names of the columns, from the first record."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        line = text.readline(CHUNK)
    if not line.strip():
        raise ProblemsFound([Problem("import-empty-file", Place(name))])
    separator = max(";,\t", key=lambda mark: len(next(csv.reader([line], delimiter=mark))))
    return separator, tuple(next(csv.reader([line], delimiter=separator)))


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
    reader = csv.reader(read, delimiter=table.separator)
    try:
        next(reader, None)
        yield from reader
    except csv.Error as error:
        place = Place(table.name, reader.line_num)
        raise ProblemsFound([Problem("import-quotes", place, {"reason": str(error)})]) from error
