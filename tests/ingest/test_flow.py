"""Several blocks at once make the same files as one at a time; what goes wrong in one is told where it stands."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from campuskg.errors import MissingInput, ProblemsFound
from campuskg.ingest import flow, tables
from campuskg.ingest.engine import run
from campuskg.ingest.flow import in_order
from campuskg.ingest.mapping import importer
from campuskg.ingest.written import written

WAIT = 60
ROWS = 3000


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks of a few hundred rows, so that small files have many."""
    monkeypatch.setattr(tables, "BLOCK_BYTES", (1 << 13, 1 << 13))


def table(rows: int, bad: int = 0) -> str:
    """Return a table of partners, some with cells that are no such thing, with a row of too many cells at *bad*."""
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=";", lineterminator="\n")
    out.writerow(["nom", "uai", "site"])
    for number in range(1, rows + 1):
        name = f'École "{number}"' if number % 7 == 0 else f"École {number}"
        out.writerow([name if number % 11 else "", "0250011B" if number % 5 else "0250011C", f"e{number}.example.org"])
        if number == bad:
            out.writerow(["a", "b", "c", "d"])
    return text.getvalue()


def test_results_come_in_order_though_the_last_is_ready_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    second = Event()

    def work(item: int) -> int:
        if item == 1:
            assert second.wait(WAIT)
        second.set()
        return item * item

    assert list(in_order(work, [1, 2, 3, 4, 5])) == [1, 4, 9, 16, 25]


def test_few_items_are_begun_before_their_results_are_taken() -> None:
    begun: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1000):
            begun.append(item)
            yield item

    results = in_order(str, items())
    assert next(results) == "0"
    results.close()
    assert len(begun) <= flow._MOST + 2


def test_a_fault_stands_where_its_result_would() -> None:
    results = in_order(lambda item: 6 // item, [1, 2, 0, 3])
    assert [next(results), next(results)] == [6, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


@pytest.mark.parametrize("bad", [0, 2500])
@pytest.mark.usefixtures("small_blocks")
def test_as_many_processors_as_you_like(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bad: int) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(table(ROWS, bad), encoding="utf-8")
    made = {}
    for processors in (1, 2, 7):
        monkeypatch.setattr("os.cpu_count", lambda count=processors: count)
        out, report = tmp_path / "out.nt", tmp_path / "report.csv"
        accounts = run(importer("partners"), [file], out, report=report)
        assert accounts.whole
        assert accounts.rows == ROWS + bool(bad)
        made[processors] = (accounts, out.read_bytes(), report.read_bytes())
    assert made[1] == made[2] == made[7]
    assert made[1][1].count(b"\n") == made[1][0].triples


@pytest.mark.usefixtures("small_blocks")
def test_rows_have_the_numbers_of_the_file(tmp_path: Path) -> None:
    file, report = tmp_path / "partners.csv", tmp_path / "report.csv"
    file.write_text(table(ROWS), encoding="utf-8")
    run(importer("partners"), [file], tmp_path / "out.nt", report=report)
    with report.open(encoding="utf-8", newline="") as lines:
        refused = [int(row["row"]) for row in csv.DictReader(lines) if row["effect"] == "rejected"]
    assert refused == [number for number in range(1, ROWS + 1) if number % 11 == 0]


@pytest.mark.usefixtures("small_blocks")
def test_a_quote_that_nothing_closes_far_down(tmp_path: Path) -> None:
    file, out = tmp_path / "partners.csv", tmp_path / "out.nt"
    file.write_text(table(ROWS) + '"A;b;c\n' + table(ROWS), encoding="utf-8")
    try:
        accounts = run(importer("partners"), [file], out)
    except ProblemsFound:
        assert not out.exists()
    else:
        assert accounts.whole
        assert accounts.triples == out.read_bytes().count(b"\n")
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize("name", ["out.nt", "out.nt.gz"])
def test_an_error_on_the_way_leaves_nothing(tmp_path: Path, name: str) -> None:
    def fails() -> None:
        with written(tmp_path / name) as out:
            for number in range(9, -1, -1):
                out.write(b"x" * (9_000_000 // number))

    with pytest.raises(ZeroDivisionError):
        fails()
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_is_told_changes_nothing(tmp_path: Path) -> None:
    piece = bytes(range(256)) * 40_000
    with written(tmp_path / "out.nt") as out:
        for _ in range(8):
            out.write(piece)
    assert (tmp_path / "out.nt").read_bytes() == piece * 8


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MissingInput, match="import-unwritable"), written(tmp_path / "file" / "out.nt") as out:
        out.write(b"x")
