"""Tables: each is the answer of the query that defines it, and the pages that show it do not ask the store."""

from pathlib import Path

import pytest

from campuskg.publish.coverage import coverage
from campuskg.publish.planning import board
from campuskg.publish.planning.desk import Desk
from campuskg.queries import catalogue, tables
from campuskg.release import Release, open_release
from campuskg.release import tables as module
from campuskg.release.tables import FILE, Tables, latest_day, tables_file
from campuskg.store import MemoryStore, Rows


@pytest.fixture(scope="module")
def asked_anew(release_dir: Path) -> MemoryStore:
    """The published dataset, without quotations and without tables."""
    return MemoryStore.open(release_dir / "dataset.nq")


def test_each_table_is_the_answer_of_the_query_that_defines_it(release: Release, asked_anew: MemoryStore) -> None:
    kept = Tables.of(release.folder)
    assert len(kept) == len(tables()) > 30
    for name, table in tables().items():
        text = table.sparql(release.date)
        assert kept(text) == asked_anew.run(text), name
        assert release.store.run(text) is release.store.run(text), name


def test_the_file_is_the_same_bytes_each_time_and_quotations_change_nothing(release: Release, asked_anew: MemoryStore) -> None:
    known = (release.folder / FILE).read_bytes()
    assert tables_file(asked_anew) == known
    with_quotations = MemoryStore.open(release.folder / "dataset.nq")
    if (release.folder / "quotations.nq").is_file():
        with_quotations.load(release.folder / "quotations.nq")
    assert tables_file(with_quotations) == known
    assert latest_day(asked_anew) == release.date


def test_only_the_very_text_without_other_values_is_answered_from_a_table(release: Release) -> None:
    empty = MemoryStore()
    empty.remembered = Tables.of(release.folder)
    text = catalogue()["campuses"].sparql
    known = empty.run(text)
    assert isinstance(known, Rows)
    assert len(known.rows) == catalogue()["campuses"].answer.rows
    for other, prefixes in ((text + " ", None), (text, {"x": "http://example.org/"})):
        answer = empty.run(other, None, prefixes)
        assert isinstance(answer, Rows)
        assert answer.rows == []


def test_pages_of_statistics_ask_the_store_for_nothing_that_a_table_holds(release_dir: Path) -> None:
    release = open_release(release_dir)
    kept, missed = release.store.remembered, []

    def watched(text: str) -> Rows | None:
        found = kept(text)
        if found is None:
            missed.append(text)
        return found

    release.store.remembered = watched
    assert coverage(Release(release.folder, {**release.manifest, "outputs": {"dataset.nq": "another"}}, release.store)).classes
    assert missed == []
    board.PAGE.make(Desk(release.store, release.names, "en", "another"), {})
    assert not [text for text in missed if text.startswith("#+")], "a question of the board that is no table"


def test_a_release_of_an_earlier_version_has_no_tables(tmp_path: Path) -> None:
    none = Tables.of(tmp_path)
    assert len(none) == 0
    assert none("SELECT * {}") is None


def test_an_answer_that_is_no_summary_is_left_to_the_store(asked_anew: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 0)
    assert b'"campuses"' not in tables_file(asked_anew)
    assert b'"campuses"' in tables_file(MemoryStore())
