"""Citations against the texts: tolerant of OCR, strict about money, silent where the text is not at hand."""

from pathlib import Path

import pytest

from campuskg.errors import MissingInput, ProblemsFound
from campuskg.graph import Locator, check_evidence, load_curated, load_sources, read_texts
from campuskg.graph.evidence import _figures, _said, _words

TEXTS = Path(__file__).parent / "faults" / "texts"


@pytest.mark.parametrize(
    ("anchor", "text"),
    [
        ("Lycée Jules Haag", "le LYCEE JULES-HAAG de Besançon"),
        ("Lycée Jules Haag", "le 1ycée Ju1es Haag"),
        ("microtechniques", "les micro-\ntechniques"),
        ("École", "l’ecole"),
        ("14", "quatorze membres"),
        ("71500", "71 500 €"),
        ("71500", "71,5 K€"),
        ("2500000", "2,5 M€"),
        ("0.33", "1/3 de poste"),
        ("efficient", "un eﬃcient travail".replace("ﬃ", "ffi")),
    ],
)
def test_said(anchor: str, text: str) -> None:
    assert _said(anchor, frozenset(_words(text)), _figures(text))


@pytest.mark.parametrize(
    ("anchor", "text"),
    [
        ("Lycée Jules Haag", "le collège Victor Hugo"),
        ("15", "14 membres"),
        ("9000", "90 000 €"),
        ("de la", "de la"),
        ("BTS", "BTC"),
    ],
)
def test_not_said(anchor: str, text: str) -> None:
    assert not _said(anchor, frozenset(_words(text)), _figures(text))


def test_quotes_of_lines() -> None:
    texts = read_texts(TEXTS, load_sources(TEXTS.parent / "base"))
    assert texts.quote(Locator("essai", 2, 2)) == "Le lycée Vauban forme aux microtechniques."
    assert (texts.quote(Locator("essai", 1, 3)) or "").count("\n") == 2
    assert texts.quote(Locator("fiches", row="Région")) is None
    assert texts.quote(Locator("inconnu", 1, 1)) is None


def test_folder_without_texts(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as missing:
        read_texts(tmp_path, load_sources())
    assert missing.value.code == "sources-nothing"
    with pytest.raises(MissingInput) as missing:
        read_texts(tmp_path / "none", load_sources())
    assert missing.value.code == "folder-missing"


def test_real_graph_against_the_real_texts(sources_folder: Path | None) -> None:
    if sources_folder is None:
        pytest.skip("the source texts are not at hand")
    found = load_curated()
    problems = ProblemsFound(check_evidence(found, read_texts(sources_folder, found.sources))).problems
    assert [p.say("fr") for p in problems if p.severity == "error"] == []
