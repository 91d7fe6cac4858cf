"""A view as the data that the explorer reads: what a picture holds, in words of one language, long lists as numbers.

``terms`` holds each value once as [text, value, address]; cells, activities and passages are places in such lists, so that the
data of thousands of links stay light. The place 0 of ``terms`` is the value that the sources do not state.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import pick
from campuskg.publish.answers import Answer
from campuskg.publish.drawn import address
from campuskg.publish.pages_answer import Cell, table_cells
from campuskg.queries import Query
from campuskg.release.names import NameIndex
from campuskg.store.engine import Term
from campuskg.viz import Edge, Node, Picture, View
from campuskg.viz.tables import inert

_PASSAGE = BASE_IRI + "id/passage/"
_DOCUMENT = BASE_IRI + "id/document/"
_LONGEST = 400
"""Letters of a name in a picture; its page has it whole."""


@dataclass(slots=True)
class _Terms:
    """Values by their place in a list, each once."""

    places: dict[tuple[str, str, str], int] = field(default_factory=lambda: {("", "", ""): 0})

    def of(self, text: str, value: str, href: str) -> int:
        """Return the place of a value."""
        return self.places.setdefault((text[:_LONGEST], value, href), len(self.places))

    def written(self) -> list[tuple[str, str, str]]:
        """Return the list."""
        return list(self.places)


@dataclass(frozen=True, slots=True)
class ViewData:
    """Makes the data of one picture; links begin with *root*, where the site begins on its host."""

    picture: Picture
    answer: Answer
    root: str = ""
    terms: _Terms = field(default_factory=_Terms)
    passages: _Terms = field(default_factory=lambda: _Terms({}))

    def made(self) -> dict[str, object]:
        """Return everything, ready for JSON."""
        picture, view, answer = self.picture, self.picture.view, self.answer
        table = table_cells(answer)
        rows = [[self.terms.of(one.text, one.value, self._link(one.href)) for one in line] for line in table]
        places = {node.id: place for place, node in enumerate(picture.nodes)}
        edges = [self._edge(edge, places) for edge in picture.edges]
        return {
            "view": view.name,
            "drawing": view.drawing,
            "directed": view.directed,
            "lang": picture.lang,
            "release": picture.digest,
            "title": pick(view.title, picture.lang),
            "query": {"name": answer.query.name, "sparql": answer.sparql, "page": self._link(query_page(picture))},
            "roles": roles(view, answer.query),
            "columns": [self._column(at, table) for at in range(len(answer.rows.variables))],
            "terms": self.terms.written(),
            "rows": rows,
            "passages": self.passages.written(),
            "nodes": [self._node(node) for node in picture.nodes],
            "edges": edges,
            "groups": [
                {"key": g.key, "label": g.label, "colour": g.colour, "shape": g.shape, "count": g.count} for g in picture.groups
            ],
            "facets": self._facets(),
            "words": {"size": pick(view.size_words, picture.lang), "weight": pick(view.weight_words, picture.lang)},
            "start": self._start(),
        }

    def _start(self) -> str:
        """Return whose surroundings are shown first; ``*`` for everything, where a reader took the view's own choice away."""
        view = self.picture.view
        if any(name not in self.picture.values for name in view.values):
            return "*"
        return f"{BASE_IRI}id/{view.start}" if view.start else ""

    def _link(self, href: str) -> str:
        return self.root + href if href.startswith("/") else href

    def _column(self, at: int, table: Sequence[Sequence[Cell]]) -> dict[str, str]:
        name = self.answer.rows.variables[at]
        kinds = {line[at].kind for line in table if line[at].text}
        kind = kinds.pop() if len(kinds) == 1 else "text"
        return {"name": name, "label": self.answer.headings()[at], "kind": kind, "form": self.answer.column(name).form}

    def _node(self, node: Node) -> dict[str, object]:
        found: dict[str, object] = {
            "id": node.id,
            "label": node.label[:_LONGEST],
            "href": self._link(address(node.id)),
            "kind": node.kind,
            "group": node.group,
            "size": node.size,
            "x": node.x,
            "y": node.y,
            "point": node.point,
            "rows": list(node.rows),
            "begins": node.begins,
            "ends": node.ends,
            "facets": {facet: list(iris) for facet, iris in node.facets.items() if iris},
        }
        return {name: value for name, value in found.items() if value not in ("", None, {})}

    def _edge(self, edge: Edge, places: Mapping[str, int]) -> dict[str, object]:
        found: dict[str, object] = {
            "id": edge.id,
            "source": places[edge.source],
            "target": places[edge.target],
            "relation": edge.relation,
            "weight": edge.weight,
            "rows": list(edge.rows),
            "begins": edge.begins,
            "ends": edge.ends,
            "amount": edge.amount,
            "stage": edge.stage,
            "via": [self.terms.of(self._name(iri), iri, self._link(address(iri))) for iri in edge.via],
            "proofs": [self._proof(locator) for locator in edge.passages],
        }
        return {name: value for name, value in found.items() if value not in ("", [])}

    def _proof(self, locator: str) -> int:
        document, _, lines = locator.partition(":")
        href = address(f"{_PASSAGE}{document}/{lines}") if lines else ""
        return self.passages.of(f"{document}, {lines.replace('-', '–')}", self._link(href), _DOCUMENT + document)

    def _name(self, iri: str) -> str:
        return self.answer.names.name(iri, self.picture.lang)

    def _facets(self) -> dict[str, dict[str, str]]:
        """Return the labels of what one can filter by."""
        stages = {edge.stage for edge in self.picture.edges if edge.stage}
        documents = {f"{_DOCUMENT}{locator.partition(':')[0]}" for edge in self.picture.edges for locator in edge.passages}
        own = {"stage": stages, "document": documents}
        named = {name: {iri: self._name(iri)[:_LONGEST] for iri in sorted(iris)} for name, iris in own.items() if iris}
        kept = {facet: dict(labels) for facet, labels in self.picture.facet_labels.items()}
        return {**kept, **named}


def view_json(picture: Picture, answer: Answer, root: str = "") -> bytes:
    """Return the data of *picture* as JSON; *answer* is that of its query."""
    return json.dumps(ViewData(picture, answer, root).made(), ensure_ascii=False, separators=(",", ":")).encode()


def view_csv(answer: Answer) -> bytes:
    """Return the rows as people read them, for spreadsheets (RFC 4180, with the mark of UTF-8): no cell is run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([inert(heading) for heading in answer.headings()])
    for cells in table_cells(answer):
        writer.writerow([one.value if one.kind in ("number", "date") else inert(one.text) for one in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def answer_of(picture: Picture, names: NameIndex) -> Answer:
    """Return the answer that *picture* draws: the same query, values and rows."""
    return Answer(picture.query, picture.rows, names, picture.lang, dict(picture.values), picture.digest)


def roles(view: View, query: Query) -> dict[str, str]:
    """Return which column plays which role: as the view says, else as its query does."""
    return dict(view.roles) if view.roles else dict(query.view.roles)


def query_page(picture: Picture) -> str:
    """Return the address of the same answer as a page of the catalogue: the same query with the same values."""
    given = [(name, short(term)) for name, terms in picture.values.items() for term in terms]
    return f"/queries/{picture.query.name}" + (f"?{urlencode(given)}" if given else "")


def short(term: Term) -> str:
    """Return *term* as people write it in an address: an id of ours without its base, a code by its last word.

    >>> short(ox.NamedNode("https://w3id.org/cmq/id/campus/msi")), short(ox.Literal("2022"))
    ('campus/msi', '2022')
    """
    value = term.value
    if isinstance(term, ox.NamedNode) and value.startswith(BASE_IRI + "id/"):
        return value.removeprefix(BASE_IRI + "id/")
    return value
