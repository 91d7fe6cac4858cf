"""Turtle with the same bytes everywhere: sorted triples, sorted prefixes, only those in use."""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from campuskg.ontology import prefixes

_LEFT_OUT = frozenset({"id"})  # id:organisation\/name would be valid and unreadable
_NAMES = re.compile(rb"(?:^|[ \t\n^(])([\w-]+):")


def turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return *triples* as Turtle; the engine writes prefixes in no fixed order, so they are written here."""
    return turtle_in_order(sorted(set(triples), key=str))


def turtle_of(ntriples: str) -> bytes:
    """Return N-Triples, one triple a line, as the same Turtle: for more of them than one makes objects of."""
    lines = sorted(set(ntriples.splitlines(keepends=True)))
    return turtle_in_order(quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES))


def turtle_in_order(triples: Iterable[ox.Triple]) -> bytes:
    """Return *triples*, each once and sorted as text, as Turtle."""
    known = {prefix: iri for prefix, iri in prefixes().items() if prefix not in _LEFT_OUT}
    text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=known) or b""
    last = text.rfind(b"\n@prefix ") + 1  # the engine's own come first
    body = text[text.find(b"\n", last) + 1 :] if text.startswith(b"@prefix ") else text
    used = {name.decode() for name in _NAMES.findall(body)}  # perhaps more: a word of a text before a colon
    head = "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in sorted(known.keys() & used))
    return b"%b\n%b" % (head.encode(), body)
