"""The SPARQL 1.1 Protocol (section 2.1): from an HTTP request to a query with its dataset, without a server."""

import re
from binascii import a2b_qp
from collections.abc import Sequence
from typing import Final, NamedTuple

from campuskg.server.negotiation import FORMATS
from campuskg.server.problem import Refusal

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
"""An absolute IRI as far as SPARQL's IRIREF production tells (SPARQL 1.1, section 19.8)."""
_SECONDS: Final = re.compile(r"\d{1,6}(?:\.\d{1,3})?")
_YES: Final = ("true", "1", "yes")
_FORMAT: Final = ("format", "output")
_MOST_PARAMETERS: Final = 1000


class Asked(NamedTuple):
    """A query as a client asked it; *text* is None when there is none (a bare GET)."""

    text: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout: float | None = None
    truncate: bool = False


def decode_form(raw: str) -> list[tuple[str, str]]:
    """Return the pairs of a query string or of a form; Refusal (400) for a broken escape or bytes that are not UTF-8.

    >>> decode_form("query=ASK%20%7B%7D&a=b+c")
    [('query', 'ASK {}'), ('a', 'b c')]
    """
    if _BAD_ESCAPE.search(raw):
        raise Refusal(400, "request-escape")
    parts = [part for part in raw.split("&", _MOST_PARAMETERS + 1) if part]
    if len(parts) > _MOST_PARAMETERS:
        raise Refusal(400, "request-parameters", limit=_MOST_PARAMETERS)
    pairs = (part.partition("=") for part in parts)
    return [(_decoded(name), _decoded(value)) for name, _, value in pairs]


def _decoded(text: str) -> str:
    """Decode a name or value; with ``=`` for ``%`` whole escapes are those of quoted-printable, which is ten times faster."""
    try:
        return a2b_qp(text.replace("=", "=3D").replace("%", "=").replace("+", " ").encode()).decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, "request-utf8") from error


def body_text(body: bytes) -> str:
    """Return *body* as text; Refusal (400) when it is not UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, "request-utf8") from error


def media_of(content_type: str | None) -> str:
    """Return the media type of a Content-Type header in lower case; Refusal (415) for a charset other than UTF-8.

    >>> media_of("Application/SPARQL-Query; charset=UTF-8")
    'application/sparql-query'
    """
    media, *parameters = (part.strip() for part in (content_type or "").lower().split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise Refusal(415, "request-charset", charset=value.strip(' "')[:40])
    return media


def parse(method: str, query: Sequence[tuple[str, str]], content_type: str | None, body: bytes) -> Asked:
    """Return what a GET or a POST asks; Refusal with the status that the protocol names for each fault."""
    pairs = list(query)
    texts = [value for name, value in pairs if name == "query"]
    if method == "POST":
        media = media_of(content_type)
        if media == UPDATE:
            raise Refusal(403, "request-update")
        if media == FORM:
            form = decode_form(body_text(body))
            pairs += form
            texts += [value for name, value in form if name == "query"]
        elif media == DIRECT:
            texts.append(body_text(body))
        else:
            raise Refusal(415, "request-media", {"accept-post": f"{DIRECT}, {FORM}"}, media=media[:80] or "–")
    if any(name == "update" for name, _ in pairs):
        raise Refusal(403, "request-update")
    if len(texts) > 1:
        raise Refusal(400, "request-queries")
    if not texts and method == "POST":
        raise Refusal(400, "request-no-query")
    return _asked(texts[0] if texts else None, pairs)


def _asked(text: str | None, pairs: Sequence[tuple[str, str]]) -> Asked:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    graphs = tuple(given.get("default-graph-uri", ())), tuple(given.get("named-graph-uri", ()))
    for iri in (*graphs[0], *graphs[1]):
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise Refusal(400, "request-graph", value=iri[:200])
    form = next((value for name, value in pairs if name in _FORMAT), None)
    if form is not None and form not in FORMATS:
        raise Refusal(400, "request-format", value=form[:40], known=", ".join(FORMATS))
    seconds = given["timeout"][0] if "timeout" in given else None
    if seconds is not None and not (_SECONDS.fullmatch(seconds) and float(seconds) > 0):
        raise Refusal(400, "request-timeout", value=seconds[:40])
    truncate = "truncate" in given and given["truncate"][0].lower() in _YES
    return Asked(text, *graphs, form, float(seconds) if seconds else None, truncate)
