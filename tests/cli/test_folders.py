"""A folder where a command expects a file, to read or to write: it is said to be one, in both languages, by every command."""

from pathlib import Path

import pytest

from campuskg.cli import main

_READ = (
    ("validate", "{folder}"),
    ("sparql", "{folder}"),
    ("propose", "{folder}", "--source", "x"),
    ("import", "partners", "{folder}", "--out", "{tmp}/p.nt"),
    ("link", "{release}", "{folder}"),
    ("patch", "{release}", "{folder}", "--out", "{tmp}/next.nq"),
    ("build", "--graph", "{small}", "--out", "{tmp}/out", "--with", "{folder}"),
    ("build", "--graph", "{small}", "--out", "{tmp}/out", "--links", "{folder}"),
    ("serve", "--endpoint", "http://127.0.0.1:9/", "--credentials", "{folder}"),
)
_WRITTEN = (
    ("propose", "{text}", "--source", "x", "--release", "{release}", "--out", "{folder}"),
    ("import", "partners", "{partners}", "--out", "{folder}"),
    ("import", "partners", "{partners}", "--out", "{tmp}/p.nt", "--report", "{folder}"),
    ("import", "partners", "--template", "{folder}"),
    ("link", "{release}", "{triples}", "--out", "{folder}"),
    ("generate", "{release}", "--out", "{folder}"),
    ("query", "run", "campuses", "--release", "{release}", "--out", "{folder}"),
    ("diff", "{release}", "{release}", "--patch", "{folder}"),
)


@pytest.mark.parametrize("words", [*_READ, *_WRITTEN], ids=" ".join)
def test_a_folder_is_said_to_be_one(
    words: tuple[str, ...], release_dir: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, text, partners, triples = (tmp_path / name for name in ("folder.nt", "a.txt", "p.csv", "t.nt"))
    folder.mkdir()
    text.write_text("Le lycée Jules Haag.\n", encoding="utf-8")
    partners.write_text("nom;uai\nLycée;0250011B\n", encoding="utf-8")
    triples.touch()
    places = {
        "folder": folder, "text": text, "partners": partners, "triples": triples, "release": release_dir, "small": small,
        "tmp": tmp_path,
    }  # fmt: skip
    arguments = [word.format(**places) for word in words]
    for lang, said in (("fr", f"{folder} est un dossier."), ("en", f"{folder} is a folder.")):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--lang", lang])
        err = capsys.readouterr().err
        assert said in err, err
        assert err.endswith("[file-is-folder]\n")
        assert ended.value.code == 3
    assert list(folder.iterdir()) == []
