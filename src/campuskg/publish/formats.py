"""The forms of an answer, by the name that the command line and the addresses use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from campuskg.errors import UsageProblem
from campuskg.publish.answers import Answer
from campuskg.publish.markdown import as_markdown
from campuskg.publish.results import as_csv, as_json, as_turtle


@dataclass(frozen=True, slots=True)
class FileForm:
    """One form: its media type, and who writes it."""

    media_type: str
    write: Callable[[Answer], bytes]
    graphs: bool = False
    """Whether it can hold the triples of a CONSTRUCT."""


def _xlsx(answer: Answer) -> bytes:
    from campuskg.publish.spreadsheet import as_xlsx  # the writer of workbooks is loaded when one is asked for

    return as_xlsx(answer)


FORMS: Final[Mapping[str, FileForm]] = {
    "csv": FileForm("text/csv; charset=utf-8; header=present", lambda answer: as_csv(answer.rows).encode()),
    "json": FileForm("application/sparql-results+json", lambda answer: as_json(answer.rows).encode()),
    "xlsx": FileForm("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "ttl": FileForm("text/turtle; charset=utf-8", lambda answer: as_turtle(answer).encode(), graphs=True),
    "md": FileForm("text/markdown; charset=utf-8; variant=GFM", lambda answer: as_markdown(answer).encode()),
}


def render(answer: Answer, form: str) -> bytes:
    """Return *answer* in *form*; UsageProblem for a form that cannot hold it."""
    able = [name for name, known in FORMS.items() if answer.is_table or known.graphs]
    if form not in able:
        raise UsageProblem("query-format", format=form, known=", ".join(able))
    return FORMS[form].write(answer)
