"""The legend: which group each thing of a picture belongs to, and what its colour and shape are."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from campuskg.content import content
from campuskg.errors import Lang
from campuskg.viz.model import Group
from campuskg.viz.things import Things, kind

_RULES: Final = {"kind": "kind", "category": "category"}
_OTHER: Final = "other"


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads((content("viz") / "groups.toml").read_text("utf-8"))


@cache
def colours() -> Sequence[str]:
    """Return the colours of the palette against white, from the first."""
    table = tomllib.loads((content("viz") / "palette.toml").read_text("utf-8"))
    return tuple(str(colour["light"]) for colour in table["colour"])


def group_of(iri: str, rule: str, known: Things) -> str:
    """Return the key of the group of *iri*: its kind of thing, or its official category."""
    sort = kind(iri)
    if rule == "kind":
        scheme = iri.split("/")[-2] if sort == "code" else sort
        return next((key for key in (scheme, sort) if key in _table()["kind"]), _OTHER)
    if sort != "organisation":
        return sort if sort in _table()["category"] else _OTHER
    codes = sorted(known.facets["category"].get(iri, ()))
    key = codes[0].rpartition("/")[2] if codes else "none"
    return key if key in _table()["category"] else _OTHER


def legend(keys: Sequence[str], rule: str, lang: Lang) -> list[Group]:
    """Return the groups that occur among *keys*, in the order of ``viz/groups.toml``, with how many things each has."""
    counts = Counter(keys)
    table = _table()[_RULES.get(rule, "kind")]
    return [
        Group(key, str(entry[lang]), int(entry["colour"]), entry["shape"], counts[key])
        for key, entry in table.items()
        if counts[key]
    ]
