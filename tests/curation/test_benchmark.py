"""The benchmark of ``propose``: what it says without the texts, and that its tables hold what was measured."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from campuskg.curation.measure import Measure, Score


@pytest.fixture(scope="module")
def benchmark(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_propose", root / "benchmarks" / "propose.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def measured() -> Measure:
    score = Score(3, 4, 3, 6)
    return Measure("essai", ("autre",), score, score, score, {"place": score}, {"town": score}, {"functions": score}, 0.25, 0.1)


def test_without_texts_it_says_so(benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--sources", str(tmp_path)]) == 3
    assert "sources-nothing" in capsys.readouterr().err


def test_tables(benchmark: ModuleType, measured: Measure) -> None:
    assert "| essai | autre | 6 | 4 | 75.0% | 50.0% | 60.0% |" in benchmark.tables([measured], "en")
    assert "| place | 6 | 3 | 4 | 3 | 75,0 % | 50,0 % |" in benchmark.tables([measured], "fr")
    assert json.loads(benchmark.as_json([measured]))[0]["byRule"] == {"town": {"proposed": 4, "right": 3}}


def test_writing_twice_changes_nothing(
    benchmark: ModuleType, measured: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    page = tmp_path / "propose.md"
    page.write_bytes((root / "docs" / "propose.md").read_bytes())
    monkeypatch.setattr(benchmark, "PAGE", page)
    monkeypatch.setattr(benchmark, "RESULTS", tmp_path / "results" / "propose.json")
    benchmark.write([measured])
    once = page.read_bytes()
    benchmark.write([measured])
    assert page.read_bytes() == once
    assert once.count(b"| essai |") == 2


def test_documented_figures_are_the_measured_ones(root: Path) -> None:
    """The page and the results are written together; neither is typed."""
    page = (root / "docs" / "propose.md").read_text(encoding="utf-8")
    for found in json.loads((root / "benchmarks" / "results" / "propose.json").read_text(encoding="utf-8")):
        entities = found["entities"]
        assert f"| {found['text']} | {', '.join(found['knownFrom'])} | {entities['true']} | {entities['proposed']} |" in page
