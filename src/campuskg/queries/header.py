"""The header of a query file: ``#+`` lines of YAML-like ``key: value`` pairs (the decorators that grlc reads)."""

import re
from collections.abc import Mapping


def parse_header(text: str) -> Mapping[str, str]:
    r"""Return the ``#+`` pairs of a query, in their order; nested keys are joined with a dot.

    >>> parse_header("#+ question:\n#+   fr: Qui ?\nSELECT * {}")
    {'question.fr': 'Qui ?'}
    """
    found: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = re.match(r"#\+(\s*)([A-Za-z][\w-]*):\s*(.*)$", line)
        if not match:
            continue
        indent, key, value = len(match[1]), match[2], match[3].strip()
        while parents and parents[-1][0] >= indent:
            parents.pop()
        name = ".".join([*(parent for _, parent in parents), key])
        if value:
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[name] = value[1:-1] if quoted else value
        else:
            parents.append((indent, key))
    return found
