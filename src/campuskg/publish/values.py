"""One value of a property as people read it: a name for a thing, an amount, a date, a number."""

from typing import Final

import pyoxigraph as ox

from campuskg.errors import Lang
from campuskg.ontology import compact
from campuskg.publish import words
from campuskg.release.names import NameIndex

_AMOUNTS: Final = ("Amount", ":amount", ":totalIncome", ":totalExpenditure")


def shown(predicate: str, value: ox.NamedNode | ox.Literal, names: NameIndex, lang: Lang) -> str:
    """Return *value* of the property *predicate* (an IRI) in words of *lang*."""
    if isinstance(value, ox.NamedNode):
        return names.name(value.value, lang)
    name, text, kind = compact(predicate), value.value, value.datatype.value
    if name.endswith(_AMOUNTS):
        return words.euro(text, lang)
    if name == "cmq:sharePercent":
        return words.percent(text, lang)
    if kind.endswith("#decimal"):
        return words.number(text, lang)
    return words.date(text, lang) if kind.endswith("#date") else text
