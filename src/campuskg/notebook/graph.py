"""An opened release as notebooks use it: ask a question, get a network, show a view."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from campuskg.errors import Lang, default_lang
from campuskg.notebook.shown import ShownView
from campuskg.notebook.table import Table
from campuskg.publish.answers import answer_query
from campuskg.queries import find_query, read_values
from campuskg.release import Release, open_release
from campuskg.store.engine import Term
from campuskg.viz import Picture, find_view, picture, views

if TYPE_CHECKING:
    import networkx as nx

Given = str | int | float | Sequence[str]
"""A value of a parameter as people write it, or several."""


class Graph:
    """A release, with its questions and views; *lang* is the language of names, fr or en."""

    def __init__(self, release: Release, lang: Lang) -> None:
        """Serve *release* in *lang*."""
        self.release = release
        self.lang = lang

    def query(self, name: str, /, **given: Given) -> Table:
        """Return the answer to a question of the catalogue; *given* are its parameters, as a person would type them.

        Raises UsageProblem for an unknown name, parameter or value.
        """
        query = find_query(name)
        release = self.release
        values = self._values(name, given)
        found = answer_query(
            query, release.store, release.names, self.lang, values=values, digest=release.digest, issued=release.date
        )
        return Table(found)

    def picture(self, name: str, /, **given: Given) -> Picture:
        """Return a view as data: its nodes, its links, the rows of its query."""
        view = find_view(name)
        return picture(self.release, view, self.lang, self._values(view.query, given))

    def network(self, name: str, /, **given: Given) -> "nx.MultiGraph[str]":
        """Return a view as a networkx graph, directed where its links are: nodes by IRI, one key a link."""
        import networkx as nx

        drawn = self.picture(name, **given)
        network: nx.MultiGraph[str] = nx.MultiDiGraph() if drawn.view.directed else nx.MultiGraph()
        for node in drawn.nodes:
            network.add_node(
                node.id,
                label=node.label,
                kind=node.kind,
                group=node.group,
                size=node.size,
                pos=(node.x, -node.y),
                point=node.point,
            )
        for edge in drawn.edges:
            about = {"relation": edge.relation, "weight": edge.weight, "stage": edge.stage, "amount": edge.amount}
            proofs = {"begins": edge.begins, "ends": edge.ends, "via": list(edge.via), "passages": list(edge.passages)}
            network.add_edge(edge.source, edge.target, key=edge.id, **about, **proofs)
        return network

    def view(self, name: str, /, **given: Given) -> ShownView:
        """Return a view that shows itself in Jupyter, and that can be saved as a page."""
        return ShownView(self.picture(name, **given))

    def name(self, iri: str) -> str:
        """Return the name of a thing."""
        return self.release.names.name(iri, self.lang)

    def views(self) -> list[str]:
        """Return the names of the views."""
        return list(views())

    def _values(self, query: str, given: Mapping[str, Given]) -> dict[str, list[Term]]:
        texts = {name: [str(value)] if isinstance(value, str | int | float) else list(value) for name, value in given.items()}
        return read_values(find_query(query), texts, self.release.store, self.release.names)


def open_graph(folder: str | Path = "release", *, lang: Lang | None = None, endpoint: str | None = None) -> Graph:
    """Return the release in *folder*, or in the service at *endpoint*, for use in Python; raises MissingInput."""
    if endpoint:
        from campuskg.release.remote import open_remote

        return Graph(open_remote(endpoint), lang or default_lang())
    return Graph(open_release(Path(folder)), lang or default_lang())
