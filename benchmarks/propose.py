"""Precision and recall of ``campuskg propose``, each text held out in turn, the curated graph as truth.

For whoever wonders how much of a new text the rules find: ``python benchmarks/propose.py`` prints the tables, ``--write`` puts
them into ``docs/propose.md`` and ``benchmarks/results/propose.json``. The texts are not in the repository; without them: exit 3.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from campuskg.curation.known import text_sources
from campuskg.curation.measure import Measure, Score, measure
from campuskg.errors import CampuskgError
from campuskg.graph import Texts, load_sources, read_texts
from campuskg.release import Release, build, open_release

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "propose.json"
PAGE = ROOT / "docs" / "propose.md"
HEADS = {
    "fr": (
        *("Texte", "Connu par", "À trouver", "Proposées", "Précision", "Rappel", "F1"),
        *("Connues (P / R)", "Nouvelles (P / R)", "Mentions (R)", "Relations (P / R)"),
    ),
    "en": (
        *("Text", "Known from", "To find", "Proposed", "Precision", "Recall", "F1"),
        *("Known (P / R)", "New (P / R)", "Mentions (R)", "Statements (P / R)"),
    ),
}
GROUP_HEADS = {
    "fr": ("À trouver", "Trouvées", "Proposées", "Justes", "Précision", "Rappel"),
    "en": ("To find", "Found", "Proposed", "Right", "Precision", "Recall"),
}
GROUPS = {"fr": ("Sorte", "Relation"), "en": ("Kind", "Statement")}


def texts_at_hand(sources: Path) -> Texts:
    """Return the curated texts below *sources*; raises MissingInput when there is none."""
    return read_texts(sources, {name: source for name, source in load_sources().items() if source.kind == "text"})


def measure_all(release: Release, texts: Texts) -> list[Measure]:
    """Hold out each of *texts* that *release* knows in turn."""
    ids = sorted(text_sources(release) & set(texts.lines))
    return [measure(release, "\n".join(texts.lines[held]), held, sorted(text_sources(release) - {held})) for held in ids]


def tables(measures: Sequence[Measure], lang: str) -> str:
    """Return the tables as Markdown, in French or English."""
    lines = _table_head(HEADS[lang])
    for m in measures:
        shares = [_share(value, lang) for value in (m.entities.precision, m.entities.recall, m.entities.f1)]
        pairs = [
            _both(m.known, lang),
            _both(m.new, lang),
            _share(m.mention_recall, lang),
            _both(_sum(m.statements.values()), lang),
        ]
        cells = (m.text, ", ".join(m.known_from), str(m.entities.true), str(m.entities.proposed), *shares, *pairs)
        lines.append(f"| {' | '.join(cells)} |")
    for m in measures:
        for heading, scores in zip(GROUPS[lang], (m.by_kind, m.statements), strict=True):
            lines += ["", f"**{m.text}**", "", *_group(heading, scores, lang)]
    return "\n".join(lines)


def _table_head(heads: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]


def _group(heading: str, scores: Mapping[str, Score], lang: str) -> list[str]:
    lines = _table_head((heading, *GROUP_HEADS[lang]))
    for name, s in scores.items():
        shares = (_share(s.precision, lang) if s.proposed else "—", _share(s.recall, lang) if s.true else "—")
        lines.append(f"| {' | '.join((name, str(s.true), str(s.found), str(s.proposed), str(s.right), *shares))} |")
    return lines


def _sum(scores: Iterable[Score]) -> Score:
    totals: Counter[str] = Counter()
    for score in scores:
        totals.update(asdict(score))
    return Score(totals["right"], totals["proposed"], totals["found"], totals["true"])


def _both(score: Score, lang: str) -> str:
    return f"{_share(score.precision, lang)} / {_share(score.recall, lang)}"


def _share(value: float, lang: str) -> str:
    shown = f"{100 * value:.1f}"
    return f"{shown.replace('.', ',')} %" if lang == "fr" else f"{shown}%"


def write(measures: Sequence[Measure]) -> None:
    """Write the results, and the tables between the marks of ``docs/propose.md``; without seconds, so that files are stable."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(as_json(measures), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    for lang in ("fr", "en"):
        begin, end = f"<!-- figures {lang} -->", f"<!-- end figures {lang} -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n\n{tables(measures, lang)}\n\n{end}{rest.partition(end)[2]}"
    PAGE.write_text(text, encoding="utf-8")


def as_json(measures: Sequence[Measure]) -> str:
    """Return the figures as stable JSON."""
    found = [
        {
            "text": m.text,
            "knownFrom": m.known_from,
            "entities": m.entities.as_json(),
            "known": m.known.as_json(),
            "new": m.new.as_json(),
            "byKind": {name: s.as_json() for name, s in m.by_kind.items()},
            "byRule": {name: {"right": s.right, "proposed": s.proposed} for name, s in m.by_rule.items()},
            "statements": {name: s.as_json() for name, s in m.statements.items()},
            "mentionRecall": round(m.mention_recall, 4),
        }
        for m in measures
    ]
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def report(measures: Sequence[Measure], *, detail: bool) -> str:
    """Return what the script prints: tables, seconds, and with *detail* each miss, error and rule."""
    lines = [tables(measures, "en"), ""]
    for m in measures:
        lines.append(f"{m.text}: {m.seconds:.2f} s")
        if detail:
            lines += ["missed:", *(f"  {name}" for name in m.missed), "wrong:", *(f"  {name}" for name in m.wrong)]
            lines += ["right / proposed by rule:", *(f"  {rule}: {s.right}/{s.proposed}" for rule, s in m.by_rule.items())]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and with ``--write`` put the figures into the documentation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=Path, default=ROOT.parent / "shared" / "sources", help="folder of the source texts")
    parser.add_argument("--graph", type=Path, default=None, help="another curated graph than the project's own")
    parser.add_argument("--write", action="store_true", help="write docs/propose.md and benchmarks/results/propose.json")
    parser.add_argument("--detail", action="store_true", help="also print what was missed and what was wrong")
    options = parser.parse_args(arguments)
    try:
        texts = texts_at_hand(options.sources)
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder) / "release", folder=options.graph)
            measures = measure_all(open_release(Path(folder) / "release"), texts)
    except CampuskgError as error:
        sys.stderr.write(error.say("en") + "\n")
        return error.exit_code
    sys.stdout.write(report(measures, detail=options.detail) + "\n")
    if options.write:
        write(measures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
