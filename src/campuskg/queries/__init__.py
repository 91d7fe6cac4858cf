"""Reader of the ``queries`` folder: the catalogue (one question a file), the checks (any row is a violation), the tables."""

from campuskg.queries.binding import bind, written
from campuskg.queries.catalogue import catalogue, checks, find_query, load_queries, tags
from campuskg.queries.choices import Choice, choices
from campuskg.queries.header import read_query
from campuskg.queries.model import Answer, Column, Form, Parameter, ParameterType, Query, View, ViewType
from campuskg.queries.parameters import read_values
from campuskg.queries.tables import Table, tables

__all__ = [
    "Answer",
    "Choice",
    "Column",
    "Form",
    "Parameter",
    "ParameterType",
    "Query",
    "Table",
    "View",
    "ViewType",
    "bind",
    "catalogue",
    "checks",
    "choices",
    "find_query",
    "load_queries",
    "read_query",
    "read_values",
    "tables",
    "tags",
    "written",
]
