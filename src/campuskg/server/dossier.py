"""Dossiers over HTTP: the list, each campus as a page to print (/dossier/msi) and as a workbook (/dossier/msi.xlsx)."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from campuskg.errors import Lang
from campuskg.publish.formats import FORMS
from campuskg.server.asked import only
from campuskg.server.problem import Refusal
from campuskg.server.resources import html
from campuskg.server.response import HTML, Response
from campuskg.server.routes import Route
from campuskg.server.thing_tasks import frame_of
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.publish.dossier.compose import Dossier
    from campuskg.release import Release
    from campuskg.server.app import App
    from campuskg.server.request import Request
    from campuskg.server.tasks import Context, Task

_SECONDS: Final = 60.0
_SHOWN: Final = 80
_LANGUAGES: Final = 2
_KEPT: Final[dict[tuple[str, str, str, str], "Dossier"]] = {}
"""The last dossier in both languages."""
_XLSX: Final = FORMS["xlsx"].media_type


def _release(context: "Context") -> "Release":
    """Return the release served; Refusal (404) where a plain RDF file is."""
    if context.release is None:
        raise Refusal(404, "resource-no-release")
    return context.release


def shelf_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the list of dossiers."""
    from campuskg.publish import dossier as made  # in the workers only: the server starts sooner without it
    from campuskg.publish.dossier.shelf import render_shelf

    release = _release(context)
    return Reply({}, render_shelf(frame_of(context, task), release, made.campuses(release)).encode())


def _made(context: "Context", name: str, lang: Lang, at: str) -> "Dossier":
    """Return the dossier of the campus *name*: the one made last for the page where the workbook is asked for next."""
    from campuskg.publish import dossier as made

    key = (context.digest, name, lang, at)
    if key not in _KEPT:
        release = _release(context)
        known = made.campuses(release)
        if name not in known:
            raise Refusal(404, "dossier-unknown", name=name[:_SHOWN], known=", ".join(known))
        while len(_KEPT) >= _LANGUAGES:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = made.dossier(release, name, lang, at)
    return _KEPT[key]


def dossier_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the dossier of the campus ``name`` on the day ``at``, as a page or, with ``form`` xlsx, as a workbook."""
    from campuskg.publish import dossier as made  # in the workers only: the server starts sooner without it

    found = _made(context, task["name"], task["lang"], task["at"])
    if task["form"] == "xlsx":
        return Reply({"media": _XLSX, "file": f"dossier-{found.slug}-{found.lang}.xlsx"}, made.as_workbook(found))
    page = made.as_html(found)
    return Reply({"media": HTML, "security": made.security_of(page)}, page.encode())


async def shelf(request: "Request", app: "App") -> Response:
    """GET /dossier: the list."""
    only(request, "lang")
    return await html(request, app, "page-dossiers")


async def one(request: "Request", app: "App") -> Response:
    """GET /dossier/{campus}: a page under its own content security policy, or a workbook."""
    only(request, "lang", "at")
    name, _, form = request.params["campus"].partition(".")
    if form not in ("", "html", "xlsx"):
        raise Refusal(404, "dossier-unknown", name=request.params["campus"][:_SHOWN], known=f"{name}, {name}.xlsx")
    at = _day(request.get("at") or "")
    reply = await app.run("dossier", request, lane="page", timeout=_SECONDS, name=name, form=form, at=at, lang=request.lang)
    headers = [
        ("content-type", reply.meta["media"]),
        ("content-language", request.lang),
        ("vary", "Accept-Language, Cookie"),
        ("etag", f'"{sha256(reply.body).hexdigest()[:32]}"'),
    ]
    if "security" in reply.meta:
        headers.append(("content-security-policy", reply.meta["security"]))
    if "file" in reply.meta:
        headers.append(("content-disposition", f'attachment; filename="{reply.meta["file"]}"'))
    return Response(200, headers, reply.body, keep=True)


def _day(at: str) -> str:
    """Return *at* when it is an ISO day or nothing; Refusal (400) otherwise."""
    with suppress(ValueError):
        if not at or dt.date.fromisoformat(at).isoformat() == at:  # not 20220630 or 2022-W10-1, which Python reads too
            return at
    raise Refusal(400, "dossier-date", at=at[:_SHOWN])


def warm(context: "Context") -> None:
    """Make one dossier in every form before workers are locked in: templates, outlines, words, the writers' modules."""
    from campuskg.publish import dossier as made  # in the workers only: the server starts sooner without it

    if context.release is None:
        return
    for lang in ("fr", "en"):
        shelf_task(context, {"frame": {"lang": lang, "path": "/dossier", "query": []}})
    first = next(iter(made.campuses(context.release)), None)
    for form, lang in (("html", "fr"), ("xlsx", "en")) if first else ():
        dossier_task(context, {"name": first, "form": form, "at": "", "lang": lang})


ROUTES: Final = (Route(("GET",), "/dossier", shelf), Route(("GET",), "/dossier/{campus}", one))
TASKS: "Final[Mapping[str, Task]]" = {"page-dossiers": shelf_task, "dossier": dossier_task}
