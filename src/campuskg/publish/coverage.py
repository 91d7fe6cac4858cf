"""How much of a release is proved, and by which documents: the figures that the home page and « À propos » state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.queries import catalogue, tables
from campuskg.release import Release

_ALL: Final = 100.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Figures of one release."""

    classes: Mapping[str, int]
    """How many things and statements there are of each class (compact name)."""
    kinds: Mapping[str, int]
    """How many things there are of each kind (the part of the id)."""
    statements: int
    """Qualified statements, each with its passages."""
    contradictions: int
    share: float
    """Per cent of the statements, plain and qualified, that have a passage."""
    documents: Sequence[Mapping[str, str]]
    """The answer to the question which documents there are, and what each proves."""


_KNOWN: dict[str, Coverage] = {}


def coverage(release: Release) -> Coverage:
    """Return the figures of *release*, counted once: who asks later may not be allowed to read its files."""
    if release.digest not in _KNOWN:
        _KNOWN[release.digest] = _counted(release)
    return _KNOWN[release.digest]


def _counted(release: Release) -> Coverage:
    statements = int(_table(release, "qualified-statements")[0]["statements"])
    classes = release.statistics()["classes"]
    unproved = len(_rows(release, "unsourced-statements"))
    total = statements + classes.get("cmq:Claim", 0) + unproved
    share = _ALL * (total - unproved) / total if total else 0.0
    contradictions = len(_rows(release, "contradictions"))
    return Coverage(classes, _kinds(release), statements, contradictions, share, _rows(release, "documents"))


def _kinds(release: Release) -> dict[str, int]:
    return {row["kind"]: int(row["things"]) for row in _table(release, "things-by-kind") if row.get("kind")}


def _table(release: Release, name: str) -> list[dict[str, str]]:
    """Return a table of the release; where it has none, the query that defines it is asked."""
    return release.store.select(tables()[name].sparql("")).dicts()


def _rows(release: Release, name: str) -> list[dict[str, str]]:
    return release.store.select(catalogue()[name].sparql).dicts() if name in catalogue() else []
