"""What a query of the catalogue says of itself: its question, parameters, columns, view and asserted answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from campuskg.errors import Lang, Severity, Text, pick
from campuskg.queries.binding import bind
from campuskg.queries.tokens import QueryForm
from campuskg.store.engine import Term

ParameterType = Literal["entity", "date", "integer", "amount", "code", "text"]
Form = Literal["text", "euro", "percent", "number", "date", "year", "days"]
ViewType = Literal["table", "network", "map", "sankey", "timeline", "bar"]

_NONE: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the variable that it binds, and which values it takes."""

    name: str
    label: Text
    type: ParameterType
    classes: tuple[str, ...] = ()
    """IRIs of the classes of an entity; any of them will do."""
    scheme: str = ""
    """IRI of the code list of a code."""
    optional: bool = False
    many: bool = False
    default: tuple[Term, ...] = ()
    """The values in the text of the query; empty for an optional parameter."""
    example: tuple[Term, ...] = ()
    """The values in the comment of an optional parameter."""
    means: Text = _NONE


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer: its heading, the form of its values, its unit."""

    name: str
    label: Text
    form: Form = "text"
    unit: str = ""
    means: Text = _NONE


@dataclass(frozen=True, slots=True)
class View:
    """The view that suits the answer, and which column plays which role in it."""

    type: ViewType = "table"
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The asserted answer with the default parameters; *rows* is None where nothing is asserted (checks)."""

    rows: int | None = None
    has: tuple[Mapping[str, str], ...] = ()
    empty: Text = _NONE
    """Why there is no row, when there is none."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its name (the file's stem), what it asks, its SPARQL, and what its header says."""

    name: str
    question: Text
    sparql: str
    form: QueryForm = "SELECT"
    why: Text = _NONE
    note: Text = _NONE
    phrases: Mapping[Lang, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    view: View = field(default_factory=View)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    answer: Answer = field(default_factory=Answer)
    engines: Mapping[str, Text] = field(default_factory=dict)
    """Engine -> why its answer differs."""
    message: Text = _NONE
    """Of a check: what is wrong with a row."""
    mend: Text = _NONE
    severity: Severity = Severity.ERROR

    def asked(self, lang: Lang) -> str:
        """Return the question in *lang*."""
        return pick(self.question, lang)

    def heading(self, name: str, lang: Lang) -> str:
        """Return the heading of a column: its label in *lang*, or the variable's name."""
        column = self.columns.get(name)
        return pick(column.label, lang) if column else name

    def bound(self, values: Mapping[str, Sequence[Term]]) -> str:
        """Return the SPARQL with *values* in place of the defaults; UsageProblem for a name that is no parameter."""
        return bind(self.sparql, self.parameters, values)

    @property
    def body(self) -> str:
        """The SPARQL without its header, for readers and for other tools."""
        lines = self.sparql.splitlines()
        return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
