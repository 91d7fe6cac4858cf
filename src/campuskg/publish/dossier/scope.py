"""What belongs to a campus, found by queries of the catalogue: the values that the other queries are given."""

from collections.abc import Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.publish.dossier.asked import Desk, things
from campuskg.release import Release
from campuskg.store.engine import Term

_DATE: Final = ox.NamedNode(expand("xsd:date"))
_LEGAL_BODY: Final = ox.NamedNode(expand("cmq:legalBodyOf"))
_BUDGET: Final = ox.NamedNode(expand("cmq:hasBudget"))
_STAGES: Final = [ox.NamedNode(f"{BASE_IRI}scheme/funding-stage/{code}") for code in ("requested", "planned", "granted", "paid")]
"""The stages of money, in the order of its life."""
_DAY: Final = 10
"""Letters of a date that tells the day."""

Scope = Mapping[str, Sequence[Term]]
"""Name -> terms: ``campus``, ``bodies``, ``things`` …, as ``dossier.toml`` calls them."""


def scope_of(desk: Desk, campus: ox.NamedNode, at: str) -> Scope:
    """Return what belongs to *campus* on the day *at*; the queries that find it are the first that the desk asks."""
    day = ox.Literal(at, datatype=_DATE)
    one: dict[str, Sequence[Term]] = {"campus": [campus]}
    bodies = desk.ask("campus-carriers", {"campus": [campus], "date": [day]})
    carried = [t for r in bodies.kept if (t := bodies.term(r, "organisation")) and bodies.term(r, "how") == _LEGAL_BODY]
    acts = desk.ask("campus-activities", one).column("activity")
    taught = desk.ask("trainings-by-campus", one).column("training")
    all_things = list(dict.fromkeys([campus, *carried, *acts, *taught]))
    found: dict[str, Sequence[Term]] = {
        **one,
        "at": [day],
        "bodies": carried,
        "governed": [campus, *carried],
        "things": all_things,
        "programmes": things(acts, "programme"),
        "projects": things(acts, "programme", "project"),
        "funded": [campus, *things(acts, "programme", "project")],
        "organisations": desk.ask("campus-members", one).column("organisation"),
        "sectors": desk.ask("campuses", one).column("sector"),
        "stages": _STAGES,
    }
    return {**found, "budgets": _budgets(desk.release, found["programmes"])}


def _budgets(release: Release, programmes: Sequence[Term]) -> list[Term]:
    quads = (quad for term in programmes if isinstance(term, ox.NamedNode) for quad in release.store.about(term))
    return sorted({q.object for q in quads if q.predicate == _BUDGET and isinstance(q.object, ox.NamedNode)}, key=str)


def latest_day(release: Release) -> str:
    """Return the date of the latest document of *release* that tells its day: what the sources can know of."""
    rows = Desk(release, "fr").ask("documents", {})
    days = [term.value for term in rows.column("issued") if len(term.value) == _DAY]
    return max(days, default=release.date)
