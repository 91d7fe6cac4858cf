"""Dates of reduced precision, against the calendar of the standard library."""

import datetime as dt
import itertools

import pytest

from campuskg.graph.dates import date_span, is_moment


def test_every_day_of_a_leap_and_a_common_year() -> None:
    for year in (2023, 2024):
        day = dt.date(year, 1, 1)
        while day.year == year:
            assert date_span(day.isoformat()) == (day.isoformat(), day.isoformat(), "day")
            day += dt.timedelta(days=1)


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_months_end_the_day_before_the_next(year: int) -> None:
    for month in range(1, 13):
        span = date_span(f"{year}-{month:02d}")
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        assert span == (f"{year}-{month:02d}-01", (after - dt.timedelta(days=1)).isoformat(), "month")


def test_years() -> None:
    assert date_span("2021") == ("2021-01-01", "2021-12-31", "year")


def test_days_that_do_not_exist() -> None:
    existing = 0
    for month, day in itertools.product(range(14), range(33)):
        text = f"2023-{month:02d}-{day:02d}"
        try:
            dt.date(2023, month, day)
        except ValueError:
            with pytest.raises(ValueError, match=r".+"):
                date_span(text)
        else:
            assert date_span(text).first == text
            existing += 1
    assert existing == 365


@pytest.mark.parametrize("text", ["0000", "2021-00", "2021-13", "2021-02-29", "", "2021-", "hier", "2021-1-1-1"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        date_span(text)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2022-06-09T18:07:00", True),
        ("2022-06-09T18:07:00Z", True),
        ("2022-06-09T18:07:00+02:00", True),
        ("2022-06-31T18:07:00", False),
        ("2022-06-09T25:07:00", False),
        ("2022-06-09 18:07:00", False),
        ("2022-06-09T18:07", False),
        ("20220609T180700", False),
        ("2022-W23-4", False),
    ],
)
def test_moments(text: str, *, valid: bool) -> None:
    assert is_moment(text) is valid
