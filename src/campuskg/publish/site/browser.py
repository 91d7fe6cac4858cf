"""SPARQL in the browser: the graph as the worker of the editor loads it, and the editor's page told where it is."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.publish.pages import built_assets
from campuskg.publish.site.rules import as_json
from campuskg.release import Release

_FORM: Final = " data-editor>"
_LEVEL: Final = 6
"""Of compression: a higher one takes seconds for a few per cent."""


def graph_file(release: Release) -> tuple[str, bytes]:
    """Return name and bytes of the graph for the browser: with its layers, packed, named after its digest."""
    return f"static/dataset-{release.digest[:16]}.nq.gz", _packed(release.folder / "dataset.nq")


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), _LEVEL, mtime=0)


def engine_files() -> list[Path]:
    """Return the files of the WebAssembly engine, as the build of the scripts made them."""
    return sorted((content("viz") / "web" / "dist").glob("*.wasm"))


def in_browser(html: str, release: Release) -> str:
    """Return the editor's page with the places of graph and engine, and the rules by which its links find their pages."""
    worker = built_assets().get("wasm-worker.js")
    if worker is None:
        return html
    graph, body = graph_file(release)
    sizes = f'data-bytes="{len(body)}" data-engine-bytes="{sum(path.stat().st_size for path in engine_files())}"'
    form = f' data-editor data-worker="/static/{worker}" data-dump="/{graph}" {sizes}>'
    rules = json.dumps(as_json()).replace("<", "\\u003c")
    block = f'<script type="application/json" data-rules>{rules}</script>\n</head>'
    return html.replace(_FORM, form, 1).replace("</head>", block, 1)
