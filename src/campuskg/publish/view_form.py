"""The form of a view: the parameters of its query as fields that need no script; each choice offered draws something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, pick
from campuskg.ontology import compact
from campuskg.queries import Parameter, Query
from campuskg.release.names import NameIndex
from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.viz import Picture

Control = Literal["checks", "select", "entity", "date", "number", "text"]
Choices = Mapping[str, Sequence[str]]
"""Parameter -> the values that it can take, as IRIs."""
_BOXES: Final = 12
"""So many choices are all shown, each with a box; of more, one is picked."""
_LISTED: Final = 60
"""So many choices make a list; more are searched by name."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is sent, what is read, whether it holds, and the whole IRI for the query that a browser asks by itself."""

    value: str
    label: str
    chosen: bool
    iri: str


@dataclass(frozen=True, slots=True)
class ViewField:
    """One parameter as a field."""

    name: str
    label: str
    control: Control
    means: str
    value: str
    shown: str
    classes: str
    options: Sequence[Option]
    any: bool
    """Whether none need be chosen: then everything is drawn."""
    kept: bool
    """Whether an empty value must be sent, since the view has a value of its own that would hold otherwise."""
    said: str
    """What holds, in words; empty where nothing does."""


def fields(picture: Picture, names: NameIndex, choices: Choices) -> list[ViewField]:
    """Return the fields of the view drawn, each with the value that holds."""
    return [_field(one, picture, names, choices.get(one.name, ())) for one in picture.query.parameters.values()]


def offered(query: Query, whole: Rows, known: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what each entity or code parameter can be: of the values *known*, those that occur in the *whole* answer.

    The whole answer is that without any optional parameter; one that is no column of it keeps all that is known.
    """
    found = {}
    for name, values in known.items():
        place = whole.variables.index(name) if name in whole.variables and query.parameters[name].optional else -1
        seen = {term.value for row in whole.rows if isinstance(term := row[place], ox.NamedNode)} if place >= 0 else set(values)
        found[name] = [iri for iri in values if iri in seen]
    return found


def emptied(query: Query, given: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the optional parameters of which a reader sent an empty value: all is drawn, whatever else holds."""
    optional = {name for name, one in query.parameters.items() if one.optional}
    return frozenset(name for name, value in given if name in optional and not value.strip())


def _field(one: Parameter, picture: Picture, names: NameIndex, choices: Sequence[str]) -> ViewField:
    lang: Lang = picture.lang
    terms = picture.values.get(one.name) or one.default
    control = _control(one, choices)
    options = _options(terms, choices, names, lang)
    shown = ", ".join(_words(term, names, lang) for term in terms)
    value = _sent(terms[0].value) if terms else ""
    return ViewField(
        one.name, pick(one.label, lang) or one.name, control, pick(one.means, lang), value,
        _words(terms[0], names, lang) if terms else "", " ".join(compact(iri) for iri in one.classes), options,
        one.optional, one.name in picture.view.values, shown,
    )  # fmt: skip


def _control(one: Parameter, choices: Sequence[str]) -> Control:
    if one.type in ("entity", "code") and choices and len(choices) <= _LISTED:
        return "checks" if one.many and len(choices) <= _BOXES else "select"
    match one.type:
        case "entity" | "date":
            return one.type
        case "integer" | "amount":
            return "number"
    return "text"


def _options(terms: Sequence[Term], choices: Sequence[str], names: NameIndex, lang: Lang) -> list[Option]:
    """Return the choices by name; what holds is among them even where it draws nothing."""
    held = [term.value for term in terms if isinstance(term, ox.NamedNode)]
    known = dict.fromkeys([*choices, *held] if choices else ())
    options = [Option(_sent(iri), names.name(iri, lang), iri in held, iri) for iri in known]
    return sorted(options, key=lambda option: (option.label.casefold(), option.value))


def _words(term: Term, names: NameIndex, lang: Lang) -> str:
    return names.name(term.value, lang) if isinstance(term, ox.NamedNode) else term.value


def _sent(value: str) -> str:
    """Return a value as addresses hold it: an id of ours without its base, a code as its last word."""
    if value.startswith(BASE_IRI + "scheme/"):
        return value.rpartition("/")[2]
    return value.removeprefix(BASE_IRI + "id/")
