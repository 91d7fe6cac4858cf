"""GEXF 1.3 (https://gexf.net/schema.html): opens in Gephi and Gephi Lite with attributes, colours, sizes, places and dates."""

from typing import Final
from xml.etree import ElementTree as ET

from campuskg.errors import pick
from campuskg.viz.model import Edge, Node, Picture
from campuskg.viz.plain import EDGE_FIELDS, NODE_FIELDS, NUMBERS, Value, cleaned, colour_of, diameters, edge_record, node_record
from campuskg.viz.spacing import SIDE

_GEXF: Final = "http://gexf.net/1.3"
_VIZ: Final = "http://gexf.net/1.3/viz"
_SHAPES: Final = {"circle": "disc", "square": "square", "diamond": "diamond", "triangle": "triangle"}


def to_gexf(picture: Picture) -> bytes:
    """Return *picture* as GEXF; the same picture gives the same bytes."""
    ET.register_namespace("viz", _VIZ)
    root = ET.Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "campuskg"
    words = (pick(picture.view.title, picture.lang), pick(picture.view.about, picture.lang), picture.digest)
    ET.SubElement(meta, "description").text = cleaned("\n".join(words))
    dated = any(edge.begins or edge.ends for edge in picture.edges) or any(node.begins or node.ends for node in picture.nodes)
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "directed" if picture.view.directed else "undirected"})
    graph.attrib |= {"mode": "dynamic", "timeformat": "date"} if dated else {"mode": "static"}
    _declare(graph, "node", NODE_FIELDS)
    _declare(graph, "edge", EDGE_FIELDS)
    nodes = ET.SubElement(graph, "nodes")
    for node, diameter in zip(picture.nodes, diameters(picture.nodes), strict=True):
        _node(nodes, node, diameter, picture)
    edges = ET.SubElement(graph, "edges")
    for edge in picture.edges:
        _edge(edges, edge)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _declare(graph: ET.Element, of: str, fields: tuple[str, ...]) -> None:
    held = ET.SubElement(graph, "attributes", {"class": of, "mode": "static"})
    for field in fields:
        ET.SubElement(held, "attribute", {"id": field, "title": field, "type": "double" if field in NUMBERS else "string"})


def _node(nodes: ET.Element, node: Node, diameter: float, picture: Picture) -> None:
    found = ET.SubElement(nodes, "node", {"id": cleaned(node.id), "label": cleaned(node.label)})
    _values(found, node_record(node, picture))
    red, green, blue = bytes.fromhex(colour_of(node, picture).removeprefix("#"))
    ET.SubElement(found, f"{{{_VIZ}}}color", {"r": str(red), "g": str(green), "b": str(blue)})
    # Gephi counts upwards, our square downwards.
    ET.SubElement(found, f"{{{_VIZ}}}position", {"x": f"{node.x:g}", "y": f"{SIDE - node.y:g}", "z": "0"})
    ET.SubElement(found, f"{{{_VIZ}}}size", {"value": f"{diameter:g}"})
    shape = next((group.shape for group in picture.groups if group.key == node.group), "circle")
    ET.SubElement(found, f"{{{_VIZ}}}shape", {"value": _SHAPES[shape]})
    _spell(found, node.begins, node.ends)


def _edge(edges: ET.Element, edge: Edge) -> None:
    ends = {"source": cleaned(edge.source), "target": cleaned(edge.target)}
    found = ET.SubElement(edges, "edge", {"id": cleaned(edge.id), **ends, "weight": f"{edge.weight:g}"})
    if edge.relation:
        found.set("label", cleaned(edge.relation))
    _values(found, edge_record(edge))
    _spell(found, edge.begins, edge.ends)


def _values(parent: ET.Element, record: dict[str, Value]) -> None:
    held = ET.SubElement(parent, "attvalues")
    for field, value in record.items():
        text = f"{value:.12g}" if isinstance(value, float) else value
        ET.SubElement(held, "attvalue", {"for": field, "value": text})


def _spell(parent: ET.Element, begins: str, ends: str) -> None:
    """Write when it was so, where a day is known; an unknown side stays open."""
    days = {key: day for key, day in (("start", begins), ("end", ends)) if day}
    if days:
        ET.SubElement(ET.SubElement(parent, "spells"), "spell", days)
