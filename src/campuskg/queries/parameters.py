"""From what a reader typed to the terms of a parameter, by its type; every refusal says what would do."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.errors import UsageProblem, nearest
from campuskg.ontology import compact, expand, load_terms, prefixes
from campuskg.queries.choices import Choice, Engine, choices, code_labels
from campuskg.queries.model import Parameter, Query
from campuskg.queries.numerals import read_amount, read_date, read_integer
from campuskg.store.engine import Term

MAX_LENGTH: Final = 300
MAX_VALUES: Final = 50
_SHOWN: Final = 5
_ID: Final = BASE_IRI + "id/"


class Named(Protocol):
    """A thing and its name."""

    @property
    def iri(self) -> str:
        """The IRI of the thing."""

    @property
    def name(self) -> str:
        """Its name."""


class Names(Protocol):
    """The names of a release: who finds things by what people call them."""

    def find(self, text: str, /) -> list[str]:
        """Return the IRIs that *text* names."""

    def near(self, text: str, count: int = 5) -> Sequence[Named]:
        """Return the nearest names."""


def read_values(query: Query, given: Mapping[str, Sequence[str]], store: Engine, names: Names) -> dict[str, list[Term]]:
    """Return the terms of the parameters *given* for *query*; empty texts count as not given.

    Raises UsageProblem for an unknown parameter, an unreadable, unknown or ambiguous value, or too many values.
    """
    reader = ValueReader(store, names)
    found: dict[str, list[Term]] = {}
    for name, texts in given.items():
        if name not in query.parameters:
            known = nearest(name, query.parameters) or ", ".join(query.parameters) or "–"
            raise UsageProblem("parameter-unknown", name=name, known=known)
        wanted = [text.strip() for text in texts if text.strip()]
        if wanted:
            found[name] = reader.terms(query.parameters[name], wanted)
    return found


class ValueReader:
    """Reads values with the graph at hand."""

    def __init__(self, store: Engine, names: Names) -> None:
        """Look entities up in *store*, by *names*."""
        self._store = store
        self._names = names
        self._known: dict[tuple[str, ...], dict[str, Choice]] = {}

    def terms(self, parameter: Parameter, texts: Sequence[str]) -> list[Term]:
        """Return the terms of *texts*, each once."""
        if len(texts) > (MAX_VALUES if parameter.many else 1):
            raise UsageProblem("parameter-many", name=parameter.name, limit=MAX_VALUES if parameter.many else 1)
        return list(dict.fromkeys(self.term(parameter, text) for text in texts))

    def term(self, parameter: Parameter, text: str) -> Term:
        """Return the term of one text."""
        if len(text) > MAX_LENGTH:
            raise UsageProblem("parameter-long", name=parameter.name, limit=MAX_LENGTH)
        if any(unicodedata.category(c)[0] == "C" for c in text):
            raise UsageProblem("parameter-control", name=parameter.name)
        match parameter.type:
            case "entity":
                return self._entity(parameter, text)
            case "code":
                return _code(parameter, text)
            case "text":
                return ox.Literal(text)
            case _:
                return _literal(parameter, text)

    def _entity(self, parameter: Parameter, text: str) -> ox.NamedNode:
        known = self._known.get(parameter.classes)
        if known is None:  # asked once, however many values are given
            known = self._known[parameter.classes] = {choice.term.value: choice for choice in choices(self._store, parameter)}
        named = self._names.find(text)
        found = [iri for iri in named if iri in known] or [iri for iri in known if iri.endswith("/" + text)]
        key = _folded(text)
        own = [iri for iri in found if key in (_folded(known[iri].label.fr), _folded(known[iri].label.en))]
        found = own if len(own) == 1 else found  # the bearer of the name comes before those for whom it is an alias
        if len(found) == 1:
            return known[found[0]].term
        if found:
            raise UsageProblem("parameter-ambiguous", name=parameter.name, value=text, known=_listed([known[i] for i in found]))
        raise self._unknown(parameter, text, known)

    def _unknown(self, parameter: Parameter, text: str, known: Mapping[str, Choice]) -> UsageProblem:
        """Return the refusal of a name: nearest names of the class, else some of them."""
        near = [known[match.iri] for match in self._names.near(text, 40) if match.iri in known] or _alike(text, known.values())
        classes = {lang: ", ".join(_label(iri, lang) for iri in parameter.classes) for lang in ("fr", "en")}
        shown = near or list(known.values())
        return UsageProblem("parameter-entity", name=parameter.name, value=text, cls=classes, known=_listed(shown[:_SHOWN]))


def _alike(text: str, known: Iterable[Choice]) -> list[Choice]:
    """Return the choices with a word spelt much like one of *text*."""
    words = _folded(text).split()
    return [c for c in known if any(difflib.get_close_matches(w, _folded(c.label.fr).split(), 1, 0.75) for w in words)]


def _code(parameter: Parameter, text: str) -> ox.NamedNode:
    """Return a code by its IRI, its prefixed name, its notation or one of its names."""
    codes = code_labels(parameter.scheme)
    prefix, colon, local = text.partition(":")
    iri = prefixes()[prefix] + local if colon and prefix in prefixes() else text
    if iri in codes:
        return ox.NamedNode(iri)
    key = _folded(text)
    found = [c for c, label in codes.items() if key in (c.rpartition("/")[2], _folded(label.fr), _folded(label.en))]
    if len(found) == 1:
        return ox.NamedNode(found[0])
    notations = [c.rpartition("/")[2] for c in codes]
    shown = nearest(key, notations) or ", ".join(notations)
    raise UsageProblem("parameter-code", name=parameter.name, value=text, known=shown)


def _literal(parameter: Parameter, text: str) -> ox.Literal:
    """Return a date, a whole number or an amount."""
    if parameter.type == "date":
        date = read_date(text)
        if date is None:
            raise UsageProblem("parameter-date", name=parameter.name, value=text)
        return ox.Literal(date, datatype=ox.NamedNode(expand("xsd:date")))
    if parameter.type == "integer":
        number = read_integer(text)
        if number is None:
            raise UsageProblem("parameter-integer", name=parameter.name, value=text)
        return ox.Literal(number)
    amount = read_amount(text)
    if amount is None:
        raise UsageProblem("parameter-amount", name=parameter.name, value=text)
    return ox.Literal(f"{amount:f}", datatype=ox.NamedNode(expand("xsd:decimal")))


def _listed(found: Sequence[Choice]) -> dict[str, str]:
    return {
        "fr": " ; ".join(f"{choice.label.fr} ({choice.term.value.removeprefix(_ID)})" for choice in found) or "–",
        "en": "; ".join(f"{choice.label.en} ({choice.term.value.removeprefix(_ID)})" for choice in found) or "–",
    }


def _label(iri: str, lang: str) -> str:
    return load_terms().labels.get(iri, {}).get(lang) or compact(iri)


def _folded(text: str) -> str:
    """Return *text* without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold().strip()
