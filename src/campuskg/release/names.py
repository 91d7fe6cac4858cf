"""Finding a thing by what people call it: names, acronyms, ids, with tolerance for case, accents and slips."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from campuskg.content import BASE_IRI
from campuskg.ontology import prefixes
from campuskg.release.layers import ID
from campuskg.store import GraphStore

_LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel",
    BASE_IRI + "ontology#acronym",
    "http://www.w3.org/2000/01/rdf-schema#label",
)
_FEWEST, _MOST, _WORDS = 4, 40, 8
"""Letters of a word, at least and at most, and words of a text for which others that are spelt alike are looked for."""
_ARTICLES = frozenset(["le", "la", "les", "l", "de", "du", "des", "d", "un", "une", "et", "the", "of", "and", "a"])


@dataclass(frozen=True, order=True, slots=True)
class Match:
    """A thing that bears a name."""

    iri: str
    name: str


def fold(text: str) -> str:
    """Return *text* without case, accents, punctuation and articles.

    >>> fold("L'École d'Ingénieurs")
    'ecole ingenieurs'
    """
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(word for word in words if word not in _ARTICLES) or " ".join(words)


def labels_query() -> str:
    """Return the query that fetches the labels a NameIndex is made of, from any store."""
    values = " ".join(f"<{predicate}>" for predicate in _LABELS)
    return f"CONSTRUCT {{ ?thing ?kind ?label }} WHERE {{ VALUES ?kind {{ {values} }} ?thing ?kind ?label }}"


class NameIndex:
    """The names of a release."""

    def __init__(self, store: GraphStore) -> None:
        """Index all labels of *store*, entities before vocabulary."""
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._preferred: dict[str, dict[str, str]] = {}
        for predicate in _LABELS:
            for quad in store.matching(predicate):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    iri = quad.subject.value
                    self._by_name[fold(quad.object.value)].add(iri)
                    if predicate.endswith(("prefLabel", "#label")):
                        self._preferred.setdefault(iri, {})[quad.object.language or ""] = quad.object.value

    def name(self, iri: str, lang: str) -> str:
        """Return the preferred name of *iri* in *lang*, in French failing that, or its short form."""
        names = self._preferred.get(iri, {})
        return names.get(lang) or names.get("fr") or names.get("en") or iri.removeprefix(ID)

    def by_thing(self) -> dict[str, frozenset[str]]:
        """Return the folded names of each thing (not of the vocabulary)."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for name, iris in self._by_name.items():
            for iri in iris:
                if iri.startswith(ID):
                    names[iri].add(name)
        return {iri: frozenset(found) for iri, found in names.items()}

    def find(self, text: str) -> list[str]:
        """Return the IRIs that *text* names: an IRI, an id, a compact name, or a label; entities first."""
        if not re.search(r"\w", text):
            return []
        if text.startswith(("http://", "https://")):
            return [text, *sorted(self._by_name.get(fold(text), ()))]
        if re.fullmatch(r"[a-z][a-z-]*/[a-z0-9/-]+", text):
            return [ID + text]
        prefix, _, local = text.partition(":")
        if re.fullmatch(r"[\w.-]+", local) and prefix in prefixes():
            return [prefixes()[prefix] + local]
        found = sorted(self._by_name.get(fold(text), ()), key=lambda iri: (not iri.startswith(ID), iri))
        entities = [iri for iri in found if iri.startswith(ID)]
        return entities or found

    def near(self, text: str, count: int = 5) -> list[Match]:
        """Return the nearest names to *text*, best first: shared words and spelling count alike."""
        wanted = fold(text)
        words = set(wanted.split())

        def likeness(name: str) -> float:
            others = set(name.split())
            shared = len(words & others) / max(len(words | others), 1)
            return shared + difflib.SequenceMatcher(None, wanted, name).ratio()

        candidates = {name for name in self._by_name if words & set(name.split())}
        candidates |= set(difflib.get_close_matches(wanted, list(self._by_name), n=count, cutoff=0.6))
        if not candidates:  # one word of a longer name, misspelt: « Haagg »
            words = self._alike(words)
            candidates = {name for name in self._by_name if words & set(name.split())}
        names = sorted(candidates, key=lambda name: (-likeness(name), name))
        found: dict[str, Match] = {}
        for name in names:
            for iri in sorted(self._by_name[name]):
                if iri.startswith(ID) and len(found) < count:
                    found.setdefault(iri, Match(iri, self.name(iri, "fr")))
        return list(found.values())

    def _alike(self, words: Iterable[str]) -> set[str]:
        """Return the words of names that are spelt nearly as *words* are; few letters are like too many others."""
        known = sorted({word for name in self._by_name for word in name.split()})
        asked = [word for word in sorted(words) if _FEWEST <= len(word) <= _MOST][:_WORDS]
        return {near for word in asked for near in difflib.get_close_matches(word, known, n=2, cutoff=0.75)}
