"""Which variables of a query hold truth values, read from its tokens: for engines that give the value of a test as 1 or 0.

Virtuoso does so (``BIND(?a < ?b AS ?x)`` gives an xsd:integer); where the text says that a variable is a test, 1 is true.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from campuskg.store.engine import Rows, Term
from campuskg.store.tokens import Token, tokens

_TESTS: Final = frozenset(
    (
        *("BOUND", "EXISTS", "NOT", "ISIRI", "ISURI", "ISLITERAL", "ISBLANK", "ISNUMERIC", "SAMETERM", "LANGMATCHES"),
        *("REGEX", "CONTAINS", "STRSTARTS", "STRENDS", "TRUE", "FALSE"),
    )
)
_CHOICES: Final = frozenset(("IF", "COALESCE"))
_AGGREGATES: Final = frozenset(("MIN", "MAX", "SAMPLE"))
_SIGNS: Final = frozenset(("||", "&&", "=", "!=", "<", ">", "<=", ">="))
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"


def with_booleans(found: Rows, sparql: str) -> Rows:
    """Return *found* with the truth values of *sparql* as the standard gives them: true and false."""
    known = truths(sparql)
    tests = [name in known for name in found.variables]
    rows = [tuple(_true(term, test=test) for term, test in zip(row, tests, strict=True)) for row in found.rows]
    return Rows(found.variables, rows)


@lru_cache(maxsize=256)
def truths(sparql: str) -> frozenset[str]:
    """Return the variables that *sparql* gives the value of a test, or of VALUES with true and false.

    >>> sorted(truths("SELECT ?a (MIN(?b) AS ?c) { BIND(?x < 1 || BOUND(?y) AS ?b) BIND(?x + 1 AS ?a) VALUES ?d { false } }"))
    ['b', 'c', 'd']
    """
    code = [token for token in tokens(sparql) if token.kind != "gap"]
    found = {code[i + 1].text[1:] for i, token in enumerate(code) if token.word == "VALUES" and _truth_list(code[i + 1 : i + 4])}
    assigned = list(_assigned(code))
    for _ in assigned:
        more = {name for name, expression in assigned if _is_test(expression, found)} - found
        if not more:
            break
        found |= more
    return frozenset(found)


def _truth_list(following: Sequence[Token]) -> bool:
    """Tell whether a VALUES goes on with one variable and a list that begins with a truth value."""
    return len(following) == 3 and following[0].kind == "variable" and following[2].word in ("TRUE", "FALSE")  # noqa: PLR2004


def _assigned(code: Sequence[Token]) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield the variable and the expression of each ``(expression AS ?variable)``."""
    opened: list[int] = []
    for i, token in enumerate(code):
        if token.text == "(":
            opened.append(i)
        elif token.text == ")" and opened:
            opened.pop()
        elif token.word == "AS" and opened and i + 1 < len(code) and code[i + 1].kind == "variable":
            yield code[i + 1].text[1:], code[opened[-1] + 1 : i]


def _is_test(expression: Sequence[Token], known: set[str]) -> bool:
    """Tell whether *expression* is true or false, given the variables *known* to be."""
    if not expression:
        return False
    first, rest = expression[0], expression[1:]
    if first.word in _TESTS or first.text == "!" or any(t.text in _SIGNS or t.word == "IN" for t in _outside(expression)):
        return True
    if first.text == "(":
        return _is_test(rest[:-1], known)
    if not rest:
        return first.kind == "variable" and first.text[1:] in known
    parts = list(_parts(rest[1:-1]))[first.word == "IF" :]
    return first.word in _AGGREGATES | _CHOICES and any(_is_test(part, known) for part in parts)


def _outside(expression: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens that no bracket holds."""
    depth = 0
    for token in expression:
        depth -= token.text in (")", "}")
        if depth == 0:
            yield token
        depth += token.text in ("(", "{")


def _parts(arguments: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the arguments of a function."""
    depth, start = 0, 0
    for i, token in enumerate(arguments):
        depth += (token.text in ("(", "{")) - (token.text in (")", "}"))
        if token.text == "," and depth == 0:
            yield arguments[start:i]
            start = i + 1
    yield arguments[start:]


def _true(term: Term | None, *, test: bool) -> Term | None:
    """Return 1 and 0 as true and false where they are truth values; Virtuoso writes stored booleans so too."""
    if isinstance(term, ox.Literal) and term.value in ("0", "1"):
        kind = term.datatype.value
        if kind == _BOOLEAN or (test and kind == _INTEGER):
            return ox.Literal(term.value == "1")
    return term
