"""What is seen of a block before it is read: never less than its cells hold, and its rows exactly."""

import csv
import io
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campuskg.ingest.cleaning import Traits
from campuskg.ingest.mapping import Importer, read_importer
from campuskg.ingest.plan import Plan
from campuskg.ingest.tables import Block, Table, prepare
from campuskg.ingest.triples import Writer
from ingest.conftest import Importing

# Characters that some repair looks for, and ordinary ones.
CELL = st.text(st.sampled_from("aé \"\n\r\\;'\t\u00a0\u200b\x00\x1f\x1fÃ©«=»9.,"), max_size=6)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6)


def bytes_of(rows: list[list[str]]) -> bytes:
    """Return the rows as a table without header, with quotes where they are needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


@given(ROWS)
@settings(max_examples=300, deadline=None)
def test_of_a_well_formed_block(rows: list[list[str]]) -> None:
    block = Block.of(bytes_of(rows), 1, b";")
    assert block.rows == len(rows)
    cells = [cell.strip() for row in rows for cell in row]  # blanks around a cell are taken away in any case
    assert block.quotes or not any('"' in cell for cell in cells)
    assert block.lines or not any("\n" in cell or "\r" in cell for cell in cells)


@given(st.lists(st.text(st.sampled_from('a";\n\r '), max_size=12), max_size=8))
@settings(max_examples=300, deadline=None)
def test_of_any_block_that_the_engine_reads(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    block = Block.of(data, 1, b";")
    try:
        frame = pl.read_csv(io.BytesIO(data), has_header=False, separator=";", infer_schema=False)
    except pl.exceptions.PolarsError:
        return
    if frame.height != block.rows or data.count(b'"') % 2:  # the file is then written anew, quotes and all
        return
    held = "".join(cell or "" for row in frame.rows() for cell in row)
    assert block.quotes or '"' not in held
    assert block.lines or not {"\n", "\r"} & set(held.replace("\r\n", ""))


@pytest.mark.parametrize("data", [b'"a";b\n', b'"a;b";"c"\r\n', b'a;"b"\r\nc;"d"\r\n', b'"a"\n"b";c\n'])
def test_quotes_that_only_enclose(data: bytes) -> None:
    others = b"x;y\n" * 9
    for block in (Block.of(data + others, 1, b";"), Block.of(others + data, 1, b";"), Block.of(others + data.rstrip(), 1, b";")):
        assert (block.quotes, block.lines) == (False, False)


@pytest.mark.parametrize("data", [b'a";b"\n', b'"a""b";c\n', b'a "b" c;d\n', b'5";b"\n', b'"a" ;b\n', b'"a";"b" c\n'])
def test_quotes_inside_cells(data: bytes) -> None:
    others = b"x;y\n" * 9
    for block in (Block.of(data + others, 1, b";"), Block.of(others + data, 1, b";")):
        assert block.quotes


def mapping() -> Importer:
    """Return an importer of texts, numbers and lists, as they are in the files of the project."""
    return read_importer(
        "given",
        {
            "title": {"fr": "t", "en": "t"},
            "publisher": "p",
            "licence": "l",
            "columns": {"name": {}, "more": {"many": ";,"}, "size": {"kind": "decimal", "names": "name"}},
            "things": [
                {
                    "iri": "organisation/given-{row}",
                    "class": "=org:Organization",
                    "says": {
                        "skos:prefLabel": ["name@fr", "'called {name}'@en"],
                        "skos:altLabel": "more",
                        "cmq:area": "size",
                    },
                }
            ],
        },
    )


def made_of(plan: Plan, block: Block, traits: Traits) -> tuple[bytes, int]:
    """Return the triples of a block, and how many they are said to be."""
    said = list(plan.triples(plan.rows(plan.read(block), traits), traits))
    return b"".join(text.item().encode() for text, _ in said), sum(count for _, count in said)


@given(rows=ROWS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_repairs_left_out_would_have_changed_nothing(tmp_path: Path, rows: list[list[str]]) -> None:
    made, file = mapping(), tmp_path / "given.csv"
    file.write_bytes(b"name;more\n" + bytes_of(rows))
    table = prepare(file, made, tmp_path)
    plan = Plan(made, Table("t", file, ";", table.header, len(rows), ""), Writer(made, "given"))
    block = Block.of(bytes_of(rows), 1, b";")
    found = made_of(plan, block, Traits.of(block.data, lines=block.lines, quotes=block.quotes))
    assert found == made_of(plan, block, Traits())
    triples, count = found
    assert count == triples.count(b"\n") == len(list(ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)))


def test_the_values_of_a_cell_are_counted(importing: Importing) -> None:
    head = '{"id":"https://ror.org/05813w841","name":"ENSMM","status":"active","types":["education"],"acronyms":'
    accounts, triples, _ = importing("ror", f'{head}["A","B","C"]}}\n')
    assert triples.count("#acronym>") == 3
    assert accounts.triples == triples.count("\n")
