"""``campuskg propose`` as a person meets it."""

import json
from pathlib import Path

import click
import pytest

from campuskg.cli.app import translator
from campuskg.cli.propose import commands
from campuskg.errors import CampuskgError, Lang

pytestmark = pytest.mark.usefixtures("opened_once")


def run(*arguments: str, lang: Lang = "fr") -> None:
    (command,) = commands(translator(lang), lang)
    command.main(list(arguments), standalone_mode=False)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "rapport.txt"
    path.write_text("Le lycée Ada Rouage accueille l'ENSMM le 3 mai 2031.\r\n", encoding="utf-8")
    return path


def refused(*arguments: str) -> tuple[str, int]:
    with pytest.raises(CampuskgError) as caught:
        run(*arguments)
    said = caught.value.say("fr")
    return said[said.rindex("[") + 1 : said.rindex("]")] if "[" in said else said, caught.value.exit_code


def test_yaml_on_standard_output(text: Path, release_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(text), "--source", "rapport-2031", "--release", str(release_dir))
    out = capsys.readouterr().out
    assert "- about: organisation/ensmm" in out
    assert 'label: "Lycée Ada Rouage"' in out
    assert "rapport-2031: {kind: text" in out  # not registered yet


def test_json(text: Path, release_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(text), "--source", "rapport-2031", "--release", str(release_dir), "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert {e["id"] for e in found["entities"]} >= {"organisation/ensmm", "organisation/lycee-ada-rouage"}
    assert found["figures"][0]["value"] == "2031-05-03"


def test_file_and_english(text: Path, release_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "proposed.yaml"
    run(str(text), "--source", "rapport-2031", "--release", str(release_dir), "--out", str(out), lang="en")
    assert "Nothing of this is in the graph" in out.read_text(encoding="utf-8")
    assert "1 known ones" in capsys.readouterr().out


def test_known_from(text: Path, release_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--source", "rapport-2031", "--release", str(release_dir))
    run(str(text), *arguments, "--known-from", "gbm-2022")
    assert "about: organisation/ensmm" in capsys.readouterr().out
    assert refused(str(text), *arguments, "--known-from", "nulle-part") == ("known-from", 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "text-empty"), (b" \n\n", "text-empty"), (b"lyc\xe9e\n", "bad-encoding")],
)
def test_bad_text(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(CampuskgError) as caught:
        run(str(path), "--source", "x")
    assert f"[{code}]" in caught.value.say("fr")
    assert f"[{code}]" in caught.value.say("en")
    assert caught.value.exit_code == 1


def test_place_of_the_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes("été\nlyc".encode() + b"\xe9e")
    with pytest.raises(CampuskgError) as caught:
        run(str(path), "--source", "x")
    assert "bad.txt:2:4:" in caught.value.say("en")


def test_refusals(text: Path, tmp_path: Path, root: Path) -> None:
    assert refused(str(tmp_path / "none.txt"), "--source", "x") == ("file-missing", 3)
    assert refused(str(text), "--source", "Pas bon") == ("source-id", 2)
    assert refused(str(text), "--source", "x", "--out", str(root / "graph" / "new.yaml")) == ("propose-into-graph", 2)
    assert refused(str(text), "--source", "x", "--release", str(tmp_path / "none")) == ("release-missing", 3)
    with pytest.raises(CampuskgError):
        run(str(tmp_path), "--source", "x")
    with pytest.raises(click.UsageError):
        run(str(text))


def test_unwritable(text: Path, release_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "no" / "such" / "folder.yaml"
    assert refused(str(text), "--source", "x", "--release", str(release_dir), "--out", str(out)) == ("proposal-unwritable", 3)
