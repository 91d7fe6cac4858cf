"""One table of a planner's page: an answer of the catalogue, or rows put together from several, with proofs and files.

Whichever it is, it is an ``Answer``: the same code writes it as HTML, CSV, JSON and XLSX, so all say the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox

from campuskg.errors import Text
from campuskg.publish.answers import Answer, empty_reason
from campuskg.publish.evidence import evidence, given_things
from campuskg.publish.pages_answer import AnswerTable, Cell, answer_table
from campuskg.publish.planning.desk import ID, Desk, Row
from campuskg.publish.planning.proofs import passage_address, proofs
from campuskg.queries import Column, Query
from campuskg.store import Rows
from campuskg.store.engine import Term

_PROVING: Final = re.compile(r"^lines|Lines$")
"""Names of columns whose values are passages, such as ``gbm-2022/43``."""
_MOST: Final = 6
"""Passages that a cell shows."""


@dataclass(frozen=True, slots=True)
class Source:
    """A question of the catalogue that a table comes from, with its values."""

    name: str
    question: str
    href: str


@dataclass(frozen=True)
class Block:
    """One table: its key in addresses, its title, its rows, the questions that they come from, what to know of it."""

    key: str
    title: str
    answer: Answer
    sources: Sequence[Answer]
    note: str = ""
    whole: bool = False
    """Whether the rows are those of its one question, all of them: then its files are those of the question."""
    proofs: Sequence[Sequence[str]] | None = None
    """The passages of each row, such as ``gbm-2022:43``, where no column has them."""
    most: int = 0
    """Rows that the page shows, 0 for all."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.answer.rows.rows)

    @property
    def written(self) -> Answer:
        """The answer as files have it: with one more column where the passages stand beside the rows."""
        return self.answer if self.proofs is None else self.answer.with_evidence(self.proofs)


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A table as the templates read it."""

    key: str
    title: str
    table: AnswerTable
    sources: Sequence[Source]
    downloads: Sequence[tuple[str, str]]
    note: str
    empty: str
    cut: int = 0
    """How many rows the page leaves out; the files have them."""


def asked(key: str, title: str, answer: Answer, note: str = "") -> Block:
    """Return the whole answer of one question as a table."""
    return Block(key, title, answer, (answer,), note, whole=True)


def kept(key: str, title: str, answer: Answer, chosen: Sequence[Row], note: str = "") -> Block:
    """Return some rows of the answer of one question."""
    names = answer.rows.variables
    rows = Rows(names, [tuple(row[name] for name in names) for row in chosen])
    return Block(key, title, replace(answer, result=rows), (answer,), note, whole=len(rows.rows) == len(answer.rows.rows))


def composed(  # noqa: PLR0913  what a table needs, by keyword
    key: str,
    title: str,
    desk: Desk,
    columns: Sequence[Column],
    lines: Sequence[Sequence[Term | None]],
    *,
    sources: Sequence[Answer],
    note: str = "",
    proofs: Sequence[Sequence[str]] | None = None,
) -> Block:
    """Return a table of our own *columns*, put together from the answers *sources*."""
    query = Query(key, Text(title, title), _said(sources), columns={column.name: column for column in columns})
    rows = Rows(tuple(column.name for column in columns), [tuple(line) for line in lines])
    return Block(key, title, Answer(query, rows, desk, desk.lang, digest=desk.digest), tuple(sources), note, proofs=proofs)


def _said(sources: Sequence[Answer]) -> str:
    """Return the queries that a table comes from, for the sheet about it."""
    return "\n".join(f"# {source.query.name}\n{source.sparql}" for source in sources)


def shown(block: Block, page: str, state: Sequence[tuple[str, str]], desk: Desk) -> ShownBlock:
    """Return *block* as the template of *page* shows it; *state* is that of the page, kept in the addresses of the files."""
    if block.most and block.count > block.most:
        part = _head(block)
        return replace(shown(part, page, state, desk), cut=block.count - part.count, downloads=_downloads(block, page, state))
    answer = block.answer
    lines = [name for name in answer.rows.variables if _PROVING.search(name)]
    told = None if lines else proofs(_proved(block, desk), desk, _MOST)
    table = answer_table(answer, told)
    if lines or not any(row.proofs for row in table.rows):
        table = replace(table, proofs=False)
    places = [at for at, column in enumerate(table.columns) if column.name in lines]
    cells = [replace(row, cells=[_proving(cell) if at in places else cell for at, cell in enumerate(row.cells)])
            for row in table.rows]  # fmt: skip
    empty = "" if block.count else empty_reason(answer)
    return ShownBlock(
        block.key, block.title, replace(table, rows=cells), tuple(source(one) for one in block.sources),
        _downloads(block, page, state), block.note, empty,
    )  # fmt: skip


def _head(block: Block) -> Block:
    """Return the rows of *block* that the page shows."""
    rows = block.answer.rows
    some = replace(block.answer, result=Rows(rows.variables, rows.rows[: block.most]))
    return replace(block, answer=some, proofs=block.proofs and block.proofs[: block.most], most=0)


def _proved(block: Block, desk: Desk) -> Sequence[Sequence[str]]:
    """Return the passages of each row: those that came with it, else those that the graph has for what stands in it."""
    if block.proofs is not None:
        return block.proofs
    return evidence(block.answer.rows, desk.store, given_things(block.answer))


def _proving(cell: Cell) -> Cell:
    """Return the cell of a passage as a link to it."""
    found = passage_address(cell.text)
    return replace(cell, href=found) if found else cell


def source(answer: Answer) -> Source:
    """Return the question of *answer* as a link to its page, with the same values."""
    told = [answer.shown(name, term) for name, terms in answer.values.items() for term in terms if isinstance(term, ox.Literal)]
    question = answer.text(answer.query.question) + (f" ({', '.join(told)})" if told else "")
    return Source(answer.query.name, question, query_address(answer))


def query_address(answer: Answer, form: str = "") -> str:
    """Return the address of the question of *answer* with its values: of its page, or of its file in *form*."""
    given = [(name, _short(term)) for name, terms in answer.values.items() for term in terms]
    path = f"/queries/{answer.query.name}" + (f".{form}" if form else "")
    return f"{path}?{urlencode(given)}" if given else path


def _short(term: Term) -> str:
    return term.value.removeprefix(ID)


def _downloads(block: Block, page: str, state: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    forms: Mapping[str, str] = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX"}
    if block.whole:
        return [(label, query_address(block.sources[0], form)) for form, label in forms.items()]
    pairs = urlencode([*state, ("table", block.key)])
    return [(label, f"/{page}.{form}?{pairs}") for form, label in forms.items()]
