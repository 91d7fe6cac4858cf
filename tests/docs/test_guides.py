"""Every command, query and program in the guides runs, in the order of the page, on a release of the project's own graph."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

GUIDES = sorted((Path(__file__).resolve().parents[2] / "docs" / "guide").glob("*/*.md"))
INDEX = GUIDES[0].parent.parent / "README.md"
BLOCK = re.compile(r"^```(sh|python|sparql)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_block_of_the_guide_runs(guide: Path, release_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "release").symlink_to(release_dir)
    (tmp_path / "livraison").symlink_to(release_dir)
    for kind, text in BLOCK.findall(guide.read_text(encoding="utf-8")):
        for command in commands(kind, text):
            ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
            assert ended.returncode == 0, f"{command}: {ended.stderr}"
            assert ended.stdout.strip(), f"{command} says nothing"
            if kind == "sparql":
                assert len(ended.stdout.splitlines()) > 1, f"no row: {text}"


def commands(kind: str, text: str) -> list[list[str]]:
    """Return what runs a block: each line of a shell block, a whole program or query otherwise."""
    campuskg = [sys.executable, "-m", "campuskg"]
    if kind == "python":
        return [[sys.executable, "-c", text]]
    if kind == "sparql":
        return [[*campuskg, "sparql", text]]
    lines = [line for line in text.splitlines() if line.startswith("campuskg ")]
    # a release is built elsewhere, once for all tests, and the whole site has tests of its own
    lines = [line for line in lines if not line.startswith(("campuskg build", "campuskg publish"))]
    return [[*campuskg, *shlex.split(line)[1:]] for line in lines]


@pytest.mark.parametrize(
    "guide", [*GUIDES, GUIDES[0].parent.parent / "README.md"], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_links_of_the_guides_lead_somewhere(guide: Path) -> None:
    targets = LINK.findall(guide.read_text(encoding="utf-8"))
    assert [target for target in targets if not (guide.parent / target).exists()] == []


def test_both_languages_have_the_same_blocks() -> None:
    def blocks(lang: str) -> list[list[str]]:
        return [
            [kind for kind, _ in BLOCK.findall(path.read_text(encoding="utf-8"))] for path in GUIDES if path.parent.name == lang
        ]

    assert sorted(map(len, blocks("fr"))) == sorted(map(len, blocks("en")))
