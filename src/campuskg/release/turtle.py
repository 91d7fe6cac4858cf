"""Turtle with the same bytes everywhere: sorted triples, sorted prefixes, only those in use."""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from campuskg.ontology import prefixes

_LEFT_OUT = frozenset({"id"})  # id:organisation\/name would be valid and unreadable


def turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return *triples* as Turtle; the engine writes prefixes in no fixed order, so they are written here."""
    known = {prefix: iri for prefix, iri in prefixes().items() if prefix not in _LEFT_OUT}
    text = (ox.serialize(sorted(set(triples), key=str), format=ox.RdfFormat.TURTLE, prefixes=known) or b"").decode()
    lines = text.splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith("@prefix "))
    used = set(re.findall(r"(?:^|[\s^(])([a-z][\w-]*):", body, flags=re.MULTILINE))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(known.items()) if prefix in used)
    return f"{head}\n{body}".encode()
