"""The words of the pages that only a static site has."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from campuskg.errors import Lang


@cache
def said(lang: Lang) -> Mapping[str, str]:
    """Return the words in *lang*, by key."""
    text = resources.files("campuskg.publish.site").joinpath("words.toml").read_text(encoding="utf-8")
    return {key: words[lang] for key, words in tomllib.loads(text).items()}
