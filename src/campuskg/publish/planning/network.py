"""What the analysis makes of a graph, made once for each release: the network, its measures, the finder of gaps."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from campuskg.analysis import Finder, Network, Overlap, Rules, Suggestion, Teller, finder, overlap, partnerships
from campuskg.publish.planning.desk import Desk
from campuskg.release import Release

_NETWORKS: Final[dict[tuple[str, int], Network]] = {}
_FINDERS: Final[dict[str, Finder]] = {}
_OVERLAPS: Final[dict[str, Sequence[Overlap]]] = {}
_RELEASES: Final[dict[str, Release]] = {}
_BEST: Final[dict[object, Sequence[Suggestion]]] = {}
_MOST: Final = 8


def network(desk: Desk, minimum: int = 1) -> Network:
    """Return the network of those who share at least *minimum* activities."""
    key = desk.digest, minimum
    if key not in _NETWORKS:
        _NETWORKS[key] = partnerships(release_of(desk), minimum)
    return _NETWORKS[key]


def gap_finder(desk: Desk, rules: Rules) -> Finder:
    """Return the finder of gaps with *rules*; what it looks at is gathered once."""
    if desk.digest not in _FINDERS:
        _FINDERS[desk.digest] = finder(release_of(desk))
    return replace(_FINDERS[desk.digest], rules=rules)


def suggestions(desk: Desk, rules: Rules, focus: str | None, limit: int) -> Sequence[Suggestion]:
    """Return the best suggestions: of late they may have been asked for in the other language."""
    weights = tuple(rule.weight for rule in rules.rules.values())
    key = desk.digest, weights, rules.km, focus, limit
    if key not in _BEST:
        if len(_BEST) >= _MOST:
            _BEST.pop(next(iter(_BEST)))
        _BEST[key] = gap_finder(desk, rules).best(focus, limit)
    return _BEST[key]


def overlaps(desk: Desk) -> Sequence[Overlap]:
    """Return what each two campuses have in common."""
    if desk.digest not in _OVERLAPS:
        _OVERLAPS[desk.digest] = overlap(release_of(desk))
    return _OVERLAPS[desk.digest]


def teller(desk: Desk, rules: Rules | None = None) -> Teller:
    """Return who says results in the reader's language."""
    return Teller(desk.names, desk.lang, rules)


def release_of(desk: Desk) -> Release:
    """Return the graph of *desk* as the analysis takes it, with the names that are at hand; a plain RDF file has no folder."""
    if desk.release is not None:
        return desk.release
    if desk.digest not in _RELEASES:
        made = Release(Path(), {"outputs": {"dataset.nq": desk.digest}}, desk.store)
        made.__dict__["names"] = desk.names  # what the cached property would make again
        _RELEASES[desk.digest] = made
    return _RELEASES[desk.digest]
