"""The one prefix table (``ontology/prefixes.ttl``), as SHACL prefix declarations."""

from functools import cache, lru_cache

import pyoxigraph as ox

from campuskg.content import content

_SH = "http://www.w3.org/ns/shacl#"


@cache
def prefixes() -> dict[str, str]:
    """Return prefix -> namespace, sorted by prefix."""
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=content("ontology") / "prefixes.ttl", format=ox.RdfFormat.TURTLE):
        if isinstance(quad.object, ox.Literal) and quad.predicate.value.startswith(_SH):
            found.setdefault(str(quad.subject), {})[quad.predicate.value.removeprefix(_SH)] = quad.object.value
    return {d["prefix"]: d["namespace"] for d in sorted(found.values(), key=lambda d: d.get("prefix", "")) if "prefix" in d}


@lru_cache(maxsize=4096)
def expand(name: str) -> str:
    """Return the IRI of a compact *name* such as ``cmq:Campus``; KeyError for an unknown prefix.

    >>> expand("cmq:Campus")
    'https://w3id.org/cmq/ontology#Campus'
    """
    prefix, local = name.split(":", 1)
    return prefixes()[prefix] + local


@lru_cache(maxsize=16384)  # asked for the same few terms again and again
def compact(iri: str) -> str:
    """Return the compact form of *iri* by the longest namespace that fits, or the IRI itself.

    >>> compact("https://w3id.org/cmq/ontology#Campus")
    'cmq:Campus'
    """
    best = max((item for item in prefixes().items() if iri.startswith(item[1])), key=lambda item: len(item[1]), default=None)
    return f"{best[0]}:{iri.removeprefix(best[1])}" if best else iri
