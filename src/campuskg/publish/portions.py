"""Long lists in portions: the first lines on the page, all of them in pages of their own section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from campuskg.publish import words
from campuskg.publish.pages import Frame, interface_words
from campuskg.publish.sheet import Block, Entry, Grid, Pager

LEVELS: Final = (12, 8, 5, 3)
"""Lines of a section on the page of the thing: as many as the page can bear."""
HEAVIEST: Final = 69_000
"""Bytes of a page, beside which 27 kB of styles and scripts and what a static site adds have room in 100 kB."""
MOST: Final = 60
"""Lines of a section on a page of its own."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader asked to see: one section (or all, when empty) from which line on."""

    section: str = ""
    start: int = 0


def window_of(frame: Frame) -> Window:
    """Return what the query string of *frame* asks for; numbers that are none count as 0."""
    asked = dict(frame.query)
    start = asked.get("from", "")
    return Window(asked.get("section", "")[:80], int(start[:6]) if start.isascii() and start.isdigit() else 0)


def portioned(blocks: Sequence[Block], frame: Frame, most: int, aside: Sequence[Block] = ()) -> list[Block]:
    """Return *blocks* cut to *most* lines each; where one section is asked for, that one, a page of it at a time.

    Sections *aside*, short ones, are shown in another way on the page of the thing, and whole.
    """
    window = window_of(frame)
    whole = [block for block in aside if block.id == window.section]
    if whole:
        return whole
    wanted = [block for block in blocks if block.id == window.section]
    if wanted:
        return [_cut(block, frame, min(window.start, max(_length(block) - 1, 0)), MOST) for block in wanted]
    return [_cut(block, frame, 0, most) for block in blocks]


def whole_address(section: str, frame: Frame) -> str:
    """Return the address of the page of its own that *section* has."""
    return _address(frame, section, 0)


def _length(block: Block) -> int:
    longest = max((len(entry.items) for entry in (*block.entries, *block.groups)), default=0)
    return max(len(block.grid.lines) if block.grid else 0, len(block.items), longest)


def _cut(block: Block, frame: Frame, start: int, most: int) -> Block:
    length, end = _length(block), start + most
    if length <= most + 2 and not start:  # a pager for one or two lines helps nobody
        return replace(block, grid=_dense(block.grid)) if block.grid and block.grid.lines else block
    grid = _dense(replace(block.grid, lines=block.grid.lines[start:end])) if block.grid else None
    return replace(
        block,
        grid=grid if grid and grid.lines else None,
        items=block.items[start:end],
        entries=_cut_entries(block.entries, start, end),
        groups=_cut_entries(block.groups, start, end),
        pager=_pager(block.id, frame, start, min(end, length), length),
    )


def _dense(grid: Grid) -> Grid:
    """Return *grid* without the columns that none of its lines fills."""
    used = [number for number, _ in enumerate(grid.headings) if any(line.cells[number] for line in grid.lines)]
    if len(used) == len(grid.headings):
        return grid
    lines = [replace(line, cells=[line.cells[number] for number in used]) for line in grid.lines]
    numbers = [grid.numbers[number] for number in used] if grid.numbers else ()
    return replace(grid, headings=[grid.headings[number] for number in used], lines=lines, numbers=numbers)


def _cut_entries(entries: Sequence[Entry], start: int, end: int) -> list[Entry]:
    cut = (replace(entry, items=entry.items[start:end]) for entry in entries)
    return [entry for entry in cut if entry.items]


def _pager(section: str, frame: Frame, start: int, end: int, length: int) -> Pager:
    said = interface_words(frame.lang)
    numbers = {name: words.number(str(n), frame.lang) for name, n in (("first", start + 1), ("last", end), ("count", length))}
    here = window_of(frame).section == section
    if not here:
        return Pager(said["portion"].format(**numbers), whole=_address(frame, section, 0))
    before = _address(frame, section, max(start - MOST, 0)) if start else ""
    after = _address(frame, section, end) if end < length else ""
    return Pager(said["portion"].format(**numbers), before, after)


def _address(frame: Frame, section: str, start: int) -> str:
    lang = [(name, value) for name, value in frame.query if name == "lang"]
    return f"{frame.path}?" + urlencode([*lang, ("section", section), *([("from", str(start))] if start else [])]) + f"#{section}"
