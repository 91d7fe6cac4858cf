"""A release damaged in any file, at any place: every reader finds it by its digest and says so; what is whole is taken."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from campuskg.cli import main
from campuskg.errors import MissingInput
from campuskg.release import open_release

BASE = "https://example.org/kg/"
CODES = ("release-damaged", "release-missing")

Damage = Callable[[random.Random, bytes], bytes]


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Return *data* with one bit changed."""
    changed = bytearray(data)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: random.Random, data: bytes) -> bytes:
    """Return a part of *data* from its beginning."""
    return data[: chance.randrange(len(data))]


def lengthened(chance: random.Random, data: bytes) -> bytes:
    """Return *data* with something after it."""
    return data + bytes([chance.randrange(256)])


def swapped(chance: random.Random, data: bytes) -> bytes:
    """Return *data* with a block of zeros in it, as a disk that lost a page gives."""
    at = chance.randrange(len(data))
    return data[:at] + bytes(min(512, len(data) - at)) + data[at + 512 :]


DAMAGES: tuple[Damage, ...] = (flipped, flipped, flipped, cut, lengthened, swapped)


def copy(release: Path, place: Path) -> Path:
    """Return a copy of *release*."""
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(release, place))


def names(release: Path) -> list[str]:
    """Return the names of the files of *release*."""
    return sorted(path.name for path in release.iterdir())


def test_every_damage_of_every_file_is_found(small_release: Path, tmp_path: Path) -> None:
    chance = random.Random(20260701)  # noqa: S311  the same damages each time
    damaged, tried = copy(small_release, tmp_path / "release"), 0
    for name in names(small_release):
        whole = (small_release / name).read_bytes()
        for damage in DAMAGES:
            broken = damage(chance, whole)
            if broken == whole:
                continue
            (damaged / name).write_bytes(broken)
            with pytest.raises(MissingInput) as refused:
                open_release(damaged)
            assert refused.value.code in CODES, (name, damage.__name__)
            assert name == "manifest.json" or name in refused.value.say("fr")
            tried += 1
        (damaged / name).write_bytes(whole)
    assert tried > 5 * len(names(small_release))
    assert open_release(damaged).digest == open_release(small_release).digest


def test_a_missing_file_is_found_and_one_too_many_is_left_alone(small_release: Path, tmp_path: Path) -> None:
    for name in names(small_release):
        lacking = copy(small_release, tmp_path / "lacking")
        (lacking / name).unlink()
        with pytest.raises(MissingInput) as refused:
            open_release(lacking)
        assert refused.value.code == ("release-missing" if name == "manifest.json" else "release-damaged")
    more = copy(small_release, tmp_path / "more")
    (more / "notes.txt").write_text("mine", encoding="utf-8")
    (more / ".campuskg-new").write_text("", encoding="utf-8")
    assert open_release(more).digest == open_release(small_release).digest


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command; return its exit code and what it said on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().err


COMMANDS = (
    ("serve", "{bad}", "--port", "0"),
    ("publish", "{bad}", "--out", "{out}", "--base", BASE),
    ("diff", "{good}", "{bad}"),
    ("diff", "{bad}", "{good}", "--patch", "{out}"),
    ("push", "{bad}", "--endpoint", "http://127.0.0.1:9/query"),
    ("query", "run", "campuses", "--release", "{bad}", "--out", "{out}"),
    ("dossier", "--campus", "all", "--release", "{bad}", "--out", "{out}"),
    ("viz", "partnerships", "--release", "{bad}", "--json", "{out}"),
    ("generate", "{bad}", "--out", "{out}", "--triples", "1000"),
    ("stats", "--release", "{bad}"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("name", ["dataset.nq", "dataset.ttl", "manifest.json"])
def test_every_command_refuses_a_damaged_release_and_writes_nothing(
    small_release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], name: str
) -> None:
    bad, out = copy(small_release, tmp_path / "bad"), tmp_path / "out"
    data = (bad / name).read_bytes()
    at = data.index(b'"dataset.nq": "') + 20 if name == "manifest.json" else len(data) // 2
    (bad / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    code, said = run(*(word.format(bad=bad, good=small_release, out=out) for word in command), capsys=capsys)
    assert (code, said.count("\n")) == (3, 1), said
    assert any(f"[{known}]" in said for known in CODES)
    assert not out.exists()


def test_a_patch_for_damaged_data_is_refused(small_release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, patch, out = copy(small_release, tmp_path / "bad"), tmp_path / "a.rdfp", tmp_path / "out.nq"
    assert run("diff", str(small_release), str(small_release), "--patch", str(patch), capsys=capsys)[0] == 0
    (bad / "dataset.nq").write_bytes((bad / "dataset.nq").read_bytes()[:-40])
    code, said = run("patch", str(bad), str(patch), "--out", str(out), capsys=capsys)
    assert code == 2
    assert "[patch-other]" in said
    assert not out.exists()
