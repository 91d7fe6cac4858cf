"""The static picture of a view, for readers without scripts and for files: drawn in Python from the precomputed layout."""

from collections.abc import Mapping
from decimal import Decimal

from campuskg.errors import pick
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.svg import Flow, Span, Spot, Stage, map_of, sankey, timeline
from campuskg.publish.svg.network import network
from campuskg.viz import Group, Node, Picture

_LEAST_DAY = len("2021-01-01")


def view_svg(picture: Picture, answer: Answer) -> str:
    """Return the SVG of *picture*: the drawing that fits it, else its nodes and links at their places."""
    title, about = pick(picture.view.title, picture.lang), pick(picture.view.about, picture.lang)
    name = f"view-{picture.view.name}"
    match picture.view.drawing:
        case "sankey" if picture.edges:
            labels = {node.id: node.label for node in picture.nodes}
            return sankey(name, title, _stages(picture, answer), labels, about)
        case "map" if any(node.point for node in picture.nodes):
            return map_of(name, title, _spots(picture), about)
        case "timeline" if spans := _spans(picture):
            return timeline(name, title, spans, description=about)
    return network(picture, name=name, links=False)


def _stages(picture: Picture, answer: Answer) -> list[Stage]:
    found: dict[str, list[Flow]] = {}
    for edge in picture.edges:
        amount = edge.amount or str(edge.weight)
        flow = Flow(edge.source, edge.target, float(Decimal(amount)), words.euro(amount, picture.lang))
        found.setdefault(edge.stage, []).append(flow)
    return [
        Stage(answer.names.name(stage, picture.lang) if stage else "", place, flows)
        for place, (stage, flows) in enumerate(found.items(), 1)
    ]


def _spots(picture: Picture) -> list[Spot]:
    groups = _groups(picture)
    return [
        Spot(*node.point, node.label, 1.0, colour=groups[node.group].colour, shape=groups[node.group].shape)
        for node in picture.nodes
        if node.point and node.group in groups and node.kind != "place"
    ]


def _groups(picture: Picture) -> Mapping[str, Group]:
    return {group.key: group for group in picture.groups}


def _spans(picture: Picture) -> list[Span]:
    """Return the periods: of the links where there are any, else of the things."""
    named: Mapping[str, Node] = {node.id: node for node in picture.nodes}
    held = [(f"{named[e.source].label} · {e.relation}", e.begins, e.ends) for e in picture.edges]
    held = held or [(node.label, node.begins, node.ends) for node in picture.nodes]
    found = [Span(label, begins, ends, ongoing=not ends) for label, begins, ends in held if len(begins) == _LEAST_DAY]
    return sorted(found, key=lambda span: (span.start, span.label))
