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
from campuskg.publish.view_form import emptied, fields, offered
from campuskg.publish.view_svg import view_svg
from campuskg.queries import Query
from campuskg.queries.choices import choices
from campuskg.release import Release
from campuskg.server.answering import known_query, names_of, read_given
from campuskg.server.problem import Refusal
from campuskg.server.thing_tasks import frame_of
from campuskg.store.workers import Reply
from campuskg.viz import Picture, View, picture_of, views
from campuskg.viz.gexf import to_gexf
from campuskg.viz.graphml import to_graphml
from campuskg.viz.picture import in_language, own_values

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

OWN: Final = ("lang", "embed", "svg")
"""Parameters that every view has; the others are those of its query."""
_MOST: Final = 32
_Asked = tuple[str, str, tuple[tuple[str, str], ...]]
"""Digest of the graph, name of the view, values given."""
_KEPT: OrderedDict[_Asked, dict[Lang, Picture]] = OrderedDict()
"""Pictures of late: a page and its data ask for the same one, and another language has the same rows and places."""
_CHOICES: dict[tuple[str, str], dict[str, list[str]]] = {}
"""Digest of the graph and name of the query -> what its parameters can be."""


def list_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the list of views."""
    return Reply({"status": 200}, render_views(frame_of(context, task), views()).encode())


def page_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a view, or the page that others embed."""
    frame = replace(frame_of(context, task), section=known_view(task["name"]).section)
    drawn, answer = drawing(context, task["name"], frame.query, frame.lang)
    form = fields(drawn, names_of(context), _choices(context, drawn.query))
    return Reply({"status": 200}, render_view(frame, drawn, answer, views(), form).encode())


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
            from campuskg.viz.standalone import script_sources, to_html  # with pyvis: in the workers only

            return Reply({"status": 200, "scripts": script_sources()}, to_html(drawn))
    return Reply({"status": 200}, body)


def drawing(context: "Context", name: str, query: Sequence[tuple[str, str]], lang: Lang) -> tuple[Picture, Answer]:
    """Return the picture of the view *name* with the values of *query*, and the answer that it draws."""
    view = known_view(name)
    given = tuple((key, value.strip()) for key, value in query if key not in OWN)
    pictures = _KEPT.setdefault((context.digest, name, given), {})
    _KEPT.move_to_end((context.digest, name, given))
    if lang not in pictures:
        release = release_of(context)
        known = next(iter(pictures.values()), None)
        pictures[lang] = in_language(known, release, lang) if known else _drawn(context, view, given, lang)
    while len(_KEPT) > _MOST:
        _KEPT.popitem(last=False)
    return pictures[lang], answer_of(pictures[lang], names_of(context))


def _drawn(context: "Context", view: View, given: Sequence[tuple[str, str]], lang: Lang) -> Picture:
    """Return the picture with the values *given*; a parameter sent empty takes even the view's own value away."""
    release, asked = release_of(context), known_query(view.query)
    without = emptied(asked, given)
    told = read_given(asked, [(name, value) for name, value in given if value and name not in without], context)
    own = {name: terms for name, terms in own_values(view, asked, release).items() if name not in without}
    values = {**own, **told}
    return picture_of(view, asked, values, release.store.select(asked.bound(values)), release, lang)


def _choices(context: "Context", query: Query) -> Mapping[str, Sequence[str]]:
    """Return what the parameters of *query* can be, worked out once for a graph."""
    key = context.digest, query.name
    if key not in _CHOICES:
        known = {
            one.name: [choice.term.value for choice in choices(context.store, one)]
            for one in query.parameters.values()
            if one.type in ("entity", "code")
        }
        _CHOICES[key] = offered(query, context.store.select(query.bound({})), known) if known else {}
    return _CHOICES[key]


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
