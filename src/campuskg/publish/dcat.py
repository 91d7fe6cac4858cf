"""A release as DCAT-AP 3 describes it: catalogue, series, dataset with its dumps, SPARQL service (https://semiceu.github.io/DCAT-AP/)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.graph import dataset_description
from campuskg.ontology import expand

CATALOGUE: Final = ox.NamedNode(BASE_IRI + "catalogue")
SERIES: Final = ox.NamedNode(BASE_IRI + "dataset")
_AGENT: Final = ox.NamedNode(BASE_IRI + "id/agent/campuskg-contributors")
_CONTACT: Final = ox.NamedNode(BASE_IRI + "catalogue#contact")
_LICENCE: Final = ox.NamedNode("https://www.etalab.gouv.fr/licence-ouverte-open-licence")
_EU: Final = "http://publications.europa.eu/resource/authority/"
_LANGUAGES: Final = tuple(ox.NamedNode(f"{_EU}language/{code}") for code in ("FRA", "ENG"))
_INHERITED: Final = ("dcterms:title", "dcterms:description", "dcterms:spatial", "dcat:keyword", "dcat:theme")
_FORMATS: Final = {
    "nq": ("RDF_N_QUADS", "application/n-quads", "N-Quads"),
    "ttl": ("RDF_TURTLE", "text/turtle", "Turtle"),
    "nt": ("RDF_N_TRIPLES", "application/n-triples", "N-Triples"),
    "jsonld": ("JSON_LD", "application/ld+json", "JSON-LD"),
    "trig": ("RDF_TRIG", "application/trig", "TriG"),
    "rdf": ("RDF_XML", "application/rdf+xml", "RDF/XML"),
}


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that holds the whole dataset: its name, bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published where: the release's digest and date, the public address, the dumps, whether there is an endpoint."""

    digest: str
    date: str
    base: str
    dumps: tuple[Dump, ...] = ()
    endpoint: str = ""
    period: tuple[str, str] = ("", "")
    """First and last day that the facts speak of, where known."""

    @property
    def dataset(self) -> ox.NamedNode:
        """The IRI of this release as a dataset."""
        return ox.NamedNode(f"{SERIES.value}/{self.digest[:16]}")


def catalogue(publication: Publication) -> Iterator[ox.Triple]:
    """Yield the DCAT-AP description of *publication*."""
    fixed = dataset_description()
    yield from fixed
    for node in (CATALOGUE, SERIES, publication.dataset):
        yield from _common(node, publication)
    yield from _describe(
        CATALOGUE,
        {
            "foaf:homepage": ox.NamedNode(publication.base),
            "dcterms:license": _LICENCE,
            "dcterms:spatial": ox.NamedNode(f"{_EU}country/FRA"),
            "dcat:dataset": [SERIES, publication.dataset],
        },
    )
    yield ox.Triple(ox.NamedNode(publication.base), _node("rdf:type"), _node("foaf:Document"))
    yield ox.Triple(SERIES, _node("dcterms:issued"), _date(publication.date))
    yield from _dataset(publication, fixed)
    yield from _service(publication)


def _common(node: ox.NamedNode, publication: Publication) -> Iterator[ox.Triple]:
    yield from _describe(
        node,
        {
            "dcterms:publisher": _AGENT,
            "dcat:contactPoint": _CONTACT,
            "dcterms:modified": _date(publication.date),
            "dcterms:language": _LANGUAGES,
        },
    )
    if node != SERIES:
        yield ox.Triple(node, _node("dcterms:issued"), _date(publication.date))


def _dataset(publication: Publication, fixed: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    dataset = publication.dataset
    inherited = {_node(name) for name in _INHERITED}
    yield from (ox.Triple(dataset, t.predicate, t.object) for t in fixed if t.subject == SERIES and t.predicate in inherited)
    yield from _describe(
        dataset,
        {
            "rdf:type": _node("dcat:Dataset"),
            "dcat:inSeries": SERIES,
            "dcat:version": ox.Literal(publication.digest[:16]),
            "dcterms:identifier": ox.Literal(dataset.value),
            "dcterms:accessRights": ox.NamedNode(f"{_EU}access-right/PUBLIC"),
            "dcterms:conformsTo": ox.NamedNode(BASE_IRI + "ontology"),
            "dcat:landingPage": ox.NamedNode(publication.base),
            "dcat:distribution": [_distribution(publication, dump) for dump in publication.dumps],
        },
    )
    yield ox.Triple(ox.NamedNode(f"{_EU}access-right/PUBLIC"), _node("rdf:type"), _node("dcterms:RightsStatement"))
    yield ox.Triple(ox.NamedNode(BASE_IRI + "ontology"), _node("rdf:type"), _node("dcterms:Standard"))
    if all(publication.period):
        period = ox.NamedNode(dataset.value + "#period")
        yield ox.Triple(dataset, _node("dcterms:temporal"), period)
        dates = dict(zip(("dcat:startDate", "dcat:endDate"), map(_date, publication.period), strict=True))
        yield from _describe(period, {"rdf:type": _node("dcterms:PeriodOfTime"), **dates})
    for dump in publication.dumps:
        yield from _dump(publication, dump)


def _dump(publication: Publication, dump: Dump) -> Iterator[ox.Triple]:
    node = _distribution(publication, dump)
    kind, media, title = _FORMATS[dump.name.removesuffix(".gz").rpartition(".")[2]]
    address = ox.NamedNode(f"{publication.base}dumps/{dump.name}")
    checksum = ox.NamedNode(node.value + "-sha256")
    yield from _describe(
        node,
        {
            "rdf:type": _node("dcat:Distribution"),
            "dcterms:title": ox.Literal(title, language="en"),
            "dcterms:description": [
                ox.Literal(f"Tout le graphe en {title}, fichier {dump.name}.", language="fr"),
                ox.Literal(f"The whole graph in {title}, file {dump.name}.", language="en"),
            ],
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dcat:byteSize": ox.Literal(str(dump.size), datatype=_node("xsd:nonNegativeInteger")),
            "dcat:mediaType": ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media}"),
            "dcterms:format": ox.NamedNode(f"{_EU}file-type/{kind}"),
            "dcterms:license": _LICENCE,
            "dcterms:issued": _date(publication.date),
            "dcatap:availability": ox.NamedNode(f"{_EU}planned-availability/STABLE"),
            "spdx:checksum": checksum,
        },
    )
    yield from _describe(ox.NamedNode(f"{_EU}file-type/{kind}"), {"rdf:type": _node("dcterms:MediaTypeOrExtent")})
    yield from _describe(
        ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media}"), {"rdf:type": _node("dcterms:MediaType")}
    )
    yield from _concept(f"{_EU}planned-availability/STABLE", "stable", "stable")
    yield from _describe(
        checksum,
        {
            "rdf:type": _node("spdx:Checksum"),
            "spdx:algorithm": _node("spdx:checksumAlgorithm_sha256"),
            "spdx:checksumValue": ox.Literal(dump.sha256, datatype=_node("xsd:hexBinary")),
        },
    )
    yield ox.Triple(_node("spdx:checksumAlgorithm_sha256"), _node("rdf:type"), _node("spdx:ChecksumAlgorithm"))


def _service(publication: Publication) -> Iterator[ox.Triple]:
    if not publication.endpoint:
        return
    endpoint = ox.NamedNode(publication.endpoint)
    protocol = ox.NamedNode("https://www.w3.org/TR/sparql11-protocol/")
    service = ox.NamedNode(CATALOGUE.value + "#sparql")
    yield ox.Triple(CATALOGUE, _node("dcat:service"), service)
    yield ox.Triple(protocol, _node("rdf:type"), _node("dcterms:Standard"))
    yield from _describe(
        service,
        {
            "rdf:type": _node("dcat:DataService"),
            "dcterms:title": [
                ox.Literal("Point d'accès SPARQL", language="fr"),
                ox.Literal("SPARQL endpoint", language="en"),
            ],
            "dcat:endpointURL": endpoint,
            "dcat:endpointDescription": endpoint,
            "dcat:servesDataset": publication.dataset,
            "dcat:contactPoint": _CONTACT,
            "dcat:keyword": ox.Literal("SPARQL", language="en"),
            "dcat:theme": ox.NamedNode(f"{_EU}data-theme/EDUC"),
            "dcterms:conformsTo": protocol,
            "dcterms:publisher": _AGENT,
            "dcterms:license": _LICENCE,
            "dcterms:accessRights": ox.NamedNode(f"{_EU}access-right/PUBLIC"),
        },
    )


Values = ox.NamedNode | ox.Literal | Iterable[ox.NamedNode | ox.Literal]


def _describe(subject: ox.NamedNode, properties: Mapping[str, Values]) -> Iterator[ox.Triple]:
    """Yield one triple for each value of each property (compact name)."""
    for name, values in properties.items():
        for value in [values] if isinstance(values, (ox.NamedNode, ox.Literal)) else values:
            yield ox.Triple(subject, _node(name), value)


def _concept(iri: str, fr: str, en: str) -> Iterator[ox.Triple]:
    labels = [ox.Literal(fr, language="fr"), ox.Literal(en, language="en")]
    yield from _describe(ox.NamedNode(iri), {"rdf:type": _node("skos:Concept"), "skos:prefLabel": labels})


def _distribution(publication: Publication, dump: Dump) -> ox.NamedNode:
    return ox.NamedNode(f"{publication.dataset.value}#{dump.name}")


def _date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=_node("xsd:date"))


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
