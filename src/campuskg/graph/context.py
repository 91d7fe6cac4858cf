"""The JSON-LD 1.1 context of the curated files (``graph/context.jsonld``), and what each key means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from campuskg.content import content
from campuskg.ontology import load_terms

# Keys that the loader turns into standard keys before JSON-LD (graph/README.md, docs/decisions/0003-curated-form.md).
DATE_KEYS: Final = ("from", "until", "on")
OWN_KEYS: Final = ("id", "about", "type", "src", "stated", "key", "claimRank", "claimReason", *DATE_KEYS)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the curated files: the property it stands for and the form of its values."""

    name: str
    iri: str
    reverse: bool
    form: str
    """``reference``, ``code``, ``node`` (nested), ``decimal``, ``boolean``, ``date``, ``dateTime``, ``iri`` or ``text``."""
    code_lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The context, read: its JSON form, its keys, its class names."""

    json: Mapping[str, object]
    keys: Mapping[str, Key]
    classes: Mapping[str, str]
    """Class name in the files -> class IRI."""
    prefixes: Mapping[str, str]
    """Prefixes usable in values, such as ``prole``."""

    def class_name(self, iri: str) -> str:
        """Return the name that the files use for the class *iri*."""
        return next((name for name, value in self.classes.items() if value == iri), iri)


NESTED_FORWARD: Final = ("hasPayment", "hasLine", "hasBudget")


@cache
def load_context() -> Context:
    """Read ``graph/context.jsonld`` once."""
    raw = json.loads((content("graph") / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    terms = load_terms()
    prefixes = {k: v for k, v in raw.items() if isinstance(v, str) and v.endswith(("/", "#")) and not k.startswith("@")}

    def iri(name: str) -> str:
        prefix, _, local = name.partition(":")
        return prefixes[prefix] + local if prefix in prefixes else name

    classes = {k: iri(v) for k, v in raw.items() if isinstance(v, str) and k[0].isupper()}
    keys: dict[str, Key] = {}
    for name, value in raw.items():
        if not isinstance(value, dict) or name in OWN_KEYS or name == "type":
            continue
        reverse = "@reverse" in value
        term = iri(value["@reverse"] if reverse else value["@id"])
        prop = terms.properties.get(term)
        lists = tuple(sorted(prop.code_lists)) if prop else ()
        keys[name] = Key(name, term, reverse, _form(name, value, reverse=reverse, coded=bool(lists)), lists)
    return Context({"@context": raw}, keys, classes, prefixes)


def _form(name: str, value: Mapping[str, str], *, reverse: bool, coded: bool) -> str:
    if reverse or name in NESTED_FORWARD:
        return "node"
    if value.get("@type") == "@id":
        return "code" if coded else ("iri" if name in ("webpage", "exactMatch", "closeMatch") else "reference")
    typed = {"xsd:decimal": "decimal", "xsd:boolean": "boolean", "xsd:date": "date", "xsd:dateTime": "dateTime"}
    return typed.get(value.get("@type", ""), "text")
