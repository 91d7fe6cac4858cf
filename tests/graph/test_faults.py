"""Every planted fault is found, alone, at its exact place, and said in both languages."""

import re
import shutil
from pathlib import Path

import pytest

from campuskg.errors import Lang, Place, Problem, ProblemsFound, Severity, catalogue
from campuskg.release import build, validate
from graph.faults.table import (
    CHECK_FAULTS,
    EVIDENCE_FAULTS,
    FORM_FAULTS,
    MARK,
    REGISTRY_FAULTS,
    SHAPE_FAULTS,
    VALUE_FAULTS,
    YAML_FAULTS,
    Fault,
)

HERE = Path(__file__).parent / "faults"
TEXTS = HERE / "texts"
FAULTS = (
    *YAML_FAULTS,
    *FORM_FAULTS,
    *VALUE_FAULTS,
    *SHAPE_FAULTS,
    *CHECK_FAULTS,
    *EVIDENCE_FAULTS,
    *REGISTRY_FAULTS,
)
LANGS: tuple[Lang, ...] = ("fr", "en")

# Codes that no edit of a curated file can give, each with the reason.
NOT_FROM_DATA = {
    "content-missing": "a broken installation",
    "folder-missing": "the call names a folder that is not there",
    "file-missing": "the call names a file that is not there",
    "file-is-folder": "the call names a folder where a file is expected: tests/cli/test_folders.py",
    "file-unreadable": "the system refuses a file; planted below as a folder named like a file",
    "file-unwritable": "the disk refuses the release: tests/release/test_directory.py",
    "own-file": "a broken installation: tests/hardening/test_parsers.py",
    "site-unwritable": "the disk refuses the site: tests/hardening/test_disk.py",
    "out-not-release": "the call names a folder that is not a release: tests/release/test_directory.py",
    "release-missing": "the call names a folder without release",
    "release-damaged": "a release changed after its build",
    "name-unknown": "the call names a thing that is not there",
    "internal": "a fault of ours",
    "class-unknown": "the call names a class",
    "near-duplicate": "a proposal for curators, not a fault of a file",
    "known-from": "a proposal for curators",
    "text-empty": "the call names an empty text",
    "source-id": "the call names a source",
    "propose-into-graph": "the call names the graph as the place of proposals",
    "proposal-unwritable": "the disk refuses the proposals",
    "usage": "the call is not understood",
    "sources-nothing": "the call names a folder without source texts",
}

# Families of codes that speak of something else than the curated files: what, and where they are tested.
NOT_OF_THE_GRAPH = {
    "added": "data beside the graph: tests/synthetic",
    "analysis": "an analysis: tests/cli/test_analyse.py",
    "answer": "the answer to a query: tests/store, tests/queries/test_asserted.py",
    "ask": "a question: tests/ask",
    "credentials": "a remote store: tests/engines/test_pages_remote.py",
    "disk": "a store on disk: tests/store/test_disk.py",
    "dossier": "a dossier: tests/publish/dossier",
    "dump": "a file of a release: tests/server",
    "header": "a file of the catalogue: tests/queries/test_header.py",
    "import": "open data: tests/ingest",
    "importer": "open data: tests/ingest",
    "link": "open data: tests/ingest",
    "notebook": "a notebook: tests/notebook",
    "output": "what a command writes: tests/cli",
    "page": "a page: tests/server",
    "parameter": "a parameter of a query: tests/queries/test_parameters.py",
    "patch": "a patch: tests/release/test_difference.py",
    "path": "an analysis: tests/analysis",
    "pdf": "a dossier: tests/publish/dossier",
    "planning": "a planning page: tests/publish",
    "pool": "the workers: tests/store/test_workers.py",
    "push": "a remote store: tests/engines/test_push.py",
    "query": "a query: tests/store, tests/queries",
    "release": "a release: tests/release, tests/server/test_rest.py",
    "remote": "a remote store: tests/engines/test_remote.py",
    "request": "a request: tests/server",
    "resource": "an address: tests/server",
    "retired": "the registry of retired ids: tests/graph/test_retired.py",
    "rule": "an analysis: tests/analysis",
    "search": "a search: tests/server/test_search.py",
    "serve": "the call of the server: tests/server",
    "server": "the server: tests/server",
    "site": "the static site: tests/publish",
    "tag": "the catalogue: tests/cli/test_query.py",
    "view": "a view: tests/viz",
    "worker": "the workers: tests/store/test_workers.py",
    "workers": "the workers: tests/store/test_workers.py",
}


def plant(folder: Path, fault: Fault) -> Place:
    """Write *fault* into *folder* and return the place where it must be reported."""
    path = folder / fault.file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if fault.file == "sources.yaml":
        digests = re.findall(r"sha256: ([0-9a-f]{64})", text)
        fault = fault._replace(old=fault.old.replace("{essai}", digests[0]))
    if fault.old:
        assert text.count(fault.old) == 1, f"{fault.name}: the text to replace must be there once"
    planted = text.replace(fault.old, fault.new, 1) if fault.old else fault.new
    assert planted.count(MARK) == (1 if MARK in fault.new else 0)
    at = planted.find(MARK)
    before = planted[: max(at, 0)]
    path.write_bytes(planted.replace(MARK, "").encode(fault.encoding))
    return Place(f"graph/{fault.file}", before.count("\n") + 1, len(before) - before.rfind("\n"))


def found(folder: Path, sources: Path | None = None) -> list[Problem]:
    return list(ProblemsFound(validate(folder, sources=sources)).problems)


def test_base_is_valid(small: Path) -> None:
    assert found(small, sources=TEXTS) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(small: Path, fault: Fault) -> None:
    place = plant(small, fault)
    problems = found(small, sources=TEXTS if fault in EVIDENCE_FAULTS else None)
    assert [(p.code, p.place, p.severity) for p in problems] == [(fault.code, place, fault.severity)]
    (problem,) = problems
    assert fault.said in problem.say("en")
    for lang in LANGS:
        said = problem.say(lang)
        assert said.startswith(f"{place}: ")
        assert said.endswith(f"[{fault.code}]")
        assert not re.search(r"\{[a-z]+\}", problem.words(lang)), "a brace is not filled"
        assert all(catalogue()[fault.code][lang][part] for part in ("what", "why", "mend"))  # type: ignore[literal-required]
        assert "None" not in problem.words(lang)


@pytest.mark.parametrize("fault", [*SHAPE_FAULTS[:3], VALUE_FAULTS[0], YAML_FAULTS[0]], ids=lambda fault: fault.name)
def test_build_refuses_the_same(small: Path, tmp_path: Path, fault: Fault) -> None:
    place = plant(small, fault)
    with pytest.raises(ProblemsFound) as caught:
        build(tmp_path / "out", folder=small)
    assert [(p.code, p.place) for p in caught.value.problems] == [(fault.code, place)]
    assert not (tmp_path / "out").exists()


def test_file_that_the_system_refuses(small: Path) -> None:
    (small / "dossier.yaml").mkdir()
    assert [(p.code, str(p.place)) for p in found(small)] == [("file-unreadable", "graph/dossier.yaml:1:1")]


def test_all_faults_of_a_run_are_reported_together(small: Path) -> None:
    chosen = {
        "an unknown key",
        "an unknown code",
        "a UAI with the wrong letter",
        "a ROR with a changed check digit",
        "a number with a unit",
        "an unknown organisation",
        "a month that is none",
        "a class that its holder refuses",
        "no label",
        "an unknown editorial key",
    }
    faults = [fault for fault in FAULTS if fault.name in chosen]
    expected = set()
    for fault in faults:
        expected.add((fault.code, fault.file, plant(small, fault).line))
    assert len(faults) == len(chosen) == 10
    assert len({fault.file for fault in faults}) == 3
    problems = found(small)
    lines = {(p.code, p.place.file.removeprefix("graph/")) for p in problems}
    assert len(problems) == 10
    assert lines == {(code, file) for code, file, _ in expected}
    said = ProblemsFound(problems).say("en")
    assert len(said.splitlines()) == 11
    assert said.endswith("\n10 problems.")


def test_faults_of_broken_yaml_and_of_form_are_reported_together(small: Path) -> None:
    by_name = {fault.name: fault for fault in FAULTS}
    broken, unknown = by_name["an open bracket"], by_name["a month that is none"]
    places = {plant(small, broken), plant(small, unknown)}
    problems = found(small)
    assert places <= {p.place for p in problems}


def test_every_code_is_planted_or_has_a_reason() -> None:
    planted = {fault.code for fault in FAULTS}
    assert planted & set(NOT_FROM_DATA) == set()
    others = {code for code in catalogue() if code.partition("-")[0] in NOT_OF_THE_GRAPH}
    assert set(catalogue()) <= planted | set(NOT_FROM_DATA) | others
    assert {code.partition("-")[0] for code in others} == set(NOT_OF_THE_GRAPH)


def test_faults_are_many_and_distinct() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)


def test_warnings_stop_a_strict_build_only(small: Path, tmp_path: Path) -> None:
    (fault,) = (fault for fault in EVIDENCE_FAULTS if fault.name == "lines that say nothing of it")
    plant(small, fault)
    assert [p.severity for p in build(tmp_path / "out", folder=small, sources=TEXTS).warnings] == [Severity.WARNING]
    with pytest.raises(ProblemsFound):
        build(tmp_path / "strict", folder=small, sources=TEXTS, strict=True)
    shutil.rmtree(tmp_path / "out")
