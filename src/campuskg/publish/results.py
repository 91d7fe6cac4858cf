"""Answers for machines: SPARQL 1.1 results as CSV and JSON, the result-set vocabulary, Turtle. Values are never altered."""

import csv
import io
import json
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from campuskg.publish.answers import Answer
from campuskg.release import turtle
from campuskg.store import Rows
from campuskg.store.engine import Term

RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
"""The vocabulary in which the W3C test suites keep the rows that a query must return (https://www.w3.org/2009/sparql/docs/tests/)."""


def as_csv(rows: Rows) -> str:
    """Return SPARQL 1.1 Query Results CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/): CRLF, plain values, full IRIs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.variables)
    writer.writerows([_plain(term) for term in row] for row in rows.rows)
    return out.getvalue()


def _plain(term: Term | None) -> str:
    return "" if term is None else f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def as_json(rows: Rows) -> str:
    """Return SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    bindings = [
        {name: json_term(term) for name, term in zip(rows.variables, row, strict=True) if term is not None} for row in rows.rows
    ]
    return json.dumps({"head": {"vars": list(rows.variables)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1)


def json_term(term: Term) -> Mapping[str, str]:
    """Return one term in that form."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif not term.datatype.value.endswith("XMLSchema#string"):
        found["datatype"] = term.datatype.value
    return found


def as_turtle(answer: Answer) -> str:
    """Return the triples of a CONSTRUCT, or the rows of a SELECT in the result-set vocabulary, in their order."""
    return "".join(_result_set(answer.rows)) if answer.is_table else turtle(answer.triples).decode()


def _result_set(rows: Rows) -> Iterator[str]:
    yield f"@prefix rs: <{RESULT_SET}> .\n\n[] a rs:ResultSet"
    for name in rows.variables:
        yield f" ;\n  rs:resultVariable {ox.Literal(name)}"
    for index, row in enumerate(rows.rows, 1):
        yield f" ;\n  rs:solution [\n    rs:index {index}"
        for name, term in zip(rows.variables, row, strict=True):
            if term is not None:
                yield f" ;\n    rs:binding [ rs:variable {ox.Literal(name)} ; rs:value {term} ]"
        yield "\n  ]"
    yield " .\n"
