"""The form of a planner's page: its parameters as the catalogue has them, read from an address, shown as fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from campuskg.errors import Lang, Place, Problem, Text, UsageProblem, pick
from campuskg.ontology import compact, expand
from campuskg.publish.planning.desk import ID, Desk
from campuskg.queries import Parameter, Query, read_values
from campuskg.store.engine import Term

RESERVED: Final = ("lang", "table")
"""Parameters that every page has besides its own: the language, the table that a file is asked of."""
ORGANISATIONS: Final = (expand("org:Organization"),)
CAMPUSES: Final = (expand("cmq:Campus"),)

Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: what is sent, what is shown, what it means, what was wrong with it."""

    name: str
    label: str
    type: str
    value: str
    shown: str
    hint: str
    classes: str
    choices: Sequence[tuple[str, str]]
    optional: bool
    wrong: str


def entity(name: str, label: Text, classes: tuple[str, ...] = ORGANISATIONS, means: Text = Text("", "")) -> Parameter:  # noqa: B008
    """Return a parameter that names a thing."""
    return Parameter(name, label, "entity", classes, optional=True, means=means)


def read(parameters: Mapping[str, Parameter], query: Sequence[tuple[str, str]], desk: Desk) -> dict[str, list[Term]]:
    """Return the terms of the values in an address; UsageProblem for an unknown name, an unreadable value, one given twice."""
    given: dict[str, list[str]] = {}
    for name, text in query:
        if name not in RESERVED:
            given.setdefault(name, []).append(text)
    return read_values(Query("", Text("", ""), "", parameters=parameters), given, desk.store, desk.names)


def state(parameters: Mapping[str, Parameter], query: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what an address says of a page's own state, for the addresses of its files."""
    return [(name, text) for name, text in query if name in parameters and text.strip()]


def fields(
    parameters: Mapping[str, Parameter],
    query: Sequence[tuple[str, str]],
    values: Values,
    desk: Desk,
    wrong: tuple[str, str] = ("", ""),
) -> list[FormField]:
    """Return the fields of the form, with the *values* that held, else what was typed; *wrong* is a name and what to say."""
    typed = dict(reversed([*query]))
    return [_field(one, values.get(one.name, ()), typed.get(one.name, ""), desk, wrong) for one in parameters.values()]


def _field(one: Parameter, terms: Sequence[Term], typed: str, desk: Desk, wrong: tuple[str, str]) -> FormField:
    lang: Lang = desk.lang
    value = terms[0].value.removeprefix(ID) if terms else typed
    shown = desk.name(terms[0].value, lang) if terms and one.type == "entity" else value
    classes = " ".join(compact(cls) for cls in one.classes)
    said = wrong[1] if wrong[0] == one.name else ""
    return FormField(
        one.name, pick(one.label, lang), one.type, value, shown, pick(one.means, lang), classes, (), one.optional, said
    )


def refused(error: UsageProblem, lang: Lang) -> tuple[str, str]:
    """Return which parameter an error is about, and what to say of it."""
    return str(error.params.get("name", "")), Problem(error.code, Place(""), error.params).words(lang)
