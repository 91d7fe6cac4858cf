"""The few tokens of SPARQL that the catalogue needs to find: SELECT's columns, blocks of VALUES, marked comments.

The productions are those of SPARQL 1.1, section 19.8; strings, IRIs and comments are whole tokens, so nothing is found inside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

QueryForm = Literal["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"]
FORMS: Final[tuple[QueryForm, ...]] = get_args(QueryForm)
OPTIONAL_MARK: Final = "#?"
"""Begins the line of an optional parameter: a comment, until a value is given."""

_TOKEN: Final = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
              | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<word>[\w.-]*:[\w.:%-]* | \w+)
  | (?P<mark>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind, its text, where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One ``VALUES ?name { … }`` of one variable; an optional one stands in a marked comment."""

    name: str
    start: int
    end: int
    inside: str
    optional: bool


@lru_cache(maxsize=4)
def tokens(sparql: str) -> tuple[Token, ...]:
    """Return the tokens of *sparql*, comments too.

    >>> [token.text for token in tokens('?a = "# no" # yes')]
    ['?a', '=', '"# no"', '# yes']
    """
    found = _TOKEN.finditer(sparql)
    return tuple(Token(match.lastgroup or "mark", match[0], match.start(), match.end()) for match in found)


def code(sparql: str) -> list[Token]:
    """Return the tokens of *sparql* without comments."""
    return [token for token in tokens(sparql) if token.kind != "comment"]


@lru_cache(maxsize=256)  # a server binds the same few texts again and again
def blocks(sparql: str) -> tuple[Block, ...]:
    r"""Return the VALUES blocks of one variable, and the optional ones, in their order.

    >>> [(b.name, b.inside, b.optional) for b in blocks("VALUES ?x { 1 }\n#? VALUES ?y { 2 }")]
    [('x', ' 1 ', False), ('y', ' 2 ', True)]
    """
    found = _blocks_in(sparql, code(sparql), 0, optional=False)
    for token in tokens(sparql):
        if token.kind == "comment" and token.text.startswith(OPTIONAL_MARK):
            rest = token.text.removeprefix(OPTIONAL_MARK)
            offset = token.start + len(OPTIONAL_MARK)
            inner = _blocks_in(rest, code(rest), offset, optional=True)
            found += [Block(b.name, token.start, token.end, b.inside, b.optional) for b in inner[:1]]
    return tuple(sorted(found, key=lambda block: block.start))


def _blocks_in(text: str, found: Sequence[Token], offset: int, *, optional: bool) -> list[Block]:
    blocks_found = []
    for i in range(len(found) - 3):
        values, variable, brace = found[i : i + 3]
        if values.text.upper() != "VALUES" or variable.kind != "variable" or brace.text != "{":
            continue
        close = next((token for token in found[i + 3 :] if token.kind == "mark" and token.text == "}"), None)
        if close is not None:
            inside = text[brace.end : close.start]
            blocks_found.append(Block(variable.text[1:], offset + values.start, offset + close.end, inside, optional))
    return blocks_found


def form(sparql: str) -> QueryForm | None:
    """Return the form of the query, or None."""
    words = [token.text.upper() for token in code(sparql) if token.kind == "word"]
    return next((known for word in words for known in FORMS if known == word), None)


def projected(sparql: str) -> tuple[str, ...]:
    """Return the columns of a SELECT, in their order.

    >>> projected("SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) WHERE { ?a ?b ?c }")
    ('a', 'n')
    """
    found = code(sparql)
    start = next((i for i, token in enumerate(found) if token.text.upper() == "SELECT"), len(found))
    columns: list[str] = []
    depth = 0
    for before, token in zip(found[start:], found[start + 1 :], strict=False):
        if depth == 0 and (token.text == "{" or token.text.upper() in ("WHERE", "FROM")):
            break
        if token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif token.kind == "variable" and (depth == 0 or (depth == 1 and before.text.upper() == "AS")):
            columns.append(token.text[1:])
    return tuple(columns)
