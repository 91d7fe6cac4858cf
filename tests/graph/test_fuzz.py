"""Damaged files give messages, never a traceback: 200 seeded mutations of the real curated files."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from campuskg.cli import main
from campuskg.content import content
from campuskg.errors import Problem
from campuskg.graph import curated_files, load_curated

SEED = 20260101
MUTATIONS = 200
THROUGH_THE_COMMAND = 40
LARGEST = 20_000
"""Characters kept of a real file: enough to hold every construct, little enough to keep the test short."""

Mutation = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, data: bytes) -> bytes:
    mutable = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        mutable[chance.randrange(len(mutable))] ^= 1 << chance.randrange(8)
    return bytes(mutable)


def _on_lines(change: Callable[[random.Random, list[bytes]], None]) -> Mutation:
    def mutate(chance: random.Random, data: bytes) -> bytes:
        lines = data.split(b"\n")
        change(chance, lines)
        return b"\n".join(lines)

    return mutate


def _drop(chance: random.Random, lines: list[bytes]) -> None:
    for _ in range(min(chance.randint(1, 3), len(lines))):
        del lines[chance.randrange(len(lines))]


def _double(chance: random.Random, lines: list[bytes]) -> None:
    at = chance.randrange(len(lines))
    lines.insert(at, lines[at])


def _swap(chance: random.Random, lines: list[bytes]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(chance: random.Random, lines: list[bytes]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = b" " * chance.randint(1, 5) + lines[at] if chance.random() < 0.5 else lines[at].lstrip()


def _keys(chance: random.Random, lines: list[bytes]) -> None:
    words = [b"id:", b"type:", b"label:", b"src:", b"stated:", b"about:", b"key:", b"on:", b"participants:", b"hasBudget:"]
    at = chance.choice([n for n, line in enumerate(lines) if b":" in line] or [0])
    lines[at] = lines[at].replace(chance.choice([w for w in words if w in lines[at]] or [b":"]), chance.choice(words), 1)


def _insert(*pieces: bytes) -> Mutation:
    def mutate(chance: random.Random, data: bytes) -> bytes:
        at = chance.randrange(len(data))
        return data[:at] + chance.choice(pieces) + data[at:]

    return mutate


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _value(chance: random.Random, lines: list[bytes]) -> None:
    values = [
        b"[]",
        b"{}",
        b"~",
        b"''",
        b"[[a]]",
        b"{a: [b, {c: d}]}",
        b"-1e999",
        b"9" * 400,
        b"\xe2\x80\xae",
        b"!!int 3",
        b"{type: [x]}",
        b"[{id: {}}]",
    ]
    at = chance.choice([n for n, line in enumerate(lines) if b": " in line] or [0])
    lines[at] = lines[at].split(b": ")[0] + b": " + chance.choice(values)


NAMED: dict[str, Mutation] = {
    "bytes flipped": _flip,
    "lines dropped": _on_lines(_drop),
    "line doubled": _on_lines(_double),
    "lines swapped": _on_lines(_swap),
    "indentation changed": _on_lines(_indent),
    "keys swapped": _on_lines(_keys),
    "value replaced": _on_lines(_value),
    "bracket or quote inserted": _insert(b"[", b"]", b"{", b"}", b'"', b"'", b": ", b"- ", b"\n", b","),
    "control character inserted": _insert(b"\t", b"\0", b"\x07", b"\x85", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8"),
    "cut": _cut,
    "deep nesting": _insert(b"[" * 500, b"\n- " * 200, b"{a: " * 300, b"\n  x: " + b"[" * 100_000),
    "anchors and aliases": _insert(
        b" &a ", b" *a ", b" &a [*a] ", b"\n<<: *a\n", b" !!set ", b" !<tag:x> ", b"\n---\n", b"\n...\n", b"%YAML 9.9\n"
    ),
}


def mutations() -> list[tuple[str, Path, bytes]]:
    """Return what was done, the real file, and its mutated bytes."""
    chance = random.Random(SEED)  # noqa: S311  seeded on purpose: the same files at each run
    folder = content("graph")
    paths = [*curated_files(folder), folder / "sources.yaml"]
    made = []
    for number in range(MUTATIONS):
        name = list(NAMED)[number % len(NAMED)]
        path = chance.choice(paths)
        text = path.read_text(encoding="utf-8")
        data = (text if len(text) <= LARGEST else text[:LARGEST].rsplit("\n", 1)[0]).encode()
        made.append((name, path, NAMED[name](chance, data)))
    return made


def _folder(base: Path, path: Path, data: bytes) -> Path:
    folder = base / "graph"
    folder.mkdir()
    shutil.copy(content("graph") / "sources.yaml", folder)
    shutil.copytree(content("graph") / "lines", folder / "lines")
    (folder / path.name).write_bytes(data)
    return folder


@pytest.mark.parametrize("start", range(0, MUTATIONS, 20))
def test_reading_never_raises(tmp_path: Path, start: int) -> None:
    for number, (name, path, data) in enumerate(mutations()[start : start + 20]):
        base = tmp_path / str(number)
        base.mkdir()
        try:
            problems = load_curated(_folder(base, path, data)).problems
        except Exception as error:
            error.add_note(f"mutation {start + number}: {name} of {path.name}")
            raise
        for problem in problems:
            assert isinstance(problem, Problem)
            assert problem.say("fr") != problem.say("en")
            assert problem.place.line >= 1
            assert problem.place.column >= 1


@pytest.mark.parametrize("number", range(0, MUTATIONS, MUTATIONS // THROUGH_THE_COMMAND))
def test_the_command_never_shows_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int) -> None:
    _, path, data = mutations()[number]
    folder = _folder(tmp_path, path, data)
    with pytest.raises(SystemExit) as stopped:
        main(["validate", "--graph", str(folder), str(folder / path.name)])
    out, err = capsys.readouterr()
    assert stopped.value.code in {0, 1, 2, 3}
    assert "Traceback" not in out + err
    assert "[internal]" not in out + err
    assert out or err
