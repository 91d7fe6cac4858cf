"""Reader of ``viz/views``: one view a file, a query of the catalogue and how to draw its answer."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args

from campuskg.content import content
from campuskg.errors import InternalFault, Text, UsageProblem, nearest
from campuskg.viz.model import Drawing, View

SECTIONS: Final = ("network", "territory", "money", "projects", "organisations", "trainings", "data")
"""The sections of the site, in their order."""
_TEXTS: Final = ("title", "about", "size_words", "weight_words", "relation")
_PLAIN: Final = ("query", "drawing", "section", "colour", "size", "proof", "start", "roles", "directed")


@cache
def views() -> Mapping[str, View]:
    """Return the views by name, by section and then by name."""
    found = [read_view(path.stem, path.read_text("utf-8")) for path in (content("viz") / "views").glob("*.toml")]
    return {view.name: view for view in sorted(found, key=lambda view: (SECTIONS.index(view.section), view.name))}


def read_view(name: str, text: str) -> View:
    """Return the view that the file *name* describes; InternalFault when it is none, for the files are ours."""
    try:
        return _view(name, tomllib.loads(text))
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InternalFault("own-file", file=f"viz/views/{name}.toml", said=f"{type(error).__name__}: {error}"[:300]) from error


def find_view(name: str) -> View:
    """Return the view *name*; UsageProblem with near names when there is none."""
    if name not in views():
        raise UsageProblem("view-unknown", name=name, known=nearest(name, views()) or ", ".join(views()))
    return views()[name]


def _view(name: str, table: Mapping[str, Any]) -> View:
    """Return the view of one file; what it holds is checked by the tests, for the files are ours."""
    texts: Mapping[str, Any] = {key: Text(table[key]["fr"], table[key]["en"]) for key in _TEXTS if key in table}
    plain = {key: table[key] for key in _PLAIN if key in table}
    values = {key: tuple(value) for key, value in table.get("values", {}).items()}
    unknown = set(table) - {*_TEXTS, *_PLAIN, "values", "apart"}
    assert not unknown, (name, unknown)  # noqa: S101  our own file
    assert table["drawing"] in get_args(Drawing), name  # noqa: S101
    assert table["section"] in SECTIONS, name  # noqa: S101
    return View(name=name, values=values, apart=tuple(table.get("apart", ())), **plain, **texts)
