"""An answer as a Markdown table (GitHub Flavored Markdown, section 4.10), to paste into a document or an issue."""

import re

import pyoxigraph as ox

from campuskg.publish.answers import Answer, empty_reason
from campuskg.publish.cite import iso_690
from campuskg.store.engine import Term

_MARKS = re.compile(r"[\\`*_\[\]<>|~#]")


def as_markdown(answer: Answer) -> str:
    """Return the question, the parameters, the table, the note and the citation."""
    parts = [f"### {escaped(answer.query.asked(answer.lang))}"]
    colon = "\u00a0:" if answer.lang == "fr" else ":"
    given = [f"- {escaped(label)}{colon} {escaped(value)}" for label, value in answer.parameters()]
    parts += ["\n".join(given)] if given else []
    parts.append(_table(answer) if answer.rows.rows else f"*{escaped(empty_reason(answer))}*")
    note = answer.text(answer.query.note)
    if note:
        parts.append(escaped(note))
    parts.append(escaped(iso_690(answer)))
    return "\n\n".join(parts) + "\n"


def _table(answer: Answer) -> str:
    numeric = ("euro", "percent", "number", "days", "year")
    rules = ["--:" if answer.column(name).form in numeric else "---" for name in answer.rows.variables]
    rows = [
        [_cell(answer, name, term) for name, term in zip(answer.rows.variables, row, strict=True)] for row in answer.rows.rows
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [[escaped(h) for h in answer.headings()], rules, *rows])


def _cell(answer: Answer, name: str, term: Term | None) -> str:
    shown = escaped(answer.shown(name, term))
    if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://")):
        return f"[{shown}]({term.value.replace('(', '%28').replace(')', '%29').replace('|', '%7C')})"
    return shown


def escaped(text: str) -> str:
    r"""Return *text* on one line, with the marks of Markdown as plain characters.

    >>> escaped("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _MARKS.sub(lambda mark: "\\" + mark[0], " ".join(text.split()))
