"""Reader of the ``graph`` folder: curated YAML to sourced statements, with every problem at its place."""

from campuskg.graph.dataset import dataset_description
from campuskg.graph.evidence import Texts, check_evidence, read_texts
from campuskg.graph.load import Curated, curated_files, load_curated, shown_name
from campuskg.graph.records import Statement
from campuskg.graph.retired import Retired, load_retired
from campuskg.graph.sources import Locator, Source, load_sources, slug

__all__ = [
    "Curated",
    "Locator",
    "Retired",
    "Source",
    "Statement",
    "Texts",
    "check_evidence",
    "curated_files",
    "dataset_description",
    "load_curated",
    "load_retired",
    "load_sources",
    "read_texts",
    "shown_name",
    "slug",
]
