"""The difference of two releases and its patch."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campuskg.errors import CampuskgError, MissingInput
from campuskg.release.difference import Difference, apply_patch, difference

LITERALS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"\\\n\r'), max_size=12)
LINES = st.sets(LITERALS.map(lambda text: f'<http://e/s> <http://e/p> "{text}" <http://e/g> .'), max_size=12)


def folder(path: Path, lines: set[str]) -> Path:
    """Write *lines* as the dataset of a release."""
    path.mkdir(exist_ok=True)
    (path / "dataset.nq").write_bytes(dataset(lines))
    return path


def dataset(lines: set[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


@given(old=LINES, new=LINES)
def test_a_patch_gives_the_new_dataset_exactly(tmp_path_factory: pytest.TempPathFactory, old: set[str], new: set[str]) -> None:
    base = tmp_path_factory.mktemp("releases")
    found = difference(folder(base / "old", old), folder(base / "new", new))
    assert set(found.added) == new - old
    assert set(found.removed) == old - new
    assert bool(found) == (old != new)
    assert apply_patch(dataset(old), found.patch()) == dataset(new)


def test_a_patch_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", {"<http://e/a> <http://e/p> <http://e/o> <http://e/g> ."})
    new = folder(tmp_path / "new", {"<http://e/b> <http://e/p> <http://e/o> <http://e/g> ."})
    text = difference(old, new).patch()
    assert text == difference(old, new).patch()
    assert [line[:2] for line in text.splitlines()] == ["H ", "H ", "TX", "D ", "A ", "TC"]


LINE = "<http://e/a> <http://e/p> <http://e/o> <http://e/g> ."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("TX .", "rm -rf /"), "patch-line"),
        (lambda text: text.replace("H prev <urn:sha256:", "H prev <urn:sha256:0")[:-1], "patch-line"),
        (lambda text: text.replace(f"A {LINE}\n", ""), "patch-result"),
        (lambda _: "", "patch-line"),
        (lambda _: "TX .\nTC .\n", "patch-other"),
    ],
)
def test_a_patch_that_is_not_right_is_refused(tmp_path: Path, change: object, code: str) -> None:
    assert callable(change)
    text = difference(folder(tmp_path / "old", set()), folder(tmp_path / "new", {LINE})).patch()
    with pytest.raises(CampuskgError) as caught:
        apply_patch(b"", change(text))
    assert caught.value.code == code


def test_a_patch_of_another_release_is_refused() -> None:
    other = Difference((LINE,), (), old="0" * 64, new="1" * 64)
    with pytest.raises(CampuskgError) as caught:
        apply_patch(b"", other.patch())
    assert caught.value.code == "patch-other"


def test_a_folder_without_release_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        difference(tmp_path, tmp_path)
