"""``/ask``: a question in French or English, to the queries of the catalogue that may answer it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from campuskg.ask import MAX_LENGTH, Asker, Candidate, told
from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.publish.words import date
from campuskg.release.names import NameIndex
from campuskg.server.answering import names_of
from campuskg.server.app import App
from campuskg.server.asked import only
from campuskg.server.negotiation import prefers_html
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.response import JSON, Response, json_answer
from campuskg.server.routes import Route
from campuskg.store.engine import Term
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_ASKERS: dict[str, Asker] = {}


def asker_of(context: "Context") -> Asker:
    """Return who answers questions about the graph of *context*, made once."""
    if context.digest not in _ASKERS:
        _ASKERS[context.digest] = Asker(context.store)
    return _ASKERS[context.digest]


def ask_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Return what is made of the question ``q`` in the language ``lang``."""
    lang: Lang = task["lang"]
    outcome = asker_of(context).ask(task["q"])

    def shown(term: Term) -> str:
        return value_in_words(term, names_of(context), lang)

    words = told(outcome, shown, lang)
    candidates = [
        {
            "query": candidate.name,
            "question": candidate.card.query.question._asdict(),
            "score": round(candidate.score, 3),
            "parameters": {name: _values(terms, shown) for name, terms in candidate.filling.values.items()},
            "defaults": {name: _values(candidate.card.query.parameters[name].default, shown) for name in candidate.unfilled},
            "reasons": list(words.reasons[at]),
            "href": _href(candidate),
        }
        for at, candidate in enumerate(outcome.candidates)
    ]
    found = {
        "q": task["q"],
        "verdict": outcome.verdict,
        "message": words.message,
        "chosen": candidates[0]["query"] if outcome.verdict == "chosen" else None,
        "candidates": candidates,
        "themes": list(words.themes),
    }
    return Reply({"found": found}, b"")


def value_in_words(term: Term, names: NameIndex, lang: Lang) -> str:
    """Return one value as readers see it."""
    if isinstance(term, ox.NamedNode):
        return names.name(term.value, lang)
    return date(term.value, lang) if isinstance(term, ox.Literal) and term.datatype.value.endswith("#date") else term.value


def _values(terms: Sequence[Term], shown: Callable[[Term], str]) -> list[dict[str, str]]:
    return [{"value": short(term), "label": shown(term)} for term in terms]


def _href(candidate: Candidate) -> str:
    pairs = [(name, short(term)) for name, terms in candidate.filling.values.items() for term in terms]
    return f"/queries/{candidate.name}" + (f"?{urlencode(pairs)}" if pairs else "")


def short(term: Term) -> str:
    """Return *term* as an address holds it: the id of a thing of ours, the notation of a code, the value of a literal."""
    value = term.value
    if value.startswith(BASE_IRI + "scheme/"):
        return value.rpartition("/")[2]
    return value.removeprefix(BASE_IRI + "id/")


def warm(context: "Context") -> None:
    """Index the catalogue and the names for questions, before workers are locked in."""
    asker_of(context)


async def ask(request: Request, app: App) -> Response:
    """GET /ask?q=: the chosen query and the other candidates as JSON, or a page for who prefers one."""
    page = app.hooks.get("ask")
    if page is not None and prefers_html(request.accept, (JSON,)):
        return await page(request, app)
    only(request, "q", "lang")
    text = (request.get("q") or "").strip()
    if not text:
        raise Refusal(400, "ask-empty")
    if len(text) > MAX_LENGTH:
        raise Refusal(400, "ask-long", limit=MAX_LENGTH)
    reply = await app.run("ask", request, q=text, lang=request.lang)
    answer = json_answer(reply.meta["found"], keep=True)
    answer.headers.append(("vary", "Accept, Accept-Language, Cookie"))
    return answer


ROUTES: Final = (Route(("GET",), "/ask", ask),)
TASKS: "Final[dict[str, Task]]" = {"ask": ask_task}
