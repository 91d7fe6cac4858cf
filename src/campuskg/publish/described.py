"""A question of the catalogue as JSON: what it asks, what it takes, what it gives; for programs, here and over HTTP."""

from campuskg.ontology import compact
from campuskg.publish.results import json_term
from campuskg.queries import Parameter, Query
from campuskg.queries.choices import code_labels
from campuskg.release.names import NameIndex
from campuskg.store.engine import Term


def described(query: Query, names: NameIndex | None) -> dict[str, object]:
    """Return *query* as JSON values; the defaults are named where *names* are at hand."""
    return {
        "name": query.name,
        "question": query.question._asdict(),
        "why": query.why._asdict(),
        "tags": list(query.tags),
        "audience": list(query.audience),
        "parameters": [_parameter(parameter, names) for parameter in query.parameters.values()],
        "columns": [
            {"name": column.name, "label": column.label._asdict(), "form": column.form, "unit": column.unit,
             "means": column.means._asdict()}
            for column in query.columns.values()
        ],
        "view": {"type": query.view.type, **query.view.roles},
        "href": f"/queries/{query.name}",
    }  # fmt: skip


def _parameter(parameter: Parameter, names: NameIndex | None) -> dict[str, object]:
    found: dict[str, object] = {
        "name": parameter.name,
        "label": parameter.label._asdict(),
        "means": parameter.means._asdict(),
        "type": parameter.type,
        "optional": parameter.optional,
        "many": parameter.many,
        "default": [_named(term, names) for term in parameter.default],
    }
    if parameter.classes:
        found["class"] = [compact(cls) for cls in parameter.classes]
    if parameter.scheme:
        found["choices"] = [
            {"value": iri.rpartition("/")[2], "label": label._asdict()} for iri, label in code_labels(parameter.scheme).items()
        ]
    return found


def _named(term: Term, names: NameIndex | None) -> dict[str, str]:
    found = dict(json_term(term))
    if names is not None and found["type"] == "uri":
        found |= {f"label_{lang}": names.name(term.value, lang) for lang in ("fr", "en")}
    return found
