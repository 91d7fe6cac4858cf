"""The page « Données »: the files with sizes and digests, the doors for machines, the layers, how to cite, versions."""

from typing import Final

from campuskg.content import BASE_IRI
from campuskg.errors import Lang
from campuskg.publish import words
from campuskg.publish.pages import Frame, interface_words, render
from campuskg.publish.pages_entity import cite
from campuskg.publish.published import Published
from campuskg.publish.rdf_forms import RDF_FORMS
from campuskg.publish.sheet import Foot, Item
from campuskg.release.layers import LAYERS

_MEGA: Final = 1_000_000


def render_data(frame: Frame, path: str, published: Published) -> str:
    """Return the page about the data, at the address of the catalogue, of the series or of this release."""
    said = interface_words(frame.lang)
    dumps = [
        {
            "name": dump.name,
            "what": said[f"data_{dump.name.rpartition('.')[2]}"],
            "size": size(dump.size, frame.lang),
            "sha": dump.sha256,
        }
        for dump in published.dumps
    ]
    layers = [Item(said[f"graph_{layer}"], f"/page/graph/{layer}", said[f"graph_{layer}_lead"]) for layer in LAYERS]
    foot = Foot(
        BASE_IRI + path,
        tuple((f.label, f"/data/{path}.{f.extension}", f.media_type) for f in RDF_FORMS.values()),
        cite(said["data_title"], published.version, published, frame.lang),
    )
    version = {
        "iri": BASE_IRI + published.version,
        "href": f"/{published.version}",
        "date": words.date(published.date, frame.lang),
        "digest": published.release.digest,
    }
    return render("data.html", frame, dumps=dumps, layers=layers, foot=foot, version=version, title=_title(path, frame.lang))


def _title(path: str, lang: Lang) -> str:
    said = interface_words(lang)
    return said["data_title"] if not path.startswith("dataset/") else f"{said['data_title']} · {path.partition('/')[2]}"


def size(count: int, lang: Lang) -> str:
    r"""Return a number of bytes in megabytes.

    >>> size(24_078_925, "en")
    '24.1\xa0MB'
    """
    unit = "Mo" if lang == "fr" else "MB"
    return f"{words.number(str(count / _MEGA), lang, 1)}\u00a0{unit}"
