"""Every command, query and program of the guides and pages runs, in order, on a release of the project's own graph; every other
mention of a command names one that exists, with options that it has.
"""

import re
import shlex
from pathlib import Path

import click
import pytest

from campuskg.cli import app, main

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guide").glob("*/*.md"))
# docs/analysis.md has tests of its own; the notebook too.
PAGES = [*GUIDES, *(ROOT / "docs" / f"{name}.md" for name in ("api", "endpoint", "import"))]
MENTIONING = [
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if path.name not in ("cli.md", "errors.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "graph/README.md", "queries/README.md", "viz/README.md")),
]
BLOCK = re.compile(r"^```(sh|python|sparql)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")
MENTION = re.compile(r"`(campuskg [^`]+)`|^(campuskg .+)$", re.MULTILINE)
# A release is built, and the graph validated, elsewhere; a server does not end; the whole site has tests of its own.
ELSEWHERE = {"build", "publish", "serve", "push", "validate"}


def shown(path: Path) -> str:
    """Return the name of a page."""
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_block_of_the_page_runs(
    page: Path, release_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("release", "livraison"):
        (tmp_path / name).symlink_to(release_dir)
    monkeypatch.chdir(tmp_path)
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(text, str(page), "exec"), {"__name__": "page"})  # noqa: S102  our own page
            assert capsys.readouterr().out.strip(), f"this says nothing: {text}"
        for command in commands(kind, text):
            with pytest.raises(SystemExit) as ended:
                main(command)
            said = capsys.readouterr()
            assert not ended.value.code, f"{command}: {said.err}"
            assert said.out.strip(), f"{command} says nothing"
            assert kind != "sparql" or len(said.out.splitlines()) > 1, f"no row: {text}"


def commands(kind: str, text: str) -> list[list[str]]:
    """Return the commands of a block: each line of a shell block, a whole query."""
    if kind == "sparql":
        return [["sparql", text]]
    lines = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("campuskg ")]
    return [line[1:] for line in lines if line[1] not in ELSEWHERE] if kind == "sh" else []


@pytest.mark.parametrize("page", MENTIONING, ids=shown)
def test_commands_named_in_passing_exist_with_their_options(page: Path) -> None:
    group = app("en")
    for mention in {one or other for one, other in MENTION.findall(page.read_text(encoding="utf-8"))}:
        words = re.sub(r"\s#.*", "", mention).split()[1:]
        commands: list[click.Command] = [group]
        while words and isinstance(commands[-1], click.Group) and not words[0].startswith("-"):
            found = commands[-1].commands.get(words[0])
            assert found or commands[-1] is not group, f"no such command: {mention}"
            commands += [found] if found else commands[-1].commands.values()  # a group may draw what it has no command for
            words = words[1:]
        options = [option for command in commands for option in command.params]
        known = {name for option in options for name in (*option.opts, *option.secondary_opts)}
        used = {word.partition("=")[0].rstrip(".,;:)…") for word in words if re.match(r"--?[a-z]", word)}
        assert used <= {*known, "--help"}, mention


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "docs" / "guide" / "README.md", ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=shown
)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


PAIRS = {"curate": "curer", "operate": "exploiter", "plan": "planifier", "publish": "publier", "query": "interroger"}


@pytest.mark.parametrize(("english", "french"), PAIRS.items())
def test_both_languages_are_in_step(english: str, french: str) -> None:
    """The same headings, the same kinds of blocks, the same commands named in passing, in the same order."""

    def bones(path: Path) -> list[str]:
        text = path.read_text(encoding="utf-8")
        found = [(m.start(), "#" * len(m[1])) for m in re.finditer(r"^(#+) ", text, re.MULTILINE)]
        found += [(m.start(), m[1]) for m in BLOCK.finditer(text)]
        found += [(m.start(), " ".join((m[1] or m[2]).split()[:2])) for m in MENTION.finditer(text)]
        return [bone for _, bone in sorted(found)]

    guide = ROOT / "docs" / "guide"
    assert bones(guide / "en" / f"{english}.md") == bones(guide / "fr" / f"{french}.md")
    assert {path.stem for path in GUIDES} == {*PAIRS, *PAIRS.values()}
