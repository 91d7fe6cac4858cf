"""The error of a query that will not be run."""

from campuskg.errors import UsageProblem


class QueryRefused(UsageProblem):
    """A query that cannot be parsed or that the engine will not run."""
