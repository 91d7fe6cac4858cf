"""The two commands as people call them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from campuskg.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture
def campuskg(capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs the command in this process: one of its own takes a second more."""

    def run(*arguments: object, lang: str = "en") -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(["--lang", lang, *map(str, arguments)])
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    """Return a small table of partners."""
    file = tmp_path / "partners.csv"
    file.write_text("nom;uai;code_insee\nLycée Jules Haag;0250011B;25056\n;;25056\nENSMM;0250082X;25056\n", encoding="utf-8")
    return file


def test_import_then_link(campuskg: Command, partners: Path, release_dir: Path, tmp_path: Path) -> None:
    out, links = tmp_path / "out" / "partners.nt.gz", tmp_path / "links.yaml"
    done = campuskg("import", "partners", partners, "--out", out, "--report", tmp_path / "rejects.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 rows, 2 imported, 1 rejected" in done.stdout
    assert "1 cell(s) left out" in done.stdout
    done = campuskg("link", release_dir, out, "--out", links)
    assert (done.returncode, done.stderr) == (0, "")
    read = yaml.safe_load(links.read_text(encoding="utf-8"))
    decided = {(entry["curated"], entry["decision"]) for entry in read["links"]}
    assert ("organisation/lycee-jules-haag", "accept") in decided
    assert ("organisation/ensmm", "accept") in decided


def test_without_a_report_the_first_reasons_are_shown(campuskg: Command, partners: Path, tmp_path: Path) -> None:
    done = campuskg("import", "partners", partners, "--out", tmp_path / "p.nt", lang="fr")
    assert done.returncode == 0
    assert "[import-uai]" in done.stderr


def test_list_and_template(campuskg: Command, tmp_path: Path) -> None:
    assert "annuaire-education" in campuskg("import", "--list").stdout
    assert campuskg("import", "partners", "--template", tmp_path / "t.csv").returncode == 0
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").startswith("nom;campus;")
    assert campuskg("import", "rome", "--template", tmp_path / "t.csv").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "import-call"),
        (["partner", "x.csv", "--out", "y.nt"], 2, "partners"),
        (["partners", "x.csv"], 2, "--out"),
        (["partners", "x.csv", "--out", "y.nt"], 3, "file-missing"),
    ],
)
def test_wrong_calls(campuskg: Command, arguments: list[str], code: int, said: str) -> None:
    done = campuskg("import", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_polars(partners: Path, tmp_path: Path) -> None:
    program = "import sys; sys.modules['polars'] = None; from campuskg.cli import main; main(sys.argv[1:])"
    arguments = ["import", "partners", str(partners), "--out", str(tmp_path / "p.nt"), "--lang", "en"]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False, text=True)
    assert done.returncode == 3
    assert "campuskg[import]" in done.stderr
