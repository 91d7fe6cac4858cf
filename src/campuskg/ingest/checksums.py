"""Checks of identifiers as column expressions: the same rules as ``campuskg.graph.identifiers``, on millions of cells."""

from typing import Final

import polars as pl

_UAI_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LA_POSTE: Final = "356000000"


def uai(text: pl.Expr) -> pl.Expr:
    """Tell whether *text* is a UAI: seven digits and the letter of their remainder by 23."""
    number = text.str.slice(0, 7).cast(pl.Int64, strict=False)
    letter = (number % 23).replace_strict(dict(enumerate(_UAI_LETTERS)), default=None, return_dtype=pl.String)
    return (text.str.contains("^[0-9]{7}[A-Z]$") & (text.str.slice(7, 1) == letter)).fill_null(value=False)


def _digits(text: pl.Expr, length: int) -> list[pl.Expr]:
    """Return the digits of *text* from the right."""
    number = text.str.slice(0, length).cast(pl.Int64, strict=False)
    return [number // 10**place % 10 for place in range(length)]


def _luhn(text: pl.Expr, length: int) -> pl.Expr:
    """Tell whether the digits pass Luhn's check (ISO/IEC 7812-1)."""
    digits = _digits(text, length)
    total = digits[0]
    for place, digit in enumerate(digits[1:], start=1):
        total = total + (digit * 2 - 9 * (digit > 4).cast(pl.Int64) if place % 2 else digit)  # noqa: PLR2004  2 x 5 has two digits
    return total % 10 == 0


def siren(text: pl.Expr) -> pl.Expr:
    """Tell whether *text* is a SIREN: nine digits, Luhn."""
    return (text.str.contains("^[0-9]{9}$") & _luhn(text, 9)).fill_null(value=False)


def siret(text: pl.Expr) -> pl.Expr:
    """Tell whether *text* is a SIRET: fourteen digits, Luhn twice; offices of La Poste: digit sum a multiple of five."""
    digits = _digits(text, 14)
    total = digits[0]
    for digit in digits[1:]:
        total = total + digit
    post = text.str.starts_with(_LA_POSTE) & (total % 5 == 0)
    usual = _luhn(text, 14) & _luhn(text.str.slice(0, 9), 9)
    return (text.str.contains("^[0-9]{14}$") & (post | usual)).fill_null(value=False)


def ror(text: pl.Expr) -> pl.Expr:
    """Tell whether *text* is a ROR id: 0, six base-32 characters, two check digits (ISO/IEC 7064 MOD 97-10)."""
    values = {character: value for value, character in enumerate(_CROCKFORD)}
    number = pl.lit(0, dtype=pl.Int64)
    for place in range(7):
        number = number * 32 + text.str.slice(place, 1).replace_strict(values, default=None, return_dtype=pl.Int64)
    check = text.str.slice(7, 2).cast(pl.Int64, strict=False)
    return (text.str.contains("^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$") & (98 - number * 100 % 97 == check)).fill_null(value=False)
