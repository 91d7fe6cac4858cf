"""Pictures as static SVG, made without a browser: for paper, for readers without scripts, for files."""

from campuskg.publish.svg.bars import Bar, Panel, bars
from campuskg.publish.svg.fan import Branch, Twig, fan
from campuskg.publish.svg.map import Spot, map_of
from campuskg.publish.svg.network import network
from campuskg.publish.svg.sankey import Flow, Stage, sankey
from campuskg.publish.svg.timeline import Span, timeline

__all__ = [
    "Bar",
    "Branch",
    "Flow",
    "Panel",
    "Span",
    "Spot",
    "Stage",
    "Twig",
    "bars",
    "fan",
    "map_of",
    "network",
    "sankey",
    "timeline",
]
