"""The message catalogue: every problem code with its French and English words, kept as data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import TypedDict

from campuskg.errors.lang import Lang


class Words(TypedDict):
    """One language of one message: what is wrong, why it is refused, how to mend it."""

    what: str
    why: str
    mend: str


@cache
def catalogue() -> dict[str, dict[Lang, Words]]:
    """Return all messages by problem code, then language."""
    text = files("campuskg.errors").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def template(code: str, lang: Lang) -> Words:
    """Return the words of the problem *code* in *lang*; KeyError for an unknown code (a fault of ours, not the reader's)."""
    return catalogue()[code][lang]
