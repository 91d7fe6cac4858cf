"""The registry of sources and its locators."""

import hashlib
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campuskg.content import content
from campuskg.errors import ProblemsFound
from campuskg.graph.sources import BadLocator, Locator, line_starts, load_sources, parse_locator, slug


def test_locators_read_and_write_back() -> None:
    sources = load_sources()
    for text, locator in {
        "gbm-2022:254": Locator("gbm-2022", 254, 254),
        "gbm-2022:254-256": Locator("gbm-2022", 254, 256),
        "editorial:names": Locator("editorial", row="names"),
    }.items():
        assert parse_locator(text, sources) == locator
        assert str(locator) == text


def test_iris_of_passages() -> None:
    assert Locator("s", 3, 3).iri == "passage/s/3"
    assert Locator("s", 3, 5).iri == "passage/s/3-5"
    assert Locator("s", row="Lycée Jules Haag").iri == "passage/s/lycee-jules-haag"


def test_last_line_is_inside_and_the_next_outside() -> None:
    for source in load_sources().values():
        if source.kind == "text":
            assert parse_locator(f"{source.id}:{source.lines}", load_sources()).last == source.lines
            with pytest.raises(BadLocator) as bad:
                parse_locator(f"{source.id}:{source.lines + 1}", load_sources())
            assert bad.value.code == "line-outside"


@pytest.mark.parametrize("rest", ["", "0", "-1", "1-", "1-2-3", "01", "1,2", "1 ", "٣", "１"])
def test_what_is_no_line(rest: str) -> None:
    with pytest.raises(BadLocator) as bad:
        parse_locator(f"gbm-2022:{rest}", load_sources())
    assert bad.value.code == "bad-lines"


@given(st.lists(st.text(alphabet="aé œ\t𝔸", max_size=5)))
def test_line_starts_cut_the_text_into_its_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    starts = line_starts(text)
    pieces = [text[one:other] for one, other in itertools.pairwise(starts)]
    assert "".join(pieces) == text
    assert [piece.rstrip("\n") for piece in pieces] == (lines[:-1] if lines and not lines[-1] else lines)


@given(st.text())
def test_slugs_are_plain_and_stable(text: str) -> None:
    made = slug(text)
    assert made == slug(made)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert not made.endswith("-")


def test_registry_fits_the_texts(sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the source texts are not at hand")
    for source in load_sources().values():
        (path,) = sources_folder.rglob(source.file) if source.file else (None,)
        if path is not None:
            data = path.read_bytes()
            assert hashlib.sha256(data).hexdigest() == source.sha256, source.id
            if source.kind == "text":
                assert tuple(line_starts(data.decode())) == source.starts, source.id


def test_every_table_of_lines_has_a_text() -> None:
    tables = {path.stem for path in (content("graph") / "lines").iterdir()}
    assert tables == {source.id for source in load_sources().values() if source.kind == "text"}


def test_all_problems_of_a_registry_together(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        "a: {kind: texte, title: A}\nb: {kind: dataset, titleEn: B}\nc: non\n", encoding="utf-8"
    )
    with pytest.raises(ProblemsFound) as caught:
        load_sources(tmp_path)
    said = [(p.code, p.params.get("key"), p.place.line) for p in caught.value.problems]
    assert said == [
        ("missing-key", "titleEn", 1),
        ("unknown-kind", None, 1),
        ("missing-key", "title", 2),
        ("wrong-structure", "c", 3),
    ]
