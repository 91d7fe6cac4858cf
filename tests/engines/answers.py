"""When two answers are the same: the rows as multisets of terms, each term in one spelling.

Engines may spell one value in several ways, and SPARQL lets them:

* a number is compared by its value to ten significant digits, whatever its datatype: ``1.50``, ``1.5`` and ``15E-1``
  are one; engines divide xsd:integer and xsd:decimal to different precisions and type their sums differently;
* a string with and without xsd:string is one (RDF 1.1 says so);
* a language tag is compared in lower case (RDF 1.1 allows that);
* a boolean is 1 or 0, because Virtuoso gives the value of an expression such as ``?a = ?b`` as an xsd:integer;
* all else (IRIs, dates, strings, other literals) is compared letter by letter with its datatype.

Unbound is its own value, different from an empty string.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.store.memory import code_only

Found = Rows | bool | Sequence[ox.Triple]
"""What an engine answers."""
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))


def spelt(term: Term | ox.Triple | None) -> str:
    """Return the one spelling of *term*."""
    if term is None:
        return "UNBOUND"
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return f'"{term.value}"@{term.language.lower()}'
    kind = term.datatype.value
    if kind == XSD + "boolean":
        return "number 1" if term.value in ("true", "1") else "number 0"
    return _number(term) if kind in NUMBERS else str(term)


def _number(term: ox.Literal) -> str:
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return str(term)
    return f"number {Decimal(f'{value:.9e}').normalize():f}" if value.is_finite() else f"number {value}"


def rows_of(answer: Found) -> list[tuple[str, ...]]:
    """Return the rows of any answer in one spelling: of a SELECT its rows, of a CONSTRUCT its distinct triples."""
    if isinstance(answer, bool):
        return [(str(answer).lower(),)]
    if isinstance(answer, Rows):
        return [tuple(spelt(term) for term in row) for row in answer.rows]
    return sorted({(spelt(t.subject), spelt(t.predicate), spelt(t.object)) for t in answer})  # type: ignore[arg-type]


def difference(one: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]]) -> str:
    """Return an empty string for equal multisets of rows, else the first row that only one has."""
    ours, theirs = Counter(one), Counter(other)
    missing, extra = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
    if not missing and not extra:
        return ""
    said = [f"{len(one)} rows here, {len(other)} there"]
    said += [f"only here ({len(missing)}): {' | '.join(missing[0])}"] if missing else []
    said += [f"only there ({len(extra)}): {' | '.join(extra[0])}"] if extra else []
    return "\n".join(said)


def in_order(sparql: str) -> bool:
    """Return whether the rows come in an order that the query asks for: ORDER BY stands outside all braces."""
    depth, code = 0, code_only(sparql)
    for match in re.finditer(r"[{}]|\bORDER\s+BY\b", code, re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] not in "{}":
            return True
    return False


def with_booleans_of(theirs: Found, ours: Found) -> Found:
    """Return *theirs* with 1 and 0 read as booleans in the columns where *ours* has booleans (see Virtuoso above)."""
    if not isinstance(theirs, Rows) or not isinstance(ours, Rows):
        return theirs
    columns = {i for row in ours.rows for i, term in enumerate(row) if isinstance(term, ox.Literal) and _is_boolean(term)}
    rows = [tuple(_boolean(term) if i in columns else term for i, term in enumerate(row)) for row in theirs.rows]
    return Rows(theirs.variables, rows)


def _is_boolean(term: ox.Literal) -> bool:
    return term.datatype.value == XSD + "boolean"


def _boolean(term: Term | None) -> Term | None:
    return ox.Literal(term.value in ("1", "true")) if isinstance(term, ox.Literal) and term.value in ("0", "1") else term
