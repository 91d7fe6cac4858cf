"""Coverage at a glance: a line for each sector of a campus, a cell for each level and category, and what sources say of it."""

from campuskg.analysis import Cell, Teller, coverage
from campuskg.content import BASE_IRI
from campuskg.publish.planning.desk import Desk
from campuskg.publish.planning.network import release_of, teller
from campuskg.publish.planning.words import planning_words

_KEPT: dict[str, list[Cell]] = {}
_SIGNS = {"gap": "○", "perhaps": "?", "silent": "·"}


def grid(desk: Desk) -> dict[str, object]:
    """Return the headings, the lines and the legend of the table."""
    cells, speaker = _cells(desk), teller(desk)
    lines: dict[tuple[str, str], list[Cell]] = {}
    for one in cells:
        lines.setdefault((one.campus, one.sector), []).append(one)
    heads = next(iter(lines.values()), [])
    return {
        "heads": [_head(one, speaker) for one in heads],
        "levels": sum(bool(one.level) for one in heads),
        "lines": [_line(desk, speaker, campus, found) for (campus, _), found in sorted(lines.items())],
        "legend": [_entry(sign, state, desk) for state, sign in (("documented", "1"), *_SIGNS.items())],
    }


def _line(desk: Desk, speaker: Teller, campus: str, cells: list[Cell]) -> dict[str, object]:
    return {
        "campus": desk.short(campus, desk.lang, 0),
        "name": desk.name(campus, desk.lang),
        "id": campus.removeprefix(f"{BASE_IRI}id/"),
        "sector": desk.name(cells[0].sector, desk.lang),
        "cells": [_cell(one, speaker) for one in cells],
    }


def _entry(sign: str, state: str, desk: Desk) -> dict[str, str]:
    return {"sign": sign, "state": state, "said": planning_words("analysis", desk.lang)[f"grid_{state}"]}


def _cells(desk: Desk) -> list[Cell]:
    """Return every cell, worked out once for a graph."""
    if desk.digest not in _KEPT:
        _KEPT[desk.digest] = list(coverage(release_of(desk)))
    return _KEPT[desk.digest]


def _head(one: Cell, speaker: Teller) -> dict[str, str]:
    name = speaker.name(one.level or one.category)
    return {"short": one.level.rpartition("/")[2] if one.level else name, "name": name}


def _cell(one: Cell, speaker: Teller) -> dict[str, str]:
    """Return one cell: its sign, what it stands for in words, and what is or may be there."""
    things = one.things or one.perhaps
    told = f"{speaker.say('state', one.state)}{f' ({speaker.listed(things)})' if things else ''}"
    return {"sign": _SIGNS.get(one.state) or str(len(one.things)), "state": one.state, "said": told}
