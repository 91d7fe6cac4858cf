"""Exports for scripts and spreadsheets: node-link JSON as networkx reads it, and one CSV of nodes, one of links."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

from campuskg.errors import pick
from campuskg.viz.model import Picture
from campuskg.viz.plain import EDGE_FIELDS, NODE_FIELDS, Value, cleaned, colour_of, edge_record, node_record

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell that a spreadsheet would run begins (OWASP, "CSV Injection")."""


def to_json(picture: Picture) -> bytes:
    """Return *picture* in the node-link form of networkx (``node_link_graph(data, edges="edges")``), a multigraph."""
    nodes = [
        {"id": node.id, "label": node.label, "x": node.x, "y": node.y, "colour": colour_of(node, picture)}
        | node_record(node, picture)
        | {"facets": {facet: list(iris) for facet, iris in node.facets.items()}}
        for node in picture.nodes
    ]
    edges = [
        {"source": edge.source, "target": edge.target, "key": edge.id, "weight": edge.weight}
        | edge_record(edge)
        | {"via": list(edge.via), "passages": list(edge.passages), "rows": list(edge.rows)}
        for edge in picture.edges
    ]
    about = {
        "view": picture.view.name,
        "title": pick(picture.view.title, picture.lang),
        "query": picture.query.name,
        "release": picture.digest,
        "lang": picture.lang,
    }
    found = {"directed": picture.view.directed, "multigraph": True, "graph": about, "nodes": nodes, "edges": edges}
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def nodes_csv(picture: Picture) -> bytes:
    """Return the nodes, one a line, for a spreadsheet."""
    head = ("id", "label", *NODE_FIELDS, "x", "y")
    own: list[dict[str, Value]] = [{"id": n.id, "label": n.label, "x": n.x, "y": n.y} for n in picture.nodes]
    return _csv(head, (mine | node_record(n, picture) for mine, n in zip(own, picture.nodes, strict=True)))


def edges_csv(picture: Picture) -> bytes:
    """Return the links, one a line, with the names of their ends, for a spreadsheet."""
    names = {node.id: node.label for node in picture.nodes}
    head = ("id", "source", "target", "source_label", "target_label", "weight", *EDGE_FIELDS)
    own: list[dict[str, Value]] = [
        {"id": e.id, "source": e.source, "target": e.target, "source_label": names[e.source], "target_label": names[e.target]}
        for e in picture.edges
    ]
    records = ({**mine, "weight": e.weight, **edge_record(e)} for mine, e in zip(own, picture.edges, strict=True))
    return _csv(head, records)


def inert(value: Value) -> str:
    """Return a cell that no spreadsheet runs: a text that would begin a formula gets an apostrophe before it.

    >>> inert("=1+1"), inert("ENSMM"), inert(-2.5)
    ("'=1+1", 'ENSMM', '-2.5')
    """
    if not isinstance(value, str):
        return f"{value:.12g}"
    text = cleaned(value)
    return "'" + text if text.lstrip(" \n").startswith(_FORMULA) else text


def _csv(head: Sequence[str], records: Iterable[dict[str, Value]]) -> bytes:
    """Return RFC 4180 CSV in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([inert(record.get(field, "")) for field in head] for record in records)
    return out.getvalue().encode()
