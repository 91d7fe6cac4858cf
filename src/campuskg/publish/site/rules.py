"""Where the documents of an IRI are on a static site, as rules that Python, JavaScript, Apache and nginx read alike.

Most IRIs have documents of their own. Claims, inferences and passages, many and short, share documents by group: a page with one
anchor for each, a file of data for all of them. A rule names the IRIs by a pattern, the group by what the pattern captures.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple


class Place(NamedTuple):
    """Where an IRI is answered for: its document (a path without extension), its page below a language's folder, the anchor."""

    document: str
    page: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a pattern over the whole path of an IRI; ``$1`` … in the others stand for what it captured."""

    pattern: str
    document: str
    page: str
    anchor: str = ""

    def place(self, path: str) -> Place | None:
        """Return the place of *path*; None when the rule is not about it."""
        head, pattern = _read(self.pattern)
        if not path.startswith(head):
            return None
        found = pattern.fullmatch(path)
        return found and Place(_filled(self.document, found), _filled(self.page, found), _filled(self.anchor, found))


@cache
def _read(pattern: str) -> tuple[str, re.Pattern[str]]:
    """Return the letters that *pattern* begins with, by which most paths are refused, and the pattern itself."""
    return re.split(r"[^\w/-]", pattern, maxsplit=1)[0], re.compile(pattern)


def _filled(template: str, found: re.Match[str]) -> str:
    if "$" in template:
        for number, part in enumerate(found.groups(""), 1):
            template = template.replace(f"${number}", part)
    return template


def _group(pattern: str, document: str, anchor: str) -> Rule:
    return Rule(pattern, document, f"page/{document}.html", anchor)


GROUPS: Final = (
    _group("id/claim/([0-9a-f]{2})([0-9a-f]+)", "id/claim/$1", "$1$2"),
    _group("id/inference/([0-9a-f]{2})([0-9a-f]+)", "id/inference/$1", "$1$2"),
    _group("id/passage/([^/]+)/([0-9]*)([0-9])(-[0-9]+)?", "id/passage/$1/lines~$2x", "$2$3$4"),
    _group("id/passage/([^/]+)/([^/~])([^/~]*)", "id/passage/$1/rows~$2", "$2$3"),
)
"""Claims and inferences by the first two digits of their digest, passages by document and tens of lines (``lines~190x``: those
that begin at lines 1900 to 1909) or first letter of the row. No slug has a ``~``, so no group is taken for a passage."""
RULES: Final = (
    *GROUPS,
    Rule("query/parameter", "query/parameter", "queries.html"),
    Rule("query/([^/]+)", "query/$1", "queries/$1.html"),
    Rule("((?:id|scheme|graph)/.+)", "$1", "page/$1.html"),
    Rule("((?:ontology|dataset)/.+|ontology|dataset|catalogue)", "$1", "$1.html"),
)
"""Every rule; the first that is about a path holds."""


@lru_cache(maxsize=1 << 16)  # asked for every link
def place(path: str) -> Place | None:
    """Return where the documents of the IRI at *path* are; None for a path that no IRI of ours has.

    >>> place("id/claim/00015b17d396ece5")
    Place(document='id/claim/00', page='page/id/claim/00.html', anchor='00015b17d396ece5')
    >>> place("id/passage/gbm-2022/304-306").page, place("query/campuses").page, place("ontology/0.2.0").page
    ('page/id/passage/gbm-2022/lines~30x.html', 'queries/campuses.html', 'ontology/0.2.0.html')
    """
    return next((found for rule in RULES if (found := rule.place(path)) is not None), None)


def grouped(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the paths that share documents, sorted, by group."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        where = next((got for rule in GROUPS if (got := rule.place(path)) is not None), None)
        if where is not None:
            found.setdefault(where.document, []).append(path)
    return found


def as_json() -> list[dict[str, str]]:
    """Return the rules as the scripts read them."""
    return [{"pattern": rule.pattern, "page": rule.page, "anchor": rule.anchor} for rule in RULES]
