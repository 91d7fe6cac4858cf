"""The queries of the project, each a file that states its question in French and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from campuskg.content import content
from campuskg.errors import Lang, Text, UsageProblem, nearest, pick
from campuskg.queries.header import parse_header


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its name (the file's stem), what it asks, its SPARQL."""

    name: str
    question: Text
    sparql: str
    header: Mapping[str, str]

    def asked(self, lang: Lang) -> str:
        """Return the question in *lang*."""
        return pick(self.question, lang)

    def text(self, key: str, lang: Lang) -> str:
        """Return the header text *key* in *lang*, or an empty string."""
        return self.header.get(f"{key}.{lang}", "")

    def column(self, name: str, lang: Lang) -> str:
        """Return the heading of a column: its label in *lang*, or the variable's name."""
        return self.header.get(f"columns.{name}.{lang}", name)


def _read(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    header = parse_header(text)
    missing = [key for key in ("question.fr", "question.en") if key not in header]
    if missing:
        raise UsageProblem("query-header", file=path.name, missing=", ".join(missing))
    return Query(path.stem, Text(header["question.fr"], header["question.en"]), text, header)


@cache
def _folder(name: str) -> Mapping[str, Query]:
    return {path.stem: _read(path) for path in sorted((content("queries") / name).glob("*.rq"))}


def catalogue() -> Mapping[str, Query]:
    """Return the catalogue by name. Raises UsageProblem for an incomplete header."""
    return _folder("catalogue")


def checks() -> Mapping[str, Query]:
    """Return the checks by name: queries whose every row is a violation. Raises UsageProblem for an incomplete header."""
    return _folder("checks")


def find_query(name: str) -> Query:
    """Return the query *name* of the catalogue; UsageProblem with near names when there is none."""
    found = catalogue().get(name)
    if found is None:
        raise UsageProblem("query-unknown", name=name, known=nearest(name, catalogue()) or ", ".join(catalogue()))
    return found
