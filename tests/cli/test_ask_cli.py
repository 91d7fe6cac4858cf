"""``campuskg ask`` as a reader meets it."""

import json
from pathlib import Path

import pytest

from campuskg.cli import main

pytestmark = pytest.mark.usefixtures("opened_once")


def run(capsys: pytest.CaptureFixture[str], release: Path, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["ask", "--release", str(release), *arguments])
    said = capsys.readouterr()
    return int(exit_.value.code or 0), said.out, said.err


def test_the_chosen_question_is_shown_and_run(capsys: pytest.CaptureFixture[str], release_dir: Path) -> None:
    code, out, _ = run(capsys, release_dir, "Qui finance le CMQ MSI ?")
    assert code == 0
    assert "Grand Besançon Métropole" in out
    assert "mots reconnus : finance" in out
    assert "Autres questions proches :" in out


def test_it_can_be_only_shown(capsys: pytest.CaptureFixture[str], release_dir: Path) -> None:
    code, out, _ = run(capsys, release_dir, "--no-run", "--lang", "en", "who", "funds", "the", "CMQ", "MSI?")
    assert code == 0
    assert "words recognised: funds" in out
    assert "9,000" not in out


def test_the_answer_can_be_read_by_machines(capsys: pytest.CaptureFixture[str], release_dir: Path) -> None:
    code, out, err = run(capsys, release_dir, "--format", "json", "Qui finance le CMQ MSI ?")
    assert code == 0
    assert json.loads(out)["results"]["bindings"]
    assert "mots reconnus" in err


def test_what_nobody_knows_is_said(capsys: pytest.CaptureFixture[str], release_dir: Path) -> None:
    code, out, _ = run(capsys, release_dir, "--lang", "en", "What is the weather like?")
    assert code == 1
    assert "I do not know" in out
    assert "One can ask about" in out
