"""The tables of the server, put together from the modules that know the parts: routes, tasks, what is loaded before, hooks.

A new part of the server is a name in ``PARTS``; what it offers are its ``ROUTES``, ``TASKS`` and ``HOOKS``.
"""

from importlib import import_module
from types import ModuleType
from typing import Final

from campuskg.server.routes import Handler, Route
from campuskg.server.tasks import Task, Warmer

PARTS: Final = (
    *("evaluate", "sparql", "status", "metrics", "rest", "answering", "search", "facets", "asking", "completion", "openapi"),
    *("ontology_pages", "resources", "thing_tasks", "pages", "planning", "dossier", "sections", "views"),
)
"""The modules, in the order in which their routes are tried."""


def part(name: str) -> ModuleType:
    """Return the module of one part."""
    return import_module(f"campuskg.server.{name}")


def routes() -> tuple[Route, ...]:
    """Return every route; the first that matches answers."""
    return tuple(route for name in PARTS for route in getattr(part(name), "ROUTES", ()))


def tasks() -> dict[str, Task]:
    """Return every task by its name."""
    return {task: do for name in PARTS for task, do in getattr(part(name), "TASKS", {}).items()}


def warmers() -> tuple[tuple[Warmer, ...], tuple[Warmer, ...]]:
    """Return what loads, before workers are locked in, the templates and modules that tasks need: the usual ones, the late."""
    from campuskg.server import (
        answering,
        asking,
        dossier,
        facets,
        ontology_pages,
        openapi,
        pages,
        planning,
        resources,
        search,
        sections,
        thing_tasks,
        views,
    )

    usual = (
        pages.warm,
        resources.warm,
        thing_tasks.warm,
        answering.warm,
        search.warm,
        asking.warm,
        openapi.warm,
        facets.warm,
    )
    late = (ontology_pages.warm, sections.warm, views.warm, planning.warm, dossier.warm, resources.warm_dataset)
    return usual, late


def hooks() -> dict[str, Handler]:
    """Return the HTML pages that other parts offer to readers who prefer HTML.

    ``editor``: GET /sparql, with or without a query (results are shown by the page itself); ``limits``: GET /limits;
    ``ontology``: GET /ontology…; ``search``: GET /search.
    A hook that is missing means that HTML is not offered there.
    """
    return {hook: page for name in PARTS for hook, page in getattr(part(name), "HOOKS", {}).items()}
