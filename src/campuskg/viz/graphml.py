"""GraphML (http://graphml.graphdrawing.org/): for networkx, igraph, yEd and others; each link keeps its own id."""

from typing import Final
from xml.etree import ElementTree as ET

from campuskg.errors import pick
from campuskg.viz.model import Picture
from campuskg.viz.plain import EDGE_FIELDS, NODE_FIELDS, NUMBERS, Value, cleaned, colour_of, edge_record, node_record

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_NODE: Final = ("label", *NODE_FIELDS, "x", "y", "colour")
_EDGE: Final = ("weight", *EDGE_FIELDS)


def to_graphml(picture: Picture) -> bytes:
    """Return *picture* as GraphML; the same picture gives the same bytes."""
    root = ET.Element("graphml", {"xmlns": _NAMESPACE})
    for of, fields in (("node", _NODE), ("edge", _EDGE)):
        for field in fields:
            kind = "double" if field in NUMBERS else "string"
            ET.SubElement(root, "key", {"id": f"{of}-{field}", "for": of, "attr.name": field, "attr.type": kind})
    ET.SubElement(root, "key", {"id": "title", "for": "graph", "attr.name": "title", "attr.type": "string"})
    graph = ET.SubElement(root, "graph", {"edgedefault": "directed" if picture.view.directed else "undirected"})
    ET.SubElement(graph, "data", {"key": "title"}).text = cleaned(pick(picture.view.title, picture.lang))
    own: dict[str, Value]
    for node in picture.nodes:
        found = ET.SubElement(graph, "node", {"id": cleaned(node.id)})
        own = {"label": cleaned(node.label), "x": node.x, "y": node.y, "colour": colour_of(node, picture)}
        _data(found, "node", own | node_record(node, picture))
    for edge in picture.edges:
        ends = {"source": cleaned(edge.source), "target": cleaned(edge.target)}
        found = ET.SubElement(graph, "edge", {"id": cleaned(edge.id), **ends})
        own = {"weight": edge.weight}
        _data(found, "edge", own | edge_record(edge))
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _data(parent: ET.Element, of: str, record: dict[str, Value]) -> None:
    for field, value in record.items():
        text = f"{value:.12g}" if isinstance(value, float) else value
        ET.SubElement(parent, "data", {"key": f"{of}-{field}"}).text = text
