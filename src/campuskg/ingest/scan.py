"""What the bytes of a file tell before it is read as rows: digest, encoding, kind, records and separators outside quotes."""

import codecs
import gzip
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
    separators: dict[bytes, int] = field(default_factory=lambda: {mark.encode(): 0 for mark in SEPARATORS})
    open_quote: bool = False
    last: bytes = b""

    @classmethod
    def of(cls, file: Path) -> "Scan":
        """Look at *file*."""
        scan, whole, decoder = cls(), sha256(), codecs.getincrementaldecoder("utf-8")()
        with file.open("rb") as raw:
            while data := raw.read(CHUNK):
                whole.update(data)
        scan.digest = whole.hexdigest()
        with file.open("rb") as raw:
            scan.packed = raw.read(2) == b"\x1f\x8b"
        with opened(file) as read:
            while data := read.read(CHUNK):
                if not scan.start:
                    scan.start, scan.encoding = data, _wide(data) or "utf-8"
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
        with opened(file) as read:
            while data := read.read(CHUNK):
                if any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)):
                    return False
        return True

    @property
    def records(self) -> int:
        """The number of records, the header too."""
        return self.newlines + (self.last not in (b"", b"\n"))


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
