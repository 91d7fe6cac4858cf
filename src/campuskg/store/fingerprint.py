"""What two copies of a graph are compared by: their number of triples and a digest that no order changes.

The digest is the sum, modulo 2^128, of the SHA-256 of each triple in canonical N-Triples (RDF 1.1 N-Triples, section 4).
A sum and not an exclusive or, so that a triple counted twice shows. Releases hold no blank nodes, so a line is a triple's name.

Some stores keep the value of a literal and not its spelling: Virtuoso gives ``true`` back as ``1`` and ``1.50`` as ``1.5``.
So each graph has a second digest, over the values: equal values in other spellings are told apart from lost data.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_BOOLEANS: Final = {"1": "true", "0": "false"}
_MODULUS: Final = 2**128


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Number of triples and digest, by spelling (*exact*) or by value."""

    count: int
    digest: int

    def __add__(self, other: "Fingerprint") -> "Fingerprint":
        """Return the fingerprint of two disjoint sets of triples together."""
        return Fingerprint(self.count + other.count, (self.digest + other.digest) % _MODULUS)

    def __str__(self) -> str:
        """Return the digest as 32 hexadecimal digits."""
        return f"{self.digest:032x}"


EMPTY: Final = Fingerprint(0, 0)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Both fingerprints of one graph."""

    exact: Fingerprint = EMPTY
    values: Fingerprint = EMPTY

    def __add__(self, other: "Fingerprints") -> "Fingerprints":
        """Return those of two disjoint sets of triples together."""
        return Fingerprints(self.exact + other.exact, self.values + other.values)


def fingerprints(triples: Iterable[ox.Triple]) -> Fingerprints:
    """Return both fingerprints of *triples*, each of which counts once however often it comes."""
    exact: set[bytes] = set()
    values: set[bytes] = set()
    for triple in triples:
        exact.add(_hashed(str(triple)))
        values.add(_hashed(f"{triple.subject} {triple.predicate} {by_value(triple.object)}"))
    return Fingerprints(_summed(exact), _summed(values))


def _hashed(line: str) -> bytes:
    return hashlib.sha256(f"{line} .\n".encode()).digest()


def _summed(hashes: set[bytes]) -> Fingerprint:
    return Fingerprint(len(hashes), sum(int.from_bytes(digest, "big") for digest in hashes) % _MODULUS)


def by_value(term: object) -> str:
    """Return *term* in N-Triples with one spelling for each value: numbers, booleans and language tags.

    >>> by_value(ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return str(ox.Literal(term.value, language=term.language.lower()))
    kind = term.datatype.value.removeprefix(_XSD)
    if kind == "boolean":
        return str(ox.Literal(_BOOLEANS.get(term.value, term.value), datatype=term.datatype))
    if kind in ("integer", "decimal", "double", "float"):
        try:
            return str(ox.Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype))
        except (InvalidOperation, ValueError):
            return str(term)  # not a number in spite of its datatype: only its spelling is left
    return str(term)
