"""A small planted graph: two campuses, a few members, some money, for tests that count by hand."""

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import prefixes
from campuskg.store import MemoryStore

ID = BASE_IRI + "id/"
HEAD = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes().items()) + f"BASE <{ID}>\n"

CLASSES = """
cmq:Lycee rdfs:subClassOf org:Organization . cmq:Company rdfs:subClassOf org:Organization .
cmq:ResearchUnit rdfs:subClassOf org:Organization . cmq:Campus rdfs:subClassOf org:Organization .
cmq:Project rdfs:subClassOf org:OrganizationalCollaboration . org:OrganizationalCollaboration rdfs:subClassOf org:Organization .
prole:partner cmq:impliesPartnership true . prole:member cmq:impliesPartnership false .
"""


def graph(turtle: str) -> MemoryStore:
    """Return a store whose facts are *turtle*, with the classes that the queries need."""
    facts = ox.NamedNode(BASE_IRI + "graph/facts")
    vocabulary = ox.NamedNode(BASE_IRI + "graph/vocabulary")
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, layer)
        for text, layer in ((CLASSES, vocabulary), (turtle, facts))
        for quad in ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE)
    ]
    return MemoryStore(quads)


def together(name: str, *members: str, kind: str = "cmq:Project") -> str:
    """Return an activity in which *members* are partners, each with a proof of its own."""
    lines = [f"<{name}> a {kind} ."]
    for member in members:
        one = f"participation/{name.replace('/', '-')}--{member.replace('/', '-')}"
        lines.append(
            f"<{one}> a cmq:Participation ; cmq:participant <{member}> ; cmq:participationIn <{name}> ; cmq:role prole:partner ; "
            f"cmq:sourcePassage <passage/text/{len(lines)}> ."
        )
    return "\n".join(lines)


def member(who: str, campus: str) -> str:
    """Return that *who* is a member of *campus*."""
    return (
        f"<participation/{campus.replace('/', '-')}--{who.replace('/', '-')}> a cmq:Participation ; cmq:participant <{who}> ; "
        f"cmq:participationIn <{campus}> ; cmq:role prole:member ; cmq:sourcePassage <passage/text/90> ."
    )


def sector(who: str, code: str) -> str:
    """Return that *who* is of a sector, as a claim."""
    return (
        f"<{who}> cmq:sector <https://w3id.org/cmq/scheme/sector/{code}> . "
        f"<claim/{who.replace('/', '-')}-{code}> rdf:subject <{who}> ; rdf:predicate cmq:sector ; "
        f"rdf:object <https://w3id.org/cmq/scheme/sector/{code}> ; cmq:sourcePassage <passage/text/70> ."
    )
