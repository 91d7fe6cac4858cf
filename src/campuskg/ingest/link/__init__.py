"""Which imported thing is which curated one: proposals with reasons, for a person to accept; the accepted ones as triples."""

from campuskg.ingest.link.decide import Link, link
from campuskg.ingest.link.links_file import as_yaml, proposals_left
from campuskg.ingest.link.reviewed import Entry, Review, read_review
from campuskg.ingest.link.statements import link_quads
from campuskg.ingest.link.things import Thing, curated, imported

__all__ = [
    "Entry",
    "Link",
    "Review",
    "Thing",
    "as_yaml",
    "curated",
    "imported",
    "link",
    "link_quads",
    "proposals_left",
    "read_review",
]
