"""Views: the network pictures of a release as data, with their layouts and exports; pyvis is imported only here.

``standalone.to_html`` is not named here: it loads pyvis, which takes a second.
"""

from campuskg.viz.gexf import to_gexf
from campuskg.viz.graphml import to_graphml
from campuskg.viz.model import Edge, Group, Node, Picture, View
from campuskg.viz.picture import picture, picture_of
from campuskg.viz.tables import edges_csv, nodes_csv, to_json
from campuskg.viz.views import SECTIONS, find_view, views

__all__ = [
    "SECTIONS",
    "Edge",
    "Group",
    "Node",
    "Picture",
    "View",
    "edges_csv",
    "find_view",
    "nodes_csv",
    "picture",
    "picture_of",
    "to_gexf",
    "to_graphml",
    "to_json",
    "views",
]
