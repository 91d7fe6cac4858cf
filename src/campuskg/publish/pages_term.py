"""Pages of the vocabulary and of the layers: a code list, a code with its uses, a named graph."""

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.drawn import Drawer, address
from campuskg.publish.pages import interface_words
from campuskg.publish.pages_entity import kind_items
from campuskg.publish.pages_statement import is_said, sentence
from campuskg.publish.published import Published, facts_of
from campuskg.publish.sentences import Facts
from campuskg.publish.sheet import Block, Entry, Grid, Item, Line, Sheet
from campuskg.publish.values import shown
from campuskg.release.layers import graph_name
from campuskg.store import Engine

_ABOUT: Final = frozenset(
    {
        "rdf:type", "skos:prefLabel", "skos:definition", "skos:inScheme", "skos:topConceptOf", "skos:hasTopConcept",
        "dcterms:title", "dcterms:license", "rdfs:isDefinedBy", "rdfs:label",
    }
)  # fmt: skip


def scheme_sheet(published: Published, iri: str, lang: Lang) -> Sheet:
    """Return the page of the code list *iri*: its codes, what they mean, how often each is used."""
    facts, drawer, said = facts_of(published, iri), Drawer(published.release.names, lang), interface_words(lang)
    sheet = Sheet(iri.removeprefix(BASE_IRI), drawer.names.name(iri, lang), kind_items(_classes(facts), drawer))
    sheet.lead = _text(facts, "skos:definition", lang) or said["lead_scheme"]
    sheet.keys = list(_entries(facts, drawer))
    codes = sorted(published.members(sheet.path), key=lambda code: drawer.names.name(code, lang))
    lines = [_code_line(published, code, drawer) for code in codes]
    headings = (said["code"], said["code_notation"], said["code_meaning"], said["code_uses"])
    grid = Grid(headings, lines, proved=False, numbers=(False, False, False, True))
    sheet.blocks = [Block("codes", said["codes"], grid=grid)]
    return sheet


def _code_line(published: Published, iri: str, drawer: Drawer) -> Line:
    facts = facts_of(published, iri)
    notation = next((value.value for value in facts.get("skos:notation", ())), "")
    meaning = _text(facts, "skos:definition", drawer.lang)
    count = sum(len(users) for users in uses(published, iri).values())
    cells = (
        [drawer.thing(iri)],
        [Item(notation)],
        [Item(meaning)] if meaning else [],
        [Item(words.number(str(count), drawer.lang))],
    )
    return Line(cells)


def code_sheet(published: Published, iri: str, lang: Lang) -> Sheet:
    """Return the page of the code *iri*: what it means, where it stands in its list, what uses it."""
    facts, drawer, said = facts_of(published, iri), Drawer(published.release.names, lang), interface_words(lang)
    names = published.release.names
    sheet = Sheet(iri.removeprefix(BASE_IRI), names.name(iri, lang), kind_items(_classes(facts), drawer))
    sheet.lead = _text(facts, "skos:definition", lang)
    schemes = [drawer.thing(value.value) for value in facts.get("skos:inScheme", ())]
    sheet.crumbs = schemes
    sheet.keys = [Entry(said["code_list"], schemes), *_entries(facts, drawer)]
    sheet.blocks = list(_uses(published, iri, drawer))
    if not sheet.blocks:
        sheet.blocks = [Block("uses", said["code_uses"], said["code_unused"])]
    return sheet


def uses(published: Published, iri: str) -> Mapping[str, list[str]]:
    """Return who uses the code *iri* among the facts, by property."""
    found: dict[str, list[str]] = {}
    for quad in published.release.store.to(ox.NamedNode(iri)):
        if quad.graph_name == graph_name("facts") and isinstance(quad.subject, ox.NamedNode):
            found.setdefault(quad.predicate.value, []).append(quad.subject.value)
    return {name: sorted(users) for name, users in sorted(found.items())}


def _uses(published: Published, iri: str, drawer: Drawer) -> Iterable[Block]:
    """Yield what uses a code: things by name, statements by sentence; and the narrower codes."""
    said = interface_words(drawer.lang)
    below = published.pointing(iri, "skos:broader")
    if below:
        yield Block("narrower", said["code_narrower"], items=[drawer.thing(one) for one in below])
    for predicate, users in uses(published, iri).items():
        label = drawer.names.name(predicate, drawer.lang)
        items = sorted((_user(published, user, drawer) for user in users), key=lambda item: item.text)
        heading = said["uses_of"].format(property=label, count=words.number(str(len(items)), drawer.lang))
        yield Block("as-" + predicate.rpartition("#")[2].rpartition("/")[2], heading, items=items)


def _user(published: Published, iri: str, drawer: Drawer) -> Item:
    facts = facts_of(published, iri)
    return Item(sentence(published, facts, drawer.lang) if is_said(facts) else drawer.names.name(iri, drawer.lang), address(iri))


def graph_sheet(published: Published, path: str, lang: Lang) -> Sheet:
    """Return the page of one layer of the dataset: what it holds, how much, of which classes."""
    layer, said = path.removeprefix("graph/"), interface_words(lang)
    drawer = Drawer(published.release.names, lang)
    count, classes = _counted(published.release.store, graph_name(layer).value)
    sheet = Sheet(path, said[f"graph_{layer}"], [Item(said["graph"])], said[f"graph_{layer}_lead"])
    version = BASE_IRI + published.version
    sheet.keys = [
        Entry(said["graph_triples"], [Item(words.number(str(count), lang))]),
        Entry(said["part_of"], [Item(said["data_title"], address(version))]),
    ]
    lines = [
        Line([[drawer.thing(cls)], [Item(words.number(str(number), lang))]])
        for cls, number in sorted(classes.items(), key=lambda one: (-one[1], one[0]))
    ]
    headings = (said["graph_class"], said["graph_count"])
    sheet.blocks = [Block("classes", said["graph_classes"], grid=Grid(headings, lines, proved=False, numbers=(False, True)))]
    return sheet


def _counted(store: Engine, graph: str) -> tuple[int, Mapping[str, int]]:
    """Return the number of triples in *graph*, and of instances of each class there."""
    total = store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").dicts()
    typed = f"GRAPH <{graph}> {{ ?s <{expand('rdf:type')}> ?kind }} FILTER(ISIRI(?kind))"
    kinds = store.select(f"SELECT ?kind (COUNT(*) AS ?n) WHERE {{ {typed} }} GROUP BY ?kind").dicts()
    return int(total[0]["n"]), {row["kind"]: int(row["n"]) for row in kinds}


def _entries(facts: Facts, drawer: Drawer) -> Iterable[Entry]:
    for name, values in facts.items():
        if name in _ABOUT:
            continue
        kept = [v for v in values if not (isinstance(v, ox.Literal) and v.language not in (None, drawer.lang))] or values
        items = [
            Item(shown(expand(name), v, drawer.names, drawer.lang), address(v.value) if isinstance(v, ox.NamedNode) else "")
            for v in kept
        ]
        yield Entry(drawer.label(drawer.names.name(expand(name), drawer.lang), name), items)


def _text(facts: Facts, name: str, lang: Lang) -> str:
    """Return the text of the property *name* in *lang*, in any language failing that."""
    texts = {v.language: v.value for v in facts.get(name, ()) if isinstance(v, ox.Literal)}
    return texts.get(lang) or next(iter(texts.values()), "")


def _classes(facts: Facts) -> list[str]:
    return [value.value for value in facts.get("rdf:type", ()) if isinstance(value, ox.NamedNode)]
