"""The analyses by name, each as one table with a sentence and the proof of every row: what the command and the pages show."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from campuskg.analysis.asked import in_order
from campuskg.analysis.campuses import isolated, overlap
from campuskg.analysis.coverage import STATES, coverage
from campuskg.analysis.dependence import single_points
from campuskg.analysis.measures import Measures, measures
from campuskg.analysis.money import Concentration, concentration
from campuskg.analysis.network import Network
from campuskg.analysis.partnerships import partnerships
from campuskg.analysis.sentences import Teller
from campuskg.errors import Lang, UsageProblem, nearest
from campuskg.release import Release


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its cells in words, the same as a sentence, its proof, and the result itself."""

    cells: tuple[str, ...]
    sentence: str
    passages: tuple[str, ...]
    result: object

    def record(self) -> dict[str, Any]:
        """Return the row for machines: the result with its IRIs, the sentence and the passages."""
        return {**plain(self.result), "sentence": self.sentence, "passages": list(self.passages)}


@dataclass(frozen=True, slots=True)
class Report:
    """One analysis of one release in one language."""

    name: str
    title: str
    columns: tuple[str, ...]
    lines: Sequence[Line]
    caveats: tuple[str, ...]
    """Cautions, as sentences."""
    figures: Mapping[str, float | None] = field(default_factory=dict)
    """Figures of the whole: number of partners, links, parts, modularity."""
    about: str = ""
    """What it tells, and how its figures are read."""


def report(name: str, release: Release, lang: Lang, minimum: int = 1) -> Report:
    """Return the analysis *name*; of the network, links of at least *minimum* shared activities count. Raises UsageProblem."""
    if name not in REPORTS:
        raise UsageProblem("analysis-unknown", name=name, known=nearest(name, REPORTS) or ", ".join(REPORTS))
    return REPORTS[name](release, Teller(release.names, lang), minimum)


def plain(result: object) -> Any:  # noqa: ANN401  what JSON holds
    """Return a result as JSON has it; an amount stays exact, as a text."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {one.name: plain(getattr(result, one.name)) for one in dataclasses.fields(result)}
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    if isinstance(result, (tuple, list)):
        return [plain(one) for one in result]
    return str(result) if isinstance(result, Decimal) else result


def _report(
    name: str,
    teller: Teller,
    columns: str,
    lines: Iterable[Line],
    caveats: Iterable[str],
    figures: Mapping[str, float | None] | None = None,
) -> Report:
    headings = tuple(teller.say("column", column) for column in columns.split())
    said = tuple(teller.caveat(key) for key in caveats)
    return Report(name, teller.say("report", name), headings, list(lines), said, figures or {}, teller.say("about", name))


def _of_links(network: Network, node: str) -> tuple[str, ...]:
    return in_order(p for link in network.links_of[node].values() for p in link.passages)


def _figures(network: Network, found: Measures) -> Mapping[str, float | None]:
    return {
        "partners": len(network.nodes),
        "links": found.links,
        "parts": len(found.components),
        "groups": len(found.communities),
        "modularity": None if found.modularity is None else round(found.modularity, 6),
    }


def _standings(release: Release, teller: Teller, minimum: int) -> Report:
    network = partnerships(release, minimum)
    found = measures(network)
    lines = [
        Line(
            (
                teller.name(one.node),
                str(one.degree),
                str(one.strength),
                "" if one.betweenness is None else teller.percent(100 * one.betweenness),
                str(one.community + 1),
                teller.say("answer", "true" if one.bridge else "false"),
            ),
            teller.standing(one),
            _of_links(network, one.node),
            one,
        )
        for one in found.standings
    ]
    columns = "node degree strength betweenness group bridge"
    return _report("standings", teller, columns, lines, (*found.caveats, "projection"), _figures(network, found))


def _bridges(release: Release, teller: Teller, minimum: int) -> Report:
    network = partnerships(release, minimum)
    found = measures(network)
    lines = [
        Line(
            (
                teller.name(one.node),
                str(one.cut_off),
                teller.listed(node for part in one.parts[1:] for node in part),
            ),
            teller.bridge(one),
            _of_links(network, one.node),
            one,
        )
        for one in found.bridges
    ]
    return _report("bridges", teller, "node cut_off lost", lines, found.caveats, _figures(network, found))


def _groups(release: Release, teller: Teller, minimum: int) -> Report:
    network = partnerships(release, minimum)
    found = measures(network)
    lines = []
    for number, group in enumerate(found.communities, start=1):
        inside = set(group)
        proof = in_order(p for link in network.links if {link.a, link.b} <= inside for p in link.passages)
        cells = (str(number), str(len(group)), teller.listed(group))
        lines.append(Line(cells, teller.community(number, group), proof, {"number": number, "members": group}))
    caveats = (*found.caveats, "projection")
    return _report("groups", teller, "group size members", lines, caveats, _figures(network, found))


def _funding(release: Release, teller: Teller, _: int) -> Report:
    def line(one: Concentration) -> Line:
        first = one.shares[0] if one.total is not None else None
        cells = (
            teller.name(one.holder),
            teller.name(one.stage),
            "" if one.total is None else teller.euro(one.total),
            str(len(one.shares)),
            teller.name(first.funder) if first else "",
            teller.percent(first.percent) if first and first.percent is not None else "",
            "" if one.hhi is None else teller.number(one.hhi),
            str(one.unpriced),
        )
        return Line(cells, teller.concentration(one), one.passages, one)

    columns = "holder stage total funders first share hhi unpriced"
    return _report("funding", teller, columns, map(line, concentration(release)), ["known-amounts"])


def _single(release: Release, teller: Teller, minimum: int) -> Report:
    lines = [
        Line(
            (
                teller.say("kind", one.kind),
                teller.listed(one.nodes),
                teller.name(one.on),
                teller.name(one.stage) if one.stage else "",
            ),
            teller.single(one),
            one.passages,
            one,
        )
        for one in single_points(release, partnerships(release, minimum))
    ]
    return _report("single", teller, "kind node on stage", lines, ["documented-only"])


def _overlap(release: Release, teller: Teller, _: int) -> Report:
    lines = [
        Line(
            (
                teller.name(one.a),
                teller.name(one.b),
                str(len(one.shared)),
                "" if one.share is None else teller.percent(100 * one.share),
                teller.listed(one.shared),
            ),
            teller.overlap(one),
            in_order(p for passages in one.shared.values() for p in passages),
            one,
        )
        for one in overlap(release)
    ]
    return _report("overlap", teller, "campus other shared share members", lines, ["documented-only"])


def _isolated(release: Release, teller: Teller, minimum: int) -> Report:
    lines = [
        Line(
            (teller.name(one.campus), teller.name(one.node), str(one.elsewhere)),
            teller.isolated(one),
            one.passages,
            one,
        )
        for one in isolated(release, partnerships(release, minimum))
    ]
    return _report("isolated", teller, "campus node elsewhere", lines, ["sources-silent"])


def _coverage(release: Release, teller: Teller, _: int) -> Report:
    cells = coverage(release)
    missing = sorted((one for one in cells if one.state in STATES), key=lambda one: STATES.index(one.state))
    lines = [
        Line(
            (
                teller.name(one.campus),
                teller.name(one.sector),
                teller.name(one.level or one.category),
                teller.say("state", one.state),
                teller.listed(one.perhaps) or teller.say("state", "nothing"),
            ),
            teller.cell(one),
            one.passages,
            one,
        )
        for one in missing
    ]
    counts = Counter(one.state for one in cells)
    figures = {"cells": len(cells)} | {state: counts[state] for state in ("documented", *STATES)}
    return _report("coverage", teller, "campus sector missing told perhaps", lines, ["three-states"], figures)


REPORTS: Final[Mapping[str, Callable[[Release, Teller, int], Report]]] = {
    "bridges": _bridges,
    "standings": _standings,
    "groups": _groups,
    "funding": _funding,
    "single": _single,
    "overlap": _overlap,
    "isolated": _isolated,
    "coverage": _coverage,
}
"""The analyses by name."""
