"""The header of a query file: ``#+`` lines of YAML (the decorators that grlc reads), checked strictly.

Scalars stay text; every problem has its line and column in the query file.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, get_args

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, ProblemsFound, Severity, Text, nearest
from campuskg.graph.yaml_source import Path_, YamlDocument, YamlRefused, parse_yaml
from campuskg.ontology import expand, load_terms, prefixes
from campuskg.queries import tokens
from campuskg.queries.defaults import default_terms
from campuskg.queries.header_values import LANGS, MARK, HeaderValues, dotted
from campuskg.queries.model import Answer, Column, Form, Parameter, ParameterType, Query, View

AUDIENCES: Final = ("researcher", "planner", "publisher", "curator")
ROLES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "table": ((), ()),
    "network": (("source", "target"), ("weight", "label")),
    "map": (("label", "lat", "long"), ("value",)),
    "sankey": (("source", "target", "value"), ()),
    "timeline": (("label", "start"), ("end",)),
    "bar": (("label", "value"), ()),
}
"""The roles of each view: those it needs, those it may have."""

_CATALOGUE: Final = ("question", "why", "phrases", "tags", "audience", "view", "answer")
_CATALOGUE_MORE: Final = ("parameters", "columns", "note", "engines")
_CHECK: Final = ("question",)
_CHECK_MORE: Final = ("why", "message", "mend", "severity", "columns")
_TYPES: Final = get_args(ParameterType)
_FORMS: Final = get_args(Form)


def header_yaml(text: str) -> str:
    r"""Return the YAML of the ``#+`` lines that begin a query file, each at its own line and column.

    >>> header_yaml("#+ a: b\n# no\nSELECT * {}\n#+ c: d")
    '   a: b\n'
    """
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append("  " + line[len(MARK) :] if line.startswith(MARK) else "")
    return "\n".join(lines)


def read_query(name: str, text: str, file: str, *, themes: Sequence[str] | None) -> Query:
    """Return the query of the file *file*; *themes* are the known tags, or None for a check (only its question is needed).

    Raises ProblemsFound with every fault of the header and of its agreement with the text.
    """
    try:
        document = parse_yaml(header_yaml(text), file)
    except YamlRefused as refused:
        raise ProblemsFound([refused.problem]) from refused
    reader = HeaderReader(document, text)
    query = reader.query(name, themes)
    if reader.problems:
        raise ProblemsFound(reader.problems)
    return query


class HeaderReader(HeaderValues):
    """Turns the YAML of one header into a Query, collecting problems."""

    def __init__(self, document: YamlDocument, sparql: str) -> None:
        """Read *document*, the header of *sparql*."""
        super().__init__(document)
        self.sparql = sparql
        found = tokens.form(sparql)
        if found is None:
            self.refuse("header-form", (), key="SELECT", expected={"fr": "une requête SPARQL", "en": "a SPARQL query"})
        self.form: tokens.QueryForm = found or "SELECT"
        self.variables = tokens.projected(sparql) if self.form == "SELECT" else ()

    def query(self, name: str, themes: Sequence[str] | None) -> Query:
        """Return the query; of a check when there are no *themes*."""
        needed, more = (_CHECK, _CHECK_MORE) if themes is None else (_CATALOGUE, _CATALOGUE_MORE)
        top = self.mapping((), needed, more)
        columns = self.columns(checked=themes is not None) if themes is not None or "columns" in top else {}
        return Query(
            name=name,
            question=self.words(("question",)),
            sparql=self.sparql,
            form=self.form,
            why=self.words(("why",)),
            note=self.words(("note",)),
            phrases=self.phrases(),
            tags=self.choices(("tags",), themes or ()),
            audience=self.choices(("audience",), AUDIENCES),
            view=self.view(columns),
            parameters=self.parameters(),
            columns=columns,
            answer=self.answer(columns),
            engines={engine: self.words(("engines", engine)) for engine in self.keys(("engines",))},
            message=self.words(("message",)),
            mend=self.words(("mend",)),
            severity=Severity(self.one_of(("severity",), [str(s) for s in Severity]) or Severity.ERROR),
        )

    def phrases(self) -> dict[Lang, tuple[str, ...]]:
        """Return the other ways of asking, by language."""
        if self.value(("phrases",)) is None:
            return {}
        self.mapping(("phrases",), LANGS)
        return {lang: self.texts(("phrases", lang)) for lang in LANGS}

    def columns(self, *, checked: bool) -> dict[str, Column]:
        """Return the columns, in the order of the query; each is projected and has a heading."""
        headed = self.keys(("columns",))
        for name in headed:
            if name not in self.variables and checked:
                known = nearest(name, self.variables) or ", ".join(self.variables)
                self.refuse("header-column-unknown", ("columns", name), name=name, known=known)
        if checked:
            for name in self.variables:
                if name not in headed:
                    self.refuse("header-column-missing", ("columns",), name=name)
        return {name: self.column(name) for name in self.variables if name in headed}

    def column(self, name: str) -> Column:
        """Return one column."""
        path = ("columns", name)
        self.mapping(path, LANGS, ("form", "unit", "means"))
        form: Form = self.one_of((*path, "form"), _FORMS) or "text"  # type: ignore[assignment]  # one of _FORMS
        label = Text(self.text((*path, "fr")), self.text((*path, "en")))
        return Column(name, label, form, self.text((*path, "unit")), self.words((*path, "means")))

    def view(self, columns: Mapping[str, Column]) -> View:
        """Return the view; its roles are columns."""
        if self.value(("view",)) is None:
            return View()
        kind = self.one_of(("view", "type"), list(ROLES))
        needed, more = ROLES.get(kind, ((), ()))
        self.mapping(("view",), ("type", *needed), more)
        roles = {role: self.one_of(("view", role), list(columns)) for role in (*needed, *more) if role in self.keys(("view",))}
        return View(kind or "table", roles)  # type: ignore[arg-type]  # one of ROLES

    def answer(self, columns: Mapping[str, Column]) -> Answer:
        """Return the asserted answer."""
        if self.value(("answer",)) is None:
            return Answer()
        self.mapping(("answer",), ("rows",), ("has", "empty"))
        rows = self.text(("answer", "rows"))
        if not re.fullmatch(r"[0-9]{1,7}", rows):
            self.refuse("header-form", ("answer", "rows"), key="answer.rows", expected={"fr": "un nombre", "en": "a number"})
            rows = "0"
        empty = self.words(("answer", "empty"))
        if rows == "0" and not empty.fr:
            self.refuse("header-missing", ("answer",), key="answer.empty")
        found = self.value(("answer", "has"))
        has = []
        for i in range(len(found) if isinstance(found, list) else 0):
            path = ("answer", "has", i)
            has.append({name: self.text((*path, name)) for name in self.mapping(path, (), list(columns))})
        return Answer(int(rows), tuple(has), empty)

    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters, each with its default or its example out of the text."""
        lines = tokens.blocks(self.sparql)
        return {name: self.parameter(name, lines) for name in self.keys(("parameters",))}

    def parameter(self, name: str, lines: Sequence[tokens.Block]) -> Parameter:
        """Return one parameter."""
        path = ("parameters", name)
        self.mapping(path, (*LANGS, "type"), ("class", "scheme", "optional", "many", "means"))
        kind: ParameterType = self.one_of((*path, "type"), _TYPES) or "text"  # type: ignore[assignment]  # one of _TYPES
        optional = self.flag((*path, "optional"))
        mine = [line for line in lines if line.name == name]
        values = {line.inside.strip() for line in mine}
        written = "#? VALUES" if optional else "VALUES"
        if len(values) != 1 or any(line.optional is not optional for line in mine):
            self.refuse("header-parameter-line", path, name=name, line=f"{written} ?{name} {{ … }}")
        terms = default_terms(self.sparql, values.pop()) if len(values) == 1 else ()
        if terms is None:
            self.refuse("header-parameter-default", path, name=name)
        return Parameter(
            name=name,
            label=Text(self.text((*path, "fr")), self.text((*path, "en"))),
            type=kind,
            classes=self.classes(path) if kind == "entity" else (),
            scheme=self.scheme(path) if kind == "code" else "",
            optional=optional,
            many=self.flag((*path, "many")),
            default=() if optional else terms or (),
            example=(terms or ()) if optional else (),
            means=self.words((*path, "means")),
        )

    def classes(self, path: Path_) -> tuple[str, ...]:
        """Return the IRIs of the classes of an entity parameter."""
        names = self.texts((*path, "class"))
        if not names:
            self.refuse("header-missing", path, key=dotted((*path, "class")))
        known = load_terms().classes
        found = []
        for name in names:
            iri = expand(name) if name.partition(":")[0] in prefixes() else ""
            if iri not in known:
                near = nearest(name, (f"cmq:{local}" for local in load_terms().names)) or "cmq:…"
                self.refuse("header-choice", (*path, "class"), key="class", value=name, known=near)
            found.append(iri)
        return tuple(found)

    def scheme(self, path: Path_) -> str:
        """Return the IRI of the code list of a code parameter: named by its last segment, its prefix or its IRI."""
        name = self.text((*path, "scheme"))
        if not name:
            self.refuse("header-missing", path, key=dotted((*path, "scheme")))
            return ""
        known = load_terms().concepts
        written = name.rstrip(":/")
        ways = (written, f"{BASE_IRI}scheme/{written}", prefixes().get(written, "").rstrip("/"))
        found = next((iri for iri in ways if iri in known), "")
        if not found:
            near = [iri.rpartition("/")[2] for iri in known]
            self.refuse(
                "header-choice", (*path, "scheme"), key="scheme", value=name, known=nearest(name, near) or ", ".join(near)
            )
        return found
