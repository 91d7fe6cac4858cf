"""Nodes and links as flat records of texts and numbers, safe for every file format: what all exports are written from."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from campuskg.viz.groups import colours
from campuskg.viz.links import short
from campuskg.viz.model import Edge, Node, Picture
from campuskg.viz.things import FACETS

Value = str | float

NODE_FIELDS: Final = ("kind", "group", "size", "latitude", "longitude", "begins", "ends", *FACETS)
"""What each node says beside its id, name and place."""
EDGE_FIELDS: Final = ("relation", "amount", "stage", "begins", "ends", "via", "passages", "rows")
"""What each link says beside its ends and weight."""
NUMBERS: Final = frozenset({"size", "latitude", "longitude", "amount", "weight", "x", "y"})
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, even escaped (https://www.w3.org/TR/xml/#charsets)."""
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the order of a text, which could make a name read as another."""
_LEAST: Final = 6.0
_MOST: Final = 26.0


def cleaned(text: str) -> str:
    r"""Return *text* without what XML cannot hold and without marks that reorder it.

    >>> cleaned("a\x00b\u202ec")
    'abc'
    """
    return _BIDI.sub("", _ILLEGAL.sub("", text))


def node_record(node: Node, picture: Picture) -> dict[str, Value]:
    """Return what *node* says, empty values left out."""
    groups = {group.key: group.label for group in picture.groups}
    found: dict[str, Value] = {
        "kind": node.kind,
        "group": groups.get(node.group, node.group),
        "size": node.size,
        "begins": node.begins,
        "ends": node.ends,
    }
    if node.point:
        found["latitude"], found["longitude"] = node.point
    for facet, iris in node.facets.items():
        names = picture.facet_labels.get(facet, {})
        found[facet] = "; ".join(names.get(iri, iri) for iri in iris)
    return _filled(found)


def edge_record(edge: Edge) -> dict[str, Value]:
    """Return what *edge* says, empty values left out; rows are numbered from 1, as in the table."""
    found: dict[str, Value] = {
        "relation": edge.relation,
        "amount": float(edge.amount) if edge.amount else "",
        "stage": short(edge.stage),
        "begins": edge.begins,
        "ends": edge.ends,
        "via": "; ".join(short(iri) for iri in edge.via),
        "passages": "; ".join(edge.passages),
        "rows": " ".join(str(row + 1) for row in edge.rows),
    }
    return _filled(found)


def _filled(found: Mapping[str, Value]) -> dict[str, Value]:
    clean = {key: cleaned(value) if isinstance(value, str) else value for key, value in found.items()}
    return {key: value for key, value in clean.items() if value != ""}


def diameters(nodes: Sequence[Node]) -> list[float]:
    """Return the diameter of each node for programs that draw them: its area grows with its measure."""
    top = max((node.size for node in nodes), default=0.0)
    return [round(_LEAST + (_MOST - _LEAST) * math.sqrt(max(node.size, 0.0) / top), 2) if top > 0 else _LEAST for node in nodes]


def colour_of(node: Node, picture: Picture) -> str:
    """Return the colour of *node* against white, such as ``#2f6db5``."""
    return next((colours()[group.colour - 1] for group in picture.groups if group.key == node.group), colours()[-1])
