"""The build is a function of its input: same input, same bytes, anywhere."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from campuskg.errors import ProblemsFound, Text
from campuskg.release import Release, build, open_release, validate

TEXTS = Path(__file__).parents[1] / "graph" / "faults" / "texts"


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _command(*arguments: str | Path, cwd: Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
    return subprocess.run(
        [sys.executable, "-m", "campuskg", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_builds_elsewhere_give_identical_bytes(small: Path, tmp_path: Path) -> None:
    found = []
    for seed, place in (("0", "un"), ("1", "deux/sous dossier é"), ("12345", "trois")):
        here = tmp_path / place
        here.mkdir(parents=True)
        folder = shutil.copytree(small, here / "graph")
        done = _command("build", "--graph", folder, "--sources", TEXTS, "--out", here / f"out-{seed}", cwd=here, seed=seed)
        assert done.returncode == 0, done.stderr
        found.append(_digests(here / f"out-{seed}"))
    assert found[0] == found[1] == found[2]


def test_the_project_builds_to_identical_bytes(release_dir: Path, sources_folder: Path | None, tmp_path: Path) -> None:
    options = ["--sources", str(sources_folder)] if sources_folder else []
    done = _command("build", "--out", "ici", *options, cwd=tmp_path, seed="7")
    assert done.returncode == 0, done.stderr
    assert _digests(tmp_path / "ici") == _digests(release_dir)


def test_manifest_names_every_file_with_its_digest(release_dir: Path) -> None:
    manifest = json.loads((release_dir / "manifest.json").read_bytes())
    digests = _digests(release_dir)
    digests.pop("manifest.json")
    assert manifest["outputs"] == digests
    assert {"ontology/campus.ttl", "graph/context.jsonld", "graph/sources.yaml"} <= set(manifest["inputs"])


def test_manifest_names_every_curated_file_of_another_folder(small: Path, tmp_path: Path) -> None:
    """Files of the same name in two folders are two inputs."""
    (small / "sous").mkdir()
    (small / "places.yaml").rename(small / "sous" / "activities.yaml")
    build(tmp_path / "out", folder=small)
    inputs = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["inputs"]
    wanted = {sha256(path.read_bytes()).hexdigest() for path in small.rglob("*.yaml")}
    assert wanted <= set(inputs.values())


def test_nothing_names_the_machine(release_dir: Path, root: Path) -> None:
    for path in release_dir.iterdir():
        data = path.read_bytes()
        assert str(root).encode() not in data, path.name
        assert str(release_dir).encode() not in data, path.name


def test_quads_are_sorted_and_unique(release_dir: Path) -> None:
    lines = (release_dir / "dataset.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_report_tells_what_was_done(small: Path, tmp_path: Path) -> None:
    shown: list[Text] = []
    report = build(tmp_path / "out", folder=small, sources=TEXTS, progress=shown.append)
    assert report.records == 14
    assert report.digest == open_release(tmp_path / "out").digest
    assert len(shown) == len(report.seconds) == 6
    assert list(report.warnings) == []
    assert report.counts["classes"]["cmq:Participation"] == 2


def test_nothing_is_written_when_an_error_is_found(small: Path, tmp_path: Path) -> None:
    build(tmp_path / "out", folder=small)
    before = _digests(tmp_path / "out")
    (small / "places.yaml").write_text("- id: x\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        build(tmp_path / "out", folder=small)
    assert _digests(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_validate_writes_nothing(small: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert validate(small) == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_statistics_count_the_dataset(release: Release) -> None:
    counts = release.statistics()
    assert counts["totals"]["quads"] == sum(counts["layers"].values())
    quotations = len(list(release.store.quads("https://w3id.org/cmq/graph/quotations")))
    assert counts["totals"]["quads"] == len(release.store) - quotations
