"""The catalogue by theme and by words, and its index for readers."""

import unicodedata
from collections.abc import Iterable

from campuskg.errors import Lang, Text, pick
from campuskg.queries.catalogue import catalogue, checks, tags
from campuskg.queries.model import Query


def found_queries(tag: str | None = None, search: str = "") -> list[Query]:
    """Return the queries with the theme *tag* whose name, question, phrases or reason hold all words of *search*."""
    words = _folded(search).split()
    return [
        query
        for query in catalogue().values()
        if (tag is None or tag in query.tags) and all(word in _searched(query) for word in words)
    ]


def _searched(query: Query) -> str:
    phrases = [phrase for said in query.phrases.values() for phrase in said]
    return _folded(" ".join([query.name, *query.question, *query.why, *phrases, *query.tags]))


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def by_theme() -> dict[str, list[Query]]:
    """Return the queries of each theme, in the order of the themes; a query stands under its first theme."""
    return {tag: found for tag in tags() if (found := [query for query in catalogue().values() if query.tags[:1] == (tag,)])}


def index_markdown() -> str:
    """Return the index of the catalogue by theme, with the parameters, then the checks: what queries/README.md holds."""
    parts = ["# Queries\n\n`campuskg query run NAME` asks one; each file says its question in its header.\n"]
    for tag, queries in by_theme().items():
        parts.append(f"\n## {_both(tags()[tag])}\n\n")
        rows = [(query, "catalogue", ", ".join(f"`{_marked(query, name)}`" for name in query.parameters)) for query in queries]
        parts.append(_table(("name", "question", "question (en)", "parameters"), rows))
    parts.append("\n## Contrôles / Checks\n\nRun by every build: any row is a violation.\n\n")
    parts.append(_table(("name", "question", "question (en)"), [(query, "checks", None) for query in checks().values()]))
    return "".join(parts)


def _marked(query: Query, name: str) -> str:
    return f"[{name}]" if query.parameters[name].optional else name


def _table(heads: tuple[str, ...], rows: Iterable[tuple[Query, str, str | None]]) -> str:
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for query, folder, more in rows:
        cells = [f"[{query.name}]({folder}/{query.name}.rq)", *(_cell(query, lang) for lang in ("fr", "en"))]
        lines.append(f"| {' | '.join(cells if more is None else [*cells, more])} |")
    return "\n".join(lines) + "\n"


def _cell(query: Query, lang: Lang) -> str:
    return pick(query.question, lang).replace("|", "\\|")


def _both(words: Text) -> str:
    return words.fr if words.fr == words.en else f"{words.fr} / {words.en}"
