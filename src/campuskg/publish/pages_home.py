"""The home page, the SPARQL page without scripts, and the page on accessibility."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from campuskg.errors import Lang, pick
from campuskg.publish import words
from campuskg.publish.answers import Answer
from campuskg.publish.campus_cards import Card, cards, others
from campuskg.publish.coverage import Coverage, coverage
from campuskg.publish.drawn import Drawer
from campuskg.publish.home_pictures import Money, Places, Ring, money, places, ring
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_answer import answer_table, cut_note, row_count
from campuskg.publish.sheet import Item
from campuskg.queries import Query, tags
from campuskg.release import Release

_EXAMPLES: Final = ("programme-funders", "mandates-at-date", "partners-of")
"""Questions that the search box offers as examples, those of them that the catalogue holds."""
_TOOLS: Final = ("path", "gaps", "compare", "board")
"""Planning tools that the first door opens."""
_COUNTS: Final = (
    ("count_campuses", "classes", ("cmq:Campus",), "/queries/campuses"),
    ("count_organisations", "kinds", ("organisation",), "/organisations"),
    ("count_projects", "classes", ("cmq:Project", "cmq:Programme", "cmq:Event"), "/projects"),
    ("count_claims", "classes", ("cmq:Claim",), "/page/graph/claims"),
    ("count_statements", "qualified", ("all",), "/page/graph/facts"),
    ("count_passages", "classes", ("cmq:Passage",), "/queries/most-cited-passages"),
    ("count_documents", "classes", ("cmq:SourceDocument",), "/queries/documents"),
)
"""What the atlas holds: words, group and names in the statistics, the page that proves it."""
_LONGEST: Final = 100
_NAME: Final = 3
"""Words of a text that is rather a name than a question."""
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


@dataclass(frozen=True)
class Home:
    """What the home page shows of a release, in one language."""

    cards: Sequence[Card] = ()
    others: Sequence[Item] = ()
    ring: Ring | None = None
    places: Places | None = None
    money: Money | None = None
    counts: Sequence[tuple[str, str, str]] = ()
    """What the atlas holds: words, number, the page that proves it."""
    proved: str = ""
    """The share of the statements that have a passage; empty where nothing was counted."""
    date: str = ""


def home(release: Release, lang: Lang) -> Home:
    """Return what the home page shows of *release*."""
    known = cards(release, lang)
    drawer = Drawer(release.names, lang)
    covered = coverage(release)
    return Home(
        known,
        [drawer.thing(iri) for iri in others(release, known)],
        ring(release, known, lang),
        places(release, lang),
        money(release, lang),
        _counted(covered, lang),
        words.percent(str(covered.share), lang),
        words.date(release.date, lang),
    )


def _counted(covered: Coverage, lang: Lang) -> list[tuple[str, str, str]]:
    said = interface_words(lang)
    groups = {"classes": covered.classes, "kinds": covered.kinds, "qualified": {"all": covered.statements}}
    found = ((key, sum(groups[group].get(name, 0) for name in names), href) for key, group, names, href in _COUNTS)
    return [(said[key], words.number(str(total), lang), href) for key, total, href in found if total]


def render_home(frame: Frame, shown: Home, queries: Mapping[str, Query]) -> str:
    """Return the home page: a search box, three doors, the campuses, pictures of the graph, what the atlas holds."""
    said = interface_words(frame.lang)
    examples = [(f"/queries/{name}", _short(queries[name], frame.lang)) for name in _EXAMPLES if name in queries]
    themes = [(key, pick(text, frame.lang)) for key, text in tags().items()]
    tools = [(f"/{name}", said[f"tool_{name}"]) for name in _TOOLS]
    return render("home.html", frame, home=shown, examples=examples, themes=themes, tools=tools, questions=len(queries))


def _short(query: Query, lang: Lang) -> str:
    """Return how people ask *query* in a few words."""
    asked = [phrase for phrase in query.phrases[lang] if phrase.endswith("?")]
    return min(asked, key=len, default=query.asked(lang))


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


def render_limits(frame: Frame, rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Return the limits of the service as a page: name, value, meaning, option of each."""
    return render("limits.html", frame, rows=rows)


def render_ask(frame: Frame, found: Mapping[str, Any], things: Sequence[Item] = ()) -> str:
    """Return the page of a question: the *things* of that name, and the questions of the catalogue that may answer it.

    *found* is what ``/ask`` answers as JSON: ``q``, ``message``, ``verdict``, ``candidates``.
    """
    candidates = [{**one, "question": one["question"][frame.lang]} for one in found["candidates"]]
    named = bool(things) and len(found["q"].split()) <= _NAME and "?" not in found["q"]
    said: dict[str, object] = {"asked": found["q"], "message": found["message"], "candidates": candidates}
    return render("ask.html", frame, things=things, named=named, **said)


def render_problem(frame: Frame, status: int, code: str, said: str, path: str = "") -> str:
    """Return the page of a request that was not answered: what happened in words, and where to go on.

    The words of the *path* that was not found are ready to be searched for.
    """
    return render("problem.html", frame, status=status, code=code, said=said, wanted=words_of(path))


def words_of(path: str) -> str:
    """Return what a reader who typed *path* may have meant.

    >>> words_of("/page/lycee-jules-haag.html")
    'lycee jules haag'
    """
    last = re.sub(r"\.\w{2,5}$", "", path.rstrip("/").rpartition("/")[2])
    return " ".join(last.replace("-", " ").replace("_", " ").split())[:_LONGEST]
