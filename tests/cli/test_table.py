"""Plain-text tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campuskg.cli.table import text_table, width


@given(
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60), st.integers().map(str)), max_size=8),
    st.integers(min_value=40, max_value=200),
)
def test_lines_fit_and_rows_stay_rows(rows: list[tuple[str, str, str]], limit: int) -> None:
    lines = text_table(("un", "deux", "n"), rows, limit).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(len(line) <= limit for line in lines)


def test_numbers_are_to_the_right_and_words_to_the_left() -> None:
    lines = text_table(("mot", "n"), [("a", "1"), ("bb", "10")], 80).split("\n")
    assert [line.rstrip() for line in lines] == ["mot   n", "───  ──", "a     1", "bb   10"]


def test_long_cells_are_cut_with_an_ellipsis() -> None:
    assert "…" in text_table(("a", "b"), [("x" * 100, "y")], 40)
    assert "…" not in text_table(("a", "b"), [("x" * 20, "y")], 40)


@pytest.mark.parametrize("hostile", ["\x1b[31mrouge\x1b[0m", "a\nb", "a\rb", "\x07", "a\u202eb", "\x9b2J"])
def test_control_characters_cannot_drive_the_terminal(hostile: str) -> None:
    shown = text_table(("a",), [(hostile,)], 80)
    assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in shown)
    assert shown.count("\n") == 2


def test_no_rows() -> None:
    assert text_table(("a", "b"), [], 80).split("\n") == ["a  b", "─  ─"]


@pytest.mark.parametrize(("text", "columns"), [("été", 3), ("e\u0301te\u0301", 3), ("日本", 4), ("", 0)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns
