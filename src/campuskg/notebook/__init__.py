"""The graph in a notebook: answers as data frames, views as networks and as pictures. ``campuskg.open_release`` starts here."""

from campuskg.notebook.graph import Graph, open_graph
from campuskg.notebook.shown import ShownView
from campuskg.notebook.table import Table

__all__ = ["Graph", "ShownView", "Table", "open_graph"]
