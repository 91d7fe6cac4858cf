"""SHACL: validation with shacl-rust (the only module that imports it), and the shapes' own French and English messages."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import shacl_rust  # type: ignore[import-untyped]  # the package ships no types

from campuskg.content import content
from campuskg.errors import Lang

_SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, order=True, slots=True)
class ShapeResult:
    """One validation result: which node, by which path, broke which shape's which component."""

    focus: str
    path: str
    value: str
    shape: str
    component: str
    severity: str


def shapes_turtle() -> str:
    """Return all shapes files and the prefix table as one Turtle text."""
    folder = content("ontology")
    paths = [folder / "prefixes.ttl", *sorted((folder / "shapes").glob("*.ttl"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def validate_shapes(ntriples: str) -> list[ShapeResult]:
    """Validate *ntriples* (the whole dataset as N-Triples, with the class hierarchy) and return the results, sorted.

    Source: SHACL, W3C Recommendation of 20 July 2017; pySHACL is the oracle in the tests.
    """
    report = shacl_rust.validate(ntriples, shapes_turtle(), data_format="nt", shapes_format="turtle", experimental_index=True)
    return sorted({_result(raw) for raw in report["results"]})


def _result(raw: Mapping[str, str]) -> ShapeResult:
    def iri(name: str) -> str:
        value = raw.get(name) or ""
        return value[1:-1] if value.startswith("<") else value

    return ShapeResult(
        focus=iri("focusNode"),
        path=iri("resultPath"),
        value=raw.get("value") or "",
        shape=iri("sourceShape"),
        component=iri("sourceConstraintComponent").removeprefix(_SH),
        severity=iri("severity").removeprefix(_SH),
    )


@cache
def shape_messages() -> Mapping[str, Mapping[Lang, str]]:
    """Return shape IRI -> language -> message; a SPARQL constraint's message is also found under its node shape."""
    messages: defaultdict[str, dict[Lang, str]] = defaultdict(dict)
    holders: list[tuple[str, str]] = []
    for quad in ox.parse(shapes_turtle().encode(), format=ox.RdfFormat.TURTLE):
        subject, predicate, value = str(quad.subject).strip("<>"), quad.predicate.value, quad.object
        if predicate == _SH + "message" and isinstance(value, ox.Literal) and value.language in ("fr", "en"):
            messages[subject][value.language] = value.value  # type: ignore[index]  # narrowed by the test above
        elif predicate == _SH + "sparql" and isinstance(value, ox.NamedNode):
            holders.append((subject, value.value))
    for node_shape, constraint in holders:
        messages[node_shape].update(messages[constraint])
    return dict(messages)


@cache
def shape_targets() -> Mapping[str, str]:
    """Return shape IRI -> the property whose subjects it checks (``sh:targetSubjectsOf``), for shapes that have one."""
    return {
        str(quad.subject).strip("<>"): quad.object.value
        for quad in ox.parse(shapes_turtle().encode(), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == _SH + "targetSubjectsOf" and isinstance(quad.object, ox.NamedNode)
    }
