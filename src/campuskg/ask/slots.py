"""What a question names, into the parameters of a query: each thing at the place that takes its class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from campuskg.ask.cards import Card
from campuskg.ask.dates import Amount, Moment
from campuskg.ask.entities import CodeMention, Lexicon, Mention, kind_of
from campuskg.content import BASE_IRI
from campuskg.ontology import expand
from campuskg.queries.model import Parameter
from campuskg.store.engine import Term

_PLACED: Final = 1.12
_PLACED_ANYWHERE: Final = 1.03
"""A parameter that takes things of many classes says little about what was meant."""
_MANY: Final = 3
_WHOLE: Final = BASE_IRI + "id/place/bourgogne-franche-comte"
"""The region that the graph is about: naming it asks for nothing in particular."""
_WEIGHTY: Final = frozenset(("campus", "organisation", "person", "place", "programme", "project", "event"))
_DOCUMENT: Final = expand("cmq:SourceDocument")
_NAMED: Final = 1.35
"""The question of the query names the thing."""
_CODED: Final = 1.08
_TALKED_ABOUT: Final = 1.05
_HOMELESS: Final = 0.85
_HOMELESS_DATE: Final = 0.93
_UNASKED: Final = 0.97


@dataclass(frozen=True, slots=True)
class Facts:
    """What a question names besides its words."""

    mentions: tuple[Mention, ...] = ()
    codes: tuple[CodeMention, ...] = ()
    moments: tuple[Moment, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Filling:
    """The parameters of a query as a question fills them."""

    values: dict[str, tuple[Term, ...]]
    homeless: tuple[str, ...]
    """What the question names and the query has no place for."""
    factor: float
    """What the fit does to the score."""
    places: frozenset[int] = frozenset()
    """The words of the question that name a code which has its place."""


def fill(card: Card, facts: Facts, lexicon: Lexicon) -> Filling:
    """Return the parameters of the query of *card* filled from *facts*."""
    values: dict[str, tuple[Term, ...]] = {}
    homeless: list[str] = []
    factor = 1.0
    for mention in facts.mentions:
        factor *= _place(mention, card, lexicon, values, homeless)
    for moment in facts.moments:
        term, name = _moment(moment, card, values)
        if name and term is not None:
            values[name] = (term,)
            factor *= _PLACED
        else:
            homeless.append(moment.said)
            factor *= _HOMELESS_DATE
    _numbers(card, facts.amounts, values)
    coded: set[int] = set()
    for code in facts.codes:
        placed = _code(code, card, values)
        coded |= code.places if placed else set()
        factor *= _CODED if placed else 1.0
    if len(facts.mentions) - len(homeless) > 1 and len([p for p in values if card.query.parameters[p].type == "entity"]) > 1:
        factor *= _PLACED  # two things, and the question is about two things
    unasked = [p for p in card.query.parameters.values() if p.type == "entity" and not p.optional and p.name not in values]
    return Filling(values, tuple(homeless), factor * _UNASKED ** len(unasked), frozenset(coded))


def _place(mention: Mention, card: Card, lexicon: Lexicon, values: dict[str, tuple[Term, ...]], homeless: list[str]) -> float:
    """Put a named thing where it fits; return what that does to the score."""
    free = [p for p in card.query.parameters.values() if p.type == "entity" and (p.name not in values or p.many)]
    fitting = [(lexicon.fit(iri, parameter.classes), parameter, iri) for parameter in free for iri in mention.iris]
    depth, parameter, iri = max(fitting, key=lambda found: found[0], default=(0, None, ""))
    if depth and parameter:
        values[parameter.name] = (*values.get(parameter.name, ()), ox.NamedNode(iri))
        if iri in card.named or depth == 1:
            return _NAMED if iri in card.named else 1.0
        placed = _PLACED if len(parameter.classes) <= _MANY else _PLACED_ANYWHERE
        return placed if iri not in card.defaults else placed * _TALKED_ABOUT
    if any(iri in card.named | card.defaults for iri in mention.iris):
        return _NAMED if mention.iri in card.named else 1.0
    for parameter in free:
        stands = mention.is_campus or _DOCUMENT in parameter.classes
        bearer = lexicon.bearing(mention, parameter.classes) if stands else ""
        if bearer and parameter.name not in values:  # « le programme du CMQ MSI », « la délibération de Besançon »
            values[parameter.name] = (ox.NamedNode(bearer),)
            return 1.0
    if mention.iri == _WHOLE:
        return 1.0
    homeless.append(mention.said)
    return _HOMELESS if mention.how != "part" and kind_of(mention.iri) in _WEIGHTY else _HOMELESS_DATE


def _moment(moment: Moment, card: Card, values: dict[str, tuple[Term, ...]]) -> tuple[Term | None, str]:
    free = [p for p in card.query.parameters.values() if p.name not in values]
    for parameter in free:
        if parameter.type == "date" and not (moment.month is None and any(map(_is_year, free))):
            return ox.Literal(_day(moment, parameter).isoformat(), datatype=ox.NamedNode(expand("xsd:date"))), parameter.name
    for parameter in free:
        if _is_year(parameter):
            return ox.Literal(moment.year), parameter.name
    return None, ""


def _day(moment: Moment, parameter: Parameter) -> date:
    """Return the day that *moment* means for *parameter*: the first of a year where a period begins, else the last."""
    begins = parameter.name in ("from", "start", "since", "after") and moment.month is None
    return date(moment.year, 1, 1) if begins else moment.asked


def _is_year(parameter: Parameter) -> bool:
    return parameter.type == "integer" and "year" in f"{parameter.name} {parameter.label.en}".lower()


def _numbers(card: Card, amounts: Sequence[Amount], values: dict[str, tuple[Term, ...]]) -> None:
    places = [p.name for p in card.query.parameters.values() if p.type == "amount"]
    for name, amount in zip(places, amounts, strict=False):
        values[name] = (ox.Literal(str(amount.euros), datatype=ox.NamedNode(expand("xsd:decimal"))),)


def _code(code: CodeMention, card: Card, values: dict[str, tuple[Term, ...]]) -> bool:
    for parameter in card.query.parameters.values():
        if parameter.type == "code" and parameter.scheme == code.scheme and (parameter.name not in values or parameter.many):
            values[parameter.name] = (*values.get(parameter.name, ()), ox.NamedNode(code.iri))
            return True
    return False
