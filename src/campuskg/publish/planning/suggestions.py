"""Partnerships that are not documented and that readable rules suggest: reasons, proofs, weights that the reader sets."""

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.analysis import Reason, Rules, Suggestion, Teller, default_rules
from campuskg.content import BASE_IRI
from campuskg.errors import Text, UsageProblem, pick
from campuskg.ontology import expand
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.drawn import address
from campuskg.publish.planning.block import Block, composed
from campuskg.publish.planning.desk import Desk, decimal, integer, value
from campuskg.publish.planning.evaluation import evaluation
from campuskg.publish.planning.form import ORGANISATIONS, Values, entity
from campuskg.publish.planning.network import suggestions, teller
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.proofs import proof
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Column, Parameter

_USUAL: Final = 20
_MOST: Final = 100
_PROOFS: Final = 6
_WEIGHT: Final = "weight-"


def make(desk: Desk, values: Values) -> Made:
    """Put the page together."""
    focus = value(values["focus"][0]) if "focus" in values else None
    limit = int(values["limit"][0].value) if "limit" in values else _USUAL
    if not 1 <= limit <= _MOST:
        raise UsageProblem("request-number", name="limit", value=limit, most=_MOST)
    rules = _rules(values)
    found = suggestions(desk, rules, focus, limit)
    said = teller(desk, rules)
    lang = desk.lang
    told = [(rule, pick(rule.label, lang), pick(rule.about, lang)) for rule in rules.rules.values()]
    data = {
        "suggestions": [_shown(number, one, rules, said, desk) for number, one in enumerate(found, 1)],
        "rules": [
            {"label": label, "about": about.replace("{km}", words.number(str(rules.km), lang)),
             "weight": words.number(str(rule.weight), lang)}
            for rule, label, about in told
        ],
        "evaluation": evaluation(lang),
    }  # fmt: skip
    title = desk.name(focus, lang) if focus else ""
    return Made([_table(found, said, desk), _reasons(found, rules, said, desk)], data, title)


def _rules(values: Values) -> Rules:
    """Return the rules with the weights and the distance of the form."""
    weights = {name.removeprefix(_WEIGHT): float(found[0].value) for name, found in values.items() if name.startswith(_WEIGHT)}
    km = float(values["km"][0].value) if "km" in values else None
    return default_rules().adjusted(weights, km)


def _id(iri: str) -> str:
    return iri.removeprefix(f"{BASE_IRI}id/")


def _points(reason: Reason, rules: Rules) -> float:
    """Return how many of the hundred points of a suggestion come from *reason*."""
    return 100 * reason.weight * reason.value / rules.total


def _shown(number: int, one: Suggestion, rules: Rules, said: Teller, desk: Desk) -> dict[str, object]:
    """Return a suggestion as the page shows it."""
    lang = desk.lang
    reasons = [
        {"label": pick(rules.rules[reason.rule].label, lang), "said": said.reason(reason),
         "points": words.number(str(round(_points(reason, rules), 1)), lang),
         "proofs": [proof(locator, desk) for locator in reason.passages[:_PROOFS]],
         "more": max(0, len(reason.passages) - _PROOFS)}
        for reason in one.reasons
    ]  # fmt: skip
    ends = [{"id": _id(iri), "name": desk.name(iri, lang), "href": address(iri)} for iri in (one.a, one.b)]
    score = words.number(str(round(100 * one.score, 1)), lang)
    return {"number": number, "ends": ends, "score": score, "reasons": reasons, "unknown": said.unknown(one)}


def _table(found: Sequence[Suggestion], said: Teller, desk: Desk) -> Block:
    """Return the suggestions as rows."""
    columns = [
        Column("rank", Text("Rang", "Rank"), "number"),
        Column("a", Text("Organisation", "Organisation")),
        Column("b", Text("Partenaire possible", "Possible partner")),
        Column("score", Text("Points sur 100", "Points of 100"), "number"),
        Column("reasons", Text("Raisons", "Reasons")),
        Column("unknown", Text("Non jugé", "Not judged")),
    ]
    lines = [
        (integer(number), ox.NamedNode(one.a), ox.NamedNode(one.b), decimal(100 * one.score, 1),
         ox.Literal(" ; ".join(said.reason(reason) for reason in one.reasons)),
         ox.Literal(said.unknown(one)) if one.unknown else None)
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
    w = planning_words("gaps", desk.lang)
    proofs = [tuple(dict.fromkeys(p for reason in one.reasons for p in reason.passages)) for one in found]
    return composed("suggestions", w["table"], desk, columns, lines, sources=_sources(desk), proofs=proofs)


def _reasons(found: Sequence[Suggestion], rules: Rules, said: Teller, desk: Desk) -> Block:
    """Return every reason of every suggestion as a row: what makes up each score."""
    columns = [
        Column("rank", Text("Rang", "Rank"), "number"),
        Column("a", Text("Organisation", "Organisation")),
        Column("b", Text("Partenaire possible", "Possible partner")),
        Column("rule", Text("Règle", "Rule")),
        Column("weight", Text("Poids", "Weight"), "number"),
        Column("value", Text("Valeur, de 0 à 1", "Value, 0 to 1"), "number"),
        Column("points", Text("Points", "Points"), "number"),
        Column("said", Text("Raison", "Reason")),
    ]
    each = [(number, one, reason) for number, one in enumerate(found, 1) for reason in one.reasons]
    lines = [
        (integer(number), ox.NamedNode(one.a), ox.NamedNode(one.b), ox.Literal(pick(rules.rules[reason.rule].label, desk.lang)),
         decimal(reason.weight, 2), decimal(reason.value), decimal(_points(reason, rules), 1), ox.Literal(said.reason(reason)))
        for number, one, reason in each
    ]  # fmt: skip
    w = planning_words("gaps", desk.lang)
    proofs = [reason.passages for *_, reason in each]
    return composed("reasons", w["reasons"], desk, columns, lines, sources=_sources(desk), proofs=proofs)


def _sources(desk: Desk) -> list[Answer]:
    return [desk.ask("partnerships", minimum=integer(1)), desk.ask("campus-members")]


def _weights() -> dict[str, Parameter]:
    """Return a parameter for the weight of each rule."""
    found = {}
    for name, rule in default_rules().rules.items():
        means = Text(f"poids ; {words.number(str(rule.weight), 'fr')} si rien n’est dit", f"weight; {rule.weight:g} unless told")
        found[f"{_WEIGHT}{name}"] = Parameter(f"{_WEIGHT}{name}", rule.label, "amount", optional=True, means=means)
    return found


PAGE: Final = PlanningPage(
    "gaps",
    {
        "focus": entity("focus", text("gaps", "focus"), (*ORGANISATIONS, expand("cmq:Campus")), text("gaps", "focus_means")),
        "limit": Parameter("limit", text("gaps", "limit"), "integer", optional=True, means=text("gaps", "limit_means")),
        "km": Parameter("km", text("gaps", "km"), "amount", optional=True, means=text("gaps", "km_means")),
        **_weights(),
    },
    make,
)
