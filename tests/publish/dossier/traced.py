"""A dossier as a reader with the graph checks it: each text of the page against the cell that it says it comes from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pyoxigraph as ox

from campuskg.errors import Lang
from campuskg.publish import words
from campuskg.publish.answers import Answer, answer_query
from campuskg.publish.dossier.coverage import coverage_answer
from campuskg.publish.svg.words import plain
from campuskg.queries import catalogue, read_values
from campuskg.release import Release

VOID = frozenset(("meta", "br", "link", "img", "input", "hr"))
FRAME = frozenset(("note", "ref", "number", "lead", "imprint", "state", "contents", "product", "kind"))
"""Classes of what is not a figure of the graph: numbers of sections and notes, the catalogue's own remarks, the release."""


@dataclass
class Text:
    """One text and the marks of the elements around it, the nearest first."""

    words: str
    marks: Mapping[str, str]
    classes: frozenset[str]
    tags: tuple[str, ...]


def _typed(words: str) -> str:
    """Return *words* with the apostrophes and spaces of keyboards."""
    return words.translate({0x2019: "'", 0x202F: " ", 0xA0: " "})


@dataclass
class Reader(HTMLParser):
    """Reads a page into its texts, tags and attributes."""

    texts: list[Text] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self._open.append((tag, found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            marks: dict[str, str] = {}
            for _, attributes in self._open:
                marks |= {name.removeprefix("data-"): v for name, v in attributes.items() if name.startswith("data-")}
            classes = frozenset(c for _, a in self._open for c in a.get("class", "").split())
            self.texts.append(Text(_typed(data.strip()), marks, classes, tuple(tag for tag, _ in self._open)))


def read(page: str) -> Reader:
    """Return *page* read; every element is closed."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader._open
    return reader


@dataclass
class Tracer:
    """Asks the queries of a page again and looks for what the page says."""

    release: Release
    lang: Lang
    campus: str = ""
    asked: dict[tuple[str, str], Answer] = field(default_factory=dict)
    cells: dict[int, frozenset[str]] = field(default_factory=dict)
    located: dict[int, frozenset[str]] = field(default_factory=dict)

    def answer(self, marks: Mapping[str, str]) -> Answer:
        """Return the answer that *marks* name, asked as anybody would: by name and by the values of the link."""
        key = marks["query"], marks["given"]
        if key[0] == "analysis:coverage":
            self.asked.setdefault(key, coverage_answer(self.release, self.lang, self.campus))
        if key not in self.asked:
            query, given = catalogue()[key[0]], {}
            for name, value in parse_qsl(key[1]):
                given.setdefault(name, []).append(value)
            names = self.release.names
            values = read_values(query, given, self.release.store, names)
            self.asked[key] = answer_query(query, self.release.store, names, self.lang, values=values)
        return self.asked[key]

    def untraced(self, page: Reader) -> Iterator[str]:
        """Yield what *page* says in figures that its queries do not say."""
        for text in page.texts:
            if text.tags[-1] in ("style", "title", "desc") or not re.search(r"\d", text.words):
                continue
            if not self._holds(text):
                yield f"{text.words!r} {dict(text.marks)}"

    def _holds(self, text: Text) -> bool:  # noqa: PLR0911  one for each kind of mark
        marks = text.marks
        if "locator" in marks:
            return any(marks["locator"] in self._locators(answer) for answer in self.asked.values())
        if "query" not in marks:
            return bool(text.classes & FRAME) or text.tags[-1] in ("h1", "bdi", "code") or "queries" in text.classes
        answer = self.answer(marks)
        if "kept" in marks:
            return int(text.words) <= len(answer.rows.rows)
        if "rows" not in marks:
            if "th" in text.tags:
                return text.words in answer.headings()
            return bool(text.classes & FRAME) or "axis" in marks or "code" in text.tags or self._names(answer, text.words)
        rows = [dict(zip(answer.rows.variables, answer.rows.rows[int(row)], strict=True)) for row in marks["rows"].split()]
        if "distinct" in marks:
            return int(text.words) == len({row[marks["distinct"]] for row in rows})
        found = [row[marks["column"]] for row in rows]
        if "evidence" in text.classes:
            return set(marks["value"].split()) == {term.value for term in found if term is not None}
        shown = {self._plain(answer, marks["column"], term) for term in found}
        dates = {words.date(t.value, self.lang, p) for t in found if t is not None for p in ("day", "month", "year")}
        in_svg = "svg" in text.tags
        told = marks.get("value") in (None, *(plain(term.value) for term in found if term is not None))
        return told and (text.words in shown | dates or (in_svg and self._names(answer, text.words, dates)))

    def _plain(self, answer: Answer, column: str, term: object) -> str:
        return _typed(plain(answer.shown(column, term), 320))  # type: ignore[arg-type]

    def _names(self, answer: Answer, said: str, more: frozenset[str] | set[str] = frozenset()) -> bool:
        """Tell whether *said*, perhaps cut, is part of a cell: pictures cut names and put dates together."""
        if id(answer) not in self.cells:
            self.cells[id(answer)] = frozenset(_typed(plain(cell, 2000)) for row in answer.cells() for cell in row)
        cells = self.cells[id(answer)] | more
        parts = re.split(r" – |\u2026$", said)
        return all(any(part.strip() in cell or cell in part for cell in cells if cell) for part in parts if part)

    def _locators(self, answer: Answer) -> frozenset[str]:
        if id(answer) not in self.located:
            found = (term.value for row in answer.rows.rows for term in row if isinstance(term, ox.Literal))
            self.located[id(answer)] = frozenset(value for value in found if "/" in value)
        return self.located[id(answer)]
