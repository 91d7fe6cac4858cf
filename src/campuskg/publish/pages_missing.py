"""The page of what is not there: a retired id with what replaces it, or an unknown one with the nearest names."""

from campuskg.content import BASE_IRI
from campuskg.publish import words
from campuskg.publish.drawn import Drawer
from campuskg.publish.pages import Frame, render
from campuskg.publish.published import Published
from campuskg.publish.sheet import Item


def render_missing(frame: Frame, path: str, published: Published) -> str:
    """Return the page for *path*, which has no document."""
    drawer = Drawer(published.release.names, frame.lang)
    asked = " ".join(path.rpartition("/")[2].replace("-", " ").split())
    if published.state(path) == "gone":
        gone = published.gone(path)
        other = drawer.thing(BASE_IRI + gone.replaced_by) if gone.replaced_by else None
        told = {"on": words.date(gone.on, frame.lang), "why": gone.why[frame.lang], "other": other}
        return render("gone.html", frame, path=path, gone=told, near=[], asked=asked)
    near: list[Item] = [drawer.thing(match.iri, _kind(match.iri, published, drawer)) for match in published.near(path)]
    return render("gone.html", frame, path=path, gone=None, near=near, asked=asked)


def _kind(iri: str, published: Published, drawer: Drawer) -> str:
    classes = published.classes(iri.removeprefix(BASE_IRI))[1:]
    return drawer.names.name(classes[0], drawer.lang) if classes else ""
