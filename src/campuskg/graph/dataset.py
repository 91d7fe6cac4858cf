"""What the published data are: the fixed part of their catalogue entry, from ``graph/dataset.ttl``."""

from functools import cache

import pyoxigraph as ox

from campuskg.content import content


@cache
def dataset_description() -> tuple[ox.Triple, ...]:
    """Return the triples that describe the catalogue, the series of releases, their publisher and licence."""
    return tuple(quad.triple for quad in ox.parse(path=content("graph") / "dataset.ttl", format=ox.RdfFormat.TURTLE))
