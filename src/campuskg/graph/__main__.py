"""Generated parts of the ``graph`` folder: ``python -m campuskg.graph schema`` and ``python -m campuskg.graph lines TEXT``."""

import sys
import textwrap
from pathlib import Path

from campuskg.graph.schema import schema_text
from campuskg.graph.sources import line_starts


def main(arguments: list[str]) -> None:
    """Print the JSON Schema of curated files, or the line table of a text."""
    match arguments:
        case ["schema"]:
            sys.stdout.write(schema_text())
        case ["lines", name]:
            with Path(name).open(encoding="utf-8", newline="") as file:
                sys.stdout.write(textwrap.fill(" ".join(map(str, line_starts(file.read()))), 120) + "\n")
        case _:
            sys.exit("usage: python -m campuskg.graph schema | lines TEXT")


if __name__ == "__main__":
    main(sys.argv[1:])
