"""Reader of the ``queries`` folder: the catalogue (one question a file) and the checks (any row is a violation)."""

from campuskg.queries.catalogue import Query, catalogue, checks, find_query
from campuskg.queries.header import parse_header

__all__ = ["Query", "catalogue", "checks", "find_query", "parse_header"]
