"""Pages of what is said: a qualified statement, a claim as read, an inference; each with its sentence and proofs."""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.ontology import compact, expand, load_terms
from campuskg.publish import words
from campuskg.publish.drawn import Drawer, address, capital
from campuskg.publish.pages import interface_words
from campuskg.publish.pages_entity import kind_items
from campuskg.publish.published import Published, facts_of
from campuskg.publish.sentences import Facts, Sentences
from campuskg.publish.sheet import Block, Entry, Grid, Item, Line, Sheet
from campuskg.publish.values import shown
from campuskg.release.layers import graph_name

_PASSAGE: Final = "cmq:sourcePassage"
_TOLD: Final = frozenset({_PASSAGE, "rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "cmq:contradicts", "cmq:rank"})
_PRECISIONS: Final = frozenset({"cmq:fromPrecision", "cmq:untilPrecision", "cmq:validFrom", "cmq:validUntil"})
_LAST: Final = ("skos:note", "cmq:asRead")
_WHOLE: Final = 100_000
_CLAIMS: Final = ("cmq:Claim", "cmq:Inference")


def is_said(facts: Facts) -> bool:
    """Tell whether *facts* are those of a statement, a claim or an inference."""
    classes = _classes(facts)
    terms = load_terms()
    return bool(set(map(expand, _CLAIMS)) & set(classes)) or any(terms.is_statement(cls) for cls in classes)


def sentence(published: Published, facts: Facts, lang: Lang) -> str:
    """Return what *facts* of a statement, a claim or an inference say, as one sentence."""
    sentences = Sentences(published.release.names, lang)
    if "rdf:subject" not in facts:
        return sentences.statement(facts)
    subject, predicate, value = (facts[f"rdf:{name}"][0] for name in ("subject", "predicate", "object"))
    names = published.release.names
    said = shown(predicate.value, value, names, lang)
    colon = "\u00a0: " if lang == "fr" else ": "
    return f"{names.name(subject.value, lang)} — {names.name(predicate.value, lang)}{colon}{said}"


def said_sheet(published: Published, iri: str, lang: Lang) -> Sheet:
    """Return the page of the statement, claim or inference *iri*."""
    facts, drawer = facts_of(published, iri), Drawer(published.release.names, lang)
    said = interface_words(lang)
    sheet = Sheet(iri.removeprefix(BASE_IRI), sentence(published, facts, lang), kind_items(_classes(facts), drawer))
    sheet.lead = said[_lead(facts)]
    sheet.keys = list(_entries(published, facts, drawer))
    sheet.blocks = [
        block
        for block in (
            _proofs(published, iri, drawer),
            _conflicts(published, iri, facts, drawer),
            _reasons(published, facts, drawer),
            _drawn_from(published, iri, drawer),
        )
        if block is not None
    ]
    return sheet


def _lead(facts: Facts) -> str:
    classes = {compact(cls) for cls in _classes(facts)}
    return "lead_claim" if "cmq:Claim" in classes else "lead_inference" if "cmq:Inference" in classes else "lead_statement"


def _classes(facts: Facts) -> list[str]:
    return [value.value for value in facts.get("rdf:type", ()) if isinstance(value, ox.NamedNode)]


def _entries(published: Published, facts: Facts, drawer: Drawer) -> Iterable[Entry]:
    """Yield the parts of the statement, and whether it holds among the facts."""
    said, names = interface_words(drawer.lang), published.release.names
    if "rdf:subject" in facts:
        subject, predicate, value = (facts[f"rdf:{name}"][0] for name in ("subject", "predicate", "object"))
        for key, term in (("part_subject", subject), ("part_predicate", predicate), ("part_object", value)):
            yield Entry(said[key], [_item(predicate.value, term, drawer)])
        yield from _standing(published, facts, drawer)
    yield from _dates(facts, drawer)
    for name, values in sorted(facts.items(), key=lambda one: one[0] in _LAST):
        if name not in _TOLD | _PRECISIONS and not name.startswith("prov:"):
            label = drawer.label(names.name(expand(name), drawer.lang), name)
            yield Entry(label, [_item(expand(name), value, drawer) for value in values])


def _dates(facts: Facts, drawer: Drawer) -> Iterable[Entry]:
    """Yield when the statement holds, in words."""
    names = ("validFrom", "validUntil", "fromPrecision", "untilPrecision")
    first, last, after, before = (next((v.value for v in facts.get(f"cmq:{name}", ())), "") for name in names)
    text = words.period(first, last, drawer.lang, (after or "day", before or "day")) if first or last else ""
    if text:
        yield Entry(interface_words(drawer.lang)["dates"], [Item(capital(text))])


def _standing(published: Published, facts: Facts, drawer: Drawer) -> Iterable[Entry]:
    """Yield the rank of a claim, and whether it was kept among the facts."""
    if "cmq:rank" not in facts:
        return
    said = interface_words(drawer.lang)
    subject, predicate, value = (facts[f"rdf:{name}"][0] for name in ("subject", "predicate", "object"))
    kept = any(
        q.graph_name == graph_name("facts") and q.object == value and q.predicate == predicate
        for q in published.release.store.about(ox.NamedNode(subject.value))
    )
    yield Entry(said["part_rank"], [_item(expand("cmq:rank"), term, drawer) for term in facts["cmq:rank"]])
    yield Entry(said["part_kept"], [Item(said["kept_yes"] if kept else said["kept_no"])])


def _item(predicate: str, term: ox.NamedNode | ox.Literal, drawer: Drawer) -> Item:
    href = address(term.value) if isinstance(term, ox.NamedNode) else ""
    return Item(shown(predicate, term, drawer.names, drawer.lang), href)


def _proofs(published: Published, iri: str, drawer: Drawer) -> Block | None:
    evidence = published.describer.evidence(ox.NamedNode(iri))
    if not evidence:
        return None
    said = interface_words(drawer.lang)
    headings = (said["document"], said["passage"], said["quotation"])
    lines = []
    for one in evidence:
        proof = drawer.proof(one, _WHOLE)
        document = drawer.thing(f"{BASE_IRI}id/document/{one.source}")
        quoted = [Item(proof.quotation)] if proof.quotation else [Item(said["quotation_absent"])]
        lines.append(Line([[document], [Item(proof.text.partition(", ")[2], proof.href)], quoted]))
    return Block("proofs", said["proved_by"], grid=Grid(headings, lines, proved=False))


def _conflicts(published: Published, iri: str, facts: Facts, drawer: Drawer) -> Block | None:
    """Return the statements that contradict this one, from either side, next to it."""
    others = {value.value for value in facts.get("cmq:contradicts", ())} | set(published.pointing(iri, "cmq:contradicts"))
    if not others:
        return None
    said = interface_words(drawer.lang)
    lines = [said_line(published, one, drawer) for one in (iri, *sorted(others))]
    return Block("conflicts", said["contradicted_by"], said["contradiction_lead"], grid=Grid((said["statement"],), lines))


def said_line(published: Published, iri: str, drawer: Drawer) -> Line:
    """Return a statement as a line: its sentence, linked, and its proofs."""
    text = sentence(published, facts_of(published, iri), drawer.lang)
    proofs = drawer.proofs(published.describer.evidence(ox.NamedNode(iri)))
    return Line([[Item(text, address(iri))]], address(iri), proofs)


def _reasons(published: Published, facts: Facts, drawer: Drawer) -> Block | None:
    """Return the statements that an inference is drawn from."""
    sources = [value.value for value in facts.get("prov:wasDerivedFrom", ()) if isinstance(value, ox.NamedNode)]
    if not sources:
        return None
    said = interface_words(drawer.lang)
    lines = [said_line(published, iri, drawer) for iri in sources]
    return Block("reasons", said["derived_from"], grid=Grid((said["statement"],), lines))


def _drawn_from(published: Published, iri: str, drawer: Drawer) -> Block | None:
    """Return the inferences that are drawn from a statement."""
    found = published.pointing(iri, "prov:wasDerivedFrom")
    if not found:
        return None
    items = [Item(sentence(published, facts_of(published, one), drawer.lang), address(one)) for one in found]
    return Block("inferences", interface_words(drawer.lang)["inferred_from_it"], items=items)
