"""How errors are answered: problem details (RFC 9457), plain text or a plain page, in the reader's language."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from campuskg.errors import CampuskgError, Lang, Place, Problem, UsageProblem
from campuskg.server.negotiation import HTML, choose
from campuskg.server.response import Response
from campuskg.store.answer import AnswerTooLong
from campuskg.store.failures import RemoteFailed
from campuskg.store.workers import AnswerTooBig, PoolBusy, QueryTimedOut, QueryTooBig, WorkerLost

PROBLEM_JSON: Final = "application/problem+json"
_OFFERED: Final = (PROBLEM_JSON, "application/json", "text/plain", HTML)


_STATUS: Final[Mapping[type[CampuskgError], int]] = {
    QueryTimedOut: 504,
    QueryTooBig: 422,
    AnswerTooBig: 413,
    AnswerTooLong: 413,
    PoolBusy: 503,
    WorkerLost: 503,
    RemoteFailed: 502,
    UsageProblem: 400,
}
"""The first class that fits decides, unless the code does.

413 is about a size (of a body, a text, an answer), 422 about what a query costs.
"""

_STATUS_BY_CODE: Final = {
    "query-too-long": 413,
    "remote-query-refused": 400,
    "remote-too-big": 413,
    "remote-cut": 413,
    "remote-timeout": 504,
    "remote-resting": 503,
    "remote-changed": 503,
    "query-too-deep": 422,
    "query-too-many-operators": 422,
    "query-too-many-clauses": 422,
}


class Refusal(UsageProblem):
    """An error with its HTTP status: a request that is not answered, and why."""

    def __init__(self, status: int, code: str, /, headers: Mapping[str, str] | None = None, **params: object) -> None:
        """Keep the *status*, the catalogue *code*, extra *headers* (Allow, Retry-After) and the *params* of the words."""
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(code, **params)


def refusal(error: CampuskgError) -> Refusal:
    """Return *error* as a refusal: those of the workers have a status by their kind, any other one is ours (500)."""
    if isinstance(error, Refusal):
        return error
    code, params = getattr(error, "code", None), dict(getattr(error, "params", {}))
    status = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), None)
    if status is None or code is None:
        return Refusal(500, "server-fault")
    status = _STATUS_BY_CODE.get(code, status)
    wait = {"retry-after": str(getattr(error, "retry_after", 1))} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Refusal(status, code, wait, **params)


def problem_response(problem: Refusal, accept: str | None, lang: Lang, base: str = "") -> Response:
    """Return the answer that says *problem* in *lang*, in the form that *accept* prefers; never kept by a cache.

    *base* is the public address, below which the links of a page lead.
    """
    words = Problem(problem.code, Place(""), problem.params).words(lang)
    phrase = HTTPStatus(problem.status).phrase
    media = choose(accept, _OFFERED) or PROBLEM_JSON
    if media == HTML:
        body, media = _page(problem, words, lang, base), f"{HTML}; charset=utf-8"
    elif media == "text/plain":
        body, media = f"{problem.status} {phrase}\n{words} [{problem.code}]\n".encode(), "text/plain; charset=utf-8"
    else:
        details = {"type": "about:blank", "title": phrase, "status": problem.status, "detail": words, "code": problem.code}
        body = json.dumps({**details, **_extensions(problem, lang)}, ensure_ascii=False).encode()
    headers = [
        ("content-type", media),
        ("content-language", lang),
        ("cache-control", "no-store"),
        ("vary", "Accept, Accept-Language, Cookie"),
        *problem.headers.items(),
    ]
    return Response(problem.status, headers, body)


def _extensions(problem: Refusal, lang: Lang) -> dict[str, object]:
    """Return the parameters of the message as members of the problem (RFC 9457, section 3.2)."""
    reserved = ("type", "title", "status", "detail", "code", "instance")
    shown = {name: value[lang] if isinstance(value, dict) else value for name, value in problem.params.items()}
    return {name: value for name, value in shown.items() if name not in reserved and isinstance(value, (str, int, float))}


def _page(problem: Refusal, words: str, lang: Lang, base: str) -> bytes:
    """Return the page for readers; only the process that speaks HTTP makes it, so only that one imports the templates."""
    from campuskg.publish.pages import Frame
    from campuskg.publish.pages_home import render_problem

    path = str(problem.params.get("path", "")) if problem.status == HTTPStatus.NOT_FOUND else ""
    return render_problem(Frame(lang, "", base=base), problem.status, problem.code, words, path).encode()
