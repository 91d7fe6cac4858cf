"""What a visitor's query says of its dataset and of addresses, read from its tokens: for a service that shall not decide it."""

from typing import Final
from urllib.parse import urljoin, urlsplit

from campuskg.store.answer import Dataset
from campuskg.store.tokens import Token, resolved, tokens

_BASE: Final = "BASE"


def dataset_of(sparql: str, base: str) -> Dataset:
    """Return the graphs that FROM and FROM NAMED of *sparql* name (SPARQL 1.1, section 13.2).

    >>> dataset_of("PREFIX g: <urn:g:> SELECT * FROM g:a FROM NAMED <b> { ?s ?p ?o }", "http://x.org/")
    Dataset(default_graphs=('urn:g:a',), named_graphs=('http://x.org/b',), union=True)
    """
    prefixes: dict[str, str] = {}
    default, named = [], []
    past = [Token("gap", "", 0)] * 2
    for token in tokens(sparql):
        if token.kind == "gap":
            continue
        before, last = past
        iri = _iri(token, base, prefixes)
        if iri is not None and last.word == _BASE:
            base = iri
        elif iri is not None and last.kind == "name" and before.word == "PREFIX":
            prefixes[last.text.removesuffix(":")] = iri
        elif iri is not None and last.word == "FROM":
            default.append(iri)
        elif iri is not None and last.word == "NAMED" and before.word == "FROM":
            named.append(iri)
        past = [last, token]
    return Dataset(tuple(default), tuple(named))


def relative(sparql: str) -> bool:
    """Tell whether *sparql* holds an address without a scheme, which means something only where there is a base.

    >>> relative("SELECT * { <#a> ?p ?o }"), relative("SELECT * { <urn:a> ?p ?o }")
    (True, False)
    """
    return any(token.kind == "iri" and not urlsplit(token.text[1:-1]).scheme for token in tokens(sparql))


def _iri(token: Token, base: str, prefixes: dict[str, str]) -> str | None:
    """Return the IRI that *token* writes, whole or by a prefix; None for what is no IRI."""
    if token.kind == "iri":
        return urljoin(base, resolved(token.text[1:-1]))
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + local.replace("\\", "") if prefix in prefixes else None
    return None
