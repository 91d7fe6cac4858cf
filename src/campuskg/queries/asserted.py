"""The asserted answers: what the author of a query says that it returns, checked on rows of any engine."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import Place, Problem
from campuskg.ontology import prefixes
from campuskg.queries.model import Query
from campuskg.store import Rows
from campuskg.store.engine import Term

Found = Rows | Sequence[ox.Triple] | bool
"""What an engine answers."""


def check_answer(query: Query, found: Found) -> list[Problem]:
    """Return what of the asserted answer of *query* does not hold for the rows (or triples) *found* with its defaults."""
    place = Place(f"queries/catalogue/{query.name}.rq")
    asserted = query.answer
    if asserted.rows is None or isinstance(found, bool):
        return []
    count = len(found.rows) if isinstance(found, Rows) else len(set(found))
    problems = []
    if count != asserted.rows:
        problems.append(Problem("answer-rows", place, {"asserted": asserted.rows, "found": count}))
    if isinstance(found, Rows):
        missing = [wanted for wanted in asserted.has if not any(matches(found.variables, row, wanted) for row in found.rows)]
        shown = [", ".join(f"{name} {value}" for name, value in wanted.items()) for wanted in missing]
        problems += [Problem("answer-row-missing", place, {"row": row}) for row in shown]
    return problems


def matches(variables: Sequence[str], row: Sequence[object], wanted: Mapping[str, str]) -> bool:
    """Tell whether *row* holds the values *wanted*, written short: id path, prefixed name, or lexical value."""
    cells = dict(zip(variables, row, strict=True))
    return all(_is(cells.get(name), value) for name, value in wanted.items())


def _is(term: object, wanted: str) -> bool:
    if isinstance(term, ox.NamedNode):
        return term.value in (wanted, f"{BASE_IRI}id/{wanted}", _expanded(wanted))
    if isinstance(term, ox.Literal):
        return term.value == wanted or same_number(term, wanted)
    return False


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return prefixes().get(prefix, f"{prefix}:") + local


def same_number(term: Term, text: str) -> bool:
    """Tell whether a numeric literal is the number *text*: engines may write 1.50 as 1.5."""
    if not isinstance(term, ox.Literal) or term.datatype.value.endswith("#string"):
        return False
    try:
        return Decimal(term.value) == Decimal(text)
    except InvalidOperation:
        return False


def changed_answer(query: Query, found: Found, other: Found) -> list[Problem]:
    """Return the difference between two answers to *query*, as one problem that counts rows; nothing for the same rows."""
    mine, theirs = answer_lines(found), answer_lines(other)
    if mine == theirs:
        return []
    counts = {"added": (mine - theirs).total(), "removed": (theirs - mine).total()}
    return [Problem("answer-changed", Place(f"queries/catalogue/{query.name}.rq"), counts)]


def answer_lines(found: Found) -> Counter[str]:
    """Return the rows or triples of an answer as text, each with how often it occurs."""
    if isinstance(found, bool):
        return Counter([str(found)])
    if isinstance(found, Rows):
        return Counter("\t".join("" if term is None else str(term) for term in row) for row in found.rows)
    return Counter({str(triple): 1 for triple in found})
