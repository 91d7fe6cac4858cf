"""How well the gap finder finds again partnerships that were hidden from it, beside simple rivals.

``python benchmarks/gaps.py RELEASE`` prints the table, ``--write`` keeps it in ``benchmarks/results/gaps.json``. Ways to hide:

- ``links``: a fifth of the links. The activities behind them leave other links, so this is the easy one.
- ``activities``: a fifth of the activities, with every statement about them; the links that only they made are to be found.
- ``later``: the activities that begin on a day or later; those without a date stay known. One split, no seeds.

Everything is computed again on what is left: the network, sectors through trainings, what categories have met. Each partner that
lost links ranks all others it has no link with; equal scores are ordered by a seeded draw, for every method alike. Weights were
set by looking at seeds 100 to 109; what is reported are other seeds. The split by date is one, and was seen when they were set.
"""

import argparse
import json
import random
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any

from campuskg.analysis import Finder, Link, default_rules, finder
from campuskg.analysis.asked import asked
from campuskg.release import Release, open_release
from campuskg.store import MemoryStore

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "gaps.json"
PAGE = ROOT / "docs" / "analysis.md"
SHIPPED = ROOT / "src" / "campuskg" / "analysis" / "evaluation.json"
"""The figures of the hardest repeatable way, for the page of suggestions."""
STATEMENTS = {"participation", "contribution", "milestone", "observation", "funding", "commitment", "claim", "inference"}
TOP = 20
SHARE = 0.2
SEEDS = range(10)
TUNING = range(100, 110)

_STARTS = """
SELECT ?activity (MIN(?day) AS ?start)
WHERE {
  ?one cmq:participationIn ?activity .
  { ?activity cmq:validFrom ?day } UNION { ?one cmq:validFrom ?day } UNION { ?activity cmq:startTime ?day }
  UNION { ?milestone cmq:milestoneOf ?activity ; cmq:validFrom ?day }
}
GROUP BY ?activity"""

LABELS = {
    "random": {"fr": "au hasard", "en": "at random"},
    "degree": {"fr": "qui a le plus de partenaires", "en": "who has most partners"},
    "common neighbours": {"fr": "nombre de partenaires communs", "en": "number of shared partners"},
    "Adamic-Adar": {"fr": "partenaires communs, pondérés (Adamic et Adar)", "en": "shared partners, weighted (Adamic and Adar)"},
    "rules": {"fr": "les règles de cette page", "en": "the rules of this page"},
    "rules, network unseen": {"fr": "les mêmes, sans regarder le réseau", "en": "the same, without looking at the network"},
}
HIDDEN = {
    "fr": "Un cinquième des activités est caché, dix fois ; part des partenaires perdus retrouvés parmi les 20 premiers.",
    "en": "A fifth of the activities is hidden, ten times; share of the lost partners found again among the first 20.",
}

Score = Callable[[str, str], float]


@dataclass(frozen=True)
class Trial:
    """What is known, and the links that were hidden."""

    finder: Finder
    hidden: frozenset[frozenset[str]]
    nodes: Sequence[str]


def hide_links(whole: Finder, seed: int) -> Trial:
    """Hide a fifth of the links; what categories have met is told by the links that stay, not by their activities."""
    links = whole.network.links
    gone = _chance(seed).sample(links, round(SHARE * len(links)))
    rest = whole.network.without((link.a, link.b) for link in gone)
    activities = {f"{link.a} {link.b}": {link.a: (), link.b: ()} for link in rest.links}
    return Trial(replace(whole, network=rest, activities=activities), _pairs(gone), whole.network.nodes)


def hide_activities(release: Release, whole: Finder, gone: Iterable[str]) -> Trial:
    """Hide the activities *gone*: no statement about them, or about what is said of them, stays in the graph."""
    reduced = finder(_without(release, set(gone)), whole.rules)
    kept = _pairs(reduced.network.links)
    return Trial(reduced, _pairs(whole.network.links) - kept, whole.network.nodes)


def drawn(whole: Finder, seed: int) -> list[str]:
    """Return a fifth of the activities."""
    return _chance(seed).sample(sorted(whole.activities), round(SHARE * len(whole.activities)))


def later(release: Release, whole: Finder) -> tuple[str, list[str]]:
    """Return a day from which about a fifth of the dated activities begin, and these."""
    starts = {row["activity"]: row["start"][:10] for row in asked(release, _STARTS) if row["activity"] in whole.activities}
    days = sorted(starts.values())
    day = days[round((1 - SHARE) * len(days))]
    return day, sorted(activity for activity, start in starts.items() if start >= day)


def _without(release: Release, gone: set[str]) -> MemoryStore:
    """Return the graph without the things *gone*, their participations, and claims or inferences about either."""
    quads = list(release.store.quads())
    dead, newly = set(gone), gone
    while newly:  # a participation in what is gone, then the claims and inferences about that participation
        newly = {
            subject
            for quad in quads
            if getattr(quad.object, "value", "") in newly and _statement(subject := getattr(quad.subject, "value", ""))
        } - dead
        dead |= newly
    return MemoryStore(
        quad for quad in quads if getattr(quad.subject, "value", "") not in dead and getattr(quad.object, "value", "") not in dead
    )


def _statement(iri: str) -> bool:
    """Tell whether an IRI is that of a statement, a claim or an inference, and not of a thing that statements are about."""
    return iri.split("/id/", 1)[-1].split("/", 1)[0] in STATEMENTS


def _pairs(links: Iterable[Link]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((link.a, link.b)) for link in links)


def _chance(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311  a draw that can be repeated


def methods(found: Finder) -> Mapping[str, Score]:
    """Return each method as a score of a pair: ours and the rivals."""
    partners = {node: set(links) for node, links in found.network.links_of.items()}

    def common(a: str, b: str) -> set[str]:
        return partners.get(a, set()) & partners.get(b, set())

    alone = found.rules.adjusted(dict.fromkeys(("partners", "active"), 0.0))
    return {
        "random": lambda _a, _b: 0.0,
        "degree": lambda _a, b: len(partners.get(b, ())),
        "common neighbours": lambda a, b: len(common(a, b)),
        "Adamic-Adar": lambda a, b: sum(1 / log(len(partners[one])) for one in common(a, b)),
        "rules": found.score,
        "rules, network unseen": replace(found, rules=alone).score,
    }


def measured(trial: Trial, seed: int) -> Mapping[str, tuple[float, float, int]]:
    """Return recall at 20, mean reciprocal rank and number of partners ranked for, by method."""
    truth: defaultdict[str, set[str]] = defaultdict(set)
    for pair in trial.hidden:
        a, b = sorted(pair)
        truth[a].add(b)
        truth[b].add(a)
    scores = methods(trial.finder)
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for node in sorted(truth):
        others = [n for n in trial.nodes if n != node and n not in trial.finder.network.links_of.get(node, {})]
        for name, score in scores.items():
            draw = _chance(f"{seed} {node}")
            ranked = sorted((-score(node, other), draw.random(), other) for other in others)
            places = [place for place, (_, _, other) in enumerate(ranked, start=1) if other in truth[node]]
            found[name].append((sum(place <= TOP for place in places) / len(places), 1 / places[0]))
    return {
        name: (statistics.fmean(r for r, _ in rows), statistics.fmean(m for _, m in rows), len(rows))
        for name, rows in found.items()
    }


def run(release: Release, seeds: Iterable[int] = SEEDS) -> dict[str, Any]:
    """Return all figures: way to hide, method, measure -> mean and standard deviation over seeds."""
    whole = finder(release)
    seeds = list(seeds)
    day, gone = later(release, whole)
    ways: dict[str, list[Mapping[str, tuple[float, float, int]]]] = {
        "links": [measured(hide_links(whole, seed), seed) for seed in seeds],
        "activities": [measured(hide_activities(release, whole, drawn(whole, seed)), seed) for seed in seeds],
        "later": [measured(hide_activities(release, whole, gone), seed) for seed in seeds[:1]],
    }
    return {
        "release": release.digest,
        "partners": len(whole.network.nodes),
        "links": len(whole.network.links),
        "activities": len(whole.activities),
        "later": {"from": day, "activities": len(gone)},
        "seeds": seeds,
        "weights": {name: rule.weight for name, rule in default_rules().rules.items()},
        "figures": {way: _summary(runs) for way, runs in ways.items()},
    }


def _summary(runs: Sequence[Mapping[str, tuple[float, float, int]]]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "recall@20": round(statistics.fmean(run[name][0] for run in runs), 4),
            "recall@20 ±": round(statistics.pstdev(run[name][0] for run in runs), 4),
            "MRR": round(statistics.fmean(run[name][1] for run in runs), 4),
            "MRR ±": round(statistics.pstdev(run[name][1] for run in runs), 4),
            "partners": round(statistics.fmean(run[name][2] for run in runs), 1),
        }
        for name in runs[0]
    }


def table(found: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = ["| hidden | method | recall@20 | MRR |", "|---|---|--:|--:|"]
    for way, rows in found["figures"].items():
        for name, row in rows.items():
            cells = [f"{row[key]:.3f} ± {row[key + ' ±']:.3f}" for key in ("recall@20", "MRR")]
            lines.append(f"| {way} | {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def shipped(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of suggestions tells of the figures."""
    methods = {
        name: {"recall@20": row["recall@20"], "mrr": row["MRR"], "label": LABELS[name]}
        for name, row in found["figures"]["activities"].items()
    }
    return {"release": found["release"], "hidden": HIDDEN, "methods": methods}


def into_page(told: str) -> None:
    """Put the table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    filled = re.sub(r"<!-- figures -->\n.*?<!-- end -->", f"<!-- figures -->\n\n{told}\n\n<!-- end -->", text, flags=re.DOTALL)
    PAGE.write_text(filled, encoding="utf-8")


def main() -> None:
    """Measure and print; keep the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--tuning", action="store_true", help="the seeds that weights may be set by")
    asked_for = parser.parse_args()
    found = run(open_release(asked_for.release), TUNING if asked_for.tuning else SEEDS)
    sys.stdout.write(table(found) + "\n")
    if asked_for.write:
        RESULTS.parent.mkdir(exist_ok=True)
        into_page(table(found))
        for path, told in ((RESULTS, found), (SHIPPED, shipped(found))):
            path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
