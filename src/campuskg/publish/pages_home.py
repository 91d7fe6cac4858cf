"""The home page, the SPARQL page without scripts, and the page on accessibility."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from campuskg.errors import pick
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_answer import answer_table, cut_note, row_count
from campuskg.queries import Query, tags

_FIRST_QUESTIONS: Final = ("campuses", "partners-of", "funding-flows", "promise-and-evidence")
"""Questions that the home page offers, those of them that the catalogue holds."""
_COUNTS: Final = (
    ("count_campuses", "classes", ("cmq:Campus",)),
    ("count_projects", "classes", ("cmq:Project", "cmq:Programme")),
    ("count_statements", "layers", ("facts",)),
    ("count_claims", "classes", ("cmq:Claim",)),
    ("count_passages", "classes", ("cmq:Passage",)),
    ("count_documents", "classes", ("cmq:SourceDocument",)),
)
FORMATS: Final = ("csv", "json", "tsv", "xml", "ttl")
FIRST_SPARQL: Final = """PREFIX cmq: <https://w3id.org/cmq/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?campus ?name
WHERE {
  ?campus a cmq:Campus ; skos:prefLabel ?name .
  FILTER(LANG(?name) = "fr")
}
ORDER BY ?name
"""
"""What the editor holds when nobody asked anything yet."""


def render_home(frame: Frame, statistics: Mapping[str, Mapping[str, int]], queries: Mapping[str, Query]) -> str:
    """Return the home page: an ask box, three doors, what the atlas holds."""
    said = interface_words(frame.lang)
    first = [queries[name] for name in _FIRST_QUESTIONS if name in queries]
    questions = [(f"/queries/{query.name}", query.asked(frame.lang)) for query in first]
    doors = [
        _door(said, "explore", "/queries", questions),
        _door(said, "ask", "/queries", [("/queries", said["door_all_questions"]), ("/sparql", said["door_editor"])]),
        _door(said, "reuse", "/openapi.json", [("/openapi.json", said["door_openapi"]), ("/limits", said["door_limits"])]),
    ]
    doors[1]["why"] = str(doors[1]["why"]).format(count=len(queries))
    counts = [
        (said[key], words.number(str(total), frame.lang), "")
        for key, group, names in _COUNTS
        if (total := sum(statistics.get(group, {}).get(name, 0) for name in names))
    ]
    return render("home.html", frame, doors=doors, counts=counts)


def _door(said: Mapping[str, str], name: str, href: str, links: list[tuple[str, str]]) -> dict[str, object]:
    return {"title": said[f"door_{name}"], "why": said[f"door_{name}_why"], "href": href, "links": links}


@dataclass(frozen=True)
class Ran:
    """What the SPARQL page shows below the query when it works without scripts: rows, yes or no, triples, or what went wrong."""

    answer: Answer | None = None
    boolean: bool | None = None
    triples: str = ""
    wrong: str = ""


def render_editor(frame: Frame, sparql: str | None, ran: Ran) -> str:
    """Return the SPARQL page with its query and, where one was run, its answer."""
    table = answer_table(ran.answer) if ran.answer is not None else None
    return render(
        "editor.html",
        frame,
        sparql=FIRST_SPARQL if sparql is None else sparql,
        formats=FORMATS,
        themes={key: pick(text, frame.lang) for key, text in tags().items()},
        ran=ran,
        answer=table,
        row_count=row_count(table.count, frame.lang) if table else "",
        cut=cut_note(table, frame.lang) if table else "",
    )


def render_accessibility(frame: Frame) -> str:
    """Return the page that says how accessible these pages are, and how that is known."""
    return render("accessibility.html", frame)


def render_limits(frame: Frame, rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Return the limits of the service as a page: name, value, meaning, option of each."""
    return render("limits.html", frame, rows=rows)


def render_ask(frame: Frame, found: Mapping[str, Any]) -> str:
    """Return the page of a question: what was understood of it and the questions of the catalogue that may answer it.

    *found* is what ``/ask`` answers as JSON: ``q``, ``message``, ``candidates``.
    """
    candidates = [{**one, "question": one["question"][frame.lang]} for one in found["candidates"]]
    return render("ask.html", frame, asked=found["q"], message=found["message"], candidates=candidates)


def render_problem(frame: Frame, status: int, code: str, said: str) -> str:
    """Return the page of a request that was not answered: what happened in words, and where to go on."""
    return render("problem.html", frame, status=status, code=code, said=said)
