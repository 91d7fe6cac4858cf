"""``python -m campuskg.ontology FILE...`` rewrites Turtle files in their canonical form (see ``canonical.py``)."""

import sys
from pathlib import Path

from campuskg.ontology.canonical import canonical_turtle


def main(arguments: list[str]) -> None:
    """Rewrite the files named by *arguments* in place; files already canonical are left untouched."""
    if not arguments:
        sys.exit("usage: python -m campuskg.ontology FILE...")
    for path in map(Path, arguments):
        text = path.read_text(encoding="utf-8")
        canonical = canonical_turtle(text)
        if canonical != text:
            path.write_text(canonical, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
