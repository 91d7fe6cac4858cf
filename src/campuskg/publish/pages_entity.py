"""The page about one resource: chosen by what the resource is, drawn by one template."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final
from urllib.parse import quote, urlencode

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, Text, pick
from campuskg.ontology import compact, expand, load_terms
from campuskg.publish import words
from campuskg.publish.answers import LICENCE
from campuskg.publish.drawn import Drawer, address, capital
from campuskg.publish.ego import Ego, ego
from campuskg.publish.entity import EntityPage, Line, PageSection, Row
from campuskg.publish.locator import locator
from campuskg.publish.money import money
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.portions import HEAVIEST, LEVELS, portioned, whole_address, window_of
from campuskg.publish.published import Published, facts_of
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.schema_org import schema_org
from campuskg.publish.sheet import Block, Citation, Entry, Foot, Grid, Item, Sheet
from campuskg.queries import catalogue

_AUTHOR: Final = "campuskg"
_KEYS: Final = 6
_FEW: Final = 3
_TWO: Final = 2
_CELLS: Final = 3
_PERSON: Final = ("cmq:Person", "foaf:Person", "person:Person")
_HIGHLIGHTS: Final = ("labels", "people")
_SHORT: Final = 90
_NETWORK, _QUESTIONS = "network", "questions"
_OPEN: Final = 14
"""Names of one group of the network that are seen at once, those that remain where there are many."""
_MANY: Final = 24
"""Names of one group, or questions, from which on their list has a page of its own."""
_TELLING: Final = (
    "org:classification", "cmq:category", "cmq:legalForm", "cmq:sector", "cmq:status", "cmq:kind", "cmq:partnerCategory",
    "cmq:level", "cmq:locatedIn", "cmq:uai", "cmq:siren", "cmq:rncpCode", "cmq:partOf", "cmq:underProgramme",
    "org:subOrganizationOf", "cmq:deliveredBy", "cmq:outputOf", "cmq:placeKind", "cmq:within", "cmq:inseeCode", "foaf:page",
)  # fmt: skip
"""Properties that may stand at the head of a page, the most telling first."""
_ECOSYSTEM: Final = "/views/ecosystem?campus={ident}"
_PATH: Final = "/path?from={ident}"
_COMPARE: Final = "/compare?a={ident}"
_ACTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "ecosystem": {"campus": _ECOSYSTEM},
    "path": {"campus": _PATH, "organisation": _PATH},
    "compare": {"campus": _COMPARE, "organisation": _COMPARE},
    "dossier": {"campus": "/dossier/{slug}"},
}
"""Where a planner goes on from a page -> kind of thing -> address."""
_DATES: Final = ("cmq:validFrom", "cmq:validUntil")
_ALWAYS_WHOLE: Final = ("place", "identifiers")
"""Sections that repeat what the head of the page shows."""


def render_sheet(frame: Frame, sheet: Sheet, published: Published, corrections: str = "") -> str:
    """Return the page that *sheet* makes, in portions as the reader asked."""
    picture = sheet.picture if isinstance(sheet.picture, Ego) else None
    said = interface_words(frame.lang)
    aside = [Block(_QUESTIONS, said["questions_about"], items=sheet.questions)]
    if picture is not None:
        aside.append(Block(_NETWORK, said["network"], groups=picture.groups))
    if picture is not None and any(len(group.items) > _MANY for group in picture.groups):
        sheet.around = whole_address(_NETWORK, frame)
    if len(sheet.questions) > _MANY:
        sheet.asked = whole_address(_QUESTIONS, frame)
    sheet.whole = frame.path + (f"?lang={frame.lang}" if ("lang", frame.lang) in frame.query else "")
    wanted, end, whole = window_of(frame).section, foot(sheet, published, frame.lang, corrections), sheet.blocks
    page = ""
    for most in LEVELS:
        blocks = sheet.blocks = portioned(whole, frame, most, aside)
        sheet.partial = bool(wanted) and len(blocks) == 1 and blocks[0].id == wanted
        page = render("entity.html", frame, sheet=sheet, open=_OPEN, foot=end)
        if sheet.partial or len(page.encode()) <= HEAVIEST:
            break
    return page


def foot(sheet: Sheet, published: Published, lang: Lang, corrections: str) -> Foot:
    """Return the end of the page of *sheet*."""
    forms = tuple((f.label, f"/data/{sheet.path}.{f.extension}", f.media_type) for f in RDF_FORMS.values())
    return Foot(
        BASE_IRI + sheet.path, forms, cite(sheet.title, sheet.path, published, lang), correction(sheet, corrections, lang)
    )


def cite(title: str, path: str, published: Published, lang: Lang) -> Citation:
    """Return how to cite what *title* names (ISO 690:2021, part of an online data set)."""
    digest, iri = published.release.digest, BASE_IRI + path
    medium = pick(Text("[jeu de données en ligne]", "[online dataset]"), lang)
    available = pick(Text("Disponible à l’adresse\u00a0:", "Available at:"), lang)
    release = pick(Text("Livraison", "Release"), lang)
    day = words.date(published.date, lang)
    reference = f"{_AUTHOR}. {title} {medium}. {release} {digest[:16]}. {day}. {pick(LICENCE, lang)}. {available} {iri}."
    key = re.sub(r"[^a-z0-9]+", "-", path.removeprefix("id/").lower()).strip("-")
    fields = {"author": _AUTHOR, "title": _tex(title), "year": published.date[:4], "version": digest[:16], "url": iri}
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return Citation(reference, f"@misc{{{key},\n{body}\n}}")


def _tex(text: str) -> str:
    return re.sub(r"[&%$#_{}]", lambda mark: "\\" + mark[0], text)


def correction(sheet: Sheet, corrections: str, lang: Lang) -> str:
    """Return where to suggest a correction, filled in: a mail or a page of issues; empty when none was configured.

    Only ``mailto:``, ``https:`` and ``http:`` become links.
    """
    if not corrections.startswith(("mailto:", "https://", "http://")):
        return ""
    subject = pick(Text(f"Correction : {sheet.title}", f"Correction: {sheet.title}"), lang)
    body = interface_words(lang)["correct_body"].format(iri=BASE_IRI + sheet.path)
    mail = corrections.startswith("mailto:")
    fields = {"subject": subject, "body": body} if mail else {"title": subject, "body": body}
    mark = "&" if "?" in corrections else "?"
    return f"{corrections}{mark}{urlencode(fields, quote_via=quote)}"


def thing_sheet(published: Published, page: EntityPage) -> Sheet:
    """Return the page of a thing: its sections, picture, place, silence, questions."""
    drawer = Drawer(published.release.names, page.lang)
    path = page.iri.removeprefix(BASE_IRI)
    sheet = Sheet(path, page.name, [drawer.item(value) for value in page.types], page.intro)
    sheet.others = sorted((value.text for value in page.other_names), key=lambda name: (len(name), name))
    chosen = key_rows(page)
    sheet.keys = [*dates(published, page, drawer), *map(drawer.entry, chosen), *highlights(published, page, drawer)]
    sheet.picture = ego(published.release, page.iri, page.lang)
    sheet.place = locator(page.point, page.name, page.lang) if page.point else None
    sheet.blocks = [*_blocks(published, page, drawer, chosen)]
    sheet.silent = [capital(label) for label in page.silent]
    sheet.questions = questions(page)
    sheet.actions = [*actions(published, path.removeprefix("id/"), page.lang)]
    sheet.structured = json.loads(schema_org(page))
    return sheet


def actions(published: Published, ident: str, lang: Lang) -> Iterable[Item]:
    """Yield where a planner goes on from the thing *ident*, such as ``campus/msi``."""
    kind, _, slug = ident.partition("/")
    for name, kinds in _ACTIONS.items():
        if kind in kinds and (name != "dossier" or slug in published.dossiers):
            yield Item(
                interface_words(lang)[f"entity_{name}"], kinds[kind].format(ident=quote(ident, safe="/"), slug=quote(slug))
            )


def key_rows(page: EntityPage) -> list[Row]:
    """Return the rows that say most of a thing in few words, in the order in which readers look for them."""
    rows = {compact(row.property): row for section in page.sections for row in section.rows}
    found = [rows[name] for name in _TELLING if name in rows]
    return [row for row in found if len(row.values) <= _FEW and all(len(v.text) <= _SHORT for v in row.values)][:_KEYS]


def highlights(published: Published, page: EntityPage, drawer: Drawer) -> Iterable[Entry]:
    """Yield the label and the people in office, each statement that has not ended in a few words, each said once."""
    for section in page.sections:
        if section.id in _HIGHLIGHTS and section.table is not None:
            said: dict[tuple[str, ...], Item] = {}
            for line in section.table.lines:
                if not _ended(published, line.iri):
                    key, item = _short_line(line, drawer)
                    said[key] = max(said.get(key, item), item, key=lambda one: len(one.text))
            if said:
                yield Entry(_heading(section, page), list(said.values())[:_FEW])


def _ended(published: Published, iri: str) -> bool:
    """Tell whether a statement ended before the release was made."""
    return any(value.value < published.date for value in facts_of(published, iri).get("cmq:validUntil", ()))


def _short_line(line: Line, drawer: Drawer) -> tuple[tuple[str, ...], Item]:
    """Return who and as what, and the first filled cells of a statement in one line with its link and its proofs."""
    filled = [", ".join(value.text for value in cell) for cell in line.cells if cell]
    item = Item(", ".join(filled[:_CELLS]), address(line.iri), proofs=drawer.proofs(line.evidence))
    return tuple(filled[:_TWO]), item


def dates(published: Published, page: EntityPage, drawer: Drawer) -> list[Entry]:
    """Return when it was or is, as one entry, with the proofs of both ends."""
    rows = [row for section in page.sections for row in section.rows if compact(row.property) in _DATES]
    if not rows:
        return []
    facts = facts_of(published, page.iri)
    names = ("validFrom", "validUntil", "fromPrecision", "untilPrecision")
    first, last, after, before = (next((v.value for v in facts.get(f"cmq:{name}", ())), "") for name in names)
    proofs = {proof: None for row in rows for value in row.values for proof in drawer.proofs(value.evidence)}
    text = words.period(first, last, page.lang, (after or "day", before or "day"))
    return [Entry(interface_words(page.lang)["dates"], [Item(capital(text), proofs=tuple(proofs))])]


def _blocks(published: Published, page: EntityPage, drawer: Drawer, chosen: Sequence[Row]) -> Iterable[Block]:
    said = interface_words(page.lang)
    for section in page.sections:
        shown = [row for row in section.rows if compact(row.property) not in _DATES]
        if section.id not in _ALWAYS_WHOLE:
            shown = [row for row in shown if row not in chosen]
        rows = [drawer.entry(row) for row in shown]
        grid = drawer.grid(section.table) if section.table else None
        if section.id == "money":
            yield from _money(published, page, section.heading)
        if rows or grid:
            heading = _heading(section, page)
            ident = "money-lines" if section.id == "money" else section.id
            yield Block(ident, heading, entries=rows, grid=grid)
    if page.incoming:
        entries = [drawer.entry(row) for row in page.incoming]
        yield Block("incoming", said["incoming"], entries=entries)
    if page.documents:
        items = [drawer.thing(value.iri, _passages(count, page.lang)) for value, count in page.documents]
        yield Block("documents", said["documents_of"], items=items)


def _heading(section: PageSection, page: EntityPage) -> str:
    """Return the heading of a section, from the side of the thing: a person holds functions, a body has people in office."""
    said = interface_words(page.lang)
    if section.id == "people" and any(compact(value.iri) in _PERSON for value in page.types):
        return said["functions"]
    return said["money_detail"] if section.id == "money" else section.heading


def _passages(count: int, lang: Lang) -> str:
    said = interface_words(lang)
    return said["passages_one"] if count == 1 else said["passages_many"].format(count=words.number(str(count), lang))


def _money(published: Published, page: EntityPage, heading: str) -> Iterable[Block]:
    views = published.describer.describe(page.iri).statements
    grid: Grid | None = money(views, page.lang)
    if grid is not None:
        yield Block("money", heading, lead=interface_words(page.lang)["money_lead"], grid=grid)


def questions(page: EntityPage) -> list[Item]:
    """Return the questions of the catalogue that take the thing of *page* as a parameter, filled in."""
    about = urlencode({"": page.iri.removeprefix(BASE_IRI + "id/")})
    fitting = _fitting(frozenset(value.iri for value in page.types), page.lang)
    return [Item(question, f"/queries/{name}?{parameter}{about}") for question, name, parameter in fitting]


@lru_cache(maxsize=256)
def _fitting(kinds: frozenset[str], lang: Lang) -> Sequence[tuple[str, str, str]]:
    """Return the questions about things that are of all *kinds*, sorted: words, name, parameter."""
    terms = load_terms()
    above = kinds.union(*(terms.ancestors(cls) for cls in kinds))
    found = []
    for query in catalogue().values():
        fitting = [p for p in query.parameters.values() if p.type == "entity" and above & set(p.classes)]
        if fitting:
            found.append((query.question[0 if lang == "fr" else 1], query.name, quote(fitting[0].name)))
    return sorted(found, key=itemgetter(0))


def kind_items(classes: Iterable[str], drawer: Drawer) -> list[Item]:
    """Return classes as links, our own first, without those that every statement has."""
    left_out = {expand("rdf:Statement")}
    ordered = sorted(set(classes) - left_out, key=lambda iri: (not compact(iri).startswith("cmq:"), iri))
    return [drawer.thing(iri) for iri in ordered]
