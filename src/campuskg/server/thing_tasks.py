"""The pages of things inside the workers: the page of a path, the page of what is missing, the page of a search."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from campuskg.ontology import CMQ
from campuskg.publish.authorities import authorities
from campuskg.publish.locator import outlines
from campuskg.publish.pages import Frame, load_templates
from campuskg.publish.pages_missing import render_missing
from campuskg.publish.pages_resource import render_resource
from campuskg.publish.sentences import Sentences
from campuskg.server.problem import Refusal
from campuskg.server.resource_tasks import found, published_of
from campuskg.server.signposting import header, links_of
from campuskg.store.workers import Reply

if TYPE_CHECKING:
    from campuskg.server.tasks import Context, Task

_WARMING: Final = ("id/campus/msi", "scheme/sector", "scheme/rank/normal", "graph/facts", "ontology")


def frame_of(context: "Context", task: Mapping[str, Any]) -> Frame:
    """Return what surrounds the page of *task*."""
    frame = task["frame"]
    pairs = tuple((str(name), str(value)) for name, value in frame["query"])
    return Frame(frame["lang"], frame["path"], pairs, context.digest, context.base)


def page_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page about the resource ``path``; the meta has its links as a header."""
    published = published_of(context)
    signs = found(published, task["path"])
    text = render_resource(frame_of(context, task), task["path"], published, context.corrections)
    return Reply({"link": header(links_of(signs, context.base), signs, context.base)}, text.encode())


def missing_task(context: "Context", task: Mapping[str, Any]) -> Reply:
    """Make the page of a path that has no document."""
    return Reply({}, render_missing(frame_of(context, task), task["path"], published_of(context)).encode())


def warm(context: "Context") -> None:
    """Load every template and table that the pages need."""
    if context.release is None:
        return
    outlines()
    authorities()
    load_templates()
    Sentences(context.release.names, "fr").statement({"rdf:type": [CMQ.Participation]})
    for lang in ("fr", "en"):
        frame: dict[str, Any] = {"frame": {"lang": lang, "path": "/", "query": []}}
        missing_task(context, {**frame, "path": "id/organisation/nobody"})
        for path in _WARMING:
            try:
                page_task(context, {**frame, "path": path})
            except Refusal:  # another graph than ours has other things
                continue


TASKS: "Final[Mapping[str, Task]]" = {"resource-page": page_task, "page-missing": missing_task}
