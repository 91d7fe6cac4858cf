"""From a view to its picture: the query is asked, its rows become nodes and links, and nothing else is drawn."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from campuskg.errors import Lang, UsageProblem, pick
from campuskg.ontology import compact, load_terms
from campuskg.queries import Query, find_query, read_values
from campuskg.release import Release
from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.viz.groups import group_of, legend
from campuskg.viz.layout import placed
from campuskg.viz.links import Link, Reading, roles_of
from campuskg.viz.model import Edge, Node, Picture, View
from campuskg.viz.proofs import Proofs, made_by, proofs
from campuskg.viz.things import kind, things

_SUMS: Final = ("weight", "value")
"""Roles of the column that measures a link."""


def picture(release: Release, view: View, lang: Lang = "fr", values: Mapping[str, Sequence[Term]] | None = None) -> Picture:
    """Return the picture of *view* in *release*; *values* come before those of the view, and these before the query's."""
    query = find_query(view.query)
    given = {**own_values(view, query, release), **(values or {})}
    return picture_of(view, query, given, release.store.select(query.bound(given)), release, lang)


def own_values(view: View, query: Query, release: Release) -> dict[str, Sequence[Term]]:
    """Return the values of the parameters that *view* itself states; none in a graph that has not what they name."""
    try:
        return dict(read_values(query, view.values, release.store, release.names)) if view.values else {}
    except UsageProblem:  # another graph than the project's
        return {}


def picture_of(
    view: View, query: Query, values: Mapping[str, Sequence[Term]], rows: Rows, release: Release, lang: Lang
) -> Picture:
    """Return the picture of *rows*, the answer of *query* with *values*: its nodes and links are theirs, each row once."""
    drawn = _drawn(view, query, values, rows, release, lang)
    return replace(drawn, nodes=placed(drawn))


def in_language(known: Picture, release: Release, lang: Lang) -> Picture:
    """Return the same picture in *lang*: the same rows at the same places, other words."""
    drawn = _drawn(known.view, known.query, known.values, known.rows, release, lang)
    nodes = [replace(node, x=old.x, y=old.y) for node, old in zip(drawn.nodes, known.nodes, strict=True)]
    return replace(drawn, nodes=nodes)


def _drawn(view: View, query: Query, values: Mapping[str, Sequence[Term]], rows: Rows, release: Release, lang: Lang) -> Picture:
    """Return the picture before its things have places."""
    reading = Reading(roles_of(view, query.view.roles), rows)
    edges = _edges(view, reading, release, lang)
    nodes = _nodes(view, reading, edges, release, lang)
    groups = legend([node.group for node in nodes], view.colour, lang)
    return Picture(view, query, values, lang, release.digest, rows, nodes, edges, groups, _facet_labels(nodes, release, lang))


def _edges(view: View, reading: Reading, release: Release, lang: Lang) -> list[Edge]:
    found = proofs(release.store, view.proof) if view.proof else None
    return [_edge(view, link, reading, found, release, lang) for link in reading.links(view.apart)]


def _edge(view: View, link: Link, reading: Reading, found: Proofs | None, release: Release, lang: Lang) -> Edge:
    measured = next((total for role in _SUMS if (total := reading.total(link.rows, role)) is not None), None)
    amount = measured if "value" in reading.roles and view.section == "money" else None
    via, passages = made_by(link, reading, found)
    labels = [release.names.name(iri, lang) for iri in reading.texts(link.rows, "label")]
    begins, ends = reading.texts(link.rows, "start"), reading.texts(link.rows, "end")
    return Edge(
        id=link.id,
        source=link.source,
        target=link.target,
        relation=", ".join(labels) or pick(view.relation, lang),
        weight=float(len(link.rows) if measured is None else measured),
        rows=tuple(link.rows),
        begins=min(begins, default=""),
        ends=max(ends, default=""),
        amount="" if amount is None else f"{amount:f}",
        stage=link.stage,
        via=via,
        passages=passages,
    )


def _nodes(view: View, reading: Reading, edges: Sequence[Edge], release: Release, lang: Lang) -> list[Node]:
    """Return the things of the rows, in the order in which the answer first names them."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row in range(len(reading.rows.rows)):
        for iri in dict.fromkeys(reading.ends(row)):
            rows[iri].append(row)
    sizes, known = _sizes(view, reading, edges), things(release.store)
    return [
        Node(
            id=iri,
            label=node_name(iri, release, lang),
            kind=kind(iri),
            group=group_of(iri, view.colour, known),
            size=sizes.get(iri, 1.0),
            point=known.points.get(iri),
            facets=known.of(iri),
            rows=tuple(held),
            begins=_day(reading, held, "start", min),
            ends=_day(reading, held, "end", max),
        )
        for iri, held in rows.items()
    ]


def node_name(iri: str, release: Release, lang: Lang) -> str:
    """Return the name of a thing, of a term of the ontology, or the text itself."""
    if kind(iri) == "class":
        name = load_terms().labels.get(iri, {}).get(lang) or release.names.name(iri, lang)
        return compact(iri) if name == iri else name
    return release.names.name(iri, lang)


def _day(reading: Reading, rows: Sequence[int], role: str, chosen: Callable[..., str]) -> str:
    """Return the first or the last day of a thing that stands alone in its rows; links carry their own days."""
    return chosen(reading.texts(rows, role), default="") if len(reading.ends(rows[0])) == 1 else ""


def _sizes(view: View, reading: Reading, edges: Sequence[Edge]) -> dict[str, float]:
    """Return the measure of each thing: its neighbours, the sum of its links, or 1."""
    near: defaultdict[str, set[str]] = defaultdict(set)
    sums: defaultdict[str, float] = defaultdict(float)
    for edge in edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
        sums[edge.source] += edge.weight
        sums[edge.target] += edge.weight
    if view.size == "weight":
        return dict(sums) or _own(reading)
    return {iri: float(len(others)) for iri, others in near.items()} if view.size == "degree" else {}


def _own(reading: Reading) -> dict[str, float]:
    """Return the number that each thing has in its own row, where there are no links."""
    found: dict[str, float] = {}
    for row in range(len(reading.rows.rows)):
        for iri in reading.ends(row):
            number = reading.total([row], "value")
            found[iri] = max(found.get(iri, 1.0), float(number or 1))
    return found


def _facet_labels(nodes: Sequence[Node], release: Release, lang: Lang) -> dict[str, dict[str, str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in nodes:
        for facet, iris in node.facets.items():
            found[facet].update(iris)
    return {facet: {iri: node_name(iri, release, lang) for iri in sorted(iris)} for facet, iris in found.items()}
