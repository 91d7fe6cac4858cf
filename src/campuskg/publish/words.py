"""Numbers, dates and amounts as French and English readers write them."""

from decimal import Decimal, InvalidOperation
from typing import Final

from campuskg.errors import Lang

_MONTHS: Final = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_THIN: Final = "\u202f"


def number(text: str, lang: Lang, decimals: int | None = None) -> str:
    """Return the number *text* in the reader's manner; other texts come back unchanged.

    >>> number("15790", "en"), number("0.5", "fr")
    ('15,790', '0,5')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if decimals is None:
        value = value.normalize()
        shown = f"{value:,f}"
    else:
        shown = f"{value:,.{decimals}f}"
    return shown if lang == "en" else shown.replace(",", _THIN).replace(".", ",")


def euro(text: str, lang: Lang) -> str:
    """Return an amount in euros.

    >>> euro("15790", "en")
    '€15,790'
    """
    return f"€{number(text, lang)}" if lang == "en" else f"{number(text, lang)}{_THIN}€"


def percent(text: str, lang: Lang) -> str:
    """Return a percentage with one decimal.

    >>> percent("57.0001", "en")
    '57.0%'
    """
    return f"{number(text, lang, 1)}%" if lang == "en" else f"{number(text, lang, 1)}{_THIN}%"


def date(text: str, lang: Lang, precision: str = "day") -> str:
    """Return an ISO date in words, at its precision.

    >>> date("2021-02-04", "fr"), date("2021-02-01", "en", "month"), date("2021-01-01", "fr", "year")
    ('4 février 2021', 'February 2021', '2021')
    """
    try:
        year, month, day = (int(part) for part in text.split("-"))
        name = _MONTHS[lang][month - 1]
    except (ValueError, IndexError):
        return text
    if precision == "year":
        return str(year)
    if precision == "month":
        return f"{name} {year}"
    first = "1er" if day == 1 and lang == "fr" else str(day)
    return f"{first} {name} {year}"


def period(first: str, last: str, lang: Lang, precisions: tuple[str, str] = ("day", "day")) -> str:
    """Return a moment or a period in words; either end may be empty.

    >>> period("2021-02-01", "2021-02-28", "fr", ("month", "month"))
    'février 2021'
    >>> period("2021-11-08", "", "en"), period("2021-11-08", "", "fr"), period("2021-08-01", "", "fr", ("month", "day"))
    ('from 8 November 2021', 'à partir du 8 novembre 2021', "à partir d'août 2021")
    >>> period("", "2021-11-08", "fr"), period("", "2021-12-31", "fr", ("day", "year"))
    ("jusqu'au 8 novembre 2021", "jusqu'en 2021")
    """
    start = date(first, lang, precisions[0]) if first else ""
    end = date(last, lang, precisions[1]) if last else ""
    if start == end:
        return start
    if not end:
        return _since(start) if lang == "fr" else f"from {start}"
    if not start:
        return _until(end) if lang == "fr" else f"until {end}"
    return f"{start} – {end}"


def _since(start: str) -> str:
    """Return « à partir de » and a French date: with an article before a day, elided before a vowel."""
    if start.count(" ") > 1:
        return f"à partir du {start}"
    return f"à partir d'{start}" if start[0] in "ao" else f"à partir de {start}"


def _until(end: str) -> str:
    """Return « jusqu'à » and a French date."""
    return f"jusqu'au {end}" if end.count(" ") > 1 else f"jusqu'en {end}"
