"""Dates of reduced precision, as curators write them: a year, a month or a day (a subset of ISO 8601 and EDTF level 0)."""

import calendar
import datetime as dt
import re
from typing import Final, Literal, NamedTuple

Precision = Literal["day", "month", "year"]

_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?")


class DateSpan(NamedTuple):
    """The first and the last day that a date of reduced precision covers."""

    first: str
    last: str
    precision: Precision


def date_span(text: str) -> DateSpan:
    """Return the days covered by *text* (``2021``, ``2021-02`` or ``2021-02-04``); ValueError when there is no such day.

    >>> date_span("2021-02")
    DateSpan(first='2021-02-01', last='2021-02-28', precision='month')
    """
    parts = [int(part) for part in text.split("-")]
    match parts:
        case [year]:
            dt.date(year, 1, 1)
            return DateSpan(f"{year:04d}-01-01", f"{year:04d}-12-31", "year")
        case [year, month]:
            dt.date(year, month, 1)
            last = calendar.monthrange(year, month)[1]
            return DateSpan(f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-{last:02d}", "month")
        case _:
            day = dt.date(*parts).isoformat()
            return DateSpan(day, day, "day")


def is_date(text: str) -> bool:
    """Tell whether *text* is a year, a month or a day that exists."""
    try:
        date_span(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Tell whether *text* is a day and time that exist, as xsd:dateTime writes them.

    >>> is_moment("2022-06-09T18:07:00"), is_moment("2022-06-31T18:07:00"), is_moment("2022-06-09")
    (True, False, False)
    """
    if not _MOMENT.fullmatch(text):
        return False
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
