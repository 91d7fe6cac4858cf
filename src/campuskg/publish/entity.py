"""The page of one thing, ready to be drawn: what it is, its facts in sections, each with its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox

from campuskg.errors import Lang, Text, pick
from campuskg.ontology import compact, expand
from campuskg.publish import words
from campuskg.publish.layout import Section, layout
from campuskg.publish.values import shown
from campuskg.release import Release
from campuskg.release.description import Describer, Description, Evidence, Fact, StatementView, grouped

_MORE: Final = Text("Autres informations", "More information")
_LANGUAGES: Final = ("fr", "en")
_HIDDEN: Final = frozenset({"cmq:contradicts", "cmq:fromPrecision", "cmq:untilPrecision", "cmq:confidence", "cmq:asRead"})
_KEY_FACTS: Final = 6


class Value(NamedTuple):
    """One value as shown, with the IRI behind it if it is a thing, and what proves it."""

    text: str
    iri: str = ""
    evidence: tuple[Evidence, ...] = ()
    rank: str = "normal"


@dataclass(frozen=True, slots=True)
class Row:
    """One property and its values."""

    label: str
    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One qualified statement as a line of a table; *conflicts* are the statements it contradicts, as sentences."""

    iri: str
    cells: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Statements as lines under headings; columns without any value are left out."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section that has something to say."""

    id: str
    heading: str
    rows: tuple[Row, ...] = ()
    table: Table | None = None


@dataclass(slots=True)
class EntityPage:
    """All that the page of one thing shows, in one language."""

    iri: str
    lang: Lang
    name: str
    types: tuple[Value, ...]
    other_names: tuple[Value, ...]
    intro: str
    key_facts: tuple[Row, ...] = ()
    sections: list[PageSection] = field(default_factory=list)
    incoming: tuple[Row, ...] = ()
    partners: tuple[Value, ...] = ()
    documents: tuple[tuple[Value, int], ...] = ()
    """Documents that prove something of it, with the number of passages."""
    silent: tuple[str, ...] = ()
    """What a reader would expect and the sources do not say."""
    point: tuple[float, float] | None = None
    """Latitude and longitude (WGS 84) of the thing or of its place."""


class EntityPages:
    """Makes the pages of the things of one release."""

    def __init__(self, release: Release) -> None:
        """Prepare for *release*."""
        self._release = release
        self._describer = Describer(release)
        self._names = release.names

    def page(self, iri: str, lang: Lang) -> EntityPage | None:
        """Return the page of *iri* in *lang*; None when the release says nothing of it."""
        found = self._describer.describe(iri)
        return _Maker(self._release, self._describer, found, lang).page() if found else None


class _Maker:
    """Makes one page."""

    def __init__(self, release: Release, describer: Describer, found: Description, lang: Lang) -> None:
        self._release = release
        self._describer = describer
        self._found = found
        self._names = release.names
        self._lang: Lang = lang
        self._colon = " : " if lang == "fr" else ": "

    def page(self) -> EntityPage:
        found = self._found
        name = self._names.name(found.iri, self._lang)
        types = tuple(self._thing(cls) for cls in sorted(found.types, key=self._class_order))
        others = {fact.value.value: self._value(fact) for fact in found.names if fact.value.value != name}
        page = EntityPage(found.iri, self._lang, name, types, tuple(others[text] for text in sorted(others)), "")
        page.sections = list(self._sections())
        page.key_facts = tuple(row for section in page.sections[:1] for row in section.rows)[:_KEY_FACTS]
        page.incoming = tuple(self._incoming())
        page.partners = tuple(sorted(map(self._thing, self._partners()), key=lambda value: value.text))
        page.documents = tuple(self._documents())
        page.silent = tuple(self._silent())
        page.point = self._point()
        page.intro = self._intro(page)
        return page

    def _class_order(self, cls: str) -> tuple[bool, str]:
        """Our own classes before those of other vocabularies."""
        return (not compact(cls).startswith("cmq:"), cls)

    def _sections(self) -> Iterator[PageSection]:
        facts: dict[str, list[Row]] = {}
        for predicate, values in grouped(self._found.facts).items():
            name = compact(predicate)
            if name not in _HIDDEN:
                row = Row(self._names.name(predicate, self._lang), predicate, tuple(self._value(fact) for fact in values))
                facts.setdefault(layout().of_fact(name), []).append(row)
        statements: dict[str, list[StatementView]] = {}
        for view in self._found.statements:
            key = f"{_local(view.cls)}/{_local(view.link)}"
            if compact(view.link) not in _HIDDEN:
                statements.setdefault(layout().of_statement(key), []).append(view)
        for section in layout().sections:
            rows = sorted(facts.get(section.id, ()), key=lambda row: section.facts.index(compact(row.property)))
            views = statements.get(section.id, [])
            if rows or views:
                table = self._table(section, views) if views else None
                yield PageSection(section.id, pick(section.heading, self._lang), tuple(rows), table)
        rest = statements.get("more", [])
        if facts.get("more") or rest:
            every = Section("more", _MORE, (), (), tuple(dict.fromkeys((_local(f.property),) for v in rest for f in v.facts)))
            yield PageSection(
                "more", pick(_MORE, self._lang), tuple(facts.get("more", ())), self._table(every, rest) if rest else None
            )

    def _table(self, section: Section, views: Sequence[StatementView]) -> Table:
        lines = [self._line(section, view) for view in views]
        used = [number for number, _ in enumerate(section.columns) if any(line.cells[number] for line in lines)]
        headings = tuple(self._heading(section.columns[number]) for number in used)
        kept = (Line(v.iri, tuple(v.cells[number] for number in used), v.evidence, v.conflicts) for v in lines)
        return Table(headings, tuple(sorted(kept, key=lambda line: [[v.text for v in cell] for cell in line.cells])))

    def _heading(self, column: Sequence[str]) -> str:
        if column[0] == "period":
            return pick(Text("Dates", "Dates"), self._lang)
        if column[0].endswith("Amount"):
            return pick(Text("Montant", "Amount"), self._lang)
        return self._names.name(_property(column[0]), self._lang)

    def _line(self, section: Section, view: StatementView) -> Line:
        by_name: dict[str, list[Fact]] = {}
        for fact in view.facts:
            by_name.setdefault(_local(fact.property), []).append(fact)
        cells = tuple(self._cell(column, by_name) for column in section.columns)
        conflicts = tuple(self._conflict(fact) for fact in by_name.get("contradicts", ()))
        return Line(view.iri, cells, view.evidence, conflicts)

    def _cell(self, column: Sequence[str], by_name: Mapping[str, Sequence[Fact]]) -> tuple[Value, ...]:
        if column[0] == "period":
            text = _period(by_name, self._lang)
            return (Value(text),) if text else ()
        return next((tuple(map(self._value, by_name[name])) for name in column if name in by_name), ())

    def _conflict(self, fact: Fact) -> Value:
        """Return the other statement of a contradiction, with its own evidence."""
        from campuskg.publish.sentences import Sentences

        other = self._describer.describe(fact.value.value)
        facts: dict[str, list[ox.NamedNode | ox.Literal]] = {"rdf:type": [ox.NamedNode(cls) for cls in other.types]}
        for one in other.facts:
            facts.setdefault(compact(one.property), []).append(one.value)
        evidence = self._describer.evidence(ox.NamedNode(fact.value.value))
        return Value(Sentences(self._names, self._lang).statement(facts), fact.value.value, evidence)

    def _incoming(self) -> Iterator[Row]:
        for predicate, facts in grouped(self._found.incoming).items():
            words_of = layout().inverse.get(compact(predicate))
            label = pick(words_of, self._lang) if words_of else self._names.name(predicate, self._lang)
            values = sorted(map(self._value, facts), key=lambda value: value.text)
            yield Row(label, predicate, tuple(values))

    def _partners(self) -> Iterable[str]:
        return self._release.partners(self._found.iri)

    def _documents(self) -> Iterator[tuple[Value, int]]:
        passages: dict[str, set[str]] = {}
        for evidence in self._evidence():
            passages.setdefault(evidence.source, set()).add(evidence.locator)
        for source, locators in sorted(passages.items()):
            yield self._thing(f"{_ID}document/{source}"), len(locators)

    def _evidence(self) -> Iterator[Evidence]:
        for fact in (*self._found.names, *self._found.facts, *self._found.incoming):
            yield from fact.evidence
        for view in self._found.statements:
            yield from view.evidence

    def _silent(self) -> Iterator[str]:
        said = {compact(fact.property) for fact in self._found.facts}
        said |= {f"{_local(view.cls)}/{_local(view.link)}" for view in self._found.statements}
        said |= {compact(fact.property) for fact in self._found.incoming}
        for cls in self._found.types:
            for name in layout().expected.get(_local(cls), ()):
                if name not in said:
                    head, slash, _ = name.partition("/")
                    yield self._names.name(_property(head) if slash else expand(name), self._lang)

    def _point(self) -> tuple[float, float] | None:
        places = [fact.value.value for fact in self._found.facts if compact(fact.property) == "cmq:locatedIn"]
        for iri in (self._found.iri, *sorted(places, key=lambda place: "/place/commune" not in place)):
            quads = self._release.store.about(ox.NamedNode(iri))
            about = {compact(q.predicate.value): q.object.value for q in quads if isinstance(q.object, ox.Literal)}
            if {"cmq:latitude", "cmq:longitude"} <= about.keys():
                return float(about["cmq:latitude"]), float(about["cmq:longitude"])
        return None

    def _intro(self, page: EntityPage) -> str:
        """Return one generated sentence: what it is, where, and on how much evidence."""
        kind = page.types[0].text if page.types else ""
        place = next((row.values[0].text for s in page.sections if s.id == "place" for row in s.rows if row.values), "")
        passages = sum(count for _, count in page.documents)
        said = len(self._found.facts) + len(self._found.statements)
        head = f"{kind}{f', {place}' if place else ''}."
        if not passages:
            return head
        fr = f"{_many(said, 'énoncé')}, {'prouvé' if said == 1 else 'prouvés'} par {_many(passages, 'passage')}"
        en = f"{_many(said, 'statement')}, proved by {_many(passages, 'passage')}"
        of = _many(len(page.documents), "document")
        return f"{head} " + pick(Text(f"{fr} de {of}.", f"{en} of {of}."), self._lang)

    def _value(self, fact: Fact) -> Value:
        iri = fact.value.value if isinstance(fact.value, ox.NamedNode) else ""
        return Value(shown(fact.property, fact.value, self._names, self._lang), iri, fact.evidence, fact.rank)

    def _thing(self, iri: str) -> Value:
        return Value(self._names.name(iri, self._lang), iri)


_ID: Final = expand("id:")


def _many(count: int, word: str) -> str:
    """Return the count and the word, which takes an s in both languages.

    >>> _many(1, "passage"), _many(2, "document")
    ('1 passage', '2 documents')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _local(iri: str) -> str:
    """Return the local name of a term of ours or of another vocabulary."""
    return compact(iri).partition(":")[2]


def _property(name: str) -> str:
    """Return the IRI of the property or class with the local *name* that the layout gives."""
    return expand(f"skos:{name}") if name == "note" else expand(f"cmq:{name}")


def _period(by_name: Mapping[str, Sequence[Fact]], lang: Lang) -> str:
    first, last, from_precision, until_precision = (
        by_name[name][0].value.value if name in by_name else ""
        for name in ("validFrom", "validUntil", "fromPrecision", "untilPrecision")
    )
    return words.period(first, last, lang, (from_precision or "day", until_precision or "day"))
