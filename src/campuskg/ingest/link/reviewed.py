"""What reviewers decided: a file of links read back, entry by entry, each with its lines."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from campuskg.errors import Place, Problem, ProblemsFound, no_file
from campuskg.graph.yaml_source import Value, YamlRefused
from campuskg.ingest.link.blocks import Block, Parts, parts
from campuskg.ingest.link.decide import RULES

DECISIONS: Final = ("accept", "reject", "unsure")
_ID: Final = "organisation/"


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal with what became of it; *by* is the role of who decided, *date* the day; *lines* are those of the file."""

    imported: str
    curated: str
    decision: str
    reviewed: bool
    rule: str = ""
    score: str = ""
    by: str = ""
    date: str = ""
    name: str = ""
    named: str = ""
    because: tuple[str, ...] = ()
    lines: tuple[int, int] = (1, 1)

    @property
    def pair(self) -> tuple[str, str]:
        """Return the two ids."""
        return self.imported, self.curated


@dataclass(frozen=True, slots=True)
class Review:
    """A file of links as its reviewers left it; *by* is what stands at its head, for the reviews to come."""

    name: str
    sha256: str
    entries: tuple[Entry, ...]
    by: str = ""

    @property
    def decided(self) -> list[Entry]:
        """Return the entries that someone has reviewed."""
        return [entry for entry in self.entries if entry.reviewed]

    @property
    def accepted(self) -> list[Entry]:
        """Return the links that hold: accepted, and reviewed."""
        return [entry for entry in self.decided if entry.decision == "accept"]

    @property
    def waiting(self) -> int:
        """Return how many proposals to accept nobody has reviewed."""
        return sum(entry.decision == "accept" and not entry.reviewed for entry in self.entries)


def read_review(path: Path) -> Review:
    """Return what the file at *path* holds; ProblemsFound, each with its place, for what is no file of links."""
    try:
        return _review(parts(path), path.name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise no_file(path) from error
    except OSError as error:
        raise ProblemsFound([Problem("file-unreadable", Place(str(path)), {"reason": error.strerror or ""})]) from error
    except YamlRefused as refused:
        raise ProblemsFound([refused.problem]) from refused


def contradictions(reviews: Sequence[Review]) -> list[Problem]:
    """Return what several files, or one, decide both ways."""
    found: list[Problem] = []
    accepted: dict[str, str] = {}
    rejected = {entry.pair for review in reviews for entry in review.decided if entry.decision == "reject"}
    for review in reviews:
        for entry in review.accepted:
            place = Place(review.name, entry.lines[0])
            first = accepted.setdefault(entry.imported, entry.curated)
            if first != entry.curated:
                params = {"imported": entry.imported, "first": first, "second": entry.curated}
                found.append(Problem("link-twice", place, params))
            if entry.pair in rejected:
                found.append(Problem("link-against", place, {"imported": entry.imported, "curated": entry.curated}))
    return found


def _review(file: Parts, name: str) -> Review:
    top = file.head.document.value
    problems: list[Problem] = []
    reader = _Reader(file.head, top if isinstance(top, dict) else {}, problems)
    entries = tuple(entry for block in file.blocks for entry in reader.entries(block))
    review = Review(name, file.sha256, entries, reader.by)
    problems += contradictions([review])
    if problems:
        raise ProblemsFound(problems)
    return review


class _Reader:
    """Reads the entries of one file; what is wrong goes to *problems*."""

    def __init__(self, head: Block, top: Mapping[str, Value], problems: list[Problem]) -> None:
        self._block, self._top, self._problems = head, top, problems
        self.by = self.text(top.get("by"))
        rules = top.get("rules", [])
        self._rules = [self.text(rule) for rule in rules] if isinstance(rules, list) else [self.text(rules)]
        for rule in self._rules:
            if rule not in RULES:
                self._wrong(("rules",), "rules", rule, ", ".join(RULES))

    @staticmethod
    def text(value: Value | None) -> str:
        return value.strip() if isinstance(value, str) else ""

    def entries(self, block: Block) -> Iterator[Entry]:
        """Yield the entries of *block*; ProblemsFound when it has no list."""
        self._block, top = block, block.document.value
        links = top.get("links") if isinstance(top, dict) else None
        if not isinstance(links, list):
            raise ProblemsFound([Problem("link-file", block.place(()), {"file": block.document.file})])
        starts = [block.place(("links", number)).line for number in range(len(links))]
        for number, raw in enumerate(links):
            end = starts[number + 1] - 1 if number + 1 < len(links) else block.last
            if isinstance(raw, dict):
                yield self._entry(raw, ("links", number), (starts[number], max(end, starts[number])))
            else:
                self._wrong(("links", number), "links", str(raw)[:40], "imported, curated, decision …")

    def _entry(self, raw: Mapping[str, Value], path: tuple[str | int, ...], lines: tuple[int, int]) -> Entry:
        because = raw.get("because", [])
        entry = Entry(
            imported=self._id(raw, path, "imported"),
            curated=self._id(raw, path, "curated"),
            decision=self._choice(raw, path, "decision", DECISIONS),
            reviewed=self._choice(raw, path, "reviewed", ("true", "false"), "false") == "true",
            rule=self.text(raw.get("rule")),
            score=self.text(raw.get("score")),
            by=self.text(raw.get("by")),
            date=self.text(raw.get("date")),
            name=self.text(raw.get("name")),
            named=self.text(raw.get("named")),
            because=tuple(map(self.text, because)) if isinstance(because, list) else (),
            lines=lines,
        )
        if entry.rule in self._rules:
            entry = replace(entry, reviewed=True)
        return self._signed(entry, path) if entry.reviewed else entry

    def _signed(self, entry: Entry, path: tuple[str | int, ...]) -> Entry:
        """Return *entry* with who decided, and when: as it says, or else as the head of the file says."""
        by = entry.by or self.by
        date = entry.date or self.text(self._top.get("date"))
        if not by or "@" in by or not _is_day(date):
            self._problems.append(Problem("link-reviewer", self._block.place(path)))
        return replace(entry, by=by, date=date)

    def _id(self, raw: Mapping[str, Value], path: tuple[str | int, ...], key: str) -> str:
        found = self.text(raw.get(key))
        slug = found.removeprefix(_ID)
        if not found.startswith(_ID) or not slug or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in slug):
            self._wrong((*path, key), key, found, _ID + "…")
        return found

    def _choice(
        self, raw: Mapping[str, Value], path: tuple[str | int, ...], key: str, known: Sequence[str], otherwise: str = ""
    ) -> str:
        found = self.text(raw.get(key, otherwise)).lower()
        if found not in known:
            self._wrong((*path, key), key, found, ", ".join(known))
        return found

    def _wrong(self, path: tuple[str | int, ...], key: str, value: str, known: str) -> None:
        self._problems.append(Problem("link-entry", self._block.place(path), {"key": key, "value": value[:80], "known": known}))


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
