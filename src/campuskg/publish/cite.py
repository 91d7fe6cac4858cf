"""How to cite an answer: the query, its parameters and the digest of the release, so that it can be asked again."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from campuskg.errors import Text
from campuskg.publish import words
from campuskg.publish.answers import Answer, address

AUTHOR = "campuskg"


def iso_690(answer: Answer) -> str:
    """Return a reference in the manner of ISO 690:2021 (online data set, part of a release)."""
    medium = answer.text(Text("[jeu de données en ligne]", "[online dataset]"))
    parts = [f"{AUTHOR}. {_title(answer)} {medium}"]
    if answer.digest:
        parts.append(f"{answer.text(Text('Livraison', 'Release'))} SHA-256 {answer.digest}")
    if answer.issued:
        parts.append(words.date(answer.issued, answer.lang))
    available = answer.text(Text("Disponible à l'adresse", "Available at"))
    parts.append(f"{available}{_colon(answer)} {permalink(answer)}")
    return ". ".join(parts) + "."


def bibtex(answer: Answer) -> str:
    """Return a BibTeX entry."""
    key = re.sub(r"[^A-Za-z0-9]", "", answer.query.name) + answer.digest[:8]
    fields = [("author", AUTHOR), ("title", _tex(_title(answer)))]
    if answer.issued:
        fields.append(("year", answer.issued[:4]))
    if answer.digest:
        fields.append(("version", f"SHA-256 {answer.digest}"))
    fields += [("url", permalink(answer)), ("note", _tex(_given(answer)))]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{campuskg:{key},\n{body}\n}}\n"


def permalink(answer: Answer) -> str:
    """Return the address of this answer in its release, with the parameters that were given."""
    given = [(name, term.value) for name, terms in answer.values.items() for term in terms]
    return address(answer) + (f"?{urlencode(given)}" if given else "")


def _title(answer: Answer) -> str:
    given = _given(answer)
    return answer.query.asked(answer.lang) + (f" ({given})" if given else "")


def _given(answer: Answer) -> str:
    return _joined([f"{label}{_colon(answer)} {value}" for label, value in answer.parameters()], answer)


def _joined(parts: Sequence[str], answer: Answer) -> str:
    return (" ; " if answer.lang == "fr" else "; ").join(parts)


def _colon(answer: Answer) -> str:
    return "\u00a0:" if answer.lang == "fr" else ":"


def _tex(text: str) -> str:
    r"""Return *text* with the characters that TeX would act on written as plain ones.

    >>> _tex("50 % & {plus}")
    '50 \\% \\& \\{plus\\}'
    """
    return re.sub(r"[&%$#_{}]", lambda mark: "\\" + mark[0], text.replace("\\", r"\textbackslash "))
