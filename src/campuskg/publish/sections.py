"""The six sections of the site that are about things: what each lists, which questions and which tools belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its name in addresses, the tags of its questions, the kinds of what it lists, its tools."""

    name: str
    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    """Kinds of things, as ids have them."""
    tools: tuple[str, ...]
    """Paths of the planning tools that belong here, the nearest first."""


SECTIONS: Final[Mapping[str, Section]] = {
    section.name: section
    for section in (
        Section(
            "network",
            ("campuses", "partners", "companies", "network", "governance"),
            ("campus", "person", "post"),
            ("/path", "/gaps", "/analysis", "/compare", "/at", "/board"),
        ),
        Section("territory", ("projects", "network"), ("place",), ("/compare", "/board", "/gaps")),
        Section(
            "money",
            ("money", "programmes"),
            ("budget", "agreement", "decision", "programme"),
            ("/compare", "/analysis", "/board", "/at"),
        ),
        Section(
            "projects",
            ("projects", "programmes", "events", "indicators"),
            ("project", "programme", "event", "output"),
            ("/board", "/compare", "/path", "/at"),
        ),
        Section(
            "organisations",
            ("partners", "companies", "governance", "network"),
            ("organisation",),
            ("/path", "/compare", "/gaps", "/analysis"),
        ),
        Section(
            "trainings",
            ("trainings", "companies"),
            ("training", "qualification", "facility"),
            ("/gaps", "/compare", "/path"),
        ),
    )
}
"""Name -> section, in the order of the navigation."""
