"""campuskg: a sourced knowledge graph of French Campus des métiers et des qualifications.

For researchers, partnership planners and publishers of linked data. The public entry points are the ``campuskg``
command and the sub-packages named after the content folders they read (``ontology``, ``graph``, ``queries``).
"""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("campuskg")
except PackageNotFoundError:  # a source tree on the path without installation
    __version__ = "0+unknown"
