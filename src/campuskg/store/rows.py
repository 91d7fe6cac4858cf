"""Writers of SELECT answers row by row, for an answer that may stop before its end; the engine's own write it whole.

They follow SPARQL 1.1 Query Results JSON Format, SPARQL Query Results XML Format (second edition) and SPARQL 1.1 Query
Results CSV and TSV Formats.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_ITS = "http://www.w3.org/2005/11/its"


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> int:
        """Keep *data*."""


def write_rows(media_type: str, names: Sequence[str], solutions: Iterable[ox.QuerySolution], out: Sink) -> int:
    """Write *solutions* as *media_type* to *out* and return how many there were."""
    head, row, between, tail = _FORMS[media_type]
    out.write(head(names).encode())
    count = 0
    for solution in solutions:
        terms = [solution[at] for at in range(len(names))]
        out.write(((between if count else "") + row(names, terms)).encode())
        count += 1
    out.write(tail.encode())
    return count


def _json_head(names: Sequence[str]) -> str:
    return f'{{"head":{{"vars":{json.dumps(list(names), ensure_ascii=False)}}},"results":{{"bindings":['


def _json_row(names: Sequence[str], terms: Sequence[object]) -> str:
    bound = {name: _json_term(term) for name, term in zip(names, terms, strict=True) if term is not None}
    return json.dumps(bound, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: object) -> Mapping[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    assert isinstance(term, ox.Literal)  # noqa: S101  the engine has no other terms
    said = {"type": "literal", "value": term.value}
    if term.language:
        said["xml:lang"] = term.language
        if term.direction:
            said["its:dir"] = str(term.direction)
    elif term.datatype.value != _XSD_STRING:
        said["datatype"] = term.datatype.value
    return said


def _xml_head(names: Sequence[str]) -> str:
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    opening = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    return f"{opening}<head>{variables}</head><results>"


def _xml_row(names: Sequence[str], terms: Sequence[object]) -> str:
    pairs = zip(names, terms, strict=True)
    return (
        f"<result>{''.join(f'<binding name={quoteattr(n)}>{_xml_term(t)}</binding>' for n, t in pairs if t is not None)}</result>"
    )


def _xml_term(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return f"<triple>{''.join(f'<{name}>{_xml_term(part)}</{name}>' for name, part in parts.items())}</triple>"
    assert isinstance(term, ox.Literal)  # noqa: S101  the engine has no other terms
    attributes = ""
    if term.language:
        attributes = f" xml:lang={quoteattr(term.language)}"
        if term.direction:
            attributes += f' xmlns:its="{_ITS}" its:version="2.0" its:dir={quoteattr(str(term.direction))}'
    elif term.datatype.value != _XSD_STRING:
        attributes = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{attributes}>{escape(term.value, {chr(13): '&#13;'})}</literal>"


def _csv_row(_names: Sequence[str], terms: Sequence[object]) -> str:
    return ",".join(_csv_field(term) for term in terms)


def _csv_field(term: object) -> str:
    if term is None:
        return ""
    value = term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if any(sign in value for sign in '",\r\n') else value


def _tsv_row(_names: Sequence[str], terms: Sequence[object]) -> str:
    return "\t".join(_tsv_field(term) for term in terms)


def _tsv_field(term: object) -> str:
    if isinstance(term, ox.Triple):  # its plain text is a statement, not a term
        return f"<<( {' '.join(_tsv_field(part) for part in term)} )>>"
    return "" if term is None else str(term).replace("\t", "\\t")


_Form = tuple[Callable[[Sequence[str]], str], Callable[[Sequence[str], Sequence[object]], str], str, str]
_FORMS: Mapping[str, _Form] = {
    "application/sparql-results+json": (_json_head, _json_row, ",", "]}}"),
    "application/sparql-results+xml": (_xml_head, _xml_row, "", "</results></sparql>"),
    "text/csv": (lambda names: ",".join(names) + "\r\n", lambda n, t: _csv_row(n, t) + "\r\n", "", ""),
    "text/tab-separated-values": (lambda n: "\t".join(f"?{v}" for v in n) + "\n", lambda n, t: _tsv_row(n, t) + "\n", "", ""),
}
