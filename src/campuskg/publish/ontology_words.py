"""The words of the ontology's documentation, in French and English (``ontology_docs.toml``)."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from campuskg.errors import Lang


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("campuskg.publish").joinpath("ontology_docs.toml").read_text(encoding="utf-8"))


@cache
def said(lang: Lang) -> Mapping[str, str]:
    """Return the words in *lang*, by key."""
    return {key: words[lang] for key, words in _table()["word"].items()}


def bands() -> Sequence[Mapping[str, Any]]:
    """Return what the diagram shows: its bands, each of columns of classes (compact names)."""
    found: Sequence[Mapping[str, Any]] = _table()["band"]
    return found
