"""The two tables of the server, put together from the modules that know the parts: routes for the edge, tasks for the workers.

A new part of the server adds its ``ROUTES`` and ``TASKS`` here; the pages add their hooks.
"""

from campuskg.server.routes import Handler, Route
from campuskg.server.tasks import Task, Warmer


def routes() -> tuple[Route, ...]:
    """Return every route; the first that matches answers."""
    from campuskg.server import (
        asking,
        completion,
        dossier,
        metrics,
        ontology_pages,
        openapi,
        pages,
        planning,
        resources,
        rest,
        search,
        sections,
        sparql,
        status,
        views,
    )

    parts = (
        sparql,
        status,
        metrics,
        rest,
        search,
        asking,
        completion,
        openapi,
        ontology_pages,
        resources,
        pages,
        planning,
        dossier,
        sections,
        views,
    )
    return tuple(route for part in parts for route in part.ROUTES)


def tasks() -> dict[str, Task]:
    """Return every task by its name."""
    from campuskg.server import (
        answering,
        asking,
        completion,
        dossier,
        evaluate,
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

    parts = (
        evaluate,
        answering,
        search,
        facets,
        asking,
        completion,
        openapi,
        pages,
        resources,
        thing_tasks,
        ontology_pages,
        planning,
        dossier,
        sections,
        views,
    )
    return {name: task for part in parts for name, task in part.TASKS.items()}


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
    from campuskg.server import facets, ontology_pages, pages

    return {**pages.HOOKS, **ontology_pages.HOOKS, **facets.HOOKS}
