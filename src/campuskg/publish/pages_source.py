"""Pages of the sources: a passage with all that it proves, a document with its passages and how much of it was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, overload

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import CMQ, compact, expand
from campuskg.publish import words
from campuskg.publish.drawn import Drawer, address, capital, shortened
from campuskg.publish.pages import interface_words
from campuskg.publish.pages_entity import kind_items
from campuskg.publish.pages_statement import is_said, sentence
from campuskg.publish.published import Published, facts_of
from campuskg.publish.sentences import Facts
from campuskg.publish.sheet import Block, Entry, Grid, Item, Line, Sheet
from campuskg.publish.values import shown

_ID: Final = BASE_IRI + "id/"
_LONGEST: Final = 160
_PRECISIONS: Final = frozenset(map(expand, ("cmq:fromPrecision", "cmq:untilPrecision")))
"""What the dates beside them say already."""


def passage_sheet(published: Published, iri: str, lang: Lang) -> Sheet:
    """Return the page of the passage *iri*: document, lines, quotation when it is at hand, everything that it proves."""
    facts, drawer, said = facts_of(published, iri), Drawer(published.release.names, lang), interface_words(lang)
    path = iri.removeprefix(BASE_IRI)
    source, _, locator = path.removeprefix("id/passage/").partition("/")
    document = drawer.thing(f"{_ID}document/{source}")
    where = _where(facts, locator, lang)
    sheet = Sheet(path, f"{source}, {where}", kind_items([expand("cmq:Passage")], drawer), said["lead_passage"])
    sheet.crumbs = [document]
    quotation = next((one.value for one in facts.get("oa:exact", ())), "")
    text = " ".join(quotation.split())
    note = "" if text else said["quotation_absent_long"]
    sheet.blocks = [Block("quotation", said["quotation"], quotation=text, note=note), *_proved(published, iri, drawer)]
    return sheet


def _where(facts: Facts, locator: str, lang: Lang) -> str:
    said = interface_words(lang)
    first, last = (next((v.value for v in facts.get(f"cmq:{name}", ())), "") for name in ("startLine", "endLine"))
    if first:
        return said["proof_line"].format(lines=first) if first == last else said["proof_lines"].format(lines=f"{first}–{last}")
    return next((value.value for value in facts.get("cmq:rowKey", ())), locator)


def _proved(published: Published, iri: str, drawer: Drawer) -> Iterable[Block]:
    """Yield what the passage proves: statements, claims, inferences, and the things that they are about."""
    said, proved = interface_words(drawer.lang), proved_by(published, iri)
    for key, wanted in (
        ("proves_statements", "statement"),
        ("proves_claims", "cmq:Claim"),
        ("proves_inferences", "cmq:Inference"),
    ):
        facts = ((one, facts_of(published, one)) for one in proved.get(wanted, ()))
        said_of = ((one, known) for one, known in facts if not _PRECISIONS & {v.value for v in known.get("rdf:predicate", ())})
        items = [Item(sentence(published, known, drawer.lang), address(one)) for one, known in said_of]
        if items:
            yield Block(key.replace("_", "-"), said[key], items=sorted(items, key=lambda item: item.text))
    things = [drawer.thing(one) for one in proved.get("thing", ())]
    if things:
        yield Block("proves-things", said["proves_things"], items=sorted(things, key=lambda item: item.text))


def proved_by(published: Published, passage: str) -> dict[str, list[str]]:
    """Return the IRIs that the *passage* proves, by what they are."""
    found: dict[str, list[str]] = {}
    for iri in published.pointing(passage, "cmq:sourcePassage"):
        found.setdefault(_kind(published, iri), []).append(iri)
    return found


def _kind(published: Published, iri: str) -> str:
    facts = facts_of(published, iri)
    classes = {compact(value.value) for value in facts.get("rdf:type", ())}
    named = next((name for name in ("cmq:Claim", "cmq:Inference") if name in classes), "")
    return named or ("statement" if is_said(facts) else "thing")


@dataclass(frozen=True, slots=True)
class Strip:
    """How much of a document proves something: one bar a stretch of lines."""

    title: str
    width: int
    bars: tuple[tuple[float, float], ...]


def document_sheet(published: Published, iri: str, lang: Lang) -> Sheet:
    """Return the page of the source document *iri*: what it is, how much of it is used, each passage with what it proves."""
    facts, drawer, said = facts_of(published, iri), Drawer(published.release.names, lang), interface_words(lang)
    names = published.release.names
    sheet = Sheet(iri.removeprefix(BASE_IRI), names.name(iri, lang), kind_items([expand("cmq:SourceDocument")], drawer))
    sheet.lead = said["lead_document"]
    left_out = {"rdf:type", "skos:prefLabel"}
    for name, values in facts.items():
        if name not in left_out:
            texts = [Item(shown(expand(name), value, names, lang), address(value.value)) for value in values]
            sheet.keys = [*sheet.keys, Entry(capital(names.name(expand(name), lang)), texts)]
    passages = _passages(published, iri)
    count = next((int(value.value) for value in facts.get("cmq:lineCount", ())), 0)
    sheet.strip = _strip(passages, count, lang)
    lines = _Lines(published, passages, drawer)
    headings = (said["passage"], said["proves"], said["quotation"])
    sheet.blocks = [Block("passages", said["passages"], grid=Grid(headings, lines, proved=False, numbers=(False, True, False)))]
    return sheet


class _Span(NamedTuple):
    """A passage and the lines that it covers: zeros where the document has none."""

    first: int
    last: int
    iri: str


@lru_cache(maxsize=4)  # a long document fills many pages, which follow each other
def _passages(published: Published, document: str) -> tuple[_Span, ...]:
    """Return the passages of *document* in the order of its lines."""
    return tuple(sorted(_span(published, iri) for iri in published.pointing(document, "oa:hasSource")))


def _span(published: Published, iri: str) -> _Span:
    found = dict.fromkeys((CMQ.startLine.value, CMQ.endLine.value), 0)
    for quad in published.release.store.about(ox.NamedNode(iri)):
        if quad.predicate.value in found and isinstance(quad.object, ox.Literal):
            found[quad.predicate.value] = int(quad.object.value)
    first, last = found.values()
    return _Span(first, max(first, last), iri)


class _Lines(Sequence[Line]):
    """The passages of a document as lines of a table, each made when it is shown: a long document has thousands."""

    def __init__(self, published: Published, passages: Sequence[_Span], drawer: Drawer) -> None:
        self._published, self._passages, self._drawer = published, passages, drawer

    def __len__(self) -> int:
        return len(self._passages)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [_passage_line(self._published, one.iri, self._drawer) for one in self._passages[index]]
        return _passage_line(self._published, self._passages[index].iri, self._drawer)


def _passage_line(published: Published, iri: str, drawer: Drawer) -> Line:
    facts = facts_of(published, iri)
    locator = iri.removeprefix(f"{_ID}passage/").partition("/")[2]
    quotation = " ".join(next((value.value for value in facts.get("oa:exact", ())), "").split())
    short = shortened(quotation, _LONGEST)
    proved = {one for layer in ("facts", "claims") for one in published.pointing(iri, "cmq:sourcePassage", layer)}
    count = len(proved)
    cells = [[Item(_where(facts, locator, drawer.lang), address(iri))], [Item(words.number(str(count), drawer.lang))]]
    return Line([*cells, [Item(short)] if short else []])


def _strip(passages: Sequence[_Span], count: int, lang: Lang) -> Strip | None:
    """Return the stretches of lines that passages cover; None for a document without lines."""
    if not count or not any(passage.first for passage in passages):
        return None
    merged: list[list[int]] = []
    for first, last, _ in passages:
        if first and merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        elif first:
            merged.append([first, last])
    covered = sum(last - first + 1 for first, last in merged)
    said = interface_words(lang)
    numbers = {"covered": words.number(str(covered), lang), "count": words.number(str(count), lang)}
    title = said["strip"].format(share=words.percent(str(100 * covered / count), lang), **numbers)
    width = 1000
    bars = [
        (round((first - 1) / count * width, 1), round(max((last - first + 1) / count * width, 1.5), 1)) for first, last in merged
    ]
    return Strip(title, width, tuple(bars))
