"""Precision and recall of ``campuskg link`` by name, place and type on bodies that its rules were not tuned on.

For whoever wonders whether the figures of ``benchmarks/link.py``, measured on the pairs that the rules were made with, hold
elsewhere: ``python benchmarks/link_held_out.py DATA`` writes ``benchmarks/results/link_held_out.json``. DATA is the folder of the
extracts. Every identifier is hidden from the matcher, and is the truth.

Two kinds of pairs, both among all other bodies at hand as distractors:

- *registers*: the same body in two registers, or in two editions of one, as the registers write it;
- *variants*: a body of a register against itself as another register would write it: capitals without accents, abbreviated
  types, initials, words left out or put in order, a letter wrong, the town missing. Made up, from a seed; thousands of pairs.

Each body is on one side for good, by a digest of its identifier and the seed: *development* (looked at while the rules were
mended) or *held out* (only counted). Bodies of the curated graph, which the rules were first made with, are in development. The
first misses of the pair of the two editions of the higher-education register were looked at before it was split.
"""

import argparse
import csv
import json
import random
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from campuskg.ingest.engine import run
from campuskg.ingest.link import Link, Thing, imported, link
from campuskg.ingest.mapping import importer

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "link_held_out.json"
SEED: Final = 7
KINDS: Final = ("uai", "rorId", "siret")
SIDES: Final = ("development", "held out")
BANDS: Final = (0.72, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 1.01)
FILES: Final[Mapping[str, tuple[str, str]]] = {
    "annuaire-35": ("annuaire-education", "fr-en-annuaire-education_dept35_2023.csv"),
    "annuaire-94": ("annuaire-education", "fr-en-annuaire-education_dept94_2026_60rows.csv"),
    "esr-2023": ("etablissements-superieur", "fr-esr-principaux-etablissements-enseignement-superieur_2023.csv"),
    "esr-2025": ("etablissements-superieur", "fr-esr-principaux-etablissements-enseignement-superieur_2025.csv"),
    "ror": ("ror", "ror_bfc_and_partners.jsonl"),
    "lycees-geo": ("lycees-geo", "bfc_lycees_geo.csv"),
    "ips-lycees": ("ips-lycees", "fr-en-ips-lycees-ap2022_bfc.csv"),
    "ips-colleges": ("ips-colleges", "fr-en-ips-colleges-ap2022_bfc.csv"),
}
REGISTERS: Final = (("esr-2023", "esr-2025"), ("lycees-geo", "ips-lycees"), ("ror", "esr-2023"), ("ror", "esr-2025"))
VARIED: Final = ("annuaire-35", "annuaire-94", "ips-colleges", "lycees-geo", "esr-2025")
ABBREVIATED: Final = {
    "lycee polyvalent": ("LPO", "LYC POLYVALENT"),
    "lycee professionnel": ("LP", "LYC PROF"),
    "lycee general et technologique": ("LGT", "LEGT"),
    "lycee": ("LYC", "LPO", "LGT"),
    "college": ("CLG", "COLLEGE PUBLIC"),
    "ecole": ("EC",),
    "universite": ("UNIV",),
    "saint": ("ST",),
    "sainte": ("STE",),
}

Pair = tuple[str, str]


def marks(thing: Thing) -> set[Pair]:
    """Return the identifiers of a thing."""
    return {(kind, value) for kind in KINDS for value in thing.identifiers.get(kind, ())}


def side(thing: Thing, tuned: frozenset[str], seed: int) -> str:
    """Return the side that a body is on, for good."""
    values = sorted(value for _, value in marks(thing))
    if tuned.intersection(values):
        return SIDES[0]
    return SIDES[sha256(f"{seed}:{values[:1]}".encode()).digest()[0] % 2]


def tuned_on(data: Path) -> frozenset[str]:
    """Return the identifiers of the bodies that the rules were first made with."""
    with (data / "identifiers.tsv").open(encoding="utf-8", newline="") as text:
        return frozenset(row[key] for row in csv.DictReader(text, delimiter="\t") for key in ("uai", "ror") if row[key])


def registers(data: Path, names: Iterable[str] = FILES) -> dict[str, list[Thing]]:
    """Return the things of every file that have an identifier; those of the IPS have theirs in their id only."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            dataset, file = FILES[name]
            out = Path(folder) / f"{name}.nt"
            run(importer(dataset), [data / file], out)
            things = imported([out])
            for thing in things:
                if name.startswith("ips"):
                    thing.identifiers["uai"].add(thing.iri.rpartition("-")[2].upper())
            found[name] = [thing for thing in things if marks(thing)]
    return found


def pool(known: Sequence[Thing], others: Iterable[Thing]) -> list[Thing]:
    """Return *known* and the other bodies, each once: what a graph holds that has one entry a body."""
    seen = {mark for thing in known for mark in marks(thing)}
    whole = list(known)
    for thing in others:
        if not marks(thing) & seen:
            seen |= marks(thing)
            whole.append(thing)
    return whole


def variants(thing: Thing, chance: random.Random) -> Iterator[Thing]:
    """Yield two ways in which other registers may write *thing*."""
    for number in (1, 2):
        names = {varied(thing.label, chance)}
        if len(thing.names) > 1 and chance.random() < 0.3:  # noqa: PLR2004  some registers have the short name too
            names.add(chance.choice(sorted(thing.names)))
        towns, communes = set(thing.towns), set(thing.communes)
        if chance.random() < 0.1:  # noqa: PLR2004  no code: at most the name of the town
            communes.clear()
        kinds = set(thing.kinds) if chance.random() < 0.85 else set()  # noqa: PLR2004  most registers tell the type
        yield Thing(f"{thing.iri}.{number}", min(names), names, thing.identifiers, communes, towns, kinds)


def varied(name: str, chance: random.Random) -> str:
    """Return *name* as another register may write it."""
    words = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    for long, shorts in ABBREVIATED.items():
        if chance.random() < 0.4:  # noqa: PLR2004  registers abbreviate or do not
            words = re.sub(rf"\b{long}\b", chance.choice(shorts).lower(), words)
    parts = words.replace("-", " ").split() if chance.random() < 0.5 else words.split()  # noqa: PLR2004  hyphens come and go
    if len(parts) > 3 and chance.random() < 0.1:  # noqa: PLR2004  the first name as an initial: Lycée V. Hugo
        parts[-2] = parts[-2][0]
    if len(parts) > 3 and chance.random() < 0.08:  # noqa: PLR2004  or no first name
        del parts[-2]
    if len(parts) > 2 and chance.random() < 0.05:  # noqa: PLR2004  HUGO VICTOR (LYCEE)
        parts = [*parts[1:][::-1], f"({parts[0]})"]
    if chance.random() < 0.1:  # noqa: PLR2004  a slip of the keyboard
        parts[-1] = slipped(parts[-1], chance)
    text = " ".join(parts)
    return text.upper() if chance.random() < 0.6 else text.title()  # noqa: PLR2004  most registers write in capitals


def slipped(word: str, chance: random.Random) -> str:
    """Return *word* with a letter left out or doubled."""
    place = chance.randrange(len(word))
    left_out = len(word) > 4 and chance.random() < 0.5  # noqa: PLR2004  of a short word too little would be left
    return word[:place] + word[place + 1 :] if left_out else word[:place] + word[place] + word[place:]


def measured(news: Sequence[Thing], known: Sequence[Thing]) -> dict[str, Any]:
    """Return how the matcher fares on *news* among *known*, whose identifiers it does not see."""
    proposals = link([thing.without_identifiers() for thing in news], [thing.without_identifiers() for thing in known])
    return counted(proposals, news, known)


def counted(proposals: Sequence[Link], news: Sequence[Thing], known: Sequence[Thing]) -> dict[str, Any]:
    """Return precision and recall of the accepted proposals, and how many of the best ones of each band of scores are right."""
    mine, theirs = {t.iri: marks(t) for t in news}, {t.iri: marks(t) for t in known}
    by_mark: defaultdict[Pair, set[str]] = defaultdict(set)
    for iri, found in theirs.items():
        for mark in found:
            by_mark[mark].add(iri)
    to_find = {iri for iri, found in mine.items() if any(by_mark.get(mark) for mark in found)}
    sums: Counter[str] = Counter(bodies=len(news), toFind=len(to_find))
    bands: defaultdict[str, Counter[str]] = defaultdict(Counter)
    best: set[str] = set()
    for one in sorted(proposals, key=lambda p: (p.imported.iri, -p.score, p.curated.iri)):
        own, other = mine[one.imported.iri], theirs[one.curated.iri]
        if not {kind for kind, _ in own} & {kind for kind, _ in other}:
            continue  # nothing tells whether it is right
        right = int(bool(own & other))
        if one.decision == "accept":
            sums.update(accepted=1, right=right)
        if one.imported.iri not in best:
            best.add(one.imported.iri)
            bands[band(one.score)].update(proposed=1, right=right, accepted=int(one.decision == "accept"))
    return {**sums, **shares(sums), "bands": {name: dict(bands[name]) for name in sorted(bands)}}


def shares(sums: Mapping[str, int]) -> dict[str, float | None]:
    """Return precision and recall."""
    return {
        "precision": round(sums["right"] / sums["accepted"], 4) if sums.get("accepted") else None,
        "recall": round(sums["right"] / sums["toFind"], 4) if sums.get("toFind") else None,
    }


def band(score: float) -> str:
    """Return the band that a score is in."""
    return next(f"{low:.2f}-{min(high, 1):.2f}" for low, high in pairwise(BANDS) if score < high)


def total(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the measure over several lists."""
    sums: Counter[str] = Counter()
    bands: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for part in parts:
        sums.update({name: part.get(name, 0) for name in ("bodies", "toFind", "accepted", "right")})
        for name, counts in part["bands"].items():
            bands[name].update(counts)
    return {**sums, **shares(sums), "bands": {name: dict(bands[name]) for name in sorted(bands)}}


def lists(data: Path, seed: int = SEED) -> Iterator[tuple[str, str, str, list[Thing], list[Thing]]]:
    """Yield each list to measure: its kind, its name, its side, the bodies to match, and those to match them with."""
    tuned, found = tuned_on(data), registers(data)
    everything = [thing for name in sorted(found) for thing in found[name]]
    for one, other in REGISTERS:
        whole = pool(found[other], [thing for name in sorted(set(found) - {one}) for thing in found[name]])
        for half in SIDES:
            yield "registers", f"{one} > {other}", half, [t for t in found[one] if side(t, tuned, seed) == half], whole
    for name in VARIED:
        whole, chance = pool(found[name], everything), random.Random(f"{seed}-{name}")  # noqa: S311  made-up data
        made = [(side(thing, tuned, seed), list(variants(thing, chance))) for thing in found[name]]
        for half in SIDES:
            for number in (0, 1):  # one at a time: a register has a body once
                yield "variants", f"{name}, {number + 1}", half, [two[number] for where, two in made if where == half], whole


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", action="store_true", help="show what went wrong in development")
    chosen = parser.parse_args()
    results: dict[str, Any] = {"seed": chosen.seed, **{half: {} for half in SIDES}}
    for kind, name, half, news, known in lists(chosen.data, chosen.seed):
        results[half].setdefault(kind, {})[name] = measured(news, known)
        if chosen.show and half == SIDES[0]:
            show(name, news, known)
    for half in SIDES:
        for kind in results[half]:
            results[half][kind]["all"] = total(results[half][kind].values())
            part = results[half][kind]["all"]
            print(half, kind, *(part[key] for key in ("bodies", "toFind", "accepted", "right", "precision", "recall")))  # noqa: T201
    if not chosen.show:
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def show(name: str, news: Sequence[Thing], known: Sequence[Thing]) -> None:
    """Print the wrong ones of a list in development."""
    mine, theirs = {t.iri: t for t in news}, {t.iri: t for t in known}
    for one in link([thing.without_identifiers() for thing in news], [thing.without_identifiers() for thing in known]):
        new, old = mine[one.imported.iri], theirs[one.curated.iri]
        right = bool(marks(new) & marks(old))
        if right != (one.decision == "accept") and (right or one.decision == "accept"):
            reasons = [reason.en for reason in one.reasons][1:]
            print(name, "missed" if right else "wrong", one.score, sorted(new.names), sorted(old.names), reasons)  # noqa: T201


if __name__ == "__main__":
    main()
