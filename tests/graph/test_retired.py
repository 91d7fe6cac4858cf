"""Retired ids."""

from pathlib import Path

import pytest

from campuskg.errors import ProblemsFound
from campuskg.graph import load_retired

IN_USE = {"organisation/new", "organisation/other"}
GOOD = 'organisation/old: {replacedBy: organisation/new, on: 2026-12-01, fr: "Deux fiches", en: "Two records"}\n'


def write(folder: Path, text: str) -> Path:
    (folder / "retired.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_retired_id_says_when_why_and_what_replaces_it(tmp_path: Path) -> None:
    found = load_retired(IN_USE, write(tmp_path, GOOD))["organisation/old"]
    assert (found.on, found.why.fr, found.why.en, found.replaced_by) == (
        "2026-12-01",
        "Deux fiches",
        "Two records",
        "organisation/new",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace("organisation/old", "organisation/other"), "retired-in-use"),
        (GOOD.replace("organisation/new", "organisation/none"), "retired-replacement"),
        (GOOD.replace("on: 2026-12-01, ", ""), "missing-key"),
        (GOOD.replace("2026-12-01", "2026-13-01"), "bad-date"),
        (GOOD.replace("replacedBy", "replaced"), "wrong-structure"),
        ("organisation/old: gone\n", "wrong-structure"),
        ("[a, b]\n", "not-a-registry"),
        ("a: [\n", "yaml-invalid"),
    ],
)
def test_a_faulty_entry_is_refused_at_its_place(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ProblemsFound) as caught:
        load_retired(IN_USE, write(tmp_path, text))
    assert code in {problem.code for problem in caught.value.problems}
    assert all(problem.place.line >= 1 for problem in caught.value.problems)


def test_a_graph_without_the_file_has_retired_nothing(tmp_path: Path) -> None:
    assert not load_retired(IN_USE, tmp_path)
