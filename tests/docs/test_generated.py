"""The generated documents are what the code says today."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def generate(request: pytest.FixtureRequest) -> ModuleType:
    path = Path(request.config.rootpath) / "docs" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_documents_are_in_step(generate: ModuleType) -> None:
    stale = generate.run(check=True)
    assert stale == [], "run `make generated`"


def test_each_decision_is_numbered_dated_and_has_a_status(root: Path) -> None:
    pages = sorted((root / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        first, _, third = page.read_text(encoding="utf-8").splitlines()[:3]
        assert first.startswith(f"# {int(page.name[:4])}. ")
        assert third.startswith("20")


def test_changelog_names_the_version_of_the_package(root: Path) -> None:
    import tomllib

    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}" in (root / "CITATION.cff").read_text(encoding="utf-8")
