"""Ids that were published and are no longer in use (``graph/retired.yaml``): gone, with what replaces them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import Problem, ProblemsFound, Text
from campuskg.graph.dates import is_date
from campuskg.graph.yaml_source import YamlDocument, YamlRefused, read_yaml

_KEYS: Final = frozenset({"replacedBy", "on", "fr", "en"})
_REQUIRED: Final = ("on", "fr", "en")


@dataclass(frozen=True, slots=True)
class Retired:
    """A retired id: the day it was retired, why, and the id that replaces it (empty when nothing does)."""

    on: str
    why: Text
    replaced_by: str = ""


def load_retired(in_use: Collection[str], folder: Path | None = None) -> Mapping[str, Retired]:
    """Return the retired ids; *in_use* are the ids of the graph.

    Raises ProblemsFound for an entry that lacks a key, that is still in use, or whose replacement does not exist.
    """
    path = (folder or content("graph")) / "retired.yaml"
    if not path.is_file():
        return {}
    try:
        document = read_yaml(path, f"{path.parent.name}/{path.name}")
    except YamlRefused as refused:
        raise ProblemsFound([refused.problem]) from refused
    problems = list(_problems(document, in_use))
    if problems or not isinstance(document.value, dict):
        raise ProblemsFound(problems)
    return {
        old: Retired(str(raw["on"]), Text(str(raw["fr"]), str(raw["en"])), str(raw.get("replacedBy", "")))
        for old, raw in sorted(document.value.items())
        if isinstance(raw, dict)
    }


def _problems(document: YamlDocument, in_use: Collection[str]) -> Iterator[Problem]:
    if not isinstance(document.value, dict):
        yield Problem("not-a-registry", document.place(()))
        return
    for old, raw in document.value.items():
        if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
            yield Problem("wrong-structure", document.place((old,)), {"key": old})
            continue
        for key in raw.keys() - _KEYS:
            yield Problem("wrong-structure", document.key_place((old, key)), {"key": key})
        for key in _REQUIRED:
            if key not in raw:
                yield Problem("missing-key", document.key_place((old,)), {"key": key})
        if "on" in raw and not is_date(str(raw["on"])):
            yield Problem("bad-date", document.place((old, "on")), {"value": raw["on"], "key": "on"})
        if old in in_use:
            yield Problem("retired-in-use", document.key_place((old,)), {"id": old})
        replacement = str(raw.get("replacedBy", ""))
        if replacement and replacement not in in_use:
            yield Problem("retired-replacement", document.place((old, "replacedBy")), {"id": old, "value": replacement})
