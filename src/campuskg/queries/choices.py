"""What a parameter can be, drawn from the graph: things of its class, codes of its list that occur; the same on every engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Lang, Text, pick
from campuskg.ontology import expand, load_terms
from campuskg.queries.binding import written
from campuskg.queries.model import Parameter
from campuskg.store import Rows

_FACTS: Final = f"<{BASE_IRI}graph/facts>"
_IN_CLASS: Final = """PREFIX rdfs: <{rdfs}>
PREFIX skos: <{skos}>
SELECT DISTINCT ?value ?label
WHERE {{
  VALUES ?class {{ {values} }}
  ?value a ?kind .
  ?kind rdfs:subClassOf* ?class .
  OPTIONAL {{ ?value skos:prefLabel ?label }}
}}"""
_IN_USE: Final = """SELECT DISTINCT ?value
WHERE {{
  VALUES ?value {{ {values} }}
  GRAPH {facts} {{ ?thing ?property ?value }}
}}"""


class Engine(Protocol):
    """What answers a SELECT: the engine in this process or one somewhere else."""

    def select(self, sparql: str, /) -> Rows:
        """Run a SELECT."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a parameter can take, and its name."""

    term: ox.NamedNode
    label: Text

    def name(self, lang: Lang) -> str:
        """Return the name in *lang*."""
        return pick(self.label, lang)


def choices(store: Engine, parameter: Parameter) -> list[Choice]:
    """Return what an entity or a code parameter can be in *store*, by French name; nothing for the other types."""
    if parameter.type == "entity":
        return _entities(store, parameter.classes)
    if parameter.type == "code":
        return _codes(store, load_terms().concepts[parameter.scheme])
    return []


def code_labels(scheme: str) -> Mapping[str, Text]:
    """Return all codes of a list with their names, whether they occur or not."""
    return {iri: _text(load_terms().labels.get(iri, {}), iri) for iri in load_terms().concepts[scheme]}


def _entities(store: Engine, classes: Sequence[str]) -> list[Choice]:
    filled = {"rdfs": expand("rdfs:"), "skos": expand("skos:"), "values": _values(classes)}
    labels: dict[str, dict[str, str]] = {}
    for value, label in store.select(_IN_CLASS.format(**filled)).rows:
        if isinstance(value, ox.NamedNode):
            names = labels.setdefault(value.value, {})
            if isinstance(label, ox.Literal):
                names[label.language or ""] = label.value
    return _sorted(Choice(ox.NamedNode(iri), _text(names, iri)) for iri, names in labels.items())


def _codes(store: Engine, concepts: Sequence[str]) -> list[Choice]:
    rows = store.select(_IN_USE.format(values=_values(concepts), facts=_FACTS)).rows
    used = {value.value for (value,) in rows if isinstance(value, ox.NamedNode)}
    return _sorted(Choice(ox.NamedNode(iri), _text(load_terms().labels.get(iri, {}), iri)) for iri in used)


def _values(iris: Iterable[str]) -> str:
    return " ".join(written(ox.NamedNode(iri)) for iri in iris)


def _sorted(found: Iterable[Choice]) -> list[Choice]:
    return sorted(found, key=lambda choice: (choice.label.fr.casefold(), choice.term.value))


def _text(names: Mapping[str, str], iri: str) -> Text:
    """Return the names of *iri*; one language stands in for the other, and the end of the IRI for both."""
    anyone = names.get("fr") or names.get("en") or names.get("") or iri.removeprefix(BASE_IRI + "id/")
    return Text(names.get("fr", anyone), names.get("en", anyone))
