"""Are two answers the same? Solutions as bags, blank nodes up to renaming, numbers by their value."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_NUMBERS = ("integer", "decimal", "double", "float")
Comparable = bool | ox.Dataset | list[tuple[str, ...]]
Row = dict[str, object]

RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}


def expected(path: Path, base: str) -> Comparable:
    """Return what a result file says."""
    data = path.read_bytes()
    if path.suffix == ".csv":
        return from_csv(data)
    if path.suffix in RESULTS:
        return from_results(data, RESULTS[path.suffix])
    triples = [quad.triple for quad in ox.parse(data, format=GRAPHS[path.suffix], base_iri=base)]
    if any(triple.predicate == RDF_TYPE and triple.object == ox.NamedNode(f"{RS}ResultSet") for triple in triples):
        return _from_result_set(triples)
    return from_graph(triples)


def from_results(data: bytes, form: ox.QueryResultsFormat) -> Comparable:
    """Return an answer in one of the SPARQL results formats."""
    answer = ox.parse_query_results(data, format=form)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    names = [variable.value for variable in answer.variables]
    return canonical([{name: row[name] for name in names if row[name] is not None} for row in answer])


def from_graph(triples: Iterable[ox.Triple]) -> ox.Dataset:
    """Return a graph in a form that compares."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, _by_value(t.object)) for t in triples)  # type: ignore[arg-type]
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def from_csv(data: bytes) -> list[tuple[str, ...]]:
    """Return the lines of a CSV answer: the header, then the others, columns and lines in one order, blank nodes by one name."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    columns = sorted(range(len(header)), key=lambda column: header[column])
    cells = [["_:" if cell.startswith("_:") else _csv_value(cell) for cell in row] for row in rows]
    return [tuple(header[column] for column in columns), *sorted(tuple(row[column] for column in columns) for row in cells)]


def canonical(rows: Sequence[Row]) -> ox.Dataset:
    """Return solutions as a graph, one node a solution, so that comparing graphs compares solutions."""
    quads = []
    for row in rows:
        node = ox.BlankNode()
        quads.append(ox.Quad(node, RDF_TYPE, ox.NamedNode(f"{RS}ResultSolution")))
        quads += [ox.Quad(node, ox.NamedNode(f"urn:variable:{name}"), _by_value(term)) for name, term in row.items()]  # type: ignore[arg-type]
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _from_result_set(triples: Sequence[ox.Triple]) -> Comparable:
    """Read the result set vocabulary of the older tests."""

    def values(subject: object, name: str) -> list[object]:
        return [t.object for t in triples if t.subject == subject and t.predicate == ox.NamedNode(f"{RS}{name}")]

    sets = [t.subject for t in triples if t.object == ox.NamedNode(f"{RS}ResultSet")]
    truth = values(sets[0], "boolean")
    if truth:
        return bool(truth[0].value == "true")  # type: ignore[attr-defined]
    return canonical(
        [
            {values(binding, "variable")[0].value: values(binding, "value")[0] for binding in values(solution, "binding")}  # type: ignore[attr-defined]
            for solution in values(sets[0], "solution")
        ]
    )


def _by_value(term: object) -> object:
    """Return a number in one spelling of its value."""
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(XSD):
        kind = term.datatype.value.removeprefix(XSD)
        if kind == "boolean":
            return ox.Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
        if kind in _NUMBERS:
            try:
                value = Decimal(term.value) if kind in ("integer", "decimal") else Decimal(repr(float(term.value)))
                return ox.Literal(f"{value.normalize():f}", datatype=term.datatype)
            except (InvalidOperation, ValueError):
                return term
    return term


def _csv_value(cell: str) -> str:
    try:
        return f"{Decimal(cell).normalize():f}"
    except InvalidOperation:
        return cell
