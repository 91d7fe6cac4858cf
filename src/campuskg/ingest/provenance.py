"""What the head of an import says: the file that was read, and the activity that read it; terms as in the graph of sources."""

import datetime as dt
from collections.abc import Iterator

import pyoxigraph as ox

from campuskg.ingest.mapping import ENTITY, Importer, Value
from campuskg.ingest.tables import Table
from campuskg.ontology import expand


def head(made: Importer, document: str, tables: list[Table], version: str) -> bytes:
    """Return the triples of the source, of the activity, and of the things that every row leans on."""
    lines = [f"{ox.Triple(*parts)} .\n" for parts in _source(made, document, tables, version)]
    return "".join([*lines, *_constants(made, document)]).encode()


Parts = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def _source(made: Importer, document: str, tables: list[Table], version: str) -> Iterator[Parts]:
    source, activity = ox.NamedNode(f"{ENTITY}document/{document}"), ox.NamedNode(f"{ENTITY}activity/import-{document}")

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(expand(name))

    yield source, term("rdf:type"), term("cmq:SourceDocument")
    yield source, term("skos:prefLabel"), ox.Literal(f"{made.title.fr}, {version}", language="fr")
    yield source, term("skos:prefLabel"), ox.Literal(f"{made.title.en}, {version}", language="en")
    yield source, term("dcterms:publisher"), ox.Literal(made.publisher)
    yield source, term("dcterms:license"), ox.Literal(made.licence)
    for table in tables:
        yield source, term("dcterms:identifier"), ox.Literal(table.name)
        yield source, term("cmq:sha256"), ox.Literal(table.sha256)
    if _is_date(version):
        yield source, term("dcterms:issued"), ox.Literal(version, datatype=term("xsd:date"))
    yield activity, term("rdf:type"), term("prov:Activity")
    yield activity, term("skos:prefLabel"), ox.Literal(f"Import de « {made.title.fr} », {version}", language="fr")
    yield activity, term("skos:prefLabel"), ox.Literal(f"Import of '{made.title.en}', {version}", language="en")
    yield activity, term("prov:used"), source


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _constants(made: Importer, document: str) -> Iterator[str]:
    """Yield what is said of the things that every row leans on; a passage, the file as a whole, proves those of the graph."""
    passage = f"<{ENTITY}passage/{document}/fichier>"
    if any(thing.iri.pieces[0].startswith(ENTITY) for thing in made.constants):
        yield f"{passage} <{expand('rdf:type')}> <{expand('cmq:Passage')}> .\n"
        yield f"{passage} <{expand('oa:hasSource')}> <{ENTITY}document/{document}> .\n"
        yield f"{passage} <{expand('prov:wasGeneratedBy')}> <{ENTITY}activity/import-{document}> .\n"
    for thing in made.constants:
        subject = f"<{thing.iri.pieces[0]}>"
        statements: list[tuple[str, Value]] = [(expand("rdf:type"), thing.of)] if thing.of else []
        for predicate, value in (*statements, *thing.says):
            yield f"{subject} <{predicate}> {value.constant or f'<{value.pieces[0]}>'} .\n"
        if thing.iri.pieces[0].startswith(ENTITY):
            yield f"{subject} <{expand('cmq:sourcePassage')}> {passage} .\n"
