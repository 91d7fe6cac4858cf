"""The file of proposals: YAML that a person reads, line by line, and decides on."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from campuskg.errors import Lang, Text, pick
from campuskg.ingest.link.decide import Link

_HEAD: Final = Text(
    """\
# « campuskg link » : {accept} rapprochements proposés, {unsure} douteux, {reject} écartés. Rien n'est fusionné.
# Chaque entrée dit ses raisons. Changer « decision » (accept, reject, unsure) et mettre « reviewed: true » une fois relue.
""",
    """\
# 'campuskg link': {accept} matches proposed, {unsure} doubtful, {reject} set aside. Nothing is merged.
# Every entry tells its reasons. Change 'decision' (accept, reject, unsure) and put 'reviewed: true' once it is read.
""",
)


def as_yaml(links: Sequence[Link], lang: Lang, *, release: str, files: Mapping[str, str]) -> str:
    """Return the file: the *release* and the *files* by digest that were compared, then the proposals."""
    counts = Counter(link.decision for link in links)
    head = pick(_HEAD, lang).format(**{name: counts[name] for name in ("accept", "unsure", "reject")})
    lines = [f"release: {release}", "files:", *(f"  {_text(name)}: {digest}" for name, digest in sorted(files.items()))]
    lines.append("links:" if links else "links: []")
    for link in links:
        lines += _entry(link, lang)
    return head + "\n".join(lines) + "\n"


def _entry(link: Link, lang: Lang) -> Iterator[str]:
    yield f"  - imported: {link.imported.id}"
    yield f"    name: {_text(link.imported.label)}"
    yield f"    curated: {link.curated.id}"
    yield f"    named: {_text(link.curated.label)}"
    yield f"    decision: {link.decision}"
    yield f"    score: {link.score:.2f}"
    yield "    because:"
    for reason in link.reasons:
        yield f"      - {_text(pick(reason, lang))}"
    yield "    reviewed: false"


def _text(text: str) -> str:
    """Return a scalar of JSON, which is one of YAML too."""
    return json.dumps(text, ensure_ascii=False)
