"""Catalogue queries inside a worker: values read and checked, the query run, the answer written in the form asked for.

What a visitor types becomes a term of the parameter's type before it comes near a query (``campuskg.queries.parameters``).
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from campuskg.errors import UsageProblem, nearest
from campuskg.ontology import load_terms
from campuskg.publish.answers import LICENCE_IRI, Answer, answer_query
from campuskg.publish.cite import iso_690
from campuskg.publish.described import described
from campuskg.publish.evidence import evidence, given_things
from campuskg.publish.formats import FORMS, render
from campuskg.publish.results import json_term
from campuskg.queries import Parameter, Query, catalogue, read_values
from campuskg.release.names import NameIndex
from campuskg.server.negotiation import CSV, RESULTS_JSON, TURTLE, choose, with_charset
from campuskg.server.problem import Refusal
from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

RESERVED: Final = ("lang", "evidence")
"""Parameters that every query has; the others are its own."""
MOST_ROWS: Final = 50_000
SPARQL: Final = "application/sparql-query"
MARKDOWN: Final = "text/markdown"
XLSX: Final = FORMS["xlsx"].media_type
MEDIA: Final[Mapping[str, str]] = {
    RESULTS_JSON: "json",
    "application/json": "json",
    CSV: "csv",
    XLSX: "xlsx",
    TURTLE: "ttl",
    MARKDOWN: "md",
    SPARQL: "rq",
}
"""Media type -> form; the first is what a client without preference gets."""
_OWN: Final = {
    "json": "application/json",
    "rq": SPARQL,
    **{name: form.media_type for name, form in FORMS.items() if name != "json"},
}
_TABLES: Final = tuple(MEDIA)
_GRAPHS: Final = (TURTLE, SPARQL)


def answer_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Answer a catalogue query; the meta has its media type, its permalink and whether it was cut.

    Arguments: ``name``, ``form`` (the extension, or nothing), ``accept``, ``given`` (pairs), ``lang``, ``evidence``.
    """
    query = known_query(task["name"])
    form, media = _form(query, task["form"], task["accept"])
    values = read_given(query, task["given"], context)
    link = permalink(context, query, values)
    meta = {"media": media, "permalink": link, "truncated": False, "file": f"{query.name}.{form}"}
    if form == "rq":
        return Reply(meta, query.bound(values).encode())
    names = names_of(context)
    answer = answer_query(query, context.store, names, task["lang"], values=values, digest=context.digest)
    if answer.is_table and len(answer.rows.rows) > MOST_ROWS:
        answer = replace(answer, result=Rows(answer.rows.variables, answer.rows.rows[:MOST_ROWS]))
        meta["truncated"] = True
    proofs = evidence(answer.rows, context.store, given_things(answer)) if task["evidence"] and answer.is_table else None
    if form == "json":
        return Reply(meta, _json(answer, link, proofs, cut=bool(meta["truncated"])))
    return Reply(meta, render(answer.with_evidence(proofs) if proofs is not None else answer, form))


def known_query(name: str) -> Query:
    """Return the query *name*; Refusal (404) with near names when there is none."""
    found = catalogue().get(name)
    if found is None:
        raise Refusal(404, "query-unknown", name=name[:80], known=nearest(name, catalogue(), 5) or "–")
    return found


def read_given(query: Query, given: Sequence[Sequence[str]], context: "Context") -> dict[str, list[Term]]:
    """Return the terms of the *given* pairs; UsageProblem that names the parameter and what would do."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in given:
        if name not in query.parameters:
            names = (*query.parameters, *RESERVED)
            raise UsageProblem("parameter-unknown", name=name[:80], known=nearest(name, names) or ", ".join(names))
        texts[name].append(text)
    for name, several in texts.items():
        if len(several) > 1 and not query.parameters[name].many:
            raise UsageProblem("parameter-many", name=name, limit=1)
    return read_values(query, texts, context.store, names_of(context))


def _form(query: Query, form: str, accept: str | None) -> tuple[str, str]:
    """Return the form and the media type of the answer; Refusal (404, 406) for one that is not offered."""
    table = query.form != "CONSTRUCT"
    offered = _TABLES if table else _GRAPHS
    if form:
        if form not in _OWN or not (table or form in ("ttl", "rq")):
            known = ", ".join(f".{MEDIA[media]}" for media in offered if media != RESULTS_JSON)
            raise Refusal(404, "query-extension", name=query.name, extension=form[:20], known=known)
        return form, _OWN[form]
    media = choose(accept, offered)
    if media is None:
        raise Refusal(406, "request-accept", known=", ".join((*offered, "text/html")))
    chosen = MEDIA[media]
    return chosen, _OWN[chosen] if chosen in ("csv", "md", "ttl") else with_charset(media)


_NAMES: dict[str, NameIndex] = {}


def names_of(context: "Context") -> NameIndex:
    """Return the names in the graph of *context*, indexed once."""
    if context.release is not None:
        return context.release.names
    if context.digest not in _NAMES:
        _NAMES[context.digest] = NameIndex(context.store)
    return _NAMES[context.digest]


def permalink(context: "Context", query: Query, values: Mapping[str, Sequence[Term]]) -> str:
    """Return the address here of this answer in this release, with the values that were given."""
    given = [(name, term.value) for name, terms in values.items() for term in terms]
    return f"{context.base}/r/{context.digest}/queries/{query.name}" + (f"?{urlencode(given)}" if given else "")


def _json(answer: Answer, link: str, proofs: Sequence[Sequence[str]] | None, *, cut: bool) -> bytes:
    """Return SPARQL 1.1 Query Results JSON with one more member, ``campuskg``, that readers of the standard ignore."""
    rows = answer.rows
    bindings = [
        {name: json_term(term) for name, term in zip(rows.variables, row, strict=True) if term is not None} for row in rows.rows
    ]
    about: dict[str, object] = {
        "query": answer.query.name,
        "question": answer.query.question._asdict(),
        "parameters": {name: _values(parameter, answer) for name, parameter in answer.query.parameters.items()},
        "columns": dict(zip(rows.variables, answer.headings(), strict=True)),
        "note": answer.query.note._asdict(),
        "release": answer.digest,
        "permalink": link,
        "cite": iso_690(answer),
        "licence": LICENCE_IRI,
        "truncated": cut,
    }
    if proofs is not None:
        about["evidence"] = [list(found) for found in proofs]
    found = {"head": {"vars": list(rows.variables)}, "results": {"bindings": bindings}, "campuskg": about}
    return json.dumps(found, ensure_ascii=False).encode()


def _values(parameter: Parameter, answer: Answer) -> dict[str, object]:
    """Return what held for *parameter*: the reader's values, else the defaults."""
    given = answer.values.get(parameter.name)
    terms = given or parameter.default
    return {
        "given": bool(given),
        "values": [{**json_term(term), "label": answer.shown(parameter.name, term)} for term in terms],
    }


def index_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return the catalogue as JSON: every query with its parameters and columns."""
    del task
    names = names_of(context)
    return Reply({}, json.dumps([described(query, names) for query in catalogue().values()], ensure_ascii=False).encode())


def warm(context: "Context") -> None:
    """Read, before workers are locked in, the files that answers need, and index the names."""
    catalogue()
    load_terms()
    query = next(iter(catalogue().values()))
    answer = answer_query(query, context.store, names_of(context), "fr", digest=context.digest)
    for form in FORMS if answer.is_table else ():
        render(answer, form)  # loads the writers and the encodings that they look up


TASKS: "Final[dict[str, Task]]" = {"query": answer_task, "catalogue": index_task}
