"""Which imported thing is which curated one: proposals with their reasons, for a person to accept."""

from campuskg.ingest.link.decide import Link, link
from campuskg.ingest.link.links_file import as_yaml
from campuskg.ingest.link.things import Thing, curated, imported

__all__ = ["Link", "Thing", "as_yaml", "curated", "imported", "link"]
