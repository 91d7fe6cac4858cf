"""The HTML pages inside the workers: each task gathers what one page shows and fills its template."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from campuskg.ask import MAX_LENGTH
from campuskg.errors import Lang, Place, Problem, Text, UsageProblem
from campuskg.publish import pages_home, pages_query
from campuskg.publish.answers import Answer, answer_query
from campuskg.publish.evidence import evidence, given_things
from campuskg.publish.pages import Frame, built_assets, interface_words
from campuskg.publish.pages_about import render_accessibility
from campuskg.publish.pages_answer import MOST_ROWS, passage_proofs
from campuskg.publish.results import as_turtle
from campuskg.publish.sheet import Item
from campuskg.queries import Query, catalogue, choices
from campuskg.server import asking, evaluate
from campuskg.server.answering import RESERVED, known_query, names_of, permalink, read_given
from campuskg.server.search import MAX_LENGTH as MOST_LETTERS
from campuskg.server.search import SearchIndex, index_of
from campuskg.store import Rows
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_MOST_TRIPLES: Final = 2000
_THINGS: Final = 8
"""Things that the page of a question offers."""
_MAX_WORDS: Final = 200
_HOMES: dict[tuple[str, Lang], pages_home.Home] = {}


def _frame(context: "Context", task: Mapping[str, Any]) -> Frame:
    frame = task["frame"]
    pairs = tuple((str(name), str(value)) for name, value in frame["query"])
    return Frame(frame["lang"], frame["path"], pairs, context.digest, context.base)


def home_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the home page; what it shows of a release is gathered once."""
    frame = _frame(context, task)
    key = (context.digest, frame.lang)
    if key not in _HOMES:
        _HOMES[key] = pages_home.home(context.release, frame.lang) if context.release is not None else pages_home.Home()
    return _made(pages_home.render_home(frame, _HOMES[key], catalogue()))


def accessibility_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page on accessibility."""
    return _made(render_accessibility(_frame(context, task)))


def limits_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of the limits."""
    rows = [(str(name), str(value), str(meaning), str(option)) for name, value, meaning, option in task["rows"]]
    return _made(pages_home.render_limits(_frame(context, task), rows))


def index_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the index of the catalogue."""
    frame = _frame(context, task)
    words = next((value for name, value in frame.query if name == "q"), "")[:_MAX_WORDS]
    return _made(pages_query.render_index(frame, catalogue(), words.strip()))


def ask_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of what was asked: the things that bear this name, the questions of the catalogue that may answer it."""
    frame = _frame(context, task)
    found = asking.ask_task(context, {"q": task["q"][:MAX_LENGTH], "lang": frame.lang}).meta["found"]
    index = index_of(context)
    things = index.find(task["q"][:MOST_LETTERS], (), _THINGS)
    return _made(pages_home.render_ask(frame, found, [_thing(index, iri, frame.lang) for iri in things]))


def _thing(index: SearchIndex, iri: str, lang: Lang) -> Item:
    told = index.described(iri, lang)
    return Item(told["label"], f"/page/id/{told['id']}", told["typeLabel"])


def query_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a question; values that were refused are said in the form."""
    frame, found = _frame(context, task), known_query(task["name"])
    given = [(name, value) for name, value in frame.query if name not in RESERVED and value.strip()]
    typed: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in given:
        typed[name].append(value)
    codes = {p.name: choices(context.store, p) for p in found.parameters.values() if p.type == "code"}
    names = names_of(context)
    try:
        values = read_given(found, given, context)
    except UsageProblem as error:
        refused = said(error, frame.lang)
        shown = pages_query.Shown(typed, refused, str(error.params.get("name", "")), codes)
        return _made(pages_query.render_query_page(frame, pages_query.unanswered(found, names, frame.lang), shown), 400)
    answer = answer_query(found, context.store, names, frame.lang, values=values, digest=context.digest)
    proofs = None
    if ("evidence", "1") in frame.query and answer.is_table:
        first = Rows(answer.rows.variables, answer.rows.rows[:MOST_ROWS])
        proofs = passage_proofs(evidence(first, context.store, given_things(answer)))
    shown = pages_query.Shown(typed, "", "", codes, proofs, _here(permalink(context, found, values), context))
    return _made(pages_query.render_query_page(frame, answer, shown))


def _here(address: str, context: "Context") -> str:
    return address.removeprefix(context.base)


def editor_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the SPARQL page; a query is run and its answer shown below it."""
    frame, sparql = _frame(context, task), task["sparql"]
    if sparql is None or "wrong" in task:
        return _made(pages_home.render_editor(frame, sparql, pages_home.Ran(wrong=task.get("wrong", ""))))
    try:
        ran = _ran(context, sparql, frame.lang)
    except UsageProblem as error:
        return _made(pages_home.render_editor(frame, sparql, pages_home.Ran(wrong=said(error, frame.lang))), 400)
    return _made(pages_home.render_editor(frame, sparql, ran))


def _ran(context: "Context", sparql: str, lang: Lang) -> pages_home.Ran:
    """Run what a visitor wrote and return it as far as the page shows it."""
    found = evaluate.run(context, sparql)
    if isinstance(found, ox.QueryBoolean):
        return pages_home.Ran(boolean=bool(found))
    asked, names = Query("", Text("", ""), sparql), names_of(context)
    if isinstance(found, ox.QueryTriples):
        first = [triple for triple, _ in zip(found, range(_MOST_TRIPLES), strict=False)]
        return pages_home.Ran(triples=as_turtle(Answer(asked, first, names, lang)))
    variables = tuple(variable.value for variable in found.variables)
    rows = [tuple(_plain(row[name]) for name in variables) for row in found]
    return pages_home.Ran(Answer(asked, Rows(variables, rows), names, lang))


def _plain(term: object) -> ox.NamedNode | ox.Literal | ox.BlankNode | None:
    """Return a term that a table can show; a triple as a term is shown as its text."""
    if term is None or isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode)):
        return term
    return ox.Literal(str(term))


def said(error: UsageProblem, lang: Lang) -> str:
    """Return in words of *lang* what went wrong."""
    return Problem(error.code, Place(""), error.params).words(lang)


def _made(text: str, status: int = 200) -> Reply:
    return Reply({"status": status}, text.encode())


def warm(context: "Context") -> None:
    """Load what the tasks need before the workers are locked in: statistics, words, queries, every template."""
    built_assets()
    first = next(iter(catalogue()), "")
    for lang in ("fr", "en"):
        interface_words(lang)
        frame = {"frame": {"lang": lang, "path": "/", "query": [("evidence", "1")]}}
        for task in (home_task, accessibility_task, index_task):
            task(context, frame)
        limits_task(context, {**frame, "rows": []})
        editor_task(context, {**frame, "sparql": "SELECT ?s { ?s ?p ?o } LIMIT 1"})
        editor_task(context, {**frame, "sparql": "SELECT", "wrong": ""})
        editor_task(context, {**frame, "sparql": "SELECT"})
        ask_task(context, {**frame, "q": "campus"})
        editor_task(context, {**frame, "sparql": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"})
        if first:
            query_task(context, {**frame, "name": first})


TASKS: "Final[Mapping[str, Task]]" = {
    "page-home": home_task,
    "page-accessibility": accessibility_task,
    "page-limits": limits_task,
    "page-ask": ask_task,
    "page-queries": index_task,
    "page-query": query_task,
    "page-editor": editor_task,
}
