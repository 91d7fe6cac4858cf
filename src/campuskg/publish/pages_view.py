"""The pages of the views: the list of them by section, and one page for each picture with its table, its query, its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from campuskg.errors import pick
from campuskg.publish.answers import Answer
from campuskg.publish.cite import iso_690
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_answer import answer_table, cut_note, row_count
from campuskg.publish.view_data import query_page
from campuskg.publish.view_form import ViewField
from campuskg.viz import SECTIONS, Picture, View

FORMS: Final = ("json", "gexf", "graphml", "csv", "xlsx", "svg", "html")
"""The files of a view, by their extension."""
_LABELS: Final = {
    "json": "JSON",
    "gexf": "GEXF",
    "graphml": "GraphML",
    "csv": "CSV",
    "xlsx": "XLSX",
    "svg": "SVG",
    "html": "HTML",
}
_NOT_VALUES: Final = frozenset(["lang", "embed", "svg"])


@dataclass(frozen=True, slots=True)
class Listed:
    """A view as the lists show it."""

    name: str
    title: str
    about: str


def render_views(frame: Frame, views: Mapping[str, View]) -> str:
    """Return the list of views, by section."""
    return render("views.html", frame, sections=_sections(frame, views))


def render_view(frame: Frame, picture: Picture, answer: Answer, views: Mapping[str, View], form: Sequence[ViewField] = ()) -> str:
    """Return the page of a view, with the *form* of its query; with ``?embed=1`` the picture alone, for the pages of others."""
    table, embed = answer_table(answer), ("embed", "1") in frame.query
    data = {
        "view": _listed(frame, picture.view),
        "drawing": picture.view.drawing,
        "groups": picture.groups,
        "measures": [
            text for text in (pick(picture.view.size_words, frame.lang), pick(picture.view.weight_words, frame.lang)) if text
        ],
        "counts": _counts(frame, picture),
        "answer": table,
        "row_count": row_count(table.count, frame.lang),
        "cut": cut_note(table, frame.lang),
        "files": [(_LABELS[form], file_address(frame, picture.view.name, form)) for form in FORMS],
        "data_href": file_address(frame, picture.view.name, "json"),
        "svg_href": file_address(frame, picture.view.name, "svg"),
        "page_href": frame.with_query("embed", ""),
        "sparql": answer.sparql,
        "query_name": picture.query.name,
        "query_href": query_page(picture),
        "editor_href": "/sparql?" + urlencode({"query": answer.sparql}, quote_via=quote),
        "cite": iso_690(answer),
        "sections": _sections(frame, views),
        "said": explorer_words(frame),
        "form": form,
    }
    return render("view_embed.html" if embed else "view.html", frame, **data)


def explorer_words(frame: Frame) -> dict[str, str]:
    """Return the words that the explorer needs, in the reader's language."""
    return {key: text for key, text in interface_words(frame.lang).items() if key.startswith("explorer_")}


def file_address(frame: Frame, name: str, form: str) -> str:
    """Return the address of the view as a file, with the reader's values and language; an empty value takes one away."""
    pairs = [(key, value) for key, value in frame.query if key not in _NOT_VALUES]
    return f"{frame.root}/views/{name}.{form}?{urlencode([*pairs, ('lang', frame.lang)])}"


def _counts(frame: Frame, picture: Picture) -> str:
    said = interface_words(frame.lang)
    things, links = len(picture.nodes), len(picture.edges)
    return said["view_counts" if links else "view_counts_things"].format(things=things, links=links)


def _listed(frame: Frame, view: View) -> Listed:
    return Listed(view.name, pick(view.title, frame.lang), pick(view.about, frame.lang))


def _sections(frame: Frame, views: Mapping[str, View]) -> Sequence[tuple[str, str, Sequence[Listed]]]:
    said = interface_words(frame.lang)
    found = [
        (key, said[f"view_section_{key}"], [_listed(frame, v) for v in views.values() if v.section == key]) for key in SECTIONS
    ]
    return [one for one in found if one[2]]
