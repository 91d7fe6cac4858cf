"""Two campuses or two organisations side by side: what they share, what is proper to each, with both proofs."""

from collections.abc import Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Text
from campuskg.publish import words
from campuskg.publish.drawn import address
from campuskg.publish.planning.block import Block, asked, composed, kept
from campuskg.publish.planning.desk import Desk, integer, rows, value
from campuskg.publish.planning.form import Values, entity
from campuskg.publish.planning.network import overlaps
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.side_by_side import Pair, Part
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Column

_SUGGESTED: Final = 6
_TRAITS: Final = (f"{BASE_IRI}scheme/", "http://id.insee.fr/")
"""Beginnings of the values that place a thing: codes of our lists, official places."""


def make(desk: Desk, values: Values) -> Made:
    """Put the page together; with fewer than two names, suggest pairs of campuses."""
    if "a" not in values or "b" not in values:
        return Made(data={"ready": False, "pairs": _suggested(desk)})
    pair = Pair(desk, value(values["a"][0]), value(values["b"][0]))
    both_campuses = all(desk.is_a(iri, "cmq:Campus") for iri in (pair.a, pair.b))
    shared = [_identity(pair), *(_of_campuses(pair) if both_campuses else _of_organisations(pair))]
    parts: Sequence[Part] = [part for part in shared if part.total]
    tables: list[Block] = [_shared(pair)] if both_campuses else []
    tables += [part.block for part in parts]
    tables += [*_money(pair, both_campuses=both_campuses), _people(pair), _indicators(pair)]
    w = planning_words("compare", desk.lang)
    partners = next((part for part in parts if part.key == "partners"), None)
    said = ""
    if partners:
        share = words.percent(str(100 * partners.both / partners.total), desk.lang)
        key = "overlap_one" if partners.both == 1 else "overlap"
        said = w[key].format(both=partners.both, total=partners.total, share=share)
    data = {
        "ready": True,
        "a": {"name": pair.name_a, "short": desk.short(pair.a, desk.lang), "href": address(pair.a)},
        "b": {"name": pair.name_b, "short": desk.short(pair.b, desk.lang), "href": address(pair.b)},
        "same": pair.a == pair.b,
        "parts": parts,
        "said": said,
        "swapped": [("a", _id(pair.b)), ("b", _id(pair.a))],
    }
    return Made([block for block in tables if block.count], data, f"{pair.name_a} / {pair.name_b}")


def _id(iri: str) -> str:
    return iri.removeprefix(f"{BASE_IRI}id/")


def _suggested(desk: Desk) -> list[tuple[str, str, str]]:
    """Return the pairs of campuses with most partners in common: ids of both, what to say."""
    found = sorted(rows(desk.ask("campus-links")), key=lambda row: -int(value(row["organisations"])))[:_SUGGESTED]
    said = planning_words("compare", desk.lang)["pair"]
    pairs = [(value(row["first"]), value(row["second"]), value(row["organisations"])) for row in found]
    return [
        (_id(a), _id(b), said.format(a=desk.name(a, desk.lang), b=desk.name(b, desk.lang), count=count)) for a, b, count in pairs
    ]


def _identity(pair: Pair) -> Part:
    """Return where each stands: category, sectors, places."""
    answers = pair.asked("entity-evidence", "entity")
    chosen = [[row for row in rows(answer) if _trait(row["value"])] for answer in answers]
    columns = (Column("said", Text("Ce qui est dit", "What is said")), Column("value", Text("Valeur", "Value")))
    return pair.part("identity", chosen, ("said", "value"), columns, answers)


def _shared(pair: Pair) -> Block:
    """Return the organisations that two campuses share by any activity: what the page of analysis counts."""
    w = planning_words("compare", pair.desk.lang)
    ends = {pair.a, pair.b}
    found = next((one.shared for one in overlaps(pair.desk) if {one.a, one.b} == ends), {})
    columns = (Column("organisation", Text("Organisation", "Organisation")),)
    lines = [(ox.NamedNode(iri),) for iri in found]
    sources = [pair.desk.ask("campus-links")]
    return composed(
        "shared", w["shared_all"], pair.desk, columns, lines,
        sources=sources, note=w["shared_all_note"], proofs=list(found.values()),
    )  # fmt: skip


def _trait(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(_TRAITS)


def _of_campuses(pair: Pair) -> list[Part]:
    members = pair.asked("campus-members", "campus")
    activities = pair.asked("campus-activities", "campus")
    trainings = pair.asked("trainings-by-campus", "campus")
    return [
        pair.part("partners", [rows(one) for one in members], ("organisation", "category"),
                  _columns(members[0].query.columns, "organisation", "category"), members, told="role"),
        pair.part("activities", [rows(one) for one in activities], ("activity", "kind"),
                  _columns(activities[0].query.columns, "activity", "kind"), activities, told="link"),
        pair.part("trainings", [rows(one) for one in trainings], ("training", "qualification", "level"),
                  _columns(trainings[0].query.columns, "training", "qualification", "level"), trainings),
    ]  # fmt: skip


def _of_organisations(pair: Pair) -> list[Part]:
    partners = pair.asked("partners-of", "organisation")
    campuses = pair.asked("organisation-campuses", "organisation")
    trainings = pair.asked("diploma-providers", "provider")
    return [
        pair.part("partners", [rows(one) for one in partners], ("partner",),
                  _columns(partners[0].query.columns, "partner"), partners, told="activity"),
        pair.part("campuses", [rows(one) for one in campuses], ("campus",),
                  _columns(campuses[0].query.columns, "campus"), campuses, told="activity"),
        pair.part("activities", [rows(one) for one in partners], ("activity",),
                  _columns(partners[0].query.columns, "activity"), partners, own_lines=False),
        pair.part("trainings", [rows(one) for one in trainings], ("training", "qualification", "level"),
                  _columns(trainings[0].query.columns, "training", "qualification", "level"), trainings),
    ]  # fmt: skip


def _columns(known: Mapping[str, Column], *names: str) -> tuple[Column, ...]:
    return tuple(known[name] for name in names)


def _money(pair: Pair, *, both_campuses: bool) -> list[Block]:
    """Return the money by stage, never added up across stages."""
    desk, w = pair.desk, planning_words("compare", pair.desk.lang)
    nodes = [ox.NamedNode(pair.a), ox.NamedNode(pair.b)]
    if both_campuses:
        found = desk.ask("funding-by-stage", campus=nodes)
        return [asked("money", w["money"], found, found.text(found.query.note))]
    given, received = desk.ask("funding-relations"), desk.ask("funding-by-beneficiary")
    pays = [row for row in rows(given) if row["funder"] in nodes]
    gets = [row for row in rows(received) if row["beneficiary"] in nodes]
    return [kept("money-given", w["money_given"], given, pays), kept("money-received", w["money_received"], received, gets)]


def _people(pair: Pair) -> Block:
    answers = pair.asked("functions-in-body", "organisation")
    known = answers[0].query.columns
    return pair.listed("people", answers, _columns(known, "role", "person", "from", "until", "lines"))


def _indicators(pair: Pair) -> Block:
    answers = pair.asked("activity-indicators", "activity")
    told = [
        [{**row, "year": integer(int(value(row["start"])[:4])) if row["start"] else None} for row in rows(one)] for one in answers
    ]
    known = answers[0].query.columns
    columns = (*_columns(known, "indicator", "population"), Column("year", Text("Année", "Year"), "year"), known["unit"])
    return pair.figures("indicators", told, columns, answers)


PAGE: Final = PlanningPage(
    "compare",
    {name: entity(name, text("compare", name), means=text("compare", "means")) for name in ("a", "b")},
    make,
    needed=("a", "b"),
)
