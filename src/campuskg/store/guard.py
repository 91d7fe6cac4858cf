"""The guard before the engine: reads the tokens of a query, says what it is, and refuses what would harm.

The engine cannot be stopped and a deeply nested text kills the process that parses it, so depth, operators, clauses and
length are bounded here. The guard saves time and gives clear messages; that nothing gets out of a worker is the
sandbox's business, which holds without it.
"""

import functools
from dataclasses import dataclass, field
from typing import Final

from campuskg.store.refusal import QueryRefused
from campuskg.store.tokens import Token, resolved, tokens

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"})
_CLAUSES: Final = frozenset({"FILTER", "BIND", "VALUES"})
_PROLOGUE: Final = frozenset({"PREFIX", "BASE", "VERSION"})
_OPENING: Final = {"(": ")", "{": "}", "[": "]", "<<": ">>", "<<(": ")>>"}
_OPERATORS: Final = frozenset({"+", "-", "*", "/", "|", "^", "!", "=", "<", ">", "||", "&&", "!=", "<=", ">=", "?", "^^"})
_SHORT: Final = 4096  # texts that are worth remembering
_SEPARATORS: Final = frozenset({".", ";", ","})


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """How large a query may be; each limit is named in the message of the query that passes it."""

    characters: int = 128 * 1024
    """Bytes of the text in UTF-8."""
    depth: int = 64
    """Brackets within brackets."""
    operators: int = 1000
    """Operators of expressions and property paths."""
    clauses: int = 200
    """Groups, triples, FILTER, BIND and VALUES."""
    services: tuple[str, ...] | None = ()
    """What SERVICE may call; None: anything, as the sandbox of a worker has the last word."""


@dataclass(slots=True)
class Inspected:
    """What the tokens say of a query; not to be changed by whoever gets it."""

    form: str = ""
    """SELECT, ASK, CONSTRUCT, DESCRIBE; UPDATE; empty when it is none of them."""
    dataset: bool = False
    """Whether it names its dataset (FROM)."""
    text: str = ""
    """The text without comments, with single spaces: two queries that come out equal have the same answer."""
    services: list[str] = field(default_factory=list)
    """What each SERVICE calls; empty where that is not a plain IRI."""


@dataclass(slots=True)
class _Counts:
    depth: int = 0
    operators: int = 0
    clauses: int = 0


DEFAULT_LIMITS: Final = GuardLimits()


def inspect(sparql: str, limits: GuardLimits = DEFAULT_LIMITS) -> Inspected:
    r"""Return what *sparql* is; raises QueryRefused when it passes a limit.

    >>> inspect("# who\nSELECT *  FROM <g> { ?s ?p 'a  # b' }")
    Inspected(form='SELECT', dataset=True, text="SELECT * FROM <g> { ?s ?p 'a  # b' }", services=[])
    """
    if len(sparql) > limits.characters or len(sparql.encode("utf-8", "surrogatepass")) > limits.characters:
        raise QueryRefused("query-too-long", limit=limits.characters // 1024)
    found = _remembered(sparql, limits) if len(sparql) < _SHORT else _Reader(limits).read(sparql)
    if limits.services is not None and any(service not in limits.services for service in found.services):
        raise QueryRefused("query-service")
    return found


@functools.lru_cache(maxsize=512)
def _remembered(sparql: str, limits: GuardLimits) -> Inspected:
    return _Reader(limits).read(sparql)


class _Reader:
    """Goes once over the tokens."""

    def __init__(self, limits: GuardLimits) -> None:
        self._limits = limits
        self._counts = _Counts()
        self._open: list[str] = []
        self._prefixes: dict[str, str] = {}
        self._found = Inspected()
        self._last = Token("gap", "", 0)
        self._before = self._last  # the token before the last one
        self._service = False

    def read(self, sparql: str) -> Inspected:
        """Return what *sparql* is; raises QueryRefused when it passes a limit."""
        said: list[str] = []
        for token in tokens(sparql):
            if token.kind == "gap":
                said.append(" ")
                continue
            said.append(token.text)
            if token.kind == "word":
                self._word(token.word)
            else:
                if token.kind == "sign":
                    self._sign(token.text)
                elif token.kind == "number" and self._last.text in ("+", "-") and self._open[-1:] != ["("]:
                    self._counts.operators -= 1  # the sign of a number in a list of values
                if self._service:
                    self._target(token)
                self._declare(token)
            self._before, self._last = self._last, token
        if self._service:
            self._found.services.append("")
        self._found.text = "".join(said).strip(" ")
        return self._found

    def _word(self, word: str) -> None:
        if self._service and word != "SILENT":
            self._service = False
            self._found.services.append("")
        if not self._found.form and not self._open and word not in _PROLOGUE:
            self._found.form = word if word in _FORMS else "UPDATE" if word in _UPDATES else "?"
        if word in _CLAUSES:
            self._count("clauses")
        elif word == "FROM":
            self._found.dataset = True
        elif word == "SERVICE":
            self._service = True

    def _sign(self, sign: str) -> None:
        if sign in _OPENING:
            self._open.append(sign)
            self._count("depth", len(self._open) - self._counts.depth)
            if sign == "{":
                self._count("clauses")
        elif self._open and sign == _OPENING[self._open[-1]]:
            self._open.pop()
        elif sign in _SEPARATORS:
            if self._open[-1:] != ["("]:
                self._count("clauses")
        elif sign in _OPERATORS and not (sign == "^^" and self._last.kind == "string"):
            self._count("operators")

    def _count(self, what: str, more: int = 1) -> None:
        if more <= 0:
            return
        now = getattr(self._counts, what) + more
        setattr(self._counts, what, now)
        limit = getattr(self._limits, what)
        if now > limit:
            raise QueryRefused(_TOO_MANY[what], limit=limit)

    def _declare(self, token: Token) -> None:
        """Note ``PREFIX name: <iri>``; a prefix declared in two ways stands for nothing."""
        if token.kind == "iri" and self._last.kind == "name" and self._before.word == "PREFIX":
            name, iri = self._last.text, resolved(token.text[1:-1])
            self._prefixes[name] = iri if self._prefixes.get(name, iri) == iri else ""

    def _target(self, token: Token) -> None:
        """Note what SERVICE calls."""
        self._service = False
        target = ""
        if token.kind == "iri":
            target = resolved(token.text[1:-1])
        elif token.kind == "name":
            prefix, colon, local = token.text.partition(":")
            base = self._prefixes.get(prefix + colon, "")
            target = base + local if base and "\\" not in local else ""
        self._found.services.append(target)


_TOO_MANY: Final = {"depth": "query-too-deep", "operators": "query-too-many-operators", "clauses": "query-too-many-clauses"}
