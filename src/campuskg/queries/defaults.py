"""The values written in a query's text as terms: the engine itself reads them, with the prefixes of the query."""

import re

import pyoxigraph as ox

from campuskg.store import MemoryStore, QueryRefused
from campuskg.store.engine import Term

_PREFIX = re.compile(r"(?im)^\s*PREFIX\s+[\w.-]*:\s*<[^>]*>")


def default_terms(sparql: str, inside: str) -> tuple[Term, ...] | None:
    """Return the terms of a VALUES block of *sparql* from its *inside*; None when it cannot be read or leaves one undefined.

    >>> default_terms("PREFIX id: <https://w3id.org/cmq/id/> SELECT * {}", '"a" 2')
    (<Literal value=a datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>, <Literal value=2 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>)
    """
    prologue = "\n".join(_PREFIX.findall(sparql))
    try:
        rows = MemoryStore().select(f"{prologue}\nSELECT ?value {{ VALUES ?value {{ {inside} }} }}").rows
    except QueryRefused:
        return None
    terms = tuple(row[0] for row in rows if isinstance(row[0], (ox.NamedNode, ox.Literal)))
    return terms if terms and len(terms) == len(rows) else None
