"""The table that a team fills in, with a guide of its columns: CSV that every spreadsheet opens."""

import csv
from pathlib import Path

from campuskg.errors import Lang, MissingInput, UsageProblem, no_file, pick
from campuskg.ingest.mapping import Importer, columns_read

GUIDE = "#"
"""First character of the lines that explain the columns; an import takes them for no rows."""


def write_template(made: Importer, file: Path, lang: Lang) -> None:
    """Write the header of the table and a line that says what each column is for; UsageProblem for other importers."""
    columns = [column for column in columns_read(made) if column.guide.fr]
    if not columns:
        raise UsageProblem("import-template", importer=made.id)
    if file.is_dir():
        raise no_file(file)
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as text:
            out = csv.writer(text, delimiter=";", lineterminator="\r\n")
            out.writerow([column.names[0] for column in columns])
            out.writerow([f"{GUIDE} {pick(column.guide, lang)}" for column in columns])
    except OSError as error:
        raise MissingInput("import-unwritable", folder=str(file.parent), reason=error.strerror or "") from error
