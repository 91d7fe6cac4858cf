"""The JSON Schema of the curated files: generated from ontology and context, used by editors and by the loader.

``python -m campuskg.graph schema`` prints it; ``make generated`` writes ``graph/schema.json``; a test keeps the two equal.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs

from campuskg.content import content
from campuskg.errors import Problem, nearest
from campuskg.graph.context import DATE_KEYS, Context, Key, load_context
from campuskg.graph.yaml_source import Path_, Value, YamlDocument
from campuskg.ontology import CMQ, OntologyTerms, load_terms

Json = dict[str, Any]

REFERENCE: Final = r"^[a-z][a-z-]*/[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
SOURCE: Final = r"^[a-z][a-z0-9-]*:\S(.*\S)?$"
DATE: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
DECIMAL: Final = r"^-?\d+(\.\d+)?$"

_SHOWN_CODES: Final = 6
NAME_KEYS: Final = ("label", "labelEn", "altLabel", "altLabelEn", "hiddenLabel", "acronym")
_NOT_RECORDS: Final = ("QualifiedStatement", "JointEndeavour", "Indicator", "SourceDocument", "Passage", "Claim", "Inference")
_ANYWHERE: Final = ("note", "noteEn")
_ENTITY_ONLY: Final = (
    "classification",
    "subOrganizationOf",
    "webpage",
    "exactMatch",
    "closeMatch",
    "relatedTo",
    "differentFrom",
)

# Which problem a wrong value is, by the definition of its key.
_PATTERN_PROBLEMS: Final = {
    REFERENCE: "bad-reference",
    SOURCE: "bad-source",
    DATE: "bad-date",
    DECIMAL: "bad-number",
}


def build_schema() -> Json:
    """Return the JSON Schema (draft 2020-12) of a curated file."""
    context, terms = load_context(), load_terms()
    records = {name: iri for name, iri in sorted(context.classes.items()) if name not in _NOT_RECORDS}
    defs: Json = {"src": _one_or_many({"type": "string", "pattern": SOURCE, "description": _hint("src")})}
    for key in context.keys.values():
        defs[f"key.{key.name}"] = _value(key, context)
    for name, iri in records.items():
        defs |= _class_definitions(name, iri, context, terms)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/cmq/graph/schema.json",
        "title": "Curated records of campuskg",
        "type": "array",
        "items": {
            "type": "object",
            "anyOf": [{"required": ["id", "type"]}, {"required": ["about"]}],
            "properties": {"type": {"enum": sorted(records)}},
            "allOf": [
                {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": {"$ref": f"#/$defs/{name}"}}
                for name in records
            ],
        },
        "$defs": dict(sorted(defs.items())),
    }


def _hint(name: str) -> str:
    return {"src": "source:line, source:first-last, or source:row key"}[name]


def _one_or_many(item: Json) -> Json:
    """Return the schema of one value or a list of them, without a branch, so that errors stay exact."""
    single = {k: v for k, v in item.items() if k not in ("type", "description")}
    return {**item, "type": [item["type"], "array"], "items": {"type": item["type"], **single}, "minItems": 1}


def _value(key: Key, context: Context) -> Json:
    if key.form == "code":
        by_iri = {iri: prefix for prefix, iri in context.prefixes.items()}
        codes = [
            f"{by_iri[scheme + '/']}:{concept.rsplit('/', 1)[1]}"
            for scheme in key.code_lists
            for concept in load_terms().concepts[scheme]
        ]
        return {"type": ["string", "array"], "if": {"type": "string"}, "then": {"enum": codes}, "items": {"enum": codes}}
    return {
        "reference": _one_or_many({"type": "string", "pattern": REFERENCE}),
        "iri": _one_or_many({"type": "string", "pattern": "^https?://"}),
        "decimal": {"type": "string", "pattern": DECIMAL},
        "boolean": {"enum": ["true", "false"]},
        "date": {"type": "string", "pattern": DATE},
        "text": _one_or_many({"type": "string", "minLength": 1}),
        "dateTime": _one_or_many({"type": "string", "minLength": 1}),
        "node": {"type": ["array", "object"]},
    }[key.form]


def _class_definitions(name: str, iri: str, context: Context, terms: OntologyTerms) -> Json:
    """Return the definitions of one class: whole record, ``about`` record, nested node, ``stated`` block."""
    ancestors = terms.ancestors(iri)
    statement = terms.is_statement(iri)
    plain = {k.name: {"$ref": f"#/$defs/key.{k.name}"} for k in _plain_keys(ancestors, context, terms, statement=statement)}
    nested = {k.name: _nested(k, context, terms) for k in _nested_keys(ancestors, context, terms)}
    date: Json = {"type": "string", "pattern": DATE}
    dates = dict.fromkeys(DATE_KEYS, date) if _dated(ancestors, terms) else {}
    src = {"$ref": "#/$defs/src"}
    block = {
        "type": "object",
        "required": ["src"],
        "additionalProperties": False,
        "properties": {
            **plain,
            **dates,
            "src": src,
            "claimRank": {"enum": ["rk:preferred", "rk:normal", "rk:deprecated"]},
            "claimReason": {"type": "string", "minLength": 1},
        },
    }
    reference = {"type": "string", "pattern": REFERENCE}
    body: Json = {**plain, **nested, **dates, "src": src}
    if not statement:
        body["stated"] = {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{name}.stated"}}
    required = ["src"] if statement else ["label", "src"]
    key = {"key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"}}
    definitions: Json = {
        name: _object({"id": reference, "type": {"const": name}, **body}, ["id", "type", *required]),
        f"{name}.about": _object({"about": reference, **body}, ["about"]),
        f"{name}.nested": _object({"id": reference, "type": {"const": name}, **key, **body}, required),
    }
    if not statement:
        definitions[f"{name}.stated"] = block
    return definitions


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _plain_keys(ancestors: frozenset[str], context: Context, terms: OntologyTerms, *, statement: bool) -> Iterable[Key]:
    for key in context.keys.values():
        if key.form == "node" or key.name in ("validFrom", "validUntil", "fromPrecision", "untilPrecision"):
            continue
        if key.name in NAME_KEYS or key.name in _ENTITY_ONLY:
            if not statement or key.name == "label":
                yield key
        elif key.name in _ANYWHERE or (key.iri in terms.properties and terms.properties[key.iri].domains & ancestors):
            yield key


def _nested_keys(ancestors: frozenset[str], context: Context, terms: OntologyTerms) -> Iterable[Key]:
    for key in context.keys.values():
        if key.form == "node":
            prop = terms.properties[key.iri]
            owners = prop.ranges if key.reverse else prop.domains
            if owners & ancestors:  # a range such as foaf:Agent covers its subclasses, since ancestors name it
                yield key


def _nested(key: Key, context: Context, terms: OntologyTerms) -> Json:
    item = {"$ref": f"#/$defs/{nested_class(key, context, terms)}.nested"}
    return {"type": ["array", "object"], "minItems": 1, "items": item, "if": {"type": "object"}, "then": item}


def nested_class(key: Key, context: Context, terms: OntologyTerms) -> str:
    """Return the class name of the nodes nested under *key*: the domain of a reverse property, the range of another."""
    prop = terms.properties[key.iri]
    (iri,) = prop.domains if key.reverse else prop.ranges
    return context.class_name(iri)


def _dated(ancestors: frozenset[str], terms: OntologyTerms) -> bool:
    return bool(terms.properties[CMQ.validFrom.value].domains & ancestors)


@cache
def _schema() -> Json:
    loaded: Json = json.loads((content("graph") / "schema.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(definition: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**_schema(), "type": "object", "items": True, "$ref": f"#/$defs/{definition}"})


def check_record(document: YamlDocument, path: Path_, record: Mapping[str, Value], definition: str) -> list[Problem]:
    """Return what is wrong with the form of one record at *path*, against one definition of the schema."""
    problems: list[Problem] = []
    for error in _validator(definition).iter_errors(record):
        problems += _problems(document, path + tuple(error.instance_path), error)
    return problems


def definitions() -> frozenset[str]:
    """Return the names of the definitions of the schema."""
    return frozenset(_schema()["$defs"])


def _problems(  # noqa: PLR0911  one return per kind of schema error
    document: YamlDocument, path: Path_, error: jsonschema_rs.ValidationError
) -> list[Problem]:
    kind: Any = error.kind
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    here = document.place(path)
    match kind.name:
        case "additionalProperties":
            return [
                Problem(
                    "unknown-key", document.key_place((*path, key)), {"key": key, "known": nearest(key, _allowed(error)) or "—"}
                )
                for key in kind.unexpected
            ]
        case "required":
            code = {"src": "missing-evidence", "label": "missing-label"}.get(kind.property, "missing-key")
            return [Problem(code, here, {"key": kind.property})]
        case "pattern":
            return [Problem(_PATTERN_PROBLEMS.get(kind.pattern, "bad-value"), here, {"value": error.instance, "key": name})]
        case "enum":
            options = [str(option) for option in kind.options]
            known = nearest(str(error.instance), options) or ", ".join(options[:_SHOWN_CODES])
            return [Problem("unknown-code", here, {"value": error.instance, "key": name, "known": known})]
        case "minLength" | "minItems":
            return [Problem("empty-value", here, {"key": name})]
        case "const" | "constant":
            return [Problem("wrong-type-here", here, {"value": error.instance, "expected": kind.expected_value})]
        case "type":
            return [Problem("wrong-structure", here, {"key": name})]
        case _:
            return [Problem("bad-value", here, {"value": str(error.instance)[:60], "key": name})]


def _allowed(error: jsonschema_rs.ValidationError) -> list[str]:
    """Return the keys that the broken definition knows, by walking the schema path."""
    node: Any = _schema()
    for part in error.schema_path[:-1]:
        if part == "$ref" or not isinstance(node, (dict, list)):
            node = _schema()["$defs"].get(_reference(node), {}) if isinstance(node, dict) else {}
        elif isinstance(node, dict):
            node = node.get(str(part), {})
    properties = node.get("properties", {}) if isinstance(node, dict) else {}
    return list(properties)


def _reference(node: Json) -> str:
    return str(node.get("$ref", "")).rsplit("/", 1)[-1]


def schema_text() -> str:
    """Return the schema as JSON text, one definition a line, so that a change of one class is one changed line."""
    schema = build_schema()
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in schema.pop("$defs").items()]
    head = json.dumps(schema, ensure_ascii=False, indent=1).removesuffix("\n}")
    return head + ',\n "$defs": {\n' + ",\n".join(lines) + "\n }\n}\n"
