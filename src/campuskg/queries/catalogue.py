"""The queries of the project, each a file that states its question in French and English."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import Text, UsageProblem, nearest
from campuskg.graph.yaml_source import read_yaml
from campuskg.queries.header import read_query
from campuskg.queries.model import Query

CATALOGUE: Final = "catalogue"
CHECKS: Final = "checks"
TABLES: Final = "tables"


def load_queries(folder: Path) -> Mapping[str, Query]:
    """Return the queries of the .rq files in *folder* by name; checks and tables have no theme. Raises ProblemsFound."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.rq"))}


@cache
def _read(path: Path) -> Query:
    themes = None if path.parent.name in (CHECKS, TABLES) else tuple(tags())
    file = f"queries/{path.parent.name}/{path.name}"
    return read_query(path.stem, path.read_text(encoding="utf-8"), file, themes=themes)


@cache
def tags() -> Mapping[str, Text]:
    """Return the themes of the catalogue, in their order, with their names."""
    value = read_yaml(content("queries") / "tags.yaml", "queries/tags.yaml").value
    assert isinstance(value, dict)  # noqa: S101  our own file
    return {key: Text(str(names["fr"]), str(names["en"])) for key, names in value.items() if isinstance(names, dict)}


@cache
def catalogue() -> Mapping[str, Query]:
    """Return the catalogue by name. Raises ProblemsFound for a faulty header."""
    return load_queries(content("queries") / CATALOGUE)


@cache
def checks() -> Mapping[str, Query]:
    """Return the checks by name: queries whose every row is a violation. Raises ProblemsFound for a faulty header."""
    return load_queries(content("queries") / CHECKS)


def find_query(name: str) -> Query:
    """Return the query *name* of the catalogue, reading only its file; UsageProblem with near names when there is none."""
    folder = content("queries") / CATALOGUE
    names = sorted(path.stem for path in folder.glob("*.rq"))
    if name not in names:
        raise UsageProblem("query-unknown", name=name, known=nearest(name, names, 5) or "–")
    return _read(folder / f"{name}.rq")
