"""The page of the benchmarks is what the kept results say, and the command that measures them holds together."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

NAMES = ("measures", "written", "report_national", "report_parts", "report")


@pytest.fixture
def report(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module that writes the page, as its script finds it."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    yield importlib.import_module("report")
    for name in NAMES:
        sys.modules.pop(name, None)


def test_the_page_is_what_the_kept_results_say(report: ModuleType, root: Path) -> None:
    page = (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert page == report.render(), "run `python benchmarks/report.py`"
    goals = page.partition("## Goals")[2].partition("\n## ")[0]
    assert all(goal in goals for goal, _, _ in report.GOALS)
    assert "machine load before" in page


def test_a_page_without_results_says_so(report: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["measures"], "RESULTS", tmp_path)
    assert report.render().count("not measured yet") == len(report.GOALS)


def test_times_and_ratios_are_spelt_with_their_spread_and_least_ratios_are_marked(report: ModuleType) -> None:
    del report
    written, measures = sys.modules["written"], sys.modules["measures"]
    assert measures.spread([0.3, 0.1, 0.2]) == {"q1": 0.1, "median": 0.2, "q3": 0.3, "n": 3}
    assert measures.spread([0.5])["q1"] == 0.5
    assert written.spelt(measures.spread([0.012])) == "12 ms [12 ms, 12 ms]"
    queries = {"a": {"median": 0.01, "rows": 1}, "b": {"median": 0.02, "rows": 1}}
    slow = {"a": {"censored": 2.0}, "b": {"median": 1.0, "rows": 1}}
    one = {"engines": {"campuskg": {"queries": queries}, "rdflib": {"queries": slow}}}
    whole, each, ended = written.against(one, "rdflib")
    assert (round(whole), round(each), ended) == (100, 125, False)


def test_growth_is_the_slope_where_every_scale_has_the_query(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (root / "benchmarks" / "run.py").read_text(encoding="utf-8")
    for part in ("national", "shacl", "import", "endpoint", "endurance", "soak", "analysis", "rivals", "viz", "explorer", "pages",
                 "link", "site"):  # fmt: skip
        assert f'"{part}"' in source
        assert (root / "benchmarks" / f"{part}.py").is_file()
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    national = importlib.import_module("national")
    scales = {
        name: {"quads": quads, "engines": {"x": {"queries": {"q": {"median": quads / 1e6}, **more}}}}
        for name, quads, more in (("a", 10_000, {"r": {"median": 1.0}}), ("b", 1_000_000, {}))
    }
    assert national.growth(scales, "x") == {"q": 1.0}
    for name in ("national", "peers", "asked", "endpoint", *NAMES):
        sys.modules.pop(name, None)
