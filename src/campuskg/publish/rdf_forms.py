"""The forms in which a document or the whole dataset is published as RDF, by extension and by media type."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.release.turtle import turtle_in_order


@dataclass(frozen=True, slots=True)
class RdfForm:
    """One form: its extension, its media type, its name for readers, and who writes it."""

    extension: str
    media_type: str
    label: str
    write: Callable[[Sequence[ox.Triple]], bytes]
    """Writes triples that are in order (``in_order``)."""


def _plain(format_: ox.RdfFormat) -> Callable[[Sequence[ox.Triple]], bytes]:
    """Return a writer without prefixes: the engine gives them in no fixed order."""
    return lambda triples: ox.serialize(triples, format=format_) or b""


RDF_FORMS: Final[Mapping[str, RdfForm]] = {
    form.extension: form
    for form in (
        RdfForm("ttl", "text/turtle", "Turtle", turtle_in_order),
        RdfForm("nt", "application/n-triples", "N-Triples", _plain(ox.RdfFormat.N_TRIPLES)),
        RdfForm("jsonld", "application/ld+json", "JSON-LD", _plain(ox.RdfFormat.JSON_LD)),
        RdfForm("rdf", "application/rdf+xml", "RDF/XML", _plain(ox.RdfFormat.RDF_XML)),
    )
}
"""Extension -> form; the first is what a client without preference gets."""
EXTENSION: Final[Mapping[str, str]] = {form.media_type: form.extension for form in RDF_FORMS.values()}


def written(triples: Iterable[ox.Triple], extension: str) -> bytes:
    """Return *triples* in the form of *extension*: the same bytes for the same triples."""
    return RDF_FORMS[extension].write(in_order(triples))


def in_order(triples: Iterable[ox.Triple]) -> Sequence[ox.Triple]:
    """Return *triples*, each once, sorted as text, as the writers of the forms need them."""
    lines = {str(triple): triple for triple in triples}
    if any("_:" in line for line in lines):  # a blank node, or just these letters
        lines = {str(triple): triple for triple in named(list(lines.values()))}
    return [lines[line] for line in sorted(lines)]


def named(triples: Sequence[ox.Triple]) -> Sequence[ox.Triple]:
    """Return *triples* with blank nodes named by what they say (RDFC-1.0): in each process the same, unlike a parser's names."""
    if not any(isinstance(term, ox.BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        return triples
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def split(path: str, extensions: Collection[str] = RDF_FORMS.keys()) -> tuple[str, str]:
    """Return the path of a document and the extension that asks for one form of it, empty when there is none.

    >>> split("id/campus/msi.ttl"), split("ontology/0.2.0"), split("ontology/0.2.0.nt")
    (('id/campus/msi', 'ttl'), ('ontology/0.2.0', ''), ('ontology/0.2.0', 'nt'))
    """
    stem, _, last = path.rpartition(".")
    return (stem, last) if stem and last in extensions else (path, "")
