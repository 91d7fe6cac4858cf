"""Which page suits a path: the one place that knows every kind of page about a resource."""

from campuskg.content import BASE_IRI
from campuskg.ontology import compact
from campuskg.publish.pages import Frame
from campuskg.publish.pages_data import render_data
from campuskg.publish.pages_entity import render_sheet, thing_sheet
from campuskg.publish.pages_source import document_sheet, passage_sheet
from campuskg.publish.pages_statement import is_said, said_sheet
from campuskg.publish.pages_term import code_sheet, graph_sheet, scheme_sheet
from campuskg.publish.published import Published, facts_of
from campuskg.publish.sheet import Sheet


def render_resource(frame: Frame, path: str, published: Published, corrections: str = "") -> str:
    """Return the page about the resource at *path*, which has a document."""
    if path in ("catalogue", "dataset", published.version):
        return render_data(frame, path, published)
    return render_sheet(frame, sheet_of(path, published, frame), published, corrections)


def sheet_of(path: str, published: Published, frame: Frame) -> Sheet:
    """Return the page about the resource at *path*, whole."""
    iri, lang = BASE_IRI + path, frame.lang
    if path.startswith("graph/"):
        return graph_sheet(published, path, lang)
    if path.startswith("id/passage/"):
        return passage_sheet(published, iri, lang)
    facts = facts_of(published, iri)
    if is_said(facts):
        return said_sheet(published, iri, lang)
    classes = {compact(value.value) for value in facts.get("rdf:type", ())}
    for kind, made in (
        ("cmq:SourceDocument", document_sheet),
        ("skos:ConceptScheme", scheme_sheet),
        ("skos:Concept", code_sheet),
    ):
        if kind in classes:
            return made(published, iri, lang)
    page = published.pages.page(iri, lang)
    return thing_sheet(published, page) if page is not None else Sheet(path, path)
