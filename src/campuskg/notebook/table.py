"""The answer to a question in a notebook: rows, a table that shows itself, and data frames of pandas or polars."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyoxigraph as ox

from campuskg.errors import MissingInput, pick
from campuskg.publish.answers import Answer, empty_reason
from campuskg.publish.cite import iso_690
from campuskg.publish.spreadsheet import typed
from campuskg.store.engine import Term

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Cell = str | int | float | bool | dt.date | None


class Table:
    """One answer; its columns are the variables of the query."""

    def __init__(self, answer: Answer) -> None:
        """Show *answer*."""
        self.answer = answer

    @property
    def columns(self) -> list[str]:
        """The variables of the query."""
        return list(self.answer.rows.variables)

    @property
    def sparql(self) -> str:
        """The query as it was asked, to run elsewhere."""
        return self.answer.sparql

    def cite(self) -> str:
        """Return how to cite this answer (ISO 690)."""
        return iso_690(self.answer)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.answer.rows.rows)

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        """Yield the rows, with names instead of IRIs."""
        yield from self.records()

    def records(self, *, names: bool = True) -> list[dict[str, Cell]]:
        """Return the rows as dictionaries; without *names*, things are IRIs. What is not known is None, never 0."""
        return [
            {name: self._cell(name, term, names=names) for name, term in zip(self.columns, row, strict=True)}
            for row in self.answer.rows.rows
        ]

    def to_pandas(self, *, names: bool = True) -> "pd.DataFrame":
        """Return a pandas data frame; MissingInput when pandas is not installed."""
        _need("pandas")
        import pandas as pd

        return pd.DataFrame(self.records(names=names), columns=self.columns)

    def to_polars(self, *, names: bool = True) -> "pl.DataFrame":
        """Return a polars data frame; MissingInput when polars is not installed."""
        _need("polars")
        import polars as pl

        records = self.records(names=names)
        return pl.DataFrame({name: [record[name] for record in records] for name in self.columns}, strict=False)

    def _cell(self, name: str, term: Term | None, *, names: bool) -> Cell:
        if term is None:
            return None
        if isinstance(term, ox.NamedNode):
            return self.answer.shown(name, term) if names else term.value
        value = typed(term, "text")
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value

    def _repr_html_(self) -> str:
        """Return the answer for Jupyter: question, rows as people read them, note."""
        answer = self.answer
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in answer.cells())
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in answer.headings())
        body = (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if len(self) else escape(empty_reason(answer))
        )
        note = pick(answer.query.note, answer.lang)
        asked = escape(answer.query.asked(answer.lang))
        return f'<div lang="{answer.lang}"><p><strong>{asked}</strong></p>{body}<p>{escape(note)}</p></div>'


def _need(library: str) -> None:
    if find_spec(library) is None:
        raise MissingInput("notebook-library", library=library)
