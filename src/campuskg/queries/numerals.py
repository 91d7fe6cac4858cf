"""Dates, whole numbers and amounts as French and English readers type them."""

import datetime as dt
import re
from decimal import Decimal
from typing import Final

_SPACES: Final = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d)")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRENCH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_THOUSANDS: Final = 3
MAX_DIGITS: Final = 15


def read_date(text: str) -> str | None:
    """Return the ISO form of a whole date, ISO or French; None for anything else: a year alone is not a date.

    >>> read_date("01/09/2021"), read_date("2021-09-01"), read_date("2021"), read_date("31/02/2021")
    ('2021-09-01', '2021-09-01', None, None)
    """
    iso, french = _ISO.fullmatch(text), _FRENCH.fullmatch(text)
    if not (iso or french):
        return None
    parts = iso.groups() if iso else french.groups()[::-1] if french else ()
    try:
        return dt.date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return None


def read_integer(text: str) -> int | None:
    """Return a whole number, with or without spaces between the thousands.

    >>> read_integer("15 000"), read_integer("-3"), read_integer("1.5")
    (15000, -3, None)
    """
    digits = _SPACES.sub("", text)
    return int(digits) if re.fullmatch(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}", digits) else None


def read_amount(text: str) -> Decimal | None:
    """Return an amount, French or English, with or without the euro sign; None when it could be read in two ways.

    >>> read_amount("15 000,50 €"), read_amount("15,000.50"), read_amount("15,000"), read_amount("15000")
    (Decimal('15000.50'), Decimal('15000.50'), None, Decimal('15000'))
    """
    plain = _SPACES.sub("", text.replace("€", " ").strip())
    if not re.fullmatch(rf"[+-]?[0-9][0-9.,]{{0,{MAX_DIGITS + 3}}}", plain):
        return None
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return Decimal(plain)
    whole, _, decimals = plain.rpartition(marks[-1])
    if len(set(marks)) == 1:
        return Decimal(f"{whole}.{decimals}") if len(marks) == 1 and len(decimals) in (1, 2) else None
    groups = whole.lstrip("+-").split(marks[0])
    grouped = len(set(marks[:-1])) == 1 and marks[-1] not in whole and all(len(group) == _THOUSANDS for group in groups[1:])
    return Decimal(f"{whole.replace(marks[0], '')}.{decimals}") if grouped and decimals else None
