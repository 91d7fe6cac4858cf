"""The outputs that docs/import.md shows are those of its commands, on the real extracts where they are at hand."""

import re
import shlex
from pathlib import Path

import pytest

from campuskg.cli import main

SHOWN = re.compile(r"^```text\n\$ campuskg (.+)\n((?:.*\n)*?)```$", re.MULTILINE)


def test_the_outputs_of_the_page_on_imports(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    extracts = root.parent / "shared" / "data"
    if not extracts.is_dir():
        pytest.skip("the real extracts are not at hand: they are not in the repository")
    for file in extracts.glob("*.csv"):
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAMPUSKG_LANG", "fr")
    found = SHOWN.findall((root / "docs" / "import.md").read_text(encoding="utf-8"))
    assert len(found) == 4
    for call, output in found:
        with pytest.raises(SystemExit):
            main(shlex.split(call))
        said = capsys.readouterr()
        assert said.out + said.err == output, call


def test_every_line_on_hardening_names_tests_or_scripts_that_are_there(root: Path) -> None:
    folder, lines = Path(), 0
    for line in (root / "docs" / "hardening.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or line.startswith("| What"):
            continue
        named = re.findall(r"`((?:tests|benchmarks)/[\w/.]+|test_\w+\.py|make \w+)", line)
        assert named, line
        lines += 1
        for name in named:
            if not name.startswith(("test_", "make")):
                folder = root / Path(name).parent
            path = folder / name if name.startswith("test_") else root / name
            assert name.startswith("make") or path.exists(), f"{name}: {line}"
    assert lines >= 35
