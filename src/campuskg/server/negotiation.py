"""Content negotiation (RFC 9110, section 12.5): pure functions from the Accept headers to a media type or a language."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from campuskg.errors import Lang

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_RANGE: Final = re.compile(rf"({_NAME})/({_NAME})((?:[ \t]*;(?:[ \t]*{_NAME}=(?:{_NAME}|{_QUOTED}))?)*)")
"""A media range with its parameters (RFC 9110, section 12.5.1); a space can be read in one way only, so that no text is slow."""
_PARAMETER: Final = re.compile(rf"({_NAME})=({_NAME}|{_QUOTED})")
_WEIGHT: Final = re.compile(r"0(?:\.[0-9]{0,16})?|\.[0-9]{1,16}|1(?:\.0{0,16})?")
"""A weight (RFC 9110, section 12.4.2); also ``.2``, as Java's own client writes it, and more digits than the standard has."""
_ELEMENT: Final = re.compile(rf"(?:{_QUOTED}|[^,\"]|\")+?(?=,|$)")
_MOST_ELEMENTS: Final = 64
_LONGEST: Final = 2048
"""Characters of an Accept header that are read: browsers send a hundred."""

RESULTS_JSON: Final = "application/sparql-results+json"
RESULTS_XML: Final = "application/sparql-results+xml"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
TURTLE: Final = "text/turtle"
N_TRIPLES: Final = "application/n-triples"
JSON_LD: Final = "application/ld+json"
RDF_XML: Final = "application/rdf+xml"
HTML: Final = "text/html"

# The first is what a client without preference gets; the last of each line are other names for the same bytes.
ASK_MEDIA: Final = (RESULTS_JSON, RESULTS_XML, "application/json", "application/xml")
SELECT_MEDIA: Final = (RESULTS_JSON, RESULTS_XML, CSV, TSV, "application/json", "application/xml")
GRAPH_MEDIA: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, "application/json", "application/xml")

FORMATS: Final = {
    "json": (RESULTS_JSON, JSON_LD),
    "xml": (RESULTS_XML, RDF_XML),
    "csv": (CSV,),
    "tsv": (TSV,),
    "ttl": (TURTLE,),
    "turtle": (TURTLE,),
    "nt": (N_TRIPLES,),
    "jsonld": (JSON_LD,),
    "rdfxml": (RDF_XML,),
}
"""What ``format=`` asks for: the media types that its value stands for, of results and of graphs."""


class Range(NamedTuple):
    """One media range of an Accept header."""

    type: str
    subtype: str
    parameters: int
    weight: float

    def specificity(self, media: str) -> int:
        """Return how exactly this range names *media*; 0 when it does not."""
        kind, _, subtype = media.partition("/")
        if self.type == "*":
            return 1 if self.subtype == "*" else 0
        if self.type != kind:
            return 0
        if self.subtype == "*":
            return 2
        return 3 + min(self.parameters, 1) if self.subtype == subtype else 0


def ranges(accept: str) -> list[Range]:
    """Return the media ranges of an Accept header; what is malformed is left out.

    >>> ranges("text/turtle;q=0.5, nonsense, */*;q=0")
    [Range(type='text', subtype='turtle', parameters=0, weight=0.5), Range(type='*', subtype='*', parameters=0, weight=0.0)]
    """
    found = []
    for element in _elements(accept):
        text = element.strip()
        if text.partition(";")[0].rstrip() == "*":  # Java's own client says any type so
            text = f"*/{text}"
        match = _RANGE.fullmatch(text)
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        parameters = [(name.lower(), value) for name, value in _PARAMETER.findall(match[3])]
        weight = next((value for name, value in parameters if name == "q"), "1")
        if _WEIGHT.fullmatch(weight):
            others = sum(name not in ("q", "charset") for name, _ in parameters)
            found.append(Range(match[1].lower(), match[2].lower(), others, float(weight)))
    return found


def _elements(header: str) -> Iterable[str]:
    """Return the elements of a list header; a hostile number of them is cut."""
    header = header[:_LONGEST]
    plain = header.split(",", _MOST_ELEMENTS)[:_MOST_ELEMENTS]
    return plain if '"' not in header else _ELEMENT.findall(header)[:_MOST_ELEMENTS]


@lru_cache(maxsize=512)
def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type of *offered* (the server's order) that *accept* prefers; None when it accepts none.

    >>> choose("text/csv;q=0.5, application/*", SELECT_MEDIA)
    'application/sparql-results+json'
    >>> choose("image/png", SELECT_MEDIA) is None
    True
    """
    if accept is None or not accept.strip():
        return offered[0] if offered else None
    known = ranges(accept)
    best, best_weight = None, 0.0
    for media in offered:
        fitting = [(r.specificity(media), r.weight) for r in known if r.specificity(media)]
        weight = max(fitting)[1] if fitting else 0.0
        if weight > best_weight:
            best, best_weight = media, weight
    return best


class Choice(NamedTuple):
    """The media type for each form of answer; None where the client accepts none."""

    select: str | None
    ask: str | None
    graph: str | None


@lru_cache(maxsize=512)
def choices(accept: str | None, wanted: str | None = None) -> Choice:
    """Return the media types for a query whose form is not known yet; *wanted* is the value of ``format=``."""
    if wanted is not None:
        media = FORMATS[wanted]
        return Choice(*(next((m for m in media if m in offered), None) for offered in (SELECT_MEDIA, ASK_MEDIA, GRAPH_MEDIA)))
    return Choice(choose(accept, SELECT_MEDIA), choose(accept, ASK_MEDIA), choose(accept, GRAPH_MEDIA))


def prefers_html(accept: str | None, others: Sequence[str]) -> bool:
    """Tell whether the client would rather have a page than any of the *others*.

    >>> prefers_html("text/html,application/xml;q=0.9,*/*;q=0.8", SELECT_MEDIA), prefers_html("*/*", SELECT_MEDIA)
    (True, False)
    """
    return choose(accept, (*others, HTML)) == HTML


def with_charset(media: str) -> str:
    """Return the Content-Type for *media*: texts say that they are UTF-8.

    >>> with_charset("text/csv")
    'text/csv; charset=utf-8'
    """
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def preferred_language(header: str | None) -> Lang:
    """Return the language that an Accept-Language header prefers (RFC 9110, section 12.5.4); French when it says neither.

    >>> preferred_language("de, en-GB;q=0.8, fr;q=0.5"), preferred_language("*"), preferred_language(None)
    ('en', 'fr', 'fr')
    """
    weights: dict[str, float] = {}
    for element in (header or "").split(",")[:_MOST_ELEMENTS]:
        tag, _, parameter = element.strip().lower().partition(";")
        weight = parameter.strip().removeprefix("q=") or "1"
        name = tag.strip().split("-", 1)[0]
        if name in ("fr", "en") and _WEIGHT.fullmatch(weight):
            weights[name] = max(weights.get(name, 0.0), float(weight))
    return "en" if weights.get("en", 0.0) > weights.get("fr", 0.0) else "fr"
