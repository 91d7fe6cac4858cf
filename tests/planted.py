"""Hostile names to plant in a graph: what a careless picture, file or page would run, or trip over."""

from collections.abc import Iterator

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import expand

FACTS = ox.NamedNode(f"{BASE_IRI}graph/facts")
NAMES = (
    '<img src=x onerror="window.pwned=1">',
    "</script><script>window.pwned=2</script>",
    '"><svg onload=window.pwned=3>',
    "]]><!-- {{7*7}} {% raw %}",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3",
    "a\u202egnp.exe \u2066bidi\u2069",
    "nul\u0001bell\u0007esc\u001b\ufffe",
    "x" * 10_000,
    "two\nlines\ttab",
)
"""Labels of planted organisations."""
IRIS = ("javascript:window.pwned=4", "data:text/html,<script>window.pwned=5</script>".replace("<", "%3C").replace(">", "%3E"))
"""IRIs that are no address, and must never become a link."""


def planted_quads() -> Iterator[ox.Quad]:
    """Yield organisations with those names and IRIs, all partners of each other in two projects, the first funding the others."""
    things = [ox.NamedNode(f"{BASE_IRI}id/organisation/planted-{i}") for i in range(len(NAMES))]
    things += [ox.NamedNode(iri) for iri in IRIS]
    names = [*NAMES, *(f"Planted {i}" for i in range(len(IRIS)))]
    for i, (thing, name) in enumerate(zip(things, names, strict=True)):
        yield _quad(thing, "rdf:type", ox.NamedNode(expand("cmq:Company")))
        yield _quad(thing, "skos:prefLabel", ox.Literal(name, language="fr"))
        yield _quad(thing, "cmq:locatedIn", ox.NamedNode(f"{BASE_IRI}id/place/besancon"))
        for project in ("parcours-ingenieur", "technilab"):
            yield from _participation(thing, f"planted-{i}-{project}", project)
        if i:
            yield from _funding(things[0], thing, i)


def _participation(thing: ox.NamedNode, slug: str, project: str) -> Iterator[ox.Quad]:
    node = ox.NamedNode(f"{BASE_IRI}id/participation/{slug}")
    yield _quad(node, "rdf:type", ox.NamedNode(expand("cmq:Participation")))
    yield _quad(node, "cmq:participant", thing)
    yield _quad(node, "cmq:participationIn", ox.NamedNode(f"{BASE_IRI}id/project/{project}"))
    yield _quad(node, "cmq:role", ox.NamedNode(f"{BASE_IRI}scheme/participation-role/partner"))
    yield _quad(node, "cmq:sourcePassage", ox.NamedNode(f"{BASE_IRI}id/passage/gbm-2022/51"))


def _funding(funder: ox.NamedNode, beneficiary: ox.NamedNode, i: int) -> Iterator[ox.Quad]:
    node = ox.NamedNode(f"{BASE_IRI}id/funding/planted-{i}")
    yield _quad(node, "rdf:type", ox.NamedNode(expand("cmq:Funding")))
    yield _quad(node, "cmq:fundingStage", ox.NamedNode(f"{BASE_IRI}scheme/funding-stage/granted"))
    yield _quad(node, "cmq:grantedAmount", ox.Literal("1000", datatype=ox.NamedNode(expand("xsd:decimal"))))
    yield _quad(node, "cmq:funder", funder)
    yield _quad(node, "cmq:beneficiary", beneficiary)
    yield _quad(node, "cmq:sourcePassage", ox.NamedNode(f"{BASE_IRI}id/passage/gbm-2022/51"))


def _quad(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(expand(predicate)), value, FACTS)
