"""The chains of partners between two organisations, in sentences, each hop with its proof; or why there is none."""

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.analysis import Link, NoPath, Path, paths
from campuskg.content import BASE_IRI
from campuskg.errors import Text, UsageProblem
from campuskg.publish.drawn import address
from campuskg.publish.planning.block import Block, composed
from campuskg.publish.planning.desk import Desk, integer, value
from campuskg.publish.planning.form import Values, entity
from campuskg.publish.planning.network import network, teller
from campuskg.publish.planning.page import Made, PlanningPage
from campuskg.publish.planning.proofs import proof
from campuskg.publish.planning.words import planning_words, text
from campuskg.queries import Column, Parameter

_USUAL: Final = 3
_MOST: Final = 10
_SHOWN: Final = 8
"""Activities and passages told for one hop; the table has them all."""


def make(desk: Desk, values: Values) -> Made:
    """Put the page together."""
    count = int(values["k"][0].value) if "k" in values else _USUAL
    if not 1 <= count <= _MOST:
        raise UsageProblem("request-number", name="k", value=count, most=_MOST)
    if "from" not in values or "to" not in values:
        return Made(data={"ready": False, "pairs": _suggested(desk)})
    a, b = value(values["from"][0]), value(values["to"][0])
    avoid = [term.value for term in values.get("avoid", ())]
    title = f"{desk.name(a, desk.lang)} → {desk.name(b, desk.lang)}"
    data = {"ready": True, "a": _id(a), "b": _id(b), "chains": [], "why": ""}
    try:
        found = paths(network(desk), a, b, count, avoid)
    except NoPath as none:
        return Made((), {**data, "why": none.named(desk.names).say(desk.lang)}, title)
    chains = [_chain(path, desk) for path in found]
    return Made([_table(found, desk)], {**data, "chains": chains}, title)


def _id(iri: str) -> str:
    return iri.removeprefix(f"{BASE_IRI}id/")


def _suggested(desk: Desk) -> list[tuple[str, str, str]]:
    """Return two pairs to begin with: the ends of the network's first part that are far apart in its list."""
    parts = network(desk).components
    if not parts or len(parts[0]) < _MOST:
        return []
    names = sorted(parts[0], key=lambda iri: desk.name(iri, desk.lang))
    chosen = [(names[0], names[-1]), (names[len(names) // 3], names[2 * len(names) // 3])]
    return [(_id(a), _id(b), f"{desk.name(a, desk.lang)} → {desk.name(b, desk.lang)}") for a, b in chosen]


def _chain(path: Path, desk: Desk) -> dict[str, object]:
    """Return one chain: what it says as a whole, its partners and what links each to the next."""
    said = teller(desk)
    hops = [
        {"said": sentence, "via": [_thing(iri, desk) for iri in link.via[:_SHOWN]], "more": max(0, len(link.via) - _SHOWN),
         "proofs": [proof(one, desk) for one in link.passages[:_SHOWN]], "more_proofs": max(0, len(link.passages) - _SHOWN)}
        for sentence, link in zip(said.hops(path), path.links, strict=True)
    ]  # fmt: skip
    return {"said": said.path(path), "nodes": [_thing(iri, desk) for iri in path.nodes], "hops": hops}


def _thing(iri: str, desk: Desk) -> tuple[str, str]:
    return desk.name(iri, desk.lang), address(iri)


def _table(found: Sequence[Path], desk: Desk) -> Block:
    """Return every hop of every chain as a row."""
    columns = [
        Column("chain", Text("Chaîne", "Chain"), "number"),
        Column("step", Text("Étape", "Step"), "number"),
        Column("source", Text("De", "From")),
        Column("target", Text("À", "To")),
        Column("activities", Text("Activités communes", "Shared activities"), "number"),
        Column("via", Text("Lesquelles", "Which")),
    ]
    hops: list[tuple[int, int, str, Link]] = [
        (number, step, node, link)
        for number, path in enumerate(found, 1)
        for step, (node, link) in enumerate(zip(path.nodes, path.links, strict=False), 1)
    ]
    lines = [
        (integer(number), integer(step), ox.NamedNode(node), ox.NamedNode(link.other(node)), integer(link.weight),
         ox.Literal(" ; ".join(desk.name(iri, desk.lang) for iri in link.via)))
        for number, step, node, link in hops
    ]  # fmt: skip
    w = planning_words("path", desk.lang)
    return composed(
        "chains", w["table"], desk, columns, lines, sources=[desk.ask("partnerships", minimum=integer(1))], note=w["best"],
        proofs=[link.passages for *_, link in hops],
    )  # fmt: skip


PAGE: Final = PlanningPage(
    "path",
    {
        "from": entity("from", text("path", "from")),
        "to": entity("to", text("path", "to")),
        "k": Parameter("k", text("path", "k"), "integer", optional=True, means=text("path", "k_means")),
        "avoid": entity("avoid", text("path", "avoid"), means=text("path", "avoid_means")),
    },
    make,
    needed=("from", "to"),
)
