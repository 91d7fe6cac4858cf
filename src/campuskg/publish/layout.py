"""How the page of a thing is laid out: ``entity.toml``, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from campuskg.errors import Text


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a page: its heading, the properties it lists, the statements it tabulates by which columns."""

    id: str
    heading: Text
    facts: tuple[str, ...]
    statements: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    """Each column: the properties (local names) of which the first that is there is shown; ``period`` is the dates."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The sections in their order, the headings of incoming facts, and what a reader expects of each class."""

    sections: tuple[Section, ...]
    inverse: Mapping[str, Text]
    expected: Mapping[str, tuple[str, ...]]

    def of_fact(self, name: str) -> str:
        """Return the id of the section that lists the property *name* (compact); ``more`` for those without one."""
        return next((section.id for section in self.sections if name in section.facts), "more")

    def of_statement(self, key: str) -> str:
        """Return the id of the section for ``Class/link``; ``more`` for those without one."""
        return next((section.id for section in self.sections if key in section.statements), "more")


@cache
def layout() -> Layout:
    """Return the layout of ``entity.toml``."""
    found = tomllib.loads(resources.files("campuskg.publish").joinpath("entity.toml").read_text(encoding="utf-8"))
    return Layout(
        tuple(
            Section(
                s["id"],
                Text(s["fr"], s["en"]),
                tuple(s.get("facts", ())),
                tuple(s.get("statements", ())),
                tuple(tuple(column.split("|")) for column in s.get("columns", ())),
            )
            for s in found["section"]
        ),
        {name: Text(words["fr"], words["en"]) for name, words in found["inverse"].items()},
        {cls: tuple(names) for cls, names in found["expected"].items()},
    )
