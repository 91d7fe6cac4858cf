r"""The tokens of a SPARQL text, by the terminals of SPARQL 1.1, section 19.8, read as the engine reads them.

Time is linear in the length of any text: no alternative looks further than the token that it, or the one after it,
takes. Code point escapes (section 19.2) belong to the token in which they stand; the engine resolves those in strings
and IRIs and refuses all others, so a keyword written with them is recognised here only to be named.

>>> [(token.kind, token.text) for token in tokens("ASK { ?s ex:p 'a # b' } # end")]  # doctest: +NORMALIZE_WHITESPACE
[('word', 'ASK'), ('gap', ' '), ('sign', '{'), ('gap', ' '), ('variable', '?s'), ('gap', ' '), ('name', 'ex:p'),
('gap', ' '), ('string', "'a # b'"), ('gap', ' '), ('sign', '}'), ('gap', ' # end')]
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_ESCAPE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_MARKS: Final = "\u00b7\u0300-\u036f\u203f\u2040"  # in names, after the first character (PN_CHARS)
_LOCAL: Final = rf"(?:[\w.:{_MARKS}-]|%[0-9A-Fa-f]{{2}}|{_ESCAPE}|\\[_~.\-!$&'()*+,;=/?\#@%])*+"
_TERMINALS: Final = (
    ("gap", r"(?:[ \t\r\n]|\#[^\n\r]*)++"),
    ("variable", rf"[?$](?:[\w{_MARKS}]|{_ESCAPE})++"),
    ("name", rf"(?:(?:[^\W\d_]|{_ESCAPE})(?:[\w.{_MARKS}-]|{_ESCAPE})*+|_)?+:{_LOCAL}"),
    ("word", rf"(?:[^\W\d]|{_ESCAPE})(?:[\w.{_MARKS}-]|{_ESCAPE})*+"),
    ("iri", rf'<(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*+>'),
    ("string", r'"""(?:"{0,2}+(?:[^"\\]|\\.))*+"""' + r"|'''(?:'{0,2}+(?:[^'\\]|\\.))*+'''"),
    ("unclosed", r'"""(?:.*)|' + r"'''(?:.*)"),
    ("string2", r'"(?:[^"\\\n\r]|\\[^\n\r])*+"' + r"|'(?:[^'\\\n\r]|\\[^\n\r])*+'"),
    ("unclosed2", r"[\"'][^\n\r]*+"),
    ("language", r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"),
    ("number", r"(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?+\d++)?+"),
    ("sign", r"\|\||&&|\^\^|!=|<=|>=|<<\(?|\)?>>|."),
)
_TOKEN: Final = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _TERMINALS), re.DOTALL)
_PIECE: Final = re.compile(rf"(?:\w|{_ESCAPE})++|[^\w\\]|\\")
_ESCAPED: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LAST_CODE_POINT: Final = 0x10FFFF


class Token(NamedTuple):
    """One token; *start* counts characters from the beginning of the text."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """Return a keyword in capitals, escapes resolved; an empty text for other tokens."""
        return resolved(self.text).upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens of *text*, spaces and comments (gaps) included: joined, they are the text."""
    for match in _TOKEN.finditer(text):
        kind, said, start = (match.lastgroup or "").rstrip("2"), match[0], match.start()
        if kind == "word" and not said.isalnum():
            yield from _pieces(said, start)
        elif kind == "name" and said[-1] == ".":
            yield from _without_dots(said, start)
        else:
            yield Token(kind, said, start)


def resolved(text: str) -> str:
    """Return *text* with its code point escapes replaced."""
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= _LAST_CODE_POINT else "\ufffd"


def _pieces(said: str, start: int) -> Iterator[Token]:
    """Take a word apart at dots and hyphens, which only a prefix may hold."""
    for piece in _PIECE.finditer(said):
        first = piece[0][0]
        kind = "number" if first.isdigit() else "word" if first.isalpha() or first in "_\\" else "sign"
        yield Token(kind, piece[0], start + piece.start())


def _without_dots(said: str, start: int) -> Iterator[Token]:
    """Give the dots at the end of a name back: PN_LOCAL does not end with one, unless escaped."""
    name = said.rstrip(".")
    if name.endswith("\\"):
        name += "."
    yield Token("name", name, start)
    for at in range(len(name), len(said)):
        yield Token("sign", ".", start + at)
