"""Locators of the analysis as links: ``document:lines``, or ``document:key`` for a row of a table, to the page of the passage."""

import re
from collections.abc import Sequence
from typing import Final

from campuskg.ontology import expand
from campuskg.publish.drawn import address
from campuskg.publish.planning.desk import ID, Desk
from campuskg.publish.sheet import Proof
from campuskg.store import GraphStore

LINES: Final = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9]+(?:-[a-z0-9]+)?")
"""A passage as the catalogue's answers name it, such as ``gbm-2022/43``."""
_ROWS: Final = """PREFIX cmq: <{cmq}>
SELECT DISTINCT ?passage ?key WHERE {{ ?passage cmq:rowKey ?key }}"""
_KEPT: dict[str, dict[str, str]] = {}


def passage_address(locator: str) -> str:
    """Return where the passage ``document/lines`` is shown; nothing for what is no such name.

    >>> passage_address("gbm-2022/43"), passage_address("javascript:alert(1)")
    ('/page/id/passage/gbm-2022/43', '')
    """
    return address(f"{ID}passage/{locator}") if LINES.fullmatch(locator) else ""


def proof(locator: str, desk: Desk) -> Proof:
    """Return a passage as a link that says where it is; *locator* has a colon or a slash after the document."""
    document, _, place = locator.replace(":", "/", 1).partition("/")
    keyed = _passages(desk.store, desk.digest).get(f"{document}/{place}")
    return Proof(f"{document}, {place}", address(keyed) if keyed else passage_address(f"{document}/{place}"))


def proofs(found: Sequence[Sequence[str]], desk: Desk, most: int) -> list[list[Proof]]:
    """Return the first *most* passages of each row."""
    return [[proof(locator, desk) for locator in locators[:most]] for locators in found]


def _passages(store: GraphStore, digest: str) -> dict[str, str]:
    """Return ``document/key`` -> passage, for the rows of tables; made once for each graph."""
    if digest not in _KEPT:
        told = [(row["passage"], row["key"]) for row in store.select(_ROWS.format(cmq=expand("cmq:"))).dicts()]
        _KEPT[digest] = {f"{iri.removeprefix(ID + 'passage/').partition('/')[0]}/{key}": iri for iri, key in told}
    return _KEPT[digest]
