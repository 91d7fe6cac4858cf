"""Views inside the workers: the picture of a view, as a page and in every form that it has."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from campuskg.errors import CampuskgError, Lang, nearest
from campuskg.publish.answers import Answer
from campuskg.publish.pages_view import render_view, render_views
from campuskg.publish.spreadsheet import as_xlsx
from campuskg.publish.view_data import answer_of, view_csv, view_json
from campuskg.publish.view_svg import view_svg
from campuskg.release import Release
from campuskg.server.answering import known_query, names_of, read_given
from campuskg.server.problem import Refusal
from campuskg.server.thing_tasks import frame_of
from campuskg.store.workers import Reply
from campuskg.viz import Picture, View, picture_of, views
from campuskg.viz.gexf import to_gexf
from campuskg.viz.graphml import to_graphml
from campuskg.viz.picture import own_values

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

OWN: Final = ("lang", "embed", "svg")
"""Parameters that every view has; the others are those of its query."""
_MOST: Final = 32
_KEPT: "OrderedDict[tuple[object, ...], Picture]" = OrderedDict()
"""Pictures of late: a page and its data ask for the same one."""


def list_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the list of views."""
    return Reply({"status": 200}, render_views(frame_of(context, task), views()).encode())


def page_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a view, or the page that others embed."""
    frame = replace(frame_of(context, task), section=known_view(task["name"]).section)
    drawn, answer = drawing(context, task["name"], frame.query, frame.lang)
    return Reply({"status": 200}, render_view(frame, drawn, answer, views()).encode())


def file_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Write a view as a file; arguments: ``name``, ``form``, ``given`` (pairs), ``lang``."""
    frame = frame_of(context, task)
    drawn, answer = drawing(context, task["name"], frame.query, frame.lang)
    match task["form"]:
        case "json":
            body = view_json(drawn, answer, frame.root)
        case "xlsx":
            body = as_xlsx(answer)
        case "svg":
            body = view_svg(drawn, answer).encode()
        case "csv":
            body = view_csv(answer)
        case "gexf":
            body = to_gexf(drawn)
        case "graphml":
            body = to_graphml(drawn)
        case _:
            from campuskg.viz.standalone import to_html  # in the workers only: the server starts sooner without pyvis

            body = to_html(drawn)
    return Reply({"status": 200}, body)


def drawing(context: "Context", name: str, query: Sequence[tuple[str, str]], lang: Lang) -> tuple[Picture, Answer]:
    """Return the picture of the view *name* with the values of *query*, and the answer that it draws."""
    view = known_view(name)
    given = [(key, value) for key, value in query if key not in OWN and value.strip()]
    key = (context.digest, name, lang, tuple(given))
    if key not in _KEPT:
        release, asked = release_of(context), known_query(view.query)
        values = {**own_values(view, asked, release), **read_given(asked, given, context)}
        rows = release.store.select(asked.bound(values))
        _KEPT[key] = picture_of(view, asked, values, rows, release, lang)
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    _KEPT.move_to_end(key)
    return _KEPT[key], answer_of(_KEPT[key], names_of(context))


def known_view(name: str) -> View:
    """Return the view *name*; Refusal (404) with near names when there is none."""
    found = views().get(name)
    if found is None:
        raise Refusal(404, "view-unknown", name=name[:80], known=nearest(name, views()) or ", ".join(views()))
    return found


_LOOSE: dict[str, Release] = {}


def release_of(context: "Context") -> Release:
    """Return the release served; a plain RDF file stands for one that has only its dataset."""
    if context.release is not None:
        return context.release
    if context.digest not in _LOOSE:
        _LOOSE[context.digest] = Release(Path(), {"outputs": {"dataset.nq": context.digest}}, context.store)
    return _LOOSE[context.digest]


def warm(context: "Context") -> None:
    """Read, before workers are locked in, what pictures and their files need: each view is drawn once."""
    from campuskg.viz import standalone  # noqa: F401  no worker can import it later

    frames: list[dict[str, Any]] = [{"frame": {"lang": lang, "path": "/views", "query": []}} for lang in ("fr", "en")]
    for frame in frames:
        list_task(context, frame)
    for name in views():
        with suppress(CampuskgError):  # another graph than ours may lack what the view begins with
            file_task(context, {**frames[0], "name": name, "form": "svg"})
    with suppress(CampuskgError):
        _warm_forms(context, next(iter(views())), frames)


def _warm_forms(context: "Context", name: str, frames: Sequence[Mapping[str, Any]]) -> None:
    """Make one view once as a page, as others embed it, and in every form."""
    for query in ([], [["embed", "1"]]):
        page_task(context, {"frame": {"lang": "fr", "path": "/views", "query": query}, "name": name})
    for form in ("json", "xlsx", "csv", "gexf", "graphml"):
        file_task(context, {**frames[0], "name": name, "form": form})
    for frame in frames:
        file_task(context, {**frame, "name": name, "form": "html"})


TASKS: "Final[Mapping[str, Task]]" = {"view-list": list_task, "view-page": page_task, "view-file": file_task}
