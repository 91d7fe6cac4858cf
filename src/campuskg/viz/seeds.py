"""The positions of the last release laid out, one file a view: ``viz/layouts/NAME.json``."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from campuskg.content import content
from campuskg.viz.links import short
from campuskg.viz.model import Node

if TYPE_CHECKING:
    from campuskg.release import Release

SEEDED: Final = ("network", "bipartite", "ontology")
"""Drawings whose places are kept; those of the others follow from dates, levels or coordinates."""


@cache
def seeds(name: str) -> Mapping[str, tuple[float, float]]:
    """Return id -> position of the view *name*; empty where it was never laid out."""
    path = content("viz") / "layouts" / f"{name}.json"
    if not path.is_file():
        return {}
    return {key: (float(x), float(y)) for key, (x, y) in json.loads(path.read_bytes()).items()}


def seed_text(old: Mapping[str, tuple[float, float]], nodes: Iterable[Node]) -> str:
    """Return the file of a view: one thing a line, in order; what is no longer drawn keeps its place in case it comes back."""
    places = {**old, **{short(node.id): (node.x, node.y) for node in nodes}}
    lines = [f"{json.dumps(key, ensure_ascii=False)}: [{x:g}, {y:g}]" for key, (x, y) in sorted(places.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def layouts(release: "Release", out: Path | None = None) -> Iterator[tuple[Path, bytes, int]]:
    """Yield the file of each view laid out by forces in *release*, its bytes, and how many of its places are new."""
    from campuskg.viz.picture import picture  # it reads the seeds itself
    from campuskg.viz.views import views

    folder = out or content("viz") / "layouts"
    for view in views().values():
        if view.drawing in SEEDED:
            old, nodes = seeds(view.name), picture(release, view).nodes
            fresh = sum(short(node.id) not in old for node in nodes)
            yield folder / f"{view.name}.json", seed_text(old, nodes).encode(), fresh
