"""The file of proposals: YAML that a person reads, line by line, and decides on; what was decided before is kept."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from campuskg.errors import Lang, Text, pick
from campuskg.ingest.link.decide import Link
from campuskg.ingest.link.reviewed import Entry, Review

_HEAD: Final = Text(
    """\
# « campuskg link » : {accept} rapprochements proposés, {unsure} douteux, {reject} écartés, {kept} décidés auparavant.
# Rien n'est fusionné. Chaque entrée dit ses raisons : changer « decision » (accept, reject, unsure), et mettre « reviewed: true »
# une fois relue. Écrire ici qui relit (« by », un rôle et non un nom) et quel jour (« date », AAAA-MM-JJ).
# « rules » donne les règles dont toutes les propositions sont relues ensemble, par exemple [same-uai].
# Seuls les « accept » relus entrent dans une livraison (campuskg build --links). Les « reject » ne sont plus proposés.
""",
    """\
# 'campuskg link': {accept} matches proposed, {unsure} doubtful, {reject} set aside, {kept} decided before.
# Nothing is merged. Every entry tells its reasons: change 'decision' (accept, reject, unsure), and put 'reviewed: true' once
# it is read. Write here who reviews ('by', a role and no name) and on what day ('date', YYYY-MM-DD).
# 'rules' gives the rules whose proposals are reviewed all at once, for example [same-uai].
# Only reviewed 'accept' go into a release (campuskg build --links). What is rejected is not proposed again.
""",
)
_TAKEN: Final = Text("déjà accepté pour une autre chose du même jeu", "already accepted for another thing of that data set")


def proposals_left(links: Sequence[Link], earlier: Sequence[Entry]) -> list[Link]:
    """Return the proposals that *earlier* decisions leave open.

    What was decided on is not proposed again, whatever the decision; nothing more is proposed for an imported thing that was
    accepted; and a curated thing that was accepted for one of a data set is doubtful for another of it.
    """
    decided = {entry.pair for entry in earlier}
    settled = {entry.imported for entry in earlier if entry.decision == "accept"}
    taken = {(_family(entry.imported), entry.curated) for entry in earlier if entry.decision == "accept"}
    left = []
    for link in links:
        if (link.imported.id, link.curated.id) in decided or link.imported.id in settled:
            continue
        doubted = link.decision == "accept" and (_family(link.imported.id), link.curated.id) in taken
        left.append(replace(link, decision="unsure", reasons=(*link.reasons, _TAKEN)) if doubted else link)
    return left


def as_yaml(links: Sequence[Link], lang: Lang, *, release: str, files: Mapping[str, str], earlier: Review | None = None) -> str:
    """Return the file: the *release* and the *files* by digest that were compared, then the proposals and the decisions."""
    decided = earlier.decided if earlier else []
    left = proposals_left(links, decided)
    counts = Counter(link.decision for link in left)
    head = pick(_HEAD, lang).format(kept=len(decided), **{name: counts[name] for name in ("accept", "unsure", "reject")})
    lines = [f"release: {release}", "files:", *(f"  {_text(name)}: {digest}" for name, digest in sorted(files.items()))]
    lines += [f"by: {_text(earlier.by if earlier else '')}", 'date: ""', "rules: []"]
    entries = [_proposed(link, lang) for link in left] + decided
    entries.sort(key=lambda entry: (entry.imported, entry.decision != "accept", -float(entry.score or 0), entry.curated))
    lines.append("links:" if entries else "links: []")
    for entry in entries:
        lines += _lines(entry)
    return head + "\n".join(lines) + "\n"


def _proposed(link: Link, lang: Lang) -> Entry:
    return Entry(
        imported=link.imported.id,
        curated=link.curated.id,
        decision=link.decision,
        reviewed=False,
        rule=link.rule,
        score=f"{link.score:.2f}",
        name=link.imported.label,
        named=link.curated.label,
        because=tuple(pick(reason, lang) for reason in link.reasons),
    )


def _lines(entry: Entry) -> Iterator[str]:
    yield f"  - imported: {entry.imported}"
    yield f"    name: {_text(entry.name)}"
    yield f"    curated: {entry.curated}"
    yield f"    named: {_text(entry.named)}"
    yield f"    decision: {entry.decision}"
    if entry.rule:
        yield f"    rule: {_text(entry.rule)}"
    if entry.score:
        yield f"    score: {entry.score}"
    yield "    because:" if entry.because else "    because: []"
    for reason in entry.because:
        yield f"      - {_text(reason)}"
    yield f"    reviewed: {'true' if entry.reviewed else 'false'}"
    if entry.reviewed:
        yield f"    by: {_text(entry.by)}"
        yield f"    date: {entry.date}"


def _family(imported: str) -> str:
    """Return what the ids of one dataset begin with."""
    return imported.partition("/")[2].rpartition("-")[0]


def _text(text: str) -> str:
    """Return a scalar of JSON, which is one of YAML too."""
    return json.dumps(text, ensure_ascii=False)
