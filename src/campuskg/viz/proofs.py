"""What makes each link of a picture, and where it is written: from the rows, or from one query for the whole view."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from campuskg.content import BASE_IRI, content
from campuskg.store import GraphStore
from campuskg.viz.links import Link, Reading

_PASSAGE: Final = BASE_IRI + "id/passage/"
_KEPT: Final[WeakKeyDictionary[GraphStore, dict[str, "Proofs"]]] = WeakKeyDictionary()

Passages = dict[str, set[str]]
"""What makes a link -> the passages that say so."""


@dataclass(slots=True)
class Proofs:
    """The answer to the query of proofs of one view."""

    shared: dict[str, Passages] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """End -> what it takes part in: two ends are linked by what both share."""
    direct: dict[tuple[str, ...], Passages] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """(source, target, stage) -> what links them."""

    def of(self, link: Link) -> Passages:
        """Return what makes *link*, with its passages."""
        found: Passages = defaultdict(set)
        for via, passages in self.direct.get((link.source, link.target, link.stage), {}).items():
            found[via] |= passages
        one, other = self.shared.get(link.source, {}), self.shared.get(link.target, {})
        for via in one.keys() & other.keys():
            found[via] |= one[via] | other[via]
        return found


def proofs(store: GraphStore, name: str) -> Proofs:
    """Return the answer to the query *name* of ``viz/views/proofs``, asked once of each store."""
    known = _KEPT.setdefault(store, {})
    if name not in known:
        known[name] = _read(store, name)
    return known[name]


def made_by(link: Link, reading: Reading, found: Proofs | None) -> tuple[Sequence[str], Sequence[str]]:
    """Return the IRIs of what makes *link*, and the locators of the passages that prove it, in reading order."""
    via = set(reading.texts(link.rows, "via"))
    passages = set(reading.texts(link.rows, "proof"))
    for thing, lines in (found.of(link) if found else {}).items():
        passages |= lines
        if thing:
            via.add(thing)
    return tuple(sorted(via)), tuple(sorted({locator(passage) for passage in passages}, key=reading_order))


def locator(passage: str) -> str:
    """Return the form that curators write.

    >>> locator("https://w3id.org/cmq/id/passage/gbm-2022/304-306"), locator("gbm-2022/51")
    ('gbm-2022:304-306', 'gbm-2022:51')
    """
    return passage.removeprefix(_PASSAGE).replace("/", ":", 1)


def reading_order(lines: str) -> tuple[str, int, str]:
    """Return what sorts locators as the texts are read.

    >>> sorted(["b:1", "a:12", "a:9-10"], key=reading_order)
    ['a:9-10', 'a:12', 'b:1']
    """
    source, _, place = lines.partition(":")
    first = place.partition("-")[0]
    return source, int(first) if first.isdecimal() else 0, place


def _read(store: GraphStore, name: str) -> Proofs:
    rows = store.select((content("viz") / "views" / "proofs" / f"{name}.rq").read_text("utf-8")).dicts()
    found = Proofs()
    for row in rows:
        via, passage = row.get("via", ""), row.get("passage", "")
        held = _held(found, row)[via]
        if passage:
            held.add(passage)
    return found


def _held(found: Proofs, row: Mapping[str, str]) -> Passages:
    if "end" in row:
        return found.shared[row["end"]]
    return found.direct[row.get("source", ""), row.get("target", ""), row.get("stage", "")]
