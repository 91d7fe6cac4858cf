"""A few triples as Turtle for readers: one triple a line, the prefixes in use above, names that are links."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import compact, expand, prefixes
from campuskg.publish.drawn import address

_PLAIN_NAME: Final = re.compile(r"[a-z][\w-]*:[A-Za-z0-9_]([\w.-]*[\w-])?", re.ASCII)
_BARE: Final = ("xsd:integer", "xsd:boolean")
"""Datatypes whose values Turtle writes bare (Turtle 1.1, 2.5.2 and 2.5.3)."""
_FIRST: Final = ("rdf:type", "rdfs:label", "skos:prefLabel", "rdf:subject", "rdf:predicate", "rdf:object")
_LAST: Final = ("cmq:sourcePassage",)


class Piece(NamedTuple):
    """A piece of text, and the address it leads to, if any."""

    text: str
    href: str = ""


def heads(triples: Iterable[ox.Triple]) -> str:
    """Return the prefix lines that *triples* need, sorted."""
    names = sorted({piece.text for triple in triples for piece in _written(triple)})
    used = {match[1] for name in names for match in [re.search(r'(?:^|"\^\^)([a-z][\w-]*):[^/]*$', name)] if match}
    return "".join(f"@prefix {prefix}: <{prefixes()[prefix]}> .\n" for prefix in sorted(used & prefixes().keys()))


def _written(triple: ox.Triple) -> Iterator[Piece]:
    yield from (piece(triple.subject), _verb(triple.predicate), piece(triple.object))


def lines(triples: Iterable[ox.Triple]) -> list[list[Piece]]:
    """Return *triples* as lines of Turtle: the subject, then a line for each of its predicates and values."""
    found: list[list[Piece]] = []
    for subject, group in groupby(sorted(set(triples), key=_order), key=lambda triple: triple.subject):
        found.append([piece(subject)])
        held = list(group)
        for triple in held:
            end = " ." if triple is held[-1] else " ;"
            found.append([Piece("    "), _verb(triple.predicate), Piece(" "), piece(triple.object), Piece(end)])
    return found


def _verb(predicate: ox.NamedNode) -> Piece:
    return Piece("a") if compact(predicate.value) == "rdf:type" else piece(predicate)


def _order(triple: ox.Triple) -> tuple[str, int, str, str]:
    name = compact(triple.predicate.value)
    rank = _FIRST.index(name) if name in _FIRST else len(_FIRST) + (name in _LAST)
    return str(triple.subject), rank, name, str(triple.object)


def piece(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Piece:
    """Return one term as Turtle writes it, with its address."""
    if isinstance(term, ox.NamedNode):
        name = compact(term.value)
        plain = _PLAIN_NAME.fullmatch(name) and not name.startswith("id:")
        return Piece(name if plain else f"<{term.value}>", address(term.value) if term.value.startswith(BASE_IRI) else "")
    if not isinstance(term, ox.Literal) or term.language:
        return Piece(str(term))
    kind = compact(term.datatype.value)
    if kind in _BARE:
        return Piece(term.value)
    quoted = str(ox.Literal(term.value))
    return Piece(quoted if term.datatype.value == expand("xsd:string") else f"{quoted}^^{kind}")
