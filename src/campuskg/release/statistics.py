"""Counts of a release, per layer, class and property."""

from collections import Counter
from typing import Final, NamedTuple

from campuskg.content import BASE_IRI
from campuskg.ontology import compact
from campuskg.release.layers import ID

_TYPE: Final = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_OURS: Final = f"<{ID}".encode()


class Counted(NamedTuple):
    """What was counted, and the ids that are in use."""

    counts: dict[str, dict[str, int]]
    ids: frozenset[str]


def statistics(nquads: bytes) -> Counted:
    """Return counts of N-Quads, all in named graphs and sorted: quads by layer; nodes by class and triples by property of ids.

    Lines are read as they stand: to make an object of each quad would take several times as long.
    """
    layers: Counter[bytes] = Counter()
    classes: Counter[bytes] = Counter()
    properties: Counter[bytes] = Counter()
    ids: set[bytes] = set()
    last = b""
    for line in nquads.splitlines():
        subject, predicate, rest = line.split(b" ", 2)
        layers[rest[rest.rindex(b" <") + 2 : -3]] += 1
        if not subject.startswith(_OURS):
            continue
        if subject != last:
            ids.add(subject)
            last = subject
        if predicate != _TYPE:
            properties[predicate] += 1
        elif rest.startswith(b"<"):
            classes[rest[: rest.index(b" ")]] += 1
    counts = {
        "layers": {name.decode().removeprefix(BASE_IRI + "graph/"): number for name, number in sorted(layers.items())},
        "classes": _named(classes),
        "properties": _named(properties),
        "totals": {"quads": sum(layers.values()), "nodes": len(ids)},
    }
    return Counted(counts, frozenset(subject[len(_OURS) : -1].decode() for subject in ids))


def _named(counts: Counter[bytes]) -> dict[str, int]:
    """Return *counts* by compact name, sorted."""
    return dict(sorted((compact(iri[1:-1].decode()), number) for iri, number in counts.items()))
