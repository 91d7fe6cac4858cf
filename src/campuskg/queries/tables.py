"""The tables of a release: which queries a build answers once and for all (``queries/tables.yaml``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyoxigraph as ox

from campuskg.content import content
from campuskg.errors import UsageProblem
from campuskg.graph.yaml_source import read_yaml
from campuskg.ontology import expand
from campuskg.queries.catalogue import TABLES, catalogue, load_queries
from campuskg.queries.model import Query
from campuskg.store.engine import Term

CURATED: Final = "curated"
"""The value that stands for the day of the latest curation."""
_FILE: Final = "queries/tables.yaml"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, the query that defines it, the values of the parameters that are not the defaults."""

    name: str
    query: Query
    values: Mapping[str, object] = field(default_factory=dict)

    def sparql(self, curated: str) -> str:
        """Return the text whose answer the table is; *curated* is the day of the latest curation of the graph."""
        terms = {name: [self._term(name, curated if text == CURATED else str(text))] for name, text in self.values.items()}
        return self.query.bound(terms)

    def depends_on_day(self) -> bool:
        """Tell whether the table needs the day of the latest curation."""
        return CURATED in self.values.values()

    def _term(self, name: str, text: str) -> Term:
        kind = self.query.parameters[name].type
        return ox.Literal(int(text)) if kind == "integer" else ox.Literal(text, datatype=ox.NamedNode(expand(f"xsd:{kind}")))


@cache
def tables() -> Mapping[str, Table]:
    """Return the tables by name, in the order of their file; raises UsageProblem for a query that there is not."""
    value = read_yaml(content("queries") / "tables.yaml", _FILE).value
    assert isinstance(value, dict)  # noqa: S101  our own file
    known = {**catalogue(), **load_queries(content("queries") / TABLES)}
    found = {}
    for name, said in value.items():
        given = said if isinstance(said, dict) else {}
        wanted, values = str(given.get("query", name)), given.get("with")
        if wanted not in known:
            raise UsageProblem("query-unknown", name=wanted, known=_FILE)
        found[name] = Table(name, known[wanted], dict(values) if isinstance(values, dict) else {})
    return found
