"""What a dossier holds, as data: ``dossier.toml``, read once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from campuskg.errors import Lang, Text

_FOLDER: Final = "campuskg.publish.dossier"


@dataclass(frozen=True, slots=True)
class PartPlan:
    """One part of a section: a query of the catalogue, what it is asked, which rows and columns are kept, how it is drawn."""

    id: str
    query: str
    heading: Text
    values: Mapping[str, str] = field(default_factory=dict)
    """Parameter -> name in the scope."""
    keep: Sequence[str] = ()
    """Columns of which one must name something among the scope."""
    among: str = "things"
    hide: Sequence[str] = ()
    blank: Sequence[str] = ()
    """Columns whose emptiness says nothing."""
    empty: Mapping[str, Text] = field(default_factory=dict)
    """What the emptiness of a column means."""
    dates: Mapping[str, str] = field(default_factory=dict)
    """Column of dates -> column with their precision."""
    group: str = ""
    draw: str = ""
    clear: bool = False
    """Whether an empty answer says that all is well rather than that the sources are silent."""
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section: its heading, a sentence under it, its parts."""

    id: str
    heading: Text
    lead: Text
    parts: Sequence[PartPlan]


@cache
def plan() -> tuple[SectionPlan, ...]:
    """Return the sections in their order."""
    return tuple(
        SectionPlan(
            one["id"],
            Text(one["fr"], one["en"]),
            Text(one.get("lead_fr", ""), one.get("lead_en", "")),
            tuple(_part(part) for part in one["part"]),
        )
        for one in _loaded()["section"]
    )


def _part(one: Mapping[str, Any]) -> PartPlan:
    rest = {name: value for name, value in one.items() if name not in ("fr", "en", "empty")}
    empty = {name: Text(said["fr"], said["en"]) for name, said in one.get("empty", {}).items()}
    return PartPlan(heading=Text(one["fr"], one["en"]), empty=empty, **rest)


@cache
def words(lang: Lang) -> Mapping[str, str]:
    """Return the words around the parts in *lang*, by key."""
    return {key: said[lang] for key, said in _loaded()["words"].items()}


@cache
def style() -> str:
    """Return the style sheet that goes into every dossier: nothing outside it is needed to read or print."""
    return resources.files(_FOLDER).joinpath("dossier.css").read_text(encoding="utf-8")


@cache
def _loaded() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(_FOLDER).joinpath("dossier.toml").read_text(encoding="utf-8"))
