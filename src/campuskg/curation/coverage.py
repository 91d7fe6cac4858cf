"""Which lines of each text some statement cites: what a curator has read and used, and what is still silent.

The texts need not be at hand: the line table of a source (``graph/lines``) tells which lines are blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import Lang, Text, pick
from campuskg.graph import Curated, Locator, Source
from campuskg.graph.yaml_source import YamlRefused, read_yaml

LONGEST_SILENCE: Final = 12
"""A block of more uncited lines than this, in a narrative section, needs a recorded reason."""


class LineState(StrEnum):
    """What is known of one line."""

    BLANK = "blank"
    CITED = "cited"
    EXCUSED = "excused"
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text, from ``graph/coverage.yaml``; *narrative* parts may not have long silences."""

    first: int
    last: int
    title: str
    narrative: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Lines that no statement needs to cite, and why."""

    first: int
    last: int
    because: Text


@dataclass(frozen=True, slots=True)
class Gap:
    """A block of lines that nothing cites; blank lines inside do not count."""

    first: int
    last: int
    lines: int
    section: Section


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one text."""

    source: Source
    states: Sequence[LineState]
    """One state per line; the first line is at index 0."""
    sections: Sequence[Section]
    reasons: Sequence[Reason]

    def share(self, section: Section | None = None) -> float:
        """Return the share of lines with words that are cited or excused, in *section* or in the whole text."""
        states = self.states[section.first - 1 : section.last] if section else self.states
        written = [s for s in states if s is not LineState.BLANK]
        return sum(s is not LineState.UNCITED for s in written) / len(written) if written else 1.0

    def gaps(self, longer_than: int = 0) -> list[Gap]:
        """Return the uncited blocks of more than *longer_than* written lines, longest first."""
        found = [gap for section in self.sections for gap in self._gaps_of(section) if gap.lines > longer_than]
        return sorted(found, key=lambda gap: (-gap.lines, gap.first))

    def _gaps_of(self, section: Section) -> Iterable[Gap]:
        run: list[int] = []
        for number in range(section.first, section.last + 2):
            state = self.states[number - 1] if number <= section.last else LineState.CITED
            if state is LineState.UNCITED:
                run.append(number)
            elif state is not LineState.BLANK and run:
                yield Gap(run[0], run[-1], len(run), section)
                run = []

    def bar(self, section: Section, width: int = 40) -> str:
        """Return the section as a bar of *width* characters, darker where more of the lines are cited."""
        states = self.states[section.first - 1 : section.last]
        shades = " ░▒▓█"
        cells = []
        for i in range(width):
            part = states[i * len(states) // width : max((i + 1) * len(states) // width, i * len(states) // width + 1)]
            written = [s for s in part if s is not LineState.BLANK]
            share = sum(s is not LineState.UNCITED for s in written) / len(written) if written else 0.0
            cells.append(shades[round(share * 4)] if written else "·")
        return "".join(cells)


def measure_coverage(curated: Curated, folder: Path | None = None) -> list[Coverage]:
    """Return the coverage of every text that *curated* cites; raises YamlRefused for an unreadable coverage.yaml."""
    declared = _declared(folder or content("graph"))
    cited = {locator for statement in curated.statements for locator in statement.evidence}
    texts = [source for source in curated.sources.values() if source.kind == "text"]
    return [_measure(source, cited, declared.get(source.id, {})) for source in texts]


def _measure(source: Source, cited: Iterable[Locator], declared: Mapping[str, object]) -> Coverage:
    sections = _sections(source, declared.get("sections"))
    reasons = _reasons(declared.get("reasons"))
    states = [LineState.UNCITED] * source.lines
    for number in range(source.lines):
        if source.starts[number + 1] - source.starts[number] <= 2:  # noqa: PLR2004  a line end and at most one mark
            states[number] = LineState.BLANK
    for reason in reasons:
        _mark(states, reason.first, reason.last, LineState.EXCUSED)
    for locator in cited:
        if locator.source == source.id and not locator.row:
            _mark(states, locator.first, locator.last, LineState.CITED)
    return Coverage(source, states, sections, reasons)


def _mark(states: list[LineState], first: int, last: int, state: LineState) -> None:
    for number in range(first - 1, min(last, len(states))):
        if states[number] is not LineState.BLANK:
            states[number] = state


def _declared(folder: Path) -> Mapping[str, Mapping[str, object]]:
    path = folder / "coverage.yaml"
    if not path.is_file():
        return {}
    value = read_yaml(path, "graph/coverage.yaml").value
    return value if isinstance(value, dict) else {}  # type: ignore[return-value]  # its form is checked by a test


def _sections(source: Source, declared: object) -> list[Section]:
    rows = [row for row in declared if isinstance(row, dict)] if isinstance(declared, list) else []
    if not rows:
        return [Section(1, source.lines, source.title, narrative=True)]
    firsts = [int(row["from"]) for row in rows]
    lasts = [*(first - 1 for first in firsts[1:]), source.lines]
    kinds = [row.get("kind", "narrative") == "narrative" for row in rows]
    return [Section(f, la, str(row["title"]), narrative=n) for row, f, la, n in zip(rows, firsts, lasts, kinds, strict=True)]


def _reasons(declared: object) -> list[Reason]:
    rows = [row for row in declared if isinstance(row, dict)] if isinstance(declared, list) else []
    found = []
    for row in rows:
        first, _, last = str(row["lines"]).partition("-")
        found.append(Reason(int(first), int(last or first), Text(str(row["fr"]), str(row["en"]))))
    return found


def coverage_html(coverages: Sequence[Coverage], lang: Lang) -> str:
    """Return one self-contained page: every line of every text as a small cell, with the gaps listed; no script."""
    from html import escape

    words = {
        "title": Text("Couverture des textes sources", "Coverage of the source texts"),
        "gap": Text("Lignes sans citation", "Lines without citation"),
        "line": Text("ligne", "line"),
        "none": Text("aucune", "none"),
    }
    colon = " :" if lang == "fr" else ":"
    states = {
        LineState.BLANK: Text("vide", "blank"),
        LineState.CITED: Text("citée", "cited"),
        LineState.EXCUSED: Text("sans objet", "excused"),
        LineState.UNCITED: Text("non citée", "not cited"),
    }
    parts = [
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{pick(words['title'], lang)}</title>",
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}",
        ".bar{display:flex;flex-wrap:wrap;gap:1px;margin:.3rem 0 1rem}.bar span{width:8px;height:12px}",
        ".cited{background:#1f6f54}.excused{background:#8fb8de}.uncited{background:#e0a030}.blank{background:#eee}",
        ".item{white-space:nowrap;margin-right:1.5rem}",
        ".key{display:inline-block;width:12px;height:12px;vertical-align:-1px}",
        "h2{margin-top:2rem;font-size:1.25rem}h3{font-size:1rem;margin:.8rem 0 0}</style></head><body>",
        f"<h1>{pick(words['title'], lang)}</h1>",
        '<p class="legend">',
        *(f'<span class="item"><span class="key {state}"></span> {pick(name, lang)}</span>' for state, name in states.items()),
        "</p>",
    ]
    for coverage in coverages:
        title = coverage.source.title if lang == "fr" else coverage.source.title_en
        parts.append(f"<h2>{escape(title)} — {coverage.share():.0%}</h2>")
        for section in coverage.sections:
            parts.append(f"<h3>{escape(section.title)} ({section.first}–{section.last}) — {coverage.share(section):.0%}</h3>")
            share = f"{coverage.share(section):.0%}"
            parts.append(f'<div class="bar" role="img" aria-label="{escape(section.title)} {share}">')
            for number in range(section.first, section.last + 1):
                state = coverage.states[number - 1]
                label = f"{pick(words['line'], lang)} {number}{colon} {pick(states[state], lang)}"
                parts.append(f'<span class="{state}" title="{label}"></span>')
            parts.append("</div>")
        gaps = "; ".join(f"{gap.first}–{gap.last}" for gap in coverage.gaps(LONGEST_SILENCE)) or pick(words["none"], lang)
        parts.append(f"<p>{pick(words['gap'], lang)} (&gt; {LONGEST_SILENCE}){colon} {gaps}</p>")
    return "\n".join([*parts, "</body></html>", ""])


__all__ = ["LONGEST_SILENCE", "Coverage", "Gap", "LineState", "Section", "YamlRefused", "coverage_html", "measure_coverage"]
