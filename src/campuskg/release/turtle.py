"""Turtle with the same bytes everywhere: sorted triples, sorted prefixes, only those in use."""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from campuskg.ontology import prefixes

_LEFT_OUT = frozenset({"id"})  # id:organisation\/name would be valid and unreadable


def turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return *triples* as Turtle; the engine writes prefixes in no fixed order, so they are written here."""
    return _written(sorted(set(triples), key=str))


def turtle_of(ntriples: str) -> bytes:
    """Return N-Triples, one triple a line, as the same Turtle: for more of them than one makes objects of."""
    lines = sorted(set(ntriples.splitlines(keepends=True)))
    return _written(quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES))


def _written(triples: Iterable[ox.Triple]) -> bytes:
    known = {prefix: iri for prefix, iri in prefixes().items() if prefix not in _LEFT_OUT}
    text = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=known) or b"").decode()
    last = text.rfind("\n@prefix ") + 1  # the engine's own come first
    body = text[text.find("\n", last) + 1 :] if text.startswith("@prefix ") else text
    used = [prefix for prefix in known if f"{prefix}:" in body and re.search(rf"(?<![^\s^(]){prefix}:", body)]
    head = "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in sorted(used))
    return f"{head}\n{body}".encode()
