"""What is shipped: the wheel holds the content folders, and works alone from an empty folder."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CONTENT = ("ontology", "graph", "queries", "viz")

FOR_THE_BUILD = re.compile(r"viz/web/(src/.*\.ts|[^/]*\.(json|mjs)|\.npmrc)$")
"""The front-end sources: a wheel holds what was built from them."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return the wheel, built from the checkout without network."""
    for name in ("build", "hatchling"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed (dependency group: test)")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel alone, to be put first on the path; its dependencies are those of this Python."""
    target = tmp_path_factory.mktemp("installed")
    if importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    elif shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", sys.executable]
    else:
        pytest.skip("neither pip nor uv is at hand")
    done = subprocess.run(
        [*command, "--no-deps", "--no-index", "--target", str(target), str(wheel)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def _run(installed: Path, cwd: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_content_is_that_of_the_checkout(wheel: Path, root: Path) -> None:
    """The content is what git tracks, or would track, less what only builds the pages, plus what that build made."""
    if not (root / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *CONTENT],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    tracked = {name for name in listed.stdout.split("\0") if name and (root / name).is_file()}
    tracked = {name for name in tracked if not FOR_THE_BUILD.match(name)}
    tracked |= {path.relative_to(root).as_posix() for path in (root / "viz" / "web" / "dist").glob("*")}
    shipped = {name.removeprefix("campuskg/_content/") for name in _names(wheel) if name.startswith("campuskg/_content/")}
    assert shipped == tracked


def test_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in _names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"campuskg"}
    assert {"campuskg/py.typed", "campuskg/errors/messages.toml", "campuskg/__main__.py"} <= _names(wheel)
    assert not [name for name in _names(wheel) if name.endswith((".pyc", ".nq"))]


def test_wheel_is_the_same_twice(wheel: Path, root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)]
    subprocess.run(command, capture_output=True, check=True)
    (again,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {n: one.read(n) for n in one.namelist()} == {n: other.read(n) for n in other.namelist()}


def test_installed_package_builds_and_shows_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = _run(installed, tmp_path, "-c", "import campuskg; print(campuskg.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    assert "Empreinte" in _run(installed, tmp_path, "-m", "campuskg", "build", "--lang", "fr")
    assert {path.name for path in tmp_path.iterdir()} == {"release"}
    shown = _run(installed, tmp_path, "-m", "campuskg", "show", "Lycée Jules Haag")
    assert shown.startswith("Lycée Jules Haag\n")
    assert "organisation/lycee-jules-haag" in shown
    assert "[identifiers:Lycée Jules Haag]" in shown
