"""What is imported conforms to the shapes of the graph; only things that another dataset describes may be missing."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from campuskg.content import content
from campuskg.ingest.engine import run
from campuskg.ingest.mapping import importer, importers
from campuskg.ontology import expand
from campuskg.ontology.shapes import ShapeResult, validate_shapes

TYPE = expand("rdf:type")


def vocabulary() -> list[ox.Triple]:
    """Return the ontology and its code lists, which the shapes look at."""
    files = [content("ontology") / "campus.ttl", *sorted((content("ontology") / "codelists").glob("*.ttl"))]
    return [quad.triple for file in files for quad in ox.parse(path=file)]


def broken(files: list[Path]) -> list[ShapeResult]:
    """Return what the shapes find, without references to things that these files do not describe."""
    triples = [*vocabulary(), *(quad.triple for file in files for quad in ox.parse(path=file))]
    described = {f"<{t.subject.value}>" for t in triples if t.predicate.value == TYPE and isinstance(t.subject, ox.NamedNode)}
    text = "".join(f"{triple} .\n" for triple in triples)
    return [
        result
        for result in validate_shapes(text)
        if not (result.component == "ClassConstraintComponent" and result.value.startswith("<") and result.value not in described)
    ]


@pytest.mark.parametrize("name", sorted(importers()))
def test_conforms(name: str, datasets: Mapping[str, list[Path]], tmp_path: Path) -> None:
    files = []
    for number, file in enumerate(datasets[name]):  # each edition by itself: two editions may name a thing in two ways
        out = tmp_path / f"{number}.nt"
        run(importer(name), [file], out)
        files.append(out)
    assert [result for out in files for result in broken([out])] == []


def test_places_come_from_their_own_datasets(datasets: Mapping[str, list[Path]], tmp_path: Path) -> None:
    """With communes and départements, lycées of the region lack nothing at all."""
    files = []
    for name in ("communes", "departements", "lycees-geo"):
        files.append(tmp_path / f"{name}.nt")
        run(importer(name), datasets[name], files[-1])
    triples = "".join(f"{quad.triple} .\n" for file in files for quad in ox.parse(path=file))
    text = triples + "".join(f"{triple} .\n" for triple in vocabulary())
    assert validate_shapes(text) == []
