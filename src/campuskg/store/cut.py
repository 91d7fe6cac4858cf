"""Rows in the bytes of an answer: whether there are too many of them, and where to cut so that it stays well-formed.

Counting costs little: an answer too short to hold so many rows is not looked at, and most others are told by one search for
what stands between rows. Formats: SPARQL 1.1 Query Results JSON, CSV and TSV, SPARQL Query Results XML, RDF 1.1 N-Triples.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

_BINDINGS: Final = '"bindings":['
_CSV_LINE: Final = re.compile(rb'"[^"]*"?|(\n)')
_LINE: Final = re.compile(rb"\n")
_RESULT: Final = re.compile(rb"</result>")
_SHORTEST_TRIPLE: Final = 4
"""Bytes that one more object takes in Turtle, the densest form."""


class _Form(NamedTuple):
    """How a format writes rows."""

    shortest: int
    """Bytes of the shortest row."""
    sign: bytes
    """What every row has, and values may have too; *more* rows than signs are possible."""
    more: int
    ends: Callable[[bytes], Iterator[int]]
    """Where the rows end, after those of *head* lines that are none."""
    head: int = 0
    start: bytes = b""
    tail: bytes = b""
    """What stands before the first row and after the last."""


def rows_fit(body: bytes, media: str, rows: int) -> bool:
    """Tell whether *body*, an answer as *media*, has at most so many *rows*, or triples where it is a graph."""
    form = _FORMS.get(media)
    if form is None:
        return len(body) <= rows * _SHORTEST_TRIPLE or _triples(body, media, rows + 1) <= rows
    if len(body) <= rows * form.shortest or body.count(form.sign) + form.more <= rows:
        return True
    return sum(1 for _ in itertools.islice(form.ends(body), rows + form.head + 1)) <= rows + form.head


def _triples(body: bytes, media: str, most: int) -> int:
    """Count the triples of a graph, up to *most*."""
    parsed = ox.parse(body, format=ox.RdfFormat.from_media_type(media))
    return sum(1 for _ in itertools.islice(parsed, most))


def cut(body: bytes, media: str, rows: int | None = None) -> bytes:
    """Return the longest well-formed answer in the beginning *body* of one, by its *media* type; of so many *rows* at most.

    >>> cut(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"}"}},{"a":{"ty', JSON)
    b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"}"}}]}}'
    """
    form = _FORMS[media]
    end = body.find(form.start) + len(form.start)
    for row in itertools.islice(form.ends(body), None if rows is None else rows + form.head):
        end = row
    return body[:end] + form.tail


def _json_ends(body: bytes) -> Iterator[int]:
    """Yield where each binding ends that is whole."""
    text = body.decode("utf-8", "ignore")
    decoder, plain = json.JSONDecoder(), text.isascii()
    position = text.find(_BINDINGS) + len(_BINDINGS)
    at = len(text[:position].encode())
    try:
        while True:
            _, end = decoder.raw_decode(text, position)
            at += end - position if plain else len(text[position:end].encode())
            yield at
            position, at = end + 1, at + 1
    except ValueError:
        return


def _csv_ends(body: bytes) -> Iterator[int]:
    """Yield where each line ends; a line break within quotation marks ends none (RFC 4180)."""
    return (match.end() for match in _CSV_LINE.finditer(body) if match[1])


def _ends(pattern: re.Pattern[bytes]) -> Callable[[bytes], Iterator[int]]:
    return lambda body: (match.end() for match in pattern.finditer(body))


JSON: Final = "application/sparql-results+json"
_FORMS: Final[Mapping[str, _Form]] = {
    JSON: _Form(3, b"},{", 1, _json_ends, start=_BINDINGS.encode(), tail=b"]}}"),
    "application/sparql-results+xml": _Form(17, b"</result>", 0, _ends(_RESULT), start=b"<results>", tail=b"</results></sparql>"),
    "text/csv": _Form(2, b"\n", -1, _csv_ends, head=1),
    "text/tab-separated-values": _Form(1, b"\n", -1, _ends(_LINE), head=1),
    "application/n-triples": _Form(8, b"\n", 0, _ends(_LINE)),
}
