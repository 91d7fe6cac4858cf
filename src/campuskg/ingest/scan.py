"""What the bytes of a file tell before it is read as rows: digest, encoding, kind, records and separators outside quotes."""

import codecs
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from campuskg.errors import Text

CHUNK: Final = 1 << 20
SEPARATORS: Final = ";,\t|"
_SAMPLE: Final = 1000
_STRANGERS: Final = (
    (b"\xd0\xcf\x11\xe0", Text("un classeur d'avant 2007 (.xls)", "a workbook from before 2007 (.xls)")),
    (b"%PDF", Text("un PDF", "a PDF")),
    (b"\x89PNG", Text("une image", "an image")),
    (b"\xff\xd8\xff", Text("une image", "an image")),
    (b"<!doctype html", Text("une page web", "a web page")),
    (b"<html", Text("une page web", "a web page")),
    (b"<?xml", Text("du XML", "XML")),
    (b"PK\x05\x06", Text("une archive vide", "an empty archive")),
    (b"{", Text("du JSON", "JSON")),
    (b"[", Text("du JSON", "JSON")),
)
"""What files begin with that are often given for a table."""
_JSON: Final = (b"{", b"[")
_WORKBOOK: Final = Text("un classeur ou une archive", "a workbook or an archive")


def opened(file: Path) -> BinaryIO:
    """Open *file*, unpacked."""
    with file.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    return gzip.open(file, "rb") if packed else file.open("rb")  # type: ignore[return-value]  # a gzip file reads bytes


def stranger(start: bytes, *, jsonl: bool) -> dict[str, str] | None:
    """Return what a file is, in words, when it is no table, nor JSON where that is asked for."""
    begin = start[:_SAMPLE].removeprefix(codecs.BOM_UTF8).lstrip()
    for mark, words in _STRANGERS:
        if begin[: len(mark)].lower() == mark.lower() and not (jsonl and mark in _JSON):
            return words._asdict()
    return _WORKBOOK._asdict() if jsonl and begin.startswith(b"PK") else None


@dataclass(slots=True)
class Scan:
    """One pass over the bytes of a file, in constant memory."""

    digest: str = ""
    packed: bool = False
    encoding: str = "utf-8"
    start: bytes = b""
    newlines: int = 0
    separators: dict[bytes, int] = field(default_factory=dict)
    """How many of each of the separators that its first line has the file has; of the first separator when that has none."""
    open_quote: bool = False
    last: bytes = b""

    @classmethod
    def of(cls, file: Path) -> "Scan":
        """Look at *file*."""
        scan = cls()
        with ThreadPoolExecutor(1, "digest") as aside:  # it computes while the other thread counts
            digest = aside.submit(_digest, file)
            scan._look(file)
            scan.digest = digest.result()
        return scan

    def _look(self, file: Path) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with file.open("rb") as raw:
            self.packed = raw.read(2) == b"\x1f\x8b"
        with opened(file) as read:
            while data := read.read(CHUNK):
                if not self.start:
                    self.start, self.encoding = data, _wide(data) or "utf-8"
                    line = data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n").partition(b"\n")[0]
                    marks = [mark.encode() for mark in SEPARATORS]
                    self.separators = dict.fromkeys([mark for mark in marks if mark in line] or marks[:1], 0)
                self.last = data[-1:]
                self._count(data)
                if self.encoding == "utf-8" and not _goes_on(decoder, data):
                    self.encoding = "cp1252" if self._fits_windows(file) else "latin-1"
        if self.encoding == "utf-8" and not _goes_on(decoder, b"", final=True):
            self.encoding = "cp1252" if self._fits_windows(file) else "latin-1"

    def _count(self, data: bytes) -> None:
        """Count what lies outside quotes: every other piece between quotation marks."""
        pieces = data.split(b'"')
        outside = b"".join(pieces[self.open_quote :: 2])
        self.newlines += outside.count(b"\n")
        for mark in self.separators:
            self.separators[mark] += outside.count(mark)
        self.open_quote ^= len(pieces) % 2 == 0  # one mark fewer than pieces

    def _fits_windows(self, file: Path) -> bool:
        with opened(file) as read:
            while data := read.read(CHUNK):
                if any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)):
                    return False
        return True

    @property
    def records(self) -> int:
        """The number of records, the header too."""
        return self.newlines + (self.last not in (b"", b"\n"))


def _digest(file: Path) -> str:
    whole = sha256()
    with file.open("rb") as raw:
        while data := raw.read(CHUNK):
            whole.update(data)
    return whole.hexdigest()


def _wide(start: bytes) -> str:
    """Return the encoding of a file of two bytes a character, which spreadsheets call Unicode; empty for any other."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = start[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[first::2].count(0) * 2 > len(sample[first::2]) and not sample[1 - first :: 2].count(0):
            return encoding
    return ""


def _goes_on(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bool:
    """Tell whether *data* goes on what was decoded before."""
    try:
        decoder.decode(data, final=final)
    except UnicodeDecodeError:
        return False
    return True
