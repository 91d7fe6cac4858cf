"""One HTML file that shows a view anywhere, offline: pyvis builds the network, our template and words present it.

pyvis is the reference library for such pages (https://pyvis.readthedocs.io); its own templates load files from elsewhere and
its pages move for seconds before they rest, so only its model of the network and the vis-network script that it ships are used.
"""

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyvis  # type: ignore[import-untyped]
from pyvis.network import Network  # type: ignore[import-untyped]

from campuskg.content import content
from campuskg.errors import Lang, pick
from campuskg.ontology import load_terms
from campuskg.viz.groups import colours
from campuskg.viz.layout import UNLIKE, as_network
from campuskg.viz.links import short
from campuskg.viz.model import Edge, Node, Picture, Shape
from campuskg.viz.plain import cleaned, colour_of, diameters

_ENGINE: Final = ("templates", "lib", "vis-9.1.2", "vis-network.min.js")
_SHAPES: Final[Mapping[Shape, str]] = {"circle": "dot", "square": "square", "diamond": "diamond", "triangle": "triangle"}
_PATHS: Final[Mapping[Shape, str]] = {
    "circle": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    "square": "M3 3h10v10H3z",
    "diamond": "M8 1l7 7l-7 7l-7-7z",
    "triangle": "M8 2l7 12H1z",
}
_TEMPLATE: Final = "page.html"
_LONGEST: Final = 34
_ROOM: Final = 0.7
"""Radius of a node for its diameter."""
_FONT: Final = 16
_SMALL: Final = 11
"""Size of the names that appear only nearer: those of the small things of a large picture."""
_ALL_NAMED: Final = 80
_NAMED: Final = 24
_WIDE: Final = 1.8
"""Pixels of the page for one unit of the layout's square, so that labels have room."""
_OPTIONS: Final[Mapping[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "tooltipDelay": 150,
        "hideEdgesOnDrag": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {
        "font": {"size": 15, "face": "system-ui, sans-serif", "color": "#1c2126", "strokeWidth": 3, "strokeColor": "#ffffff"},
        "borderWidth": 1,
        "scaling": {"label": {"enabled": True, "drawThreshold": 8}},
    },
    "edges": {
        "smooth": False,
        "arrows": {"to": {"scaleFactor": 0.4}},
        "color": {"color": "#a8b0b8", "highlight": "#1c2126", "hover": "#4a545e"},
        "selectionWidth": 2,
    },
}


def to_html(picture: Picture) -> bytes:
    """Return *picture* as one page that fetches nothing and rests from the first moment; the same picture, the same bytes."""
    network = Network(height="100%", width="100%", directed=True, heading=cleaned(pick(picture.view.title, picture.lang)))
    network.options = dict(_OPTIONS)
    named = _named(picture)
    for node, place, diameter in zip(picture.nodes, as_network(picture), diameters(picture.nodes), strict=True):
        network.add_node(
            node.id, **_drawn_node(node, place, diameter, picture), font={"size": _FONT if node.id in named else _SMALL}
        )
    top = max((edge.weight for edge in picture.edges), default=0.0)
    for edge in picture.edges:
        network.add_edge(edge.source, edge.target, **_drawn_edge(edge, picture, top))
    network.path, network.templateEnv = _TEMPLATE, _environment()
    network.templateEnv.globals.update(_page(picture))
    return str(network.generate_html(_TEMPLATE)).encode()


@cache
def _environment() -> Any:  # noqa: ANN401  pyvis has no types
    """Return what fills the template, read once: a locked-in worker of the server opens no file."""
    network = Network()
    network.set_template_dir(str(_folder()), _TEMPLATE)
    environment = network.templateEnv
    environment.autoescape, environment.auto_reload = True, False
    environment.get_template(_TEMPLATE)
    return environment


@cache
def _style() -> str:
    return (_folder() / "page.css").read_text("utf-8")


def _folder() -> Path:
    return content("viz") / "standalone"


@cache
def standalone_words(lang: Lang) -> Mapping[str, str]:
    """Return the words of the page in *lang*."""
    table = tomllib.loads((_folder() / "words.toml").read_text("utf-8"))
    return {key: words[lang] for key, words in table.items()}


@cache
def _scripts() -> tuple[str, str]:
    """Return the vis-network script of pyvis, and ours."""
    engine = Path(pyvis.__file__).parent.joinpath(*_ENGINE).read_text("utf-8")
    return engine.replace("</script", "<\\/script"), (_folder() / "page.js").read_text("utf-8")


def _page(picture: Picture) -> dict[str, Any]:
    """Return what the template shows beside the network."""
    words, (engine, script) = standalone_words(picture.lang), _scripts()
    counts = words["counts"].format(nodes=len(picture.nodes), edges=len(picture.edges))
    return {
        "lang": picture.lang,
        "words": words,
        "said": {key: words[key] for key in ("links", "nothing")},
        "about": pick(picture.view.about, picture.lang),
        "unlike": words["unlike"] if picture.edges and picture.view.drawing in (*UNLIKE, "sankey") else "",
        "values": _values(picture),
        "counts": counts,
        "size_words": pick(picture.view.size_words, picture.lang),
        "weight_words": pick(picture.view.weight_words, picture.lang),
        "legend": [
            {"label": g.label, "count": g.count, "colour": colours()[g.colour - 1], "path": _PATHS[g.shape]}
            for g in picture.groups
        ],
        "table": _table(picture),
        "sparql": picture.query.bound(picture.values),
        "digest": picture.digest,
        "style": _style(),
        "engine": engine,
        "script": script,
        "hashes": script_sources(),
    }


@cache
def script_sources() -> str:
    """Return the scripts of the page, of every picture the same, as a Content-Security-Policy names them."""
    return " ".join(map(_hash, _scripts()))


def _hash(text: str) -> str:
    """Return the source expression that allows exactly this script (Content Security Policy Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _values(picture: Picture) -> list[tuple[str, str]]:
    """Return the parameters that this picture was asked with."""
    query, names = picture.query, {node.id: cleaned(node.label) for node in picture.nodes}
    return [
        (
            pick(query.parameters[name].label, picture.lang),
            ", ".join(names.get(t.value) or _term_name(t.value, picture.lang) for t in terms),
        )
        for name, terms in picture.values.items()
        if name in query.parameters
    ]


def _named(picture: Picture) -> frozenset[str]:
    """Return the things whose names show from the first: all of a small picture, the greatest of a large one."""
    ordered = sorted(picture.nodes, key=lambda node: (-node.size, node.id))
    return frozenset(node.id for node in (ordered if len(ordered) <= _ALL_NAMED else ordered[:_NAMED]))


def _drawn_node(node: Node, place: tuple[float, float], diameter: float, picture: Picture) -> dict[str, Any]:
    """Return how vis-network draws *node*; every text is set as text, never as markup."""
    label = cleaned(node.label)
    group = next((group for group in picture.groups if group.key == node.group), None)
    return {
        "label": label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…",
        "title": label,
        "shape": _SHAPES[group.shape if group else "circle"],
        "color": colour_of(node, picture),
        "size": round(diameter * _ROOM, 2),
        "x": round(place[0] * _WIDE, 1),
        "y": round(place[1] * _WIDE, 1),
        "says": group.label if group else "",
    }


def _drawn_edge(edge: Edge, picture: Picture, top: float) -> dict[str, Any]:
    """Return how vis-network draws *edge*: wider with its share of the greatest weight, *top*."""
    says = "; ".join(
        part for part in (edge.relation, _measure(edge, picture.lang), _dates(edge), ", ".join(edge.passages)) if part
    )
    return {
        "id": edge.id,
        "title": cleaned(edge.relation),
        "says": f"({cleaned(says)})" if says else "",
        "width": round(1 + 5 * edge.weight / top, 2) if top > 0 else 1,
        "arrows": "to" if picture.view.directed else "",
    }


def _term_name(iri: str, lang: Lang) -> str:
    """Return the name of a listed term, or what identifies it."""
    return load_terms().labels.get(iri, {}).get(lang) or cleaned(short(iri))


def _measure(edge: Edge, lang: Lang) -> str:
    stage = f" ({_term_name(edge.stage, lang)})" if edge.stage else ""
    return (f"{edge.amount} €" if edge.amount else f"{edge.weight:g}") + stage


def _dates(edge: Edge) -> str:
    return f"{edge.begins or '…'} – {edge.ends or '…'}" if edge.begins or edge.ends else ""


def _table(picture: Picture) -> dict[str, Sequence[Any]]:
    """Return the table that says the same: one line a link, or one a thing where there are no links."""
    words = standalone_words(picture.lang)
    names = {node.id: cleaned(node.label) for node in picture.nodes}
    if not picture.edges:
        head = [words["item"], words["measure"], words["dates"]]
        return {
            "head": head,
            "rows": [(names[n.id], f"{n.size:g}", " – ".join(d for d in (n.begins, n.ends) if d)) for n in picture.nodes],
        }
    head = [words[key] for key in ("from", "relation", "to", "measure", "dates", "proof")]
    rows = [
        (
            names[e.source],
            cleaned(e.relation),
            names[e.target],
            _measure(e, picture.lang),
            _dates(e),
            cleaned(", ".join(e.passages)),
        )
        for e in picture.edges
    ]
    return {"head": head, "rows": rows}


def data_of(page: bytes) -> dict[str, Any]:
    """Return what a page made here draws, for who checks it."""
    text = page.decode()
    start = text.index('id="data">') + len('id="data">')
    found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    return found
