"""The whole answer of every catalogue query, kept beside the tests: ``python tests/queries/golden.py --write RELEASE``.

A changed answer is read by a person before the file is written again.
"""

import sys
from pathlib import Path

import pyoxigraph as ox

from campuskg.publish.results import as_csv
from campuskg.queries import Query, catalogue
from campuskg.release import Release, open_release
from campuskg.store import Rows

FOLDER = Path(__file__).resolve().parent / "answers"


def answer(query: Query, release: Release) -> str:
    """Return the answer with the default parameters as CSV, rows in alphabetical order; a graph as its triples."""
    found = release.store.run(query.sparql)
    if isinstance(found, Rows):
        head, *rows = as_csv(found).removesuffix("\r\n").split("\r\n")
        return "\n".join([head, *sorted(rows)]) + "\n"
    assert not isinstance(found, bool)
    return "\n".join(["triple", *sorted(f"{triple}" for triple in set[ox.Triple](found))]) + "\n"


def changed(release: Release) -> list[str]:
    """Return the names of the queries whose answer from *release* is not the golden one."""
    return [name for name, query in catalogue().items() if answer(query, release) != _kept(name)]


def _kept(name: str) -> str:
    path = FOLDER / f"{name}.csv"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def write(release: Release) -> None:
    """Write all answers again and take away those of queries that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.csv"):
        if path.stem not in catalogue():
            path.unlink()
    for name, query in catalogue().items():
        (FOLDER / f"{name}.csv").write_text(answer(query, release), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    *_, folder = sys.argv
    opened = open_release(Path(folder))
    if "--write" in sys.argv:
        write(opened)
    sys.stdout.write("".join(f"{name}\n" for name in changed(opened)))
