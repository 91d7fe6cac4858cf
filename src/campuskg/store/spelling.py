"""RDF terms as the text of a query or an update holds them, so that every engine reads the same term."""

import re
from typing import Final

_IRI: Final = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")
_ESCAPE: Final = re.compile(r"\\\\([uU])|\\.")


def quoted(iri: str) -> str:
    """Return *iri* between angle brackets; ValueError when it cannot be one (SPARQL 1.1, production 139).

    >>> quoted("urn:a")
    '<urn:a>'
    """
    if not _IRI.fullmatch(iri):
        raise ValueError(iri)
    return f"<{iri}>"


def in_sparql(line: str) -> str:
    r"""Return a term or triple of N-Triples as SPARQL text.

    The two agree but for one thing: some engines resolve ``\u`` before they parse (SPARQL 1.1, section 19.2), and would see
    one where a text has a backslash before a ``u``. That ``u`` is escaped.

    >>> in_sparql(r'"C:\\users"')
    '"C:\\\\\\U00000075sers"'
    """
    return _ESCAPE.sub(lambda found: found[0] if found[1] is None else f"\\\\\\U{ord(found[1]):08X}", line)
