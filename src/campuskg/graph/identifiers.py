"""Checksums of the identifiers that the graph carries. Each function tells whether a text is a valid identifier."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_UAI_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LA_POSTE_SIREN: Final = "356000000"


def valid_uai(text: str) -> bool:
    """Check a UAI (répertoire académique et ministériel): seven digits and the letter of their remainder by 23.

    >>> valid_uai("0250011B"), valid_uai("0250011C")
    (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{7}[A-Z]", text)) and text[7] == _UAI_LETTERS[int(text[:7]) % 23]


def _luhn(digits: str) -> bool:
    total = sum(sum(divmod(int(d) * (2 if i % 2 else 1), 10)) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0


def valid_siren(text: str) -> bool:
    """Check a SIREN: nine digits, Luhn (ISO/IEC 7812-1).

    >>> valid_siren("242500361"), valid_siren("242500362")
    (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{9}", text)) and _luhn(text)


def valid_siret(text: str) -> bool:
    """Check a SIRET: fourteen digits, Luhn; the offices of La Poste follow another rule (digit sum a multiple of 5).

    >>> valid_siret("24250036100017"), valid_siret("24250036100018")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{14}", text):
        return False
    if text.startswith(_LA_POSTE_SIREN) and sum(map(int, text)) % 5 == 0:
        return True
    return _luhn(text) and valid_siren(text[:9])


def valid_ror(text: str) -> bool:
    """Check a ROR identifier: 0, six base-32 characters, two check digits (ISO/IEC 7064 MOD 97-10).

    >>> valid_ror("05813w841"), valid_ror("05813w842")
    (True, False)
    """
    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", text):
        return False
    number = 0
    for character in text[:7]:
        number = number * 32 + _CROCKFORD.index(character)
    return 98 - (number * 100) % 97 == int(text[7:])


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


IDENTIFIER_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "uai": valid_uai,
    "siren": valid_siren,
    "siret": valid_siret,
    "rorId": valid_ror,
    "rncpCode": _matches(r"RNCP[0-9]{1,6}"),
    "inseeCode": _matches(r"([0-9]{2}|2[AB])([0-9]{3})?|97[0-9]([0-9]{2})?"),
    "wikidataId": _matches(r"Q[1-9][0-9]*"),
}
"""Key of the curated files -> its check."""
