"""The pages of the catalogue: the index of questions by theme, and one page for each question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from campuskg.errors import Lang, pick
from campuskg.ontology import compact
from campuskg.publish.answers import Answer, Namer, empty_reason
from campuskg.publish.cite import bibtex, iso_690, permalink
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_answer import AnswerTable, answer_table, cut_note, row_count
from campuskg.publish.results import as_turtle
from campuskg.publish.sheet import Proof
from campuskg.queries import Choice, Parameter, Query, tags
from campuskg.release.names import fold
from campuskg.store import Rows

DOWNLOADS: Final = (
    ("CSV", "csv"),
    ("JSON", "json"),
    ("XLSX", "xlsx"),
    ("Turtle", "ttl"),
    ("Markdown", "md"),
    ("SPARQL", "rq"),
)
GRAPH_DOWNLOADS: Final = (("Turtle", "ttl"), ("SPARQL", "rq"))
_NOT_PARAMETERS: Final = frozenset(["lang", "evidence"])


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite an answer: ISO 690, BibTeX, permanent address."""

    reference: str
    bibtex: str
    permalink: str
    path: str


@dataclass(frozen=True)
class Shown:
    """What the page of a query shows besides its answer.

    *given* is what the reader typed; *wrong* says in words why it was refused, *wrong_name* which parameter it was.
    *choices* are the codes of each code parameter. *proofs* are those of each row, None when they were not asked for.
    *permanent* is the address here of the answer in its release.
    """

    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wrong: str = ""
    wrong_name: str = ""
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    proofs: Sequence[Sequence[Proof]] | None = None
    permanent: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of the form."""

    name: str
    label: str
    type: str
    means: str
    optional: bool
    value: str
    shown: str
    classes: str
    choices: Sequence[tuple[str, str]]
    wrong: str


def render_query_page(frame: Frame, answer: Answer, shown: Shown) -> str:
    """Return the page of a query: question, form, answer, picture, SPARQL, citation."""
    query, lang = answer.query, frame.lang
    table = answer_table(answer, shown.proofs) if answer.is_table else AnswerTable((), (), len(answer.triples))
    data = {
        "query": _described(query, lang),
        "fields": [_field(one, answer, shown) for one in query.parameters.values()],
        "kept": [(name, value) for name, value in frame.query if name in _NOT_PARAMETERS],
        "wrong": shown.wrong,
        "answer": table,
        "triples": "" if answer.is_table else as_turtle(answer),
        "proofs_on": shown.proofs is not None,
        "row_count": row_count(table.count, lang),
        "cut": cut_note(table, lang),
        "empty": "" if table.count or shown.wrong else empty_reason(answer),
        "downloads": _downloads(query, frame),
        "sparql": answer.sparql,
        "editor_href": _editor(answer.sparql),
        "citation": _citation(answer, shown) if not shown.wrong else None,
    }
    return render("query.html", frame, **data)


@lru_cache(maxsize=16)  # of one question, in both languages, with proofs and without
def _editor(sparql: str) -> str:
    """Return the address of the SPARQL page with a query in it."""
    return "/sparql?" + urlencode({"query": sparql}, quote_via=quote)


def unanswered(query: Query, names: Namer, lang: Lang) -> Answer:
    """Return an answer with nothing in it, for the page of a query whose values were refused."""
    return Answer(query, Rows((), ()), names, lang)


def _citation(answer: Answer, shown: Shown) -> Citation:
    return Citation(iso_690(answer), bibtex(answer), permalink(answer), shown.permanent or permalink(answer))


def _described(query: Query, lang: Lang) -> dict[str, object]:
    known = tags()
    return {
        "name": query.name,
        "question": query.asked(lang),
        "why": pick(query.why, lang),
        "note": pick(query.note, lang),
        "themes": [(key, pick(known[key], lang)) for key in query.tags if key in known],
        "view": {"type": query.view.type, "roles": dict(query.view.roles)},
    }


def _field(parameter: Parameter, answer: Answer, shown: Shown) -> _Field:
    """Return the field of *parameter*: what the reader typed, else the value in force."""
    typed = next(iter(shown.given.get(parameter.name, ())), "")
    terms = answer.values.get(parameter.name) or (() if typed else parameter.default)
    term = next(iter(terms), None)
    value = term.value if term is not None else typed
    words = answer.shown(parameter.name, term) if isinstance(term, ox.NamedNode) else typed
    options = [(choice.term.value, choice.name(answer.lang)) for choice in shown.choices.get(parameter.name, ())]
    if value and parameter.type == "code" and value not in [iri for iri, _ in options]:
        options.append((value, words or value))
    return _Field(
        name=parameter.name,
        label=answer.text(parameter.label) or parameter.name,
        type=parameter.type,
        means=answer.text(parameter.means),
        optional=parameter.optional,
        value=value,
        shown=words,
        classes=" ".join(compact(iri) for iri in parameter.classes),
        choices=options,
        wrong=shown.wrong if shown.wrong_name == parameter.name else "",
    )


def _downloads(query: Query, frame: Frame) -> list[tuple[str, str]]:
    """Return the downloads of the same answer: label and address, with the reader's values and language."""
    pairs = [*((key, value) for key, value in frame.query if key != "lang" and value), ("lang", frame.lang)]
    offered = DOWNLOADS if query.form != "CONSTRUCT" else GRAPH_DOWNLOADS
    return [(label, f"/queries/{query.name}.{suffix}?{urlencode(pairs)}") for label, suffix in offered]


def render_index(frame: Frame, queries: Mapping[str, Query], words: str = "") -> str:
    """Return the index of the catalogue by theme, or the questions that hold all *words*."""
    found = [query for query in queries.values() if _holds(query, words)]
    other = interface_words(frame.lang)["other_theme"]
    titles = [*((key, pick(text, frame.lang)) for key, text in tags().items()), ("", other)]
    themes = [
        {
            "key": key or "other",
            "title": title,
            "queries": [_described(query, frame.lang) for query in found if _theme(query) == key],
        }
        for key, title in titles
    ]
    shown = [theme for theme in themes if theme["queries"]]
    return render("queries.html", frame, themes=shown, words=words, count=len(found))


def _theme(query: Query) -> str:
    """Return the first theme of a query: each question stands once in the index."""
    return query.tags[0] if query.tags else ""


def _holds(query: Query, words: str) -> bool:
    """Tell whether the question, the reason or another phrasing holds every one of *words*, whatever case and accents."""
    phrases = [phrase for said in query.phrases.values() for phrase in said]
    text = fold(" ".join([*query.question, *query.why, *phrases, *query.tags, query.name]))
    return all(word in text for word in fold(words).split())
