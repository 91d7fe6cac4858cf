"""campuskg: a sourced knowledge graph of French Campus des métiers et des qualifications.

For researchers, partnership planners and publishers of linked data. The public entry points are the ``campuskg``
command and the sub-packages named after the content folders they read (``ontology``, ``graph``, ``queries``).
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from campuskg.errors import Lang
    from campuskg.notebook import Graph

__all__ = ["__version__", "open_release"]

try:
    __version__ = version("campuskg")
except PackageNotFoundError:  # a source tree on the path without installation
    __version__ = "0+unknown"


def open_release(folder: "str | Path" = "release", *, lang: "Lang | None" = None, endpoint: str | None = None) -> "Graph":
    """Return the release in *folder*, to ask, to draw and to compute with; MissingInput when there is none.

    With *endpoint*, it is the release that the SPARQL service at this address holds, and no folder is needed.
    Nothing else is imported before the first call: ``import campuskg`` stays light.
    """
    from campuskg.notebook import open_graph

    return open_graph(folder, lang=lang, endpoint=endpoint)
