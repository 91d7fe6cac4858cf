"""A build that the machine cannot hold is refused before it begins, in words."""

from pathlib import Path

import pytest

from campuskg.cli.app import main
from campuskg.errors import MissingInput
from campuskg.release.room import check_memory, needed_mib
from campuskg.store.budget import MEBIBYTE


def test_the_need_follows_the_size_of_the_files(tmp_path: Path) -> None:
    plain, packed = tmp_path / "data.nq", tmp_path / "data.nt.gz"
    plain.write_bytes(bytes(19_000_000))
    packed.write_bytes(bytes(1_500_000))
    assert needed_mib([]) == needed_mib([tmp_path / "nothing.nq"])
    assert needed_mib([plain]) - needed_mib([]) == needed_mib([packed]) - needed_mib([]) == 100_000 * 2_100 // MEBIBYTE


def test_a_small_build_is_begun_on_any_machine(tmp_path: Path) -> None:
    (tmp_path / "data.nq").write_bytes(bytes(1000))
    check_memory([tmp_path / "data.nq"])


def test_a_large_one_is_refused_unless_one_insists(tmp_path: Path) -> None:
    large = tmp_path / "data.nq"
    with large.open("wb") as file:
        file.truncate(8_000_000_000_000)  # no disk is used by it
    with pytest.raises(MissingInput, match="added-memory") as caught:
        check_memory([large])
    need = needed_mib([large])
    assert f"--memory-budget {need}" in caught.value.say("fr")
    check_memory([large], need)


def test_the_command_says_so_before_it_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data.nt").write_bytes(bytes(100))
    with pytest.raises(SystemExit) as caught:
        main(["build", "--out", str(tmp_path / "out"), "--with", str(tmp_path / "data.nt"), "--memory-budget", "5"])
    assert caught.value.code == MissingInput.exit_code
    assert "added-memory" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
