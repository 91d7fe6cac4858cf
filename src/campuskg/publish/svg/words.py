"""Words in a picture: made safe to draw, cut to a length, measured without a font."""

import unicodedata
from typing import Final

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows (Unicode UAX 9): a label must not rearrange its neighbours."""
_NARROW: Final = frozenset("iljtfrI.,;:!|'’()[] ")
_WIDE: Final = frozenset("mwMWGOQCD@%ÉÈœŒ—")
_MOST: Final = 160
"""Letters that any room of a picture may hold."""
_CUT_LOSS: Final = 12
"""A label is cut between words unless that would lose more letters than this."""


def plain(text: str, most: int = 400) -> str:
    r"""Return *text* on one line, without control and direction marks, at most *most* letters long.

    >>> plain("a\u202eb\x00 c"), plain("Lycée Jules Haag de Besançon", 18)
    ('ab c', 'Lycée Jules Haag…')
    """
    kept = text[: most * 4]
    if not kept.isprintable():  # then all of it can be drawn
        kept = "".join(" " if c.isspace() else c for c in kept if c not in _BIDI and (c.isspace() or _drawable(c)))
    line = kept.strip()
    if len(line) <= most:
        return line
    whole = line[: most - 1].rsplit(" ", 1)[0]
    cut = whole if len(whole) > most - _CUT_LOSS else line[: most - 1]
    return cut.rstrip(" ,-–’'(«") + "…"


def _drawable(letter: str) -> bool:
    """Tell whether XML 1.0 may hold *letter* (section 2.2) and people can see it."""
    return unicodedata.category(letter) not in ("Cc", "Cs", "Cn") and letter not in "\ufffe\uffff"


def width(text: str, size: float) -> float:
    """Return about how wide *text* is in a sans-serif letter of *size*: on the safe side for those of common systems.

    >>> width("il", 10) < width("mm", 10)
    True
    """
    return size * sum(0.36 if c in _NARROW else 0.93 if c in _WIDE else 0.7 if c.isupper() else 0.61 for c in text)


def lines(text: str, size: float, room: float, most: int = 2) -> list[str]:
    """Return *text* in at most *most* lines of the width *room*; what is longer is cut.

    >>> lines("Lycée Jules Haag", 10, 70)
    ['Lycée Jules', 'Haag']
    """
    found = [""]
    for word in text.split(" "):
        longer = f"{found[-1]} {word}".strip()
        if width(longer, size) <= room or not found[-1]:
            found[-1] = longer
        elif len(found) < most:
            found.append(word)
        else:
            found[-1] = longer
    return [fitted(line, size, room) for line in found]


def fitted(text: str, size: float, room: float) -> str:
    """Return *text*, cut until it is at most *room* wide.

    >>> fitted("Lycée Jules Haag", 10, 60)
    'Lycée…'
    """
    text = plain(text, _MOST)
    while width(text, size) > room and len(text) > 1:
        text = plain(text, len(text) - 1)
    return text
