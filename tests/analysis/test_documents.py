"""The page on analyses: its Python runs, its commands run, its figures are those that the benchmarks wrote."""

import doctest
import importlib.util
import json
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from campuskg.analysis import default_rules
from campuskg.cli import main
from campuskg.release import Release

PAGE = Path("docs") / "analysis.md"


def _benchmark(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", root / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _results(root: Path, name: str) -> object:
    return json.loads((root / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_python_of_the_page_runs(root: Path, release: Release) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {"release": release}, "analysis.md", str(PAGE), 0)
    assert len(test.examples) > 5
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


@pytest.mark.usefixtures("opened_once")
def test_the_commands_of_the_page_run(
    root: Path, release_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAMPUSKG_RELEASE", str(release_dir))
    calls = re.findall(r"^\$ campuskg (.*)$", (root / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    assert calls
    for call in calls:
        with pytest.raises(SystemExit) as stopped:
            main(shlex.split(call))
        assert stopped.value.code == 0, call
        assert capsys.readouterr().out


def test_the_figures_of_the_page_are_those_of_the_benchmarks(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    assert _benchmark(root, "gaps").table(_results(root, "gaps")) in text
    assert _benchmark(root, "analysis").table(_results(root, "analysis")) in text


def test_the_figures_were_measured_with_the_weights_of_today(root: Path) -> None:
    told = _results(root, "gaps")
    assert isinstance(told, dict)
    assert told["weights"] == {name: rule.weight for name, rule in default_rules().rules.items()}


def test_hidden_activities_leave_no_trace(root: Path, release: Release) -> None:
    benchmark = _benchmark(root, "gaps")
    from campuskg.analysis import finder, partnerships

    whole = finder(release)
    gone = benchmark.drawn(whole, 7)
    trial = benchmark.hide_activities(release, whole, gone)
    assert not set(gone) & set(trial.finder.activities)
    assert not any(set(link.via) & set(gone) for link in trial.finder.network.links)
    kept = {frozenset((link.a, link.b)) for link in trial.finder.network.links}
    expected = {frozenset((link.a, link.b)) for link in whole.network.links if set(link.via) <= set(gone)}
    assert trial.hidden == expected
    assert not trial.hidden & kept
    assert whole.network == partnerships(release)


def test_hidden_links_are_hidden_from_every_rule(root: Path, release: Release) -> None:
    benchmark = _benchmark(root, "gaps")
    from campuskg.analysis import finder

    trial = benchmark.hide_links(finder(release), 7)
    assert not trial.hidden & {frozenset((link.a, link.b)) for link in trial.finder.network.links}
    assert not trial.hidden & {frozenset(proofs) for proofs in trial.finder.activities.values()}
