"""Where the content folders are: in the wheel (``campuskg/_content``) or in a checkout."""

from functools import cache
from pathlib import Path
from typing import Literal

from campuskg.errors import MissingInput

Folder = Literal["ontology", "graph", "queries", "viz"]

BASE_IRI = "https://w3id.org/cmq/"
"""Base of every IRI we mint (docs/decisions/0002-iris.md). The one place in the code where it is written."""


@cache
def content_root() -> Path:
    """Return the folder that holds the content folders.

    Raises MissingInput when neither a wheel's ``_content`` nor a checkout's ``ontology`` is there.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "_content", package.parent.parent):
        if (root / "ontology" / "campus.ttl").is_file():
            return root
    raise MissingInput("content-missing", folder=str(package))


def content(folder: Folder) -> Path:
    """Return the path of one content *folder*."""
    return content_root() / folder
