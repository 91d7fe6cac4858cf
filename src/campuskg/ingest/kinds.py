"""The kinds of columns: from the clean text of a cell to its value, as column expressions; null when it is no such thing."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import polars as pl

from campuskg.ingest import checksums
from campuskg.ingest.mapping import Column
from campuskg.ontology import expand

Node = Literal["text", "iri", "date", "decimal", "integer", "year", "flag"]
"""How a value is written in RDF."""

SCIENTIFIC: Final = r"^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$"
_URL: Final = r"^https?://[^\s<>\x22{}|\\^`\x00-\x20]+\.[^\s<>\x22{}|\\^`\x00-\x20]+$"


def _checked(text: pl.Expr, valid: pl.Expr) -> pl.Expr:
    return pl.when(valid).then(text)


def _text(text: pl.Expr, _: Column) -> pl.Expr:
    return text  # repaired before: only it needs to know what its block holds


def _pattern(pattern: str, *, upper: bool = False) -> Callable[[pl.Expr, Column], pl.Expr]:
    def kind(text: pl.Expr, _: Column) -> pl.Expr:
        cased = text.str.to_uppercase() if upper else text
        return _checked(cased, cased.str.contains(pattern))

    return kind


def _uai(text: pl.Expr, _: Column) -> pl.Expr:
    upper = text.str.to_uppercase()
    return _checked(upper, checksums.uai(upper))


def _squeezed(text: pl.Expr, *, point: bool = False) -> pl.Expr:
    """Return digits without the blanks that people put between groups; with *point*, with points for commas."""
    blanks = dict.fromkeys((" ", "\u00a0", "\u202f", "\t"), "")
    return text.str.replace_many(blanks | {",": "."} if point else blanks)


def _siren(text: pl.Expr, _: Column) -> pl.Expr:
    digits = _squeezed(text)
    return _checked(digits, checksums.siren(digits))


def _siret(text: pl.Expr, _: Column) -> pl.Expr:
    digits = _squeezed(text)
    return _checked(digits, checksums.siret(digits))


def _siren_of_siret(text: pl.Expr, _: Column) -> pl.Expr:
    digits = _squeezed(text)
    return _checked(digits.str.slice(0, 9), checksums.siret(digits))


def _siren_of_vat(text: pl.Expr, _: Column) -> pl.Expr:
    digits = text.str.extract("^FR[0-9A-Z]{2}([0-9]{9})$", 1)
    return _checked(digits, checksums.siren(digits))


def _ror(text: pl.Expr, _: Column) -> pl.Expr:
    bare = text.str.to_lowercase().str.replace("^https?://ror\\.org/", "")
    return _checked(bare, checksums.ror(bare))


def _wikidata(text: pl.Expr, _: Column) -> pl.Expr:
    return text.str.extract("^(?:https?://www\\.wikidata\\.org/(?:wiki|entity)/)?(Q[1-9][0-9]*)$", 1)


def _fiche(text: pl.Expr, _: Column) -> pl.Expr:
    return text.str.to_uppercase().str.extract("^((?:RNCP|RS)[0-9]{1,6})$", 1)


def _rncp(text: pl.Expr, _: Column) -> pl.Expr:
    number = text.str.to_uppercase().str.extract("^(?:RNCP)?0*([1-9][0-9]{0,5})$", 1)
    return pl.concat_str([pl.lit("RNCP"), number])


def _rncp_of_fiche(text: pl.Expr, _: Column) -> pl.Expr:
    return text.str.to_uppercase().str.extract("^(RNCP[0-9]{1,6})$", 1)


def _commune(text: pl.Expr, _: Column) -> pl.Expr:
    return _checked(text, text.str.contains("^(?:[0-9]{5}|2[ABab][0-9]{3})$")).str.to_uppercase()


def _departement(text: pl.Expr, _: Column) -> pl.Expr:
    code = text.str.to_uppercase().str.extract("^D?(?:0([0-9][0-9AB])|([0-9][0-9AB]|9[78][0-9]))$", 1)
    return code.fill_null(text.str.to_uppercase().str.extract("^D?([0-9][0-9AB]|9[78][0-9])$", 1))


def _region(text: pl.Expr, _: Column) -> pl.Expr:
    return text.str.extract("^R?([0-9]{2})$", 1)


def _academy(text: pl.Expr, _: Column) -> pl.Expr:
    return text.str.extract("^A?0?([0-9]{1,2})$", 1).str.zfill(2)


def _decimal(text: pl.Expr, _: Column) -> pl.Expr:
    """Return a number with a point and no grouping, whichever way it was written; 1,234.5 is read by nobody twice: refused."""
    number = _squeezed(text, point=True)
    return _checked(number, number.str.contains(r"^-?[0-9]+(\.[0-9]+)?$"))


def _integer(text: pl.Expr, _: Column) -> pl.Expr:
    return _squeezed(text).str.extract("^(-?[0-9]{1,15})(?:[.,]0+)?$", 1)


def _bounded(limit: float) -> Callable[[pl.Expr, Column], pl.Expr]:
    def kind(text: pl.Expr, column: Column) -> pl.Expr:
        number = _decimal(text, column)
        return _checked(number, number.cast(pl.Float64, strict=False).abs() <= limit)

    return kind


def date_parts(text: pl.Expr, *, end: bool) -> tuple[pl.Expr, pl.Expr]:
    """Return the day as ISO 8601 and its precision; a month or a year stands for its first day, or its last when *end*."""
    day = text.str.head(10)
    alone = (text == day) | text.str.contains("^.{10}[T ]")
    iso = pl.when(alone).then(day).str.to_date("%Y-%m-%d", strict=False)
    french = text.str.extract("^([0-9]{2}/[0-9]{2}/[0-9]{4})(?: .*)?$", 1).str.to_date("%d/%m/%Y", strict=False)
    month = text.str.extract("^([0-9]{4}-[0-9]{2})$", 1).add("-01").str.to_date("%Y-%m-%d", strict=False)
    year = text.str.extract("^([12][0-9]{3})$", 1).add("-12-31" if end else "-01-01").str.to_date("%Y-%m-%d", strict=False)
    month = month.dt.month_end() if end else month
    by_day = pl.when(iso.is_not_null() | french.is_not_null()).then(pl.lit("day"))
    precision = by_day.when(month.is_not_null()).then(pl.lit("month")).when(year.is_not_null()).then(pl.lit("year"))
    value = pl.when(iso.is_not_null()).then(day).otherwise(pl.coalesce(french, month, year).dt.strftime("%Y-%m-%d"))
    return value, precision


def _date(text: pl.Expr, column: Column) -> pl.Expr:
    return date_parts(text, end=column.end)[0]


def _url(text: pl.Expr, _: Column) -> pl.Expr:
    bare = text.str.contains(r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/|$)")
    full = pl.when(bare).then(pl.concat_str([pl.lit("http://"), text])).otherwise(text)
    return _checked(full, full.str.contains(_URL))


def _flag(text: pl.Expr, _: Column) -> pl.Expr:
    table = {
        "0": "false",
        "1": "true",
        "non": "false",
        "oui": "true",
        "false": "false",
        "true": "true",
        "n": "false",
        "o": "true",
    }
    return text.str.to_lowercase().replace_strict(table, default=None, return_dtype=pl.String)


def _choice(text: pl.Expr, column: Column) -> pl.Expr:
    table = {written: expand(term) for written, term in column.values.items()}
    table |= {written.lower(): term for written, term in table.items()}
    otherwise = expand(column.otherwise) if column.otherwise else None
    return text.str.to_lowercase().replace_strict(table, default=otherwise, return_dtype=pl.String)


KINDS: Final[Mapping[str, tuple[Callable[[pl.Expr, Column], pl.Expr], Node, str]]] = {
    "text": (_text, "text", ""),
    "uai": (_uai, "text", "import-uai"),
    "siren": (_siren, "text", "import-siren"),
    "siret": (_siret, "text", "import-siret"),
    "siren-of-siret": (_siren_of_siret, "text", ""),
    "siren-of-vat": (_siren_of_vat, "text", ""),
    "ror": (_ror, "text", "import-ror"),
    "wikidata": (_wikidata, "text", "import-wikidata"),
    "fiche": (_fiche, "text", "import-rncp"),
    "rncp": (_rncp, "text", "import-rncp"),
    "rncp-of-fiche": (_rncp_of_fiche, "text", ""),
    "commune": (_commune, "text", "import-insee"),
    "departement": (_departement, "text", "import-insee"),
    "region": (_region, "text", "import-insee"),
    "academy": (_academy, "text", "import-insee"),
    "rome": (_pattern("^[A-N][0-9]{4}$", upper=True), "text", "import-code"),
    "code": (_pattern("^[A-Za-z0-9][A-Za-z0-9._/ -]*$"), "text", "import-code"),
    "decimal": (_decimal, "decimal", "import-number"),
    "integer": (_integer, "integer", "import-number"),
    "latitude": (_bounded(90), "decimal", "import-coordinate"),
    "longitude": (_bounded(180), "decimal", "import-coordinate"),
    "metres": (_bounded(20_000_000), "decimal", "import-coordinate"),
    "date": (_date, "date", "import-date"),
    "url": (_url, "iri", "import-url"),
    "flag": (_flag, "flag", "import-flag"),
    "choice": (_choice, "iri", "import-choice"),
}
"""Kind -> (the expression, how its values are written, the code of a cell that is none; none: it never complains)."""
