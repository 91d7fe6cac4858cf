"""A thing as schema.org JSON-LD, for the search engines that read pages."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from campuskg.ontology import compact
from campuskg.publish.entity import EntityPage


def schema_org(page: EntityPage) -> str:
    """Return the JSON-LD of *page*, safe inside a script element: no character that could end it.

    ``<``, ``>``, ``&`` and the line separators are written as escapes, as HTML's rules for script data ask.
    """
    properties = _mapping()["properties"]
    kind = schema_type([value.iri for value in page.types])
    found: dict[str, object] = {"@context": "https://schema.org", "@type": kind, "@id": page.iri, "name": page.name}
    others = [value.text for value in page.other_names]
    if others:
        found["alternateName"] = others
    for section in page.sections:
        for row in section.rows:
            key = properties.get(compact(row.property))
            if key:
                values = [{"@id": value.iri, "name": value.text} if value.iri else value.text for value in row.values]
                found[key] = [*_as_list(found.get(key)), *values]
    if page.point:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": page.point[0], "longitude": page.point[1]}
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def schema_type(classes: Iterable[str]) -> str:
    """Return the class of schema.org that fits *classes* (IRIs, the narrowest first); Thing when none does."""
    types = _mapping()["types"]
    return next((types[name] for iri in classes if (name := compact(iri).partition(":")[2]) in types), "Thing")


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


@cache
def _mapping() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("campuskg.publish").joinpath("schema_org.toml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return loaded
