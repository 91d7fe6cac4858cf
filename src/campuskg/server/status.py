"""What the server says of itself: its limits, whether it is up, whether it can answer."""

from html import escape
from typing import Final

from campuskg.errors import Lang
from campuskg.server.app import App
from campuskg.server.negotiation import HTML, choose
from campuskg.server.problem import Refusal
from campuskg.server.request import Request
from campuskg.server.response import Response, answer, json_answer
from campuskg.server.routes import Route

_JSON: Final = "application/json"
_TEXT: Final = "text/plain"
_VARY: Final = ("vary", "Accept, Accept-Language, Cookie")
_TITLE: Final = {"fr": "Limites du service", "en": "Limits of the service"}
_HEADINGS: Final = {"fr": ("Nom", "Valeur", "Ce qu'elle borne", "Option"), "en": ("Name", "Value", "What it bounds", "Option")}


async def limits(request: Request, app: App) -> Response:
    """Return every limit with its value, its unit, its meaning in both languages and the option that sets it."""
    media = choose(request.accept, (_JSON, _TEXT, HTML))
    if media == HTML and "limits" in app.hooks:
        return await app.hooks["limits"](request, app)
    rows = [(x.name, f"{x.value:g} {x.unit}".strip(), getattr(x.meaning, request.lang), x.option) for x in app.limits.table()]
    if media == _JSON:
        response = json_answer({"limits": app.limits.as_json(request.lang)}, keep=True)
    elif media == _TEXT:
        text = "".join(f"{name}\t{value}\t{meaning}\t{option}\n" for name, value, meaning, option in rows)
        response = answer(text.encode(), "text/plain; charset=utf-8", keep=True)
    elif media == HTML:
        response = answer(_page(rows, request.lang), "text/html; charset=utf-8", keep=True)
    else:
        raise Refusal(406, "request-accept", known=f"{_JSON}, {_TEXT}, {HTML}")
    response.headers += [_VARY, ("content-language", request.lang)]
    return response


def _page(rows: list[tuple[str, str, str, str]], lang: Lang) -> bytes:
    heads = "".join(f"<th>{escape(word)}</th>" for word in _HEADINGS[lang])
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{_TITLE[lang]}</title>'
        f'<meta name="viewport" content="width=device-width"></head>\n<body><main><h1>{_TITLE[lang]}</h1>\n'
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{lines}</tbody></table></main></body></html>\n"
    ).encode()


async def health(request: Request, app: App) -> Response:  # noqa: ARG001  every handler has this signature
    """Say that the process is up, without asking a worker."""
    return json_answer({"status": "up"})


async def ready(request: Request, app: App) -> Response:
    """Say that a real query went through a worker just now; 503 otherwise."""
    await app.run("ready", request, timeout=min(5.0, app.limits.timeout))
    counted = {"triples": app.triples} if app.counted else {}
    return json_answer({"status": "ready", "digest": app.digest, **counted})


ROUTES: Final = (
    Route(("GET",), "/limits", limits),
    Route(("GET",), "/health", health),
    Route(("GET",), "/ready", ready),
)
