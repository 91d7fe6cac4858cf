"""Checking locators against the texts themselves: digest, line table, and whether the lines say what they are cited for.

Tolerant of accents, case, hyphenation and the usual OCR confusions; strict about figures of money.
"""

import csv
import difflib
import hashlib
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import MissingInput, Place, Problem, Severity
from campuskg.graph.load import Curated
from campuskg.graph.records import Statement
from campuskg.graph.sources import Locator, Source, line_starts
from campuskg.ontology import CMQ

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_XSD_DECIMAL: Final = "http://www.w3.org/2001/XMLSchema#decimal"
_EMPTY: Final = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "de",
        "du",
        "des",
        "d",
        "un",
        "une",
        "et",
        "en",
        "a",
        "au",
        "aux",
        "the",
        "of",
        "and",
        "pour",
        "par",
        "sur",
        "dans",
        "avec",
        "ou",
        "que",
        "qui",
        "se",
        "sa",
        "son",
        "ses",
        "ce",
        "cette",
        "to",
        "in",
        "for",
    ]
)
_OCR: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s"})
_FUZZY: Final = 0.78
_ENOUGH: Final = 0.6

_NUMBER_WORDS: Final = {
    1: "un une premier premiere",
    2: "deux seconde second",
    3: "trois troisieme tiers",
    4: "quatre",
    5: "cinq",
    6: "six",
    7: "sept",
    8: "huit",
    9: "neuf",
    10: "dix dizaine",
    12: "douze douzaine",
    14: "quatorze",
    15: "quinze quinzaine",
    20: "vingt vingtaine",
    30: "trente trentaine",
    100: "cent centaine",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The source texts at hand, by source id."""

    lines: Mapping[str, Sequence[str]] = field(repr=False)
    rows: Mapping[str, frozenset[str]] = field(repr=False)
    problems: Sequence[Problem] = ()

    def quote(self, locator: Locator) -> str | None:
        """Return the lines of *locator*, or None when the text is not at hand."""
        lines = self.lines.get(locator.source)
        return "\n".join(lines[locator.first - 1 : locator.last]) if lines is not None and not locator.row else None


def read_texts(folder: Path, sources: Mapping[str, Source]) -> Texts:
    """Find the files of *sources* below *folder* and check their digests; MissingInput when none is there."""
    if not folder.is_dir():
        raise MissingInput("folder-missing", folder=str(folder))
    if not sources:  # the registry is broken, which is said elsewhere
        return Texts({}, {})
    problems: list[Problem] = []
    lines: dict[str, Sequence[str]] = {}
    rows: dict[str, frozenset[str]] = {}
    wanted = {s.file: s for s in sources.values() if s.file}
    for path in sorted(p for p in folder.rglob("*") if p.name in wanted):
        source = wanted[path.name]
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != source.sha256:
            problems.append(Problem("source-changed", source.place, {"file": path.name}))
            continue
        text = data.decode("utf-8")
        if source.kind == "text":
            if tuple(line_starts(text)) != source.starts:
                problems.append(Problem("line-table", source.table, {"source": source.id}))
            lines[source.id] = text.split("\n")
        else:
            rows[source.id] = frozenset(_row_keys(text, source))
    if not lines and not rows and not problems:
        raise MissingInput("sources-nothing", folder=str(folder), files=", ".join(sorted(wanted)))
    return Texts(lines, rows, problems)


def _row_keys(text: str, source: Source) -> Iterable[str]:
    """Return the key of each row of a dataset: tab-separated when its name says so, otherwise comma- or semicolon-separated."""
    if source.file.endswith(".jsonl"):
        return (str(json.loads(line)[source.key]).rsplit("/", 1)[-1] for line in text.splitlines() if line)
    header = text.split("\n", 1)[0]
    delimiter = "\t" if source.file.endswith(".tsv") else max(",;", key=header.count)
    return (row[source.key] for row in csv.DictReader(io.StringIO(text), delimiter=delimiter) if row.get(source.key))


def check_evidence(curated: Curated, texts: Texts) -> list[Problem]:
    """Return a problem for every statement whose cited lines say nothing of it."""
    problems = list(texts.problems)
    names = _names(curated.statements)
    for unit in _units(curated.statements, names):
        problems += _check(unit, names, texts)
    return problems


@dataclass(slots=True)
class _Unit:
    """What one evidence proves: a plain fact, or a whole qualified statement."""

    subject: ox.NamedNode | ox.BlankNode | ox.Triple
    place: Place
    evidence: tuple[Locator, ...]
    objects: list[tuple[str, ox.NamedNode | ox.Literal]] = field(default_factory=list)


def _units(statements: Iterable[Statement], names: Mapping[str, Sequence[str]]) -> Iterable[_Unit]:
    mention = CMQ.sourcePassage.value
    nodes: dict[object, _Unit] = {}
    for statement in statements:
        subject, predicate, value = statement.triple
        if predicate.value == mention or not isinstance(value, (ox.NamedNode, ox.Literal)):
            continue
        if statement.reified:
            if isinstance(value, ox.NamedNode) and _curated_node(value) and value.value not in names:
                continue  # a link to a nested statement, which has its own evidence
            yield _Unit(subject, statement.place, statement.evidence, [(predicate.value, value)])
        elif statement.evidence:
            unit = nodes.setdefault(subject, _Unit(subject, statement.place, statement.evidence))
            unit.objects.append((predicate.value, value))
    yield from nodes.values()


def _curated_node(node: ox.NamedNode) -> bool:
    return node.value.startswith(BASE_IRI + "id/")


def _names(statements: Iterable[Statement]) -> Mapping[str, Sequence[str]]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for statement in statements:
        subject, predicate, value = statement.triple
        if (
            isinstance(value, ox.Literal)
            and isinstance(subject, ox.NamedNode)
            and ((predicate.value.startswith(_SKOS) and predicate.value.endswith("Label")) or predicate == CMQ.acronym)
        ):
            names[subject.value].append(value.value)
    return names


def _check(unit: _Unit, names: Mapping[str, Sequence[str]], texts: Texts) -> Iterable[Problem]:
    cited = [locator for locator in unit.evidence if not locator.row]
    for locator in unit.evidence:
        rows = texts.rows.get(locator.source)
        if locator.row and rows is not None and locator.row not in rows:
            yield Problem("row-missing", unit.place, {"source": locator.source, "row": locator.row})
    at_hand = [(locator, texts.quote(locator)) for locator in cited]
    quotes = [quote for _, quote in at_hand if quote is not None]
    if not quotes or len(cited) < len(unit.evidence) or len(quotes) < len(cited):
        return  # proven elsewhere too (a dataset, an editorial note), or the text is not at hand
    words = frozenset(word for quote in quotes for word in _words(quote))
    figures = frozenset(number for quote in quotes for number in _figures(quote))
    where = ", ".join(str(locator) for locator in cited)
    money = [v.value for p, v in unit.objects if isinstance(v, ox.Literal) and p.endswith(("Amount", "#amount"))]
    for amount in money:
        if float(amount) not in figures:
            yield Problem("figure-not-in-lines", unit.place, {"looked": amount, "locator": where})
            return
    looked = list(_anchors(unit, names))
    if looked and not any(_said(anchor, words, figures) for anchor in looked):
        shown = " · ".join(dict.fromkeys(looked))[:120]
        yield Problem("not-in-lines", unit.place, {"looked": shown, "locator": where}, Severity.WARNING)


def _anchors(unit: _Unit, names: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Return the names, figures and texts of which at least one must be in the lines."""
    if isinstance(unit.subject, ox.NamedNode):
        yield from names.get(unit.subject.value, ())
    for predicate, value in unit.objects:
        if isinstance(value, ox.NamedNode):
            yield from names.get(value.value, ())
        elif (
            value.datatype.value == _XSD_DECIMAL
            or value.language is not None
            or predicate in (CMQ.address.value, CMQ.asRead.value)
        ):
            yield value.value


def _said(anchor: str, words: frozenset[str], figures: frozenset[float]) -> bool:
    if re.fullmatch(r"-?\d+(\.\d+)?", anchor):
        value = float(anchor)
        spelt = _NUMBER_WORDS.get(int(value), "").split() if value.is_integer() else []
        return value in figures or any(_fold_word(word) in words for word in spelt)
    wanted = [word for word in _words(anchor) if word not in _EMPTY]
    if not wanted:
        return False
    hits = sum(1 for word in wanted if word in words or _close(word, words))
    return hits >= _ENOUGH * len(wanted)


def _fold_word(word: str) -> str:
    return word.translate(_OCR)


def _fold(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'").replace("ﬁ", "fi")
    text = re.sub(r"[-‐­]\s*\n\s*", "", text)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Return the folded words of *text*, OCR look-alikes made equal."""
    return tuple(_fold_word(word) for word in re.findall(r"[a-z0-9|!]+", _fold(text)))


@lru_cache(maxsize=65536)
def _close(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word of the lines is *word* but for a slip; short words must be exact."""
    if len(word) < 4:  # noqa: PLR2004  three letters leave no room for a slip
        return False
    return any(
        (other.startswith(word[:6]) and len(word) > 5) or difflib.SequenceMatcher(None, word, other).ratio() >= _FUZZY  # noqa: PLR2004
        for other in words
        if abs(len(other) - len(word)) <= 3 or other.startswith(word[:6])  # noqa: PLR2004
    )


@lru_cache(maxsize=4096)
def _figures(text: str) -> frozenset[float]:
    """Return the numbers written in *text*: ``9 000``, ``71,5 K€`` (also as 71500), ``1/3`` (also as 0.33)."""
    found: set[float] = set()
    joined = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    for match in re.finditer(r"\d+(?:[.,]\d+)?", joined):
        value = float(match[0].replace(",", "."))
        found.add(value)
        if re.match(r"\s*k\s*€|\s*K\b", joined[match.end() :], flags=re.IGNORECASE):
            found.add(value * 1000)
        if re.match(r"\s*M€|\s*millions?", joined[match.end() :], flags=re.IGNORECASE):
            found.add(value * 1_000_000)
    for match in re.finditer(r"(\d+)\s*/\s*(\d+)", joined):
        if int(match[2]):
            found.add(round(int(match[1]) / int(match[2]), 2))
    return frozenset(found)
