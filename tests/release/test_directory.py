"""Putting a release in place: whole or not at all, whatever fails."""

import errno
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from campuskg.errors import CampuskgError, MissingInput, UsageProblem
from campuskg.release import directory, open_release
from campuskg.release.directory import MANIFEST, as_json, digest, file_digest, put_in_place, recover


def _files(word: str) -> dict[str, bytes]:
    files = {"dataset.nq": f'<urn:a> <urn:b> "{word}" .\n'.encode(), "statistics.json": b"{}\n"}
    files[MANIFEST] = as_json({"campuskg": "0", "outputs": {name: digest(data) for name, data in files.items()}})
    return files


def _word(out: Path) -> str:
    (quad,) = open_release(out).store.quads()
    return str(quad.object.value)  # type: ignore[union-attr]  # a literal, as written above


def _beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


def test_first_and_second_release(tmp_path: Path) -> None:
    out = tmp_path / "sous" / "release"
    put_in_place(_files("un"), out)
    assert _word(out) == "un"
    put_in_place(_files("deux"), out)
    assert _word(out) == "deux"
    assert _beside(out) == []
    assert {path.name for path in out.iterdir()} == set(_files("x"))


def _fail_at(monkeypatch: pytest.MonkeyPatch, step: str, nth: int) -> None:
    """Make the *nth* call of one step fail, as a full or broken disk would."""
    calls = 0

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **kwargs)

        return call

    match step:
        case "mkdtemp":
            monkeypatch.setattr(directory.tempfile, "mkdtemp", failing(directory.tempfile.mkdtemp))
        case "write":
            monkeypatch.setattr(directory, "_write", failing(directory._write))
        case "fsync":
            monkeypatch.setattr(directory.os, "fsync", failing(os.fsync))
        case "chmod":
            monkeypatch.setattr(Path, "chmod", failing(Path.chmod))
        case "rename":
            monkeypatch.setattr(Path, "rename", failing(Path.rename))
        case _:
            monkeypatch.setattr(directory, "_exchange", failing(directory._exchange))


@pytest.mark.parametrize(
    ("step", "nth"),
    [
        ("mkdtemp", 1),
        ("write", 1),
        ("write", 2),
        ("write", 3),
        *(("fsync", n) for n in range(1, 6)),
        ("chmod", 1),
        ("exchange", 1),
    ],
)
def test_a_fault_at_any_step_leaves_one_whole_release(tmp_path: Path, step: str, nth: int) -> None:
    out = tmp_path / "release"
    put_in_place(_files("ancien"), out)
    with pytest.MonkeyPatch.context() as patch:
        _fail_at(patch, step, nth)
        with pytest.raises(MissingInput) as missing:
            put_in_place(_files("nouveau"), out)
    assert missing.value.code == "file-unwritable"
    assert _word(out) == ("nouveau" if (step, nth) == ("fsync", 5) else "ancien")
    assert _beside(out) == []
    put_in_place(_files("enfin"), out)
    assert _word(out) == "enfin"


@pytest.mark.parametrize("nth", [1, 2])
def test_a_fault_without_exchange_is_recovered(tmp_path: Path, nth: int) -> None:
    out = tmp_path / "release"
    put_in_place(_files("ancien"), out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "_exchange", lambda _one, _other: False)
        _fail_at(patch, "rename", nth)
        with pytest.raises(CampuskgError):
            put_in_place(_files("nouveau"), out)
    assert _word(out) == "ancien"
    assert _beside(out) == []


def test_without_exchange_the_release_is_replaced_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_exchange", lambda _one, _other: False)
    out = tmp_path / "release"
    for word in ("un", "deux", "trois"):
        put_in_place(_files(word), out)
        assert _word(out) == word
        assert _beside(out) == []


def test_recover_puts_a_previous_release_back(tmp_path: Path) -> None:
    out = tmp_path / "release"
    put_in_place(_files("ancien"), out)
    out.rename(tmp_path / ".release.previous")
    recover(out)
    assert _word(out) == "ancien"
    recover(out)
    assert _word(out) == "ancien"


def test_a_release_in_place_is_not_overwritten_by_a_previous_one(tmp_path: Path) -> None:
    out = tmp_path / "release"
    put_in_place(_files("nouveau"), out)
    shutil.copytree(out, tmp_path / ".release.previous")
    recover(out)
    assert _word(out) == "nouveau"


@pytest.mark.parametrize(
    "content",
    [
        {"notes.txt": b"mine"},
        {"manifest.json": b'{"name": "a web page", "outputs": {}}'},
        {"manifest.json": b"not json", "index.html": b""},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"campuskg": "0", "outputs": {}}', "mine.txt": b"kept"},
    ],
)
def test_a_folder_that_is_not_a_release_is_kept(tmp_path: Path, content: dict[str, bytes]) -> None:
    out = tmp_path / "release"
    out.mkdir()
    for name, data in content.items():
        (out / name).write_bytes(data)
    with pytest.raises(UsageProblem) as refused:
        put_in_place(_files("nouveau"), out)
    assert refused.value.code == "out-not-release"
    assert {path.name: path.read_bytes() for path in out.iterdir()} == content


def test_a_file_is_kept_and_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageProblem):
        put_in_place(_files("x"), tmp_path / "fichier")
    (tmp_path / "vide").mkdir()
    put_in_place(_files("x"), tmp_path / "vide")
    assert _word(tmp_path / "vide") == "x"


def test_a_damaged_release_can_be_replaced(tmp_path: Path) -> None:
    out = tmp_path / "release"
    put_in_place(_files("un"), out)
    (out / "dataset.nq").write_bytes(b"")
    with pytest.raises(MissingInput) as damaged:
        open_release(out)
    assert damaged.value.code == "release-damaged"
    put_in_place(_files("deux"), out)
    assert _word(out) == "deux"


def test_leftovers_of_killed_builds_are_removed_and_others_kept(tmp_path: Path) -> None:
    out = tmp_path / "release"
    for name in (".release.new-abc", ".release.new-def", ".other.new-abc", "release.new-abc"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dataset.nq").write_bytes(b"")
    put_in_place(_files("un"), out)
    assert _beside(out) == [".other.new-abc", "release.new-abc"]


def test_leftovers_stay_while_another_build_writes(tmp_path: Path) -> None:
    out = tmp_path / "release"
    with directory._writing(out):
        (tmp_path / ".release.new-autre").mkdir()
        put_in_place(_files("un"), out)
        assert _beside(out) == [".release.new-autre"]
    put_in_place(_files("deux"), out)
    assert _beside(out) == []
    assert _word(out) == "deux"


def test_a_parent_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    with pytest.raises(MissingInput) as missing:
        put_in_place(_files("x"), tmp_path / "fichier" / "release")
    assert missing.value.code == "file-unwritable"


def test_a_file_named_in_no_release_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as missing:
        open_release(tmp_path)
    assert missing.value.code == "release-missing"


@pytest.mark.parametrize("size", [0, 1, (1 << 23) - 1, 1 << 23, (1 << 23) + 5])
def test_a_file_is_digested_whole_whatever_its_size(tmp_path: Path, size: int) -> None:
    body = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    (tmp_path / "file").write_bytes(body)
    assert file_digest(tmp_path / "file") == sha256(body).hexdigest()
