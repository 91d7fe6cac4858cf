"""What the commands on the network share: results as JSON and as CSV."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import click

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet compute a cell instead of showing it."""


def say(text: str) -> None:
    """Print *text* without control characters, which could drive the terminal; line breaks stay."""
    click.echo("".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text))


def as_json(told: Any) -> str:  # noqa: ANN401  what JSON holds
    """Return *told* as JSON."""
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return a table as CSV (RFC 4180); a cell that a spreadsheet would take for a formula begins with an apostrophe.

    >>> as_csv(["a"], [["=1+1"]])
    "a\r\n'=1+1\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([[_inert(str(cell)) for cell in row] for row in rows])
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
