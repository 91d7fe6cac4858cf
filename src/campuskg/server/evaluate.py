"""A visitor's query, inside a worker: parsed, run on the dataset that was asked for, written in the form that was asked for."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from campuskg.server.negotiation import (
    ASK_MEDIA,
    GRAPH_MEDIA,
    HTML,
    JSON_LD,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    SELECT_MEDIA,
)
from campuskg.server.problem import Refusal
from campuskg.store import AnswerLimits, AnswerTooBig, Dataset, QueryRefused, inspect
from campuskg.store.answer import AnswerTooLong, Solutions, serialised
from campuskg.store.disk import damage
from campuskg.store.mistakes import place
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_RESULTS: Final = {"application/json": RESULTS_JSON, "application/xml": RESULTS_XML}
_GRAPHS: Final = {"application/json": JSON_LD, "application/xml": RDF_XML}
"""What the general media types stand for."""
_FUNCTION: Final = re.compile(r"custom function <([^>]*)>")
_MIB: Final = 1024 * 1024


def sparql(context: "Context", task: dict[str, Any]) -> Reply:
    """Run the query of *task*; the meta says which media type the answer has and by which limit it was cut, if it was.

    Arguments: ``query``, ``dataset`` (whether the text names one; None: not yet inspected), ``default`` and ``named``
    (graph IRIs), ``media`` (the media type by form of answer), ``bytes`` and ``rows`` (limits), ``truncate``.
    """
    answer = run(context, task["query"], task["default"], task["named"], dataset=task["dataset"])
    form = {ox.QuerySolutions: "select", ox.QueryBoolean: "ask"}.get(type(answer), "graph")
    media = task["media"][form]
    if media is None:
        raise not_acceptable(form)
    body, cut = write(answer, media, AnswerLimits(task["bytes"], task["rows"], cut=task["truncate"]))
    return Reply({"media": media, "form": form, "cut": cut}, body)


def not_acceptable(form: str) -> Refusal:
    """Return the 406 that lists what an answer of this *form* can be had as (RFC 9110, section 15.5.7)."""
    offered = {"select": SELECT_MEDIA, "ask": ASK_MEDIA}.get(form, GRAPH_MEDIA)
    return Refusal(406, "request-accept", known=", ".join((*offered, HTML) if form == "page" else offered))


def run(
    context: "Context",
    query: str,
    default: Sequence[str] = (),
    named: Sequence[str] = (),
    *,
    dataset: bool | None = None,
) -> Solutions:
    """Run *query*; a dataset of the request wins over one in the query, and the union of all graphs is the default one.

    SPARQL 1.1 Protocol, section 2.1.4. *dataset* tells whether a query that was inspected names one. Raises QueryRefused
    for what passes a limit, Refusal (400) for what cannot be parsed or run.
    """
    if dataset is None:
        found = inspect(query, context.guard)
        if found.form == "UPDATE":
            raise QueryRefused("query-update")
        dataset = found.dataset
    try:
        return context.store.solutions(query, Dataset(default, named), named_in_text=dataset, base=f"{context.base}/sparql")
    except SyntaxError as error:
        raise _syntax(str(error), query) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise _not_run(str(error)) from error


def write(answer: Solutions, media: str, limits: AnswerLimits) -> tuple[bytes, str]:
    """Return *answer* as *media*, and by which limit it was cut (``bytes=…``, ``rows=…``); Refusal (413) when it may not be."""
    exact = _GRAPHS if isinstance(answer, ox.QueryTriples) else _RESULTS
    try:
        written = serialised(answer, exact.get(media, media), limits)
    except AnswerTooBig as error:
        raise Refusal(413, "answer-too-long", limit=(limits.bytes_ or 0) // _MIB or 1) from error
    except AnswerTooLong as error:
        raise Refusal(413, error.code, limit=error.limit) from error
    except (OSError, ValueError, RuntimeError, SyntaxError) as error:  # the last: what an engine elsewhere wrote
        raise damage(error) or Refusal(400, "query-not-run") from error
    return written.body, written.cut


def _not_run(message: str) -> Refusal:
    """Return why the engine refuses a query that parses: most often a function that it does not know."""
    match = _FUNCTION.search(message)
    return Refusal(400, "query-function", function=match[1][:200]) if match else Refusal(400, "query-not-run")


def _syntax(message: str, query: str) -> Refusal:
    """Return what is wrong with the text, where, and what to do about it."""
    found = place(message, query)
    return Refusal(400, "query-not-run") if found.pop("said") else Refusal(400, "query-syntax", None, **found)


def graphs(context: "Context", task: dict[str, Any]) -> Reply:  # noqa: ARG001  every task has this signature
    """Return the number of triples of each named graph, and of distinct ones in their union, the default graph."""
    counted = context.store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    counts = {row["g"]: int(row["n"]) for row in counted.dicts()}
    union = context.store.select("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }").dicts()
    return Reply({"graphs": counts, "union": int(union[0]["n"]), "digest": context.digest}, b"")


def ready(context: "Context", task: dict[str, Any]) -> Reply:  # noqa: ARG001  every task has this signature
    """Answer a real, small query: the store is there and the engine works."""
    if context.check is not None:
        context.check()
    return Reply({"rows": len(context.store.select("SELECT ?s { ?s ?p ?o } LIMIT 1").rows)}, b"")


TASKS: Final[Mapping[str, "Task"]] = {"sparql": sparql, "graphs": graphs, "ready": ready}
