"""The one way to write a Turtle file of the ontology, so that a change of one term is a change of its own lines only.

The only module that imports rdflib. ``python -m campuskg.ontology FILE...`` rewrites files in this form.
"""

from rdflib import Graph
from rdflib.compare import to_canonical_graph


def canonical_turtle(text: str) -> str:
    """Return *text* (Turtle) in its one canonical form: longturtle, with the prefixes that it declares and uses.

    Comments are lost: what matters is said with ``rdfs:comment`` or ``skos:editorialNote``. A prefix that the text declares
    and does not use is left out. Raises rdflib's parser errors for what is not Turtle.

    >>> print(canonical_turtle("@prefix ex: <http://example.org/> . ex:b a ex:C . ex:a a ex:C ."), end="")
    PREFIX ex: <http://example.org/>
    <BLANKLINE>
    ex:a
        a ex:C ;
    .
    <BLANKLINE>
    ex:b
        a ex:C ;
    .
    """
    parsed = Graph(bind_namespaces="none").parse(data=text, format="turtle")
    # Blank nodes (the lists of disjoint classes) get labels from what they say, so that their order is the same everywhere.
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in parsed.namespaces():
        graph.bind(prefix, namespace)
    for triple in to_canonical_graph(parsed):
        graph.add(triple)
    return graph.serialize(format="longturtle")
