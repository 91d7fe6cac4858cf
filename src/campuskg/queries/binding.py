"""Terms into a query: each parameter is a block of VALUES whose content is replaced by serialised terms.

One mechanism for every engine (docs/decisions/0011-parameters-bind-as-values.md). What a reader typed is a term before it comes
here; a term is written by the rules of N-Triples, so that nothing in it can end the string or the IRI that holds it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from campuskg.errors import UsageProblem, nearest
from campuskg.queries.tokens import blocks
from campuskg.store.engine import Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_IRI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"[^\x00-\x20<>\"{}|\\^`\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]*"
)
"""IRIREF of SPARQL 1.1 (production 139), absolute, and without the invisible characters that RFC 3987 keeps out too."""
_NUMBERS: Final = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
"""The numbers that SPARQL reads as such (productions 146 and 147); ``12`` as a decimal needs its datatype."""
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LANGUAGE: Final = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z0-9]+)*")


def written(term: Term) -> str:
    r"""Return *term* as SPARQL writes it; UsageProblem for a term that no query may hold.

    >>> written(ox.Literal('dit "oui"'))
    '"dit \\"oui\\""'
    >>> written(ox.Literal(12)), written(ox.NamedNode("https://w3id.org/cmq/id/place/doubs"))
    ('12', '<https://w3id.org/cmq/id/place/doubs>')
    """
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    if not isinstance(term, ox.Literal):
        raise UsageProblem("parameter-term", said=str(term))
    kind = term.datatype.value
    if kind in _NUMBERS and _NUMBERS[kind].fullmatch(term.value):
        return term.value
    text = f'"{_escaped(term.value)}"'
    if term.language:
        if not _LANGUAGE.fullmatch(term.language):
            raise UsageProblem("parameter-term", said=term.language)
        return f"{text}@{term.language}"
    return text if kind == _XSD + "string" else f"{text}^^{_iri(kind)}"


def _iri(iri: str) -> str:
    if not _IRI.fullmatch(iri):
        raise UsageProblem("parameter-term", said=repr(iri))
    return f"<{iri}>"


def _escaped(text: str) -> str:
    r"""Return the inside of a string: letters, numbers, signs and spaces as they are, all else escaped.

    A ``u`` after a backslash is escaped too: engines that resolve ``\u`` before they parse (SPARQL 1.1, section 19.2) would
    otherwise see an escape where the reader typed one. The long form is used, which no following letter can prolong.
    """
    parts: list[str] = []
    before = ""
    for character in text:
        plain = character == " " or unicodedata.category(character)[0] in "LNPS"
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif plain and not (before == "\\" and character in "uU"):
            parts.append(character)
        else:
            parts.append(f"\\U{ord(character):08X}")
        before = character
    return "".join(parts)


def bind(sparql: str, parameters: Collection[str], values: Mapping[str, Sequence[Term]]) -> str:
    """Return *sparql* with the blocks of *values* replaced; a name without values keeps its default.

    >>> bind("SELECT ?x { VALUES ?x { 1 } }", ["x"], {"x": [ox.Literal(2), ox.Literal(3)]})
    'SELECT ?x { VALUES ?x { 2 3 } }'
    """
    for name in values:
        if name not in parameters:
            raise UsageProblem("parameter-unknown", name=name, known=nearest(name, parameters) or ", ".join(parameters) or "–")
    parts: list[str] = []
    at = 0
    for block in blocks(sparql):
        if block.name in parameters and values.get(block.name):
            terms = " ".join(written(term) for term in values[block.name])
            parts += [sparql[at : block.start], f"VALUES ?{block.name} {{ {terms} }}"]
            at = block.end
    return "".join([*parts, sparql[at:]])
