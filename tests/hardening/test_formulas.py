"""Where a spreadsheet would run a cell: the CSV of the SPARQL standard is exact, every other table is made inert."""

import pyoxigraph as ox
import pytest

from campuskg.cli.results import as_csv as table_of_a_command
from campuskg.publish.results import as_csv
from campuskg.store import Rows

HOSTILE = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_csv_of_the_standard_is_exact(text: str) -> None:
    """``/sparql`` and ``/queries/NAME.csv``: SPARQL 1.1 Query Results CSV, section 3.2, keeps the lexical form as it is."""
    written = as_csv(Rows(("a",), [(ox.Literal(text),)]))
    assert written.removeprefix("a\r\n").strip("\n").strip('"').removesuffix('"\r') in (text, text + "\r")


@pytest.mark.parametrize("text", HOSTILE)
def test_tables_for_people_are_inert(text: str) -> None:
    assert table_of_a_command(["a"], [[text]]).splitlines()[1].lstrip('"').startswith("'")
