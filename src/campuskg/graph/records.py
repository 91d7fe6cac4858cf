"""From YAML records to statements: the walk over a record, the standard JSON-LD mapping, and where each triple was written.

Every key of every record becomes one small JSON-LD named graph, so that the JSON-LD algorithm (not our code) makes the
triples and each triple still knows its file, line, column and evidence.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from campuskg.errors import Place, Problem
from campuskg.graph.context import Context, Key, load_context
from campuskg.graph.dates import DateSpan, date_span, is_moment
from campuskg.graph.identifiers import IDENTIFIER_CHECKS
from campuskg.graph.minting import mint, node_rules
from campuskg.graph.schema import nested_class
from campuskg.graph.sources import BadLocator, Locator, Source, parse_locator
from campuskg.graph.yaml_source import Path_, Value, YamlDocument
from campuskg.ontology import load_terms

RANK_NORMAL: Final = "rk:normal"


@dataclass(frozen=True, slots=True)
class Statement:
    """One curated triple, with its evidence and its place in the files."""

    triple: ox.Triple
    evidence: tuple[Locator, ...]
    place: Place
    reified: bool
    """True for plain facts, which get a Claim; False inside a node that carries its own evidence."""
    rank: str = RANK_NORMAL
    reason: str = ""


@dataclass(slots=True)
class Collector:
    """What the walk gathers."""

    sources: Mapping[str, Source]
    index: Mapping[str, str]
    """Record id -> class name."""
    problems: list[Problem] = field(default_factory=list)
    fragments: list[Mapping[str, object]] = field(default_factory=list)
    meta: list[tuple[Place, tuple[Locator, ...], bool, str, str]] = field(default_factory=list)
    node_places: dict[str, Place] = field(default_factory=dict)
    references: list[tuple[str, Place, str]] = field(default_factory=list)
    """Ids that must exist: id, place, key."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    locators: tuple[Locator, ...]
    reified: bool
    rank: str = RANK_NORMAL
    reason: str = ""
    written: bool = True
    """Whether the curator wrote any evidence, even one that cannot be read (which is then said at its own place)."""


class RecordWalk:
    """Walks one record of one document and feeds the collector."""

    def __init__(self, document: YamlDocument, collector: Collector) -> None:
        """Prepare to walk records of *document* into *collector*."""
        self.document = document
        self.out = collector
        self.context: Context = load_context()
        self.terms = load_terms()

    def record(self, record: Mapping[str, Value], path: Path_) -> None:
        """Walk a top-level record (with ``id`` and ``type``, or ``about``)."""
        about = record.get("about")
        if isinstance(about, str):
            node, class_name = about, self.out.index[about]
        else:
            node, class_name = str(record.get("id", "")), str(record["type"])
            self.out.node_places[node] = self.document.key_place((*path, "id"))
            self._type(node, class_name, path, record)
        self._body(node, class_name, record, path)

    def _type(self, node: str, class_name: str, path: Path_, record: Mapping[str, Value]) -> None:
        key = "type" if "type" in record else "src"
        evidence = self._evidence(class_name, record, path)
        self._fragment({"@id": node, "type": class_name}, self.document.key_place((*path, key)), evidence)

    def _body(self, node: str, class_name: str, record: Mapping[str, Value], path: Path_) -> None:
        evidence = self._evidence(class_name, record, path)
        self._mentions(node, evidence, path)
        self._keys(node, class_name, record, path, evidence)
        blocks = record.get("stated", [])
        for number, block in enumerate(blocks if isinstance(blocks, list) else []):
            if isinstance(block, dict):
                here = (*path, "stated", number)
                block_evidence = self._evidence(class_name, block, here)
                self._mentions(node, block_evidence, here)
                self._keys(node, class_name, block, here, block_evidence)

    def _evidence(self, class_name: str, holder: Mapping[str, Value], path: Path_) -> _Evidence:
        reified = not self.terms.is_statement(self.context.classes[class_name])
        rank = str(holder.get("claimRank", RANK_NORMAL))
        return _Evidence(self._locators(holder, path), reified, rank, str(holder.get("claimReason", "")), "src" in holder)

    def _locators(self, holder: Mapping[str, Value], path: Path_) -> tuple[Locator, ...]:
        found: list[Locator] = []
        for text, place in self._scalars(holder, "src", path):
            try:
                found.append(parse_locator(text, self.out.sources))
            except BadLocator as bad:
                self.out.problems.append(Problem(bad.code, place, bad.params))
        return tuple(dict.fromkeys(found))

    def _scalars(self, holder: Mapping[str, Value], key: str, path: Path_) -> Iterator[tuple[str, Place]]:
        value = holder.get(key, [])
        if isinstance(value, str):
            yield value, self.document.place((*path, key))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, str):
                    yield item, self.document.place((*path, key, number))

    def _mentions(self, node: str, evidence: _Evidence, path: Path_) -> None:
        place = self.document.key_place((*path, "src"))
        for locator in evidence.locators:
            self._fragment({"@id": node, "src": locator.iri}, place, _Evidence(evidence.locators, reified=False))

    def _keys(self, node: str, class_name: str, holder: Mapping[str, Value], path: Path_, evidence: _Evidence) -> None:
        self._dates(node, holder, path, evidence)
        for name, value in holder.items():
            key = self.context.keys.get(name)
            if key is None:
                continue
            if key.form == "node":
                items = value if isinstance(value, list) else [value]
                for number, item in enumerate(items):
                    item_path = (*path, name, number) if isinstance(value, list) else (*path, name)
                    if isinstance(item, dict):
                        self._nested(node, class_name, key, item, item_path)
                continue
            for text, place in self._scalars(holder, name, path):
                self._plain(node, key, text, place, evidence)

    def _plain(self, node: str, key: Key, text: str, place: Place, evidence: _Evidence) -> None:
        check = IDENTIFIER_CHECKS.get(key.name)
        if check is not None and not check(text):
            self.out.problems.append(Problem("bad-identifier", place, {"key": key.name, "value": text}))
            return
        if key.form == "reference":
            self.out.references.append((text, place, key.name))
        if key.form == "dateTime" and not is_moment(text):
            self.out.problems.append(Problem("bad-moment", place, {"value": text, "key": key.name}))
            return
        if evidence.reified and not evidence.written:
            self.out.problems.append(Problem("missing-evidence", place, {"key": "src"}))
        self._fragment({"@id": node, key.name: text}, place, evidence)

    def _nested(self, owner: str, owner_class: str, key: Key, item: Mapping[str, Value], path: Path_) -> None:
        written = item.get("type")
        class_name = (
            written if isinstance(written, str) and written in node_rules() else nested_class(key, self.context, self.terms)
        )
        link = key.iri.rsplit("#", 1)[1] if key.reverse else key.name
        node = str(item.get("id") or mint(class_name, item, (link, owner)))
        place = self.document.place(path)
        first = self.out.node_places.get(node)
        if first is not None:
            self.out.problems.append(Problem("same-iri", place, {"id": node, "first": str(first)}))
            return
        self.out.node_places[node] = place
        self._type(node, class_name, path, item)
        # A reverse link is a triple of the nested node, a forward one a triple of its owner: the subject decides on a claim.
        evidence = self._evidence(class_name if key.reverse else owner_class, item, path)
        self._fragment({"@id": owner, key.name: {"@id": node}}, place, evidence)
        self._body(node, class_name, item, path)

    def _dates(self, node: str, holder: Mapping[str, Value], path: Path_, evidence: _Evidence) -> None:
        spans: dict[str, tuple[DateSpan, Place]] = {}
        for name in ("from", "until", "on"):
            for text, place in self._scalars(holder, name, path):
                try:
                    spans[name] = (date_span(text), place)
                except ValueError:
                    self.out.problems.append(Problem("bad-date", place, {"value": text, "key": name}))
        if spans and evidence.reified and not evidence.written:
            self.out.problems.append(Problem("missing-evidence", next(iter(spans.values()))[1], {"key": "src"}))
        if "on" in spans and ("from" in spans or "until" in spans):
            self.out.problems.append(Problem("on-with-from", spans["on"][1]))
            return
        start = spans.get("from") or spans.get("on")
        end = spans.get("until") or spans.get("on")
        if start and end and end[0].last < start[0].first:
            params = {"until": end[0].last, "first": start[0].first}
            self.out.problems.append(Problem("until-before-from", end[1], params))
        if start:
            self._date(node, ("validFrom", start[0].first), ("fromPrecision", start[0].precision), start[1], evidence)
        if end:
            self._date(node, ("validUntil", end[0].last), ("untilPrecision", end[0].precision), end[1], evidence)

    def _date(self, node: str, value: tuple[str, str], precision: tuple[str, str], place: Place, evidence: _Evidence) -> None:
        for key, text in (value, precision):
            self._fragment({"@id": node, key: text}, place, evidence)

    def _fragment(self, fragment: Mapping[str, object], place: Place, evidence: _Evidence) -> None:
        self.out.fragments.append(fragment)
        self.out.meta.append((place, evidence.locators, evidence.reified, evidence.rank, evidence.reason))


def statements(collector: Collector) -> list[Statement]:
    """Run the JSON-LD algorithm over the fragments and give each triple its evidence and place.

    A fragment that gives no triple (its value is no IRI) is a problem: JSON-LD would drop it in silence.
    """
    graphs = [{"@id": f"urn:statement:{n}", "@graph": [fragment]} for n, fragment in enumerate(collector.fragments)]
    text = json.dumps({**load_context().json, "@graph": graphs}, ensure_ascii=False)
    found: list[Statement] = []
    seen: set[int] = set()
    for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD):
        assert isinstance(quad.graph_name, ox.NamedNode)  # noqa: S101  every fragment is a named graph
        number = int(quad.graph_name.value.rsplit(":", 1)[1])
        seen.add(number)
        place, evidence, reified, rank, reason = collector.meta[number]
        found.append(Statement(quad.triple, evidence, place, reified, rank, reason))
    for number in sorted(set(range(len(collector.meta))) - seen):
        key, value = list(collector.fragments[number].items())[-1]
        collector.problems.append(Problem("bad-value", collector.meta[number][0], {"value": value, "key": key}))
    return found
