"""Shapes and checks over the built dataset, each result brought back to the file, line and column that wrote it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Place, Problem, Severity
from campuskg.graph import Curated
from campuskg.ontology import compact, shape_messages, shape_targets, validate_shapes
from campuskg.queries import checks
from campuskg.release.layers import ID, claim_iri
from campuskg.store import MemoryStore

ADDED: Final = Place("--with")
"""Where things stand that no curated file wrote: in the data that the build was told to add."""
_SHOWN: Final = 3
_MADE: Final = (ID + "inference/", ID + "claim/")
"""What the build makes itself."""


class PlaceIndex:
    """Where each node, each property of a node and each claim was written."""

    def __init__(self, curated: Curated) -> None:
        """Index the statements of *curated*."""
        self._triples: dict[tuple[str, str, str], Place] = {}
        self._pairs: dict[tuple[str, str], Place] = {}
        self._nodes: dict[str, Place] = {ID + name: place for name, place in curated.node_places.items()}
        for statement in curated.statements:
            s, p, o = statement.triple
            subject, value = str(s)[1:-1], o.value if isinstance(o, (ox.NamedNode, ox.Literal)) else ""
            self._triples.setdefault((subject, p.value, value), statement.place)
            self._pairs.setdefault((subject, p.value), statement.place)
            self._nodes.setdefault(subject, statement.place)
            if statement.reified:
                self._nodes.setdefault(claim_iri(statement.triple).value, statement.place)

    def find(self, node: str, path: str = "", value: str = "") -> Place:
        """Return the most exact place known for *node*, its property *path* and its *value*."""
        found = self._triples.get((node, path, value)) or self._pairs.get((node, path)) or self._nodes.get(node)
        return found or (ADDED if node.startswith(ID) and not node.startswith(_MADE) else Place("ontology/campus.ttl"))


def shape_problems(store: MemoryStore, curated: Curated) -> list[Problem]:
    """Validate *store* with the SHACL shapes."""
    places = PlaceIndex(curated)
    ntriples = store.ntriples()
    messages, targets = shape_messages(), shape_targets()
    problems = []
    for result in validate_shapes(ntriples):
        value = result.value[1:-1] if result.value.startswith("<") else result.value.split('"')[1] if '"' in result.value else ""
        said = messages.get(result.shape, {"fr": result.component, "en": result.component})
        severity = Severity.ERROR if result.severity == "Violation" else Severity.WARNING
        params = {"said": dict(said), "shape": compact(result.shape), "node": _short(result.focus)}
        path = result.path or targets.get(result.shape, "")  # a SPARQL constraint has no path
        place = places.find(result.focus, path, value)
        if place == ADDED and result.component == "ClassConstraintComponent" and _undescribed(store, result.value):
            params |= {"value": _short(result.value[1:-1])}
            problems.append(Problem("added-dangling", place, params, Severity.WARNING))
        else:
            problems.append(Problem("shape", place, params, severity))
    return gathered(problems)


def _undescribed(store: MemoryStore, value: str) -> bool:
    """Tell whether *value* is an id of ours of which nothing is said: the data set that describes it was not added."""
    return value.startswith("<" + ID) and next(iter(store.about(ox.NamedNode(value[1:-1]))), None) is None


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return *problems* where those of the added data that are alike are told three times, and then counted.

    A data set may have tens of thousands of rows with the same fault; a curated file has a place for each.
    """
    kept: list[Problem] = []
    alike: defaultdict[tuple[str, str, Severity], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.place == ADDED:
            kind = str(problem.params.get("shape") or problem.params.get("check") or "")
            alike[problem.code, kind, problem.severity].append(problem)
        else:
            kept.append(problem)
    for (code, kind, severity), group in alike.items():
        kept += sorted(group, key=Problem.sort_key)[:_SHOWN]
        if len(group) > _SHOWN:
            params = {"count": len(group) - _SHOWN, "kind": kind or code}
            kept.append(Problem("added-more", ADDED, params, severity))
    return kept


def check_problems(store: MemoryStore, curated: Curated) -> list[Problem]:
    """Run the check queries: every row of every check is a problem, at the place of its ``?entity`` and ``?property``."""
    places = PlaceIndex(curated)
    problems = []
    for query in checks().values():
        for row in store.select(query.sparql).dicts():
            detail = " · ".join(_short(value) for value in row.values())
            params: Mapping[str, object] = {
                "said": query.message._asdict(),
                "mend": query.mend._asdict(),
                "check": query.name,
                "detail": detail,
            }
            place = places.find(row.get("entity", ""), row.get("property", ""), row.get("value", ""))
            problems.append(Problem("check", place, params, query.severity))
    return gathered(problems)


def _short(iri: str) -> str:
    """Return an id as curators write it, or a compact name."""
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    return compact(iri) if iri.startswith((BASE_IRI, "http")) else iri


def by_severity(problems: Iterable[Problem]) -> Mapping[str, int]:
    """Return the number of problems of each severity."""
    counts = {"error": 0, "warning": 0}
    for problem in problems:
        counts[str(problem.severity)] += 1
    return counts
