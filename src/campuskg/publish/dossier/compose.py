"""A dossier put together: scope, sections, parts with tables and pictures, what is silent, the sources cited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, pick
from campuskg.publish.dossier import coverage
from campuskg.publish.dossier.asked import Asked, Desk
from campuskg.publish.dossier.figures import Around, Figure, figure
from campuskg.publish.dossier.plan import PartPlan, SectionPlan, plan, words
from campuskg.publish.dossier.scope import Scope, latest_day, scope_of
from campuskg.publish.dossier.sources import Document, cited
from campuskg.publish.dossier.table import Table, table
from campuskg.publish.svg.words import plain
from campuskg.queries.parameters import MAX_VALUES
from campuskg.release import Release

_CAMPUS: Final = BASE_IRI + "id/campus/"


@dataclass(frozen=True, slots=True)
class Part:
    """One part with something to say."""

    plan: PartPlan
    id: str
    """Unique in the dossier."""
    heading: str
    asked: Asked
    table: Table
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its parts, and what was asked without an answer."""

    id: str
    number: int
    heading: str
    lead: str
    parts: Sequence[Part]
    silent: Sequence[tuple[str, Asked | None]]
    """Heading of what is not documented, and the query that found nothing."""
    clear: Sequence[tuple[str, Asked | None]]
    """The same where finding nothing is good: no contradiction, no warning."""


@dataclass(frozen=True, slots=True)
class Key:
    """One figure of the cover: its words, the label under it, the answer and the cell or the rows it counts."""

    text: str
    label: str
    asked: Asked
    rows: Sequence[int]
    column: str
    value: str = ""
    """The lexical value; empty for a count of different things."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a dossier says, in one language."""

    campus: str
    """IRI."""
    name: str
    lang: Lang
    at: str
    given: bool
    """Whether the day was asked for."""
    digest: str
    issued: str
    keys: Sequence[Key]
    sections: Sequence[Section]
    asked: Sequence[Asked]
    documents: Sequence[Document]
    library: Asked
    """The answer that describes the documents."""

    @property
    def slug(self) -> str:
        """The last part of the IRI: the name of the files."""
        return self.campus.rpartition("/")[2]


def campuses(release: Release) -> list[str]:
    """Return the ids (``msi``), in order, of the campuses that somebody takes part in: those of other regions are only cited."""
    found = Desk(release, "fr").ask("campus-members", {}).column("campus")
    return sorted({term.value.removeprefix(_CAMPUS) for term in found})


def dossier(release: Release, campus: str, lang: Lang, at: str = "") -> Dossier:
    """Return the dossier of the *campus* (``msi``) on the day *at*: by default that of the latest dated document."""
    iri = ox.NamedNode(_CAMPUS + campus)
    day = at or latest_day(release)
    name = plain(release.names.name(iri.value, lang), 200)
    scope = scope_of(Desk(release, lang), iri, day)
    desk = Desk(release, lang)
    looks: dict[str, list[str]] = {"stage": [term.value for term in scope["stages"]]}
    sections = [_section(desk, scope, number, one, name, looks) for number, one in enumerate(plan(), 1)]
    library = desk.ask("documents", {})
    documents = cited([part for section in sections for part in section.parts], library)
    return Dossier(
        iri.value, name, lang, day, bool(at), release.digest, release.date, _keys(sections, lang), sections, desk.asked,
        documents, library,
    )  # fmt: skip


def _section(desk: Desk, scope: Scope, number: int, one: SectionPlan, name: str, looks: dict[str, list[str]]) -> Section:
    parts: list[Part] = []
    silent: list[tuple[str, Asked | None]] = []
    clear: list[tuple[str, Asked | None]] = []
    for part in one.parts:
        heading, found = pick(part.heading, desk.lang), list(_answers(desk, scope, part))
        full = [asked for asked in found if asked.kept]
        for i, asked in enumerate(full, 1):
            again = f" ({words(desk.lang)['continued']})" if i > 1 else ""
            place = f"{one.id}-{part.id}{f'-{i}' if again else ''}"
            around = Around(place, name, scope["at"][0].value, f"{heading}, {name}", looks)
            parts.append(Part(part, place, heading + again, asked, table(asked, part), figure(asked, part, around)))
        if not full:
            (clear if part.clear and found else silent).append((heading, found[0] if found else None))
    return Section(one.id, number, pick(one.heading, desk.lang), pick(one.lead, desk.lang), parts, silent, clear)


def _answers(desk: Desk, scope: Scope, part: PartPlan) -> Iterator[Asked]:
    """Yield the answers of a part: none without values to ask with, several where there are more than one link may hold."""
    if part.query == coverage.NAME:
        yield desk.add(coverage.coverage_answer(desk.release, desk.lang, scope["campus"][0].value))
        return
    values = {name: desk.fitting(part.query, name, scope[key]) for name, key in part.values.items()}
    if all(values.values()):
        long = next((name for name, terms in values.items() if len(terms) > MAX_VALUES), "")
        for start in range(0, len(values[long]) if long else 1, MAX_VALUES):
            some = {**values, long: values[long][start : start + MAX_VALUES]} if long else values
            yield desk.ask(part.query, some, part.keep, (part.among, scope[part.among]))


_COUNTED: Final = (
    ("partners/network", "organisation", "key_organisations"),
    ("territory/communes", "commune", "key_communes"),
    ("projects/activities", "activity", "key_activities"),
    ("trainings/trainings", "training", "key_trainings"),
    ("warnings/warnings", "thing", "key_warnings"),
)
"""The figures of the cover: part, column whose different values are counted, key of the label."""


def _keys(sections: Sequence[Section], lang: Lang) -> list[Key]:
    by_id = {f"{section.id}/{part.plan.id}": part for section in sections for part in section.parts}
    found = []
    for place, column, label in _COUNTED:
        part = by_id.get(place)
        if part is not None:
            asked = part.asked
            found.append(Key(str(len(asked.column(column))), words(lang)[label], asked, asked.kept, column))
    card = by_id.get("identity/card")
    expiry = card.asked.term(card.asked.kept[0], "expiry") if card else None
    if card and expiry is not None:
        text = card.asked.answer.shown("expiry", expiry)
        found.append(Key(text, words(lang)["key_expiry"], card.asked, card.asked.kept[:1], "expiry", expiry.value))
    return found
