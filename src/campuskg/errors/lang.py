"""The two languages of the product and how one is chosen."""

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

Lang = Literal["fr", "en"]


class Text(NamedTuple):
    """The same words in French and in English."""

    fr: str
    en: str


def pick(text: Text, lang: Lang) -> str:
    """Return the words of *text* in *lang*.

    >>> pick(Text("oui", "yes"), "en")
    'yes'
    """
    return text.fr if lang == "fr" else text.en


def default_lang(environ: Mapping[str, str] | None = None) -> Lang:
    """Return the reader's language from the POSIX locale variables; English only when the locale says so.

    French is the default: most readers are French public servants, and the ``C`` locale says nothing about the reader.

    >>> default_lang({"LANG": "en_GB.UTF-8"}), default_lang({"LANG": "C.UTF-8"}), default_lang({})
    ('en', 'fr', 'fr')
    """
    env = os.environ if environ is None else environ
    for name in ("CAMPUSKG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"
