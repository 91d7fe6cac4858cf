"""The words of the planners' pages, in French and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from campuskg.errors import Lang, Text


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("campuskg.publish.planning").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def planning_words(page: str, lang: Lang) -> Mapping[str, str]:
    """Return the words of *page* in *lang*, with those that all pages share."""
    return {key: said[lang] for part in ("shared", page) for key, said in _table()[part].items()}


def text(page: str, key: str) -> Text:
    """Return one entry in both languages."""
    said = _table()[page][key]
    return Text(said["fr"], said["en"])
