"""IRIs of nested nodes, from their parts (``graph/nodes.yaml``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from campuskg.content import content
from campuskg.graph.sources import slug
from campuskg.graph.yaml_source import Value, read_yaml


@dataclass(frozen=True, slots=True)
class NodeRule:
    """How ids of one class look: their kind segment and, for nested nodes, the keys that make the rest."""

    kind: str
    parts: tuple[str, ...]


@cache
def node_rules() -> Mapping[str, NodeRule]:
    """Read ``graph/nodes.yaml``: class name -> rule."""
    value = read_yaml(content("graph") / "nodes.yaml", "graph/nodes.yaml").value
    assert isinstance(value, dict)  # noqa: S101  our own file, read by tests
    rules: dict[str, NodeRule] = {}
    for name, raw in value.items():
        assert isinstance(raw, dict)  # noqa: S101
        parts = raw.get("parts", [])
        rules[name] = NodeRule(str(raw["kind"]), tuple(str(p) for p in parts))
    return rules


def mint(class_name: str, node: Mapping[str, Value], owner: tuple[str, str]) -> str:
    """Return the relative IRI of a nested *node* of *class_name*; *owner* is the linking property and the owner's id."""
    rule = node_rules()[class_name]
    link, owner_id = owner
    words = []
    for part in rule.parts:
        value: Value = owner_id if part == link else node.get(part, "")
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, str) and value:
            words.append(slug(value.rsplit("/", 1)[-1].rsplit(":", 1)[-1]))
    key = node.get("key")
    if isinstance(key, str):
        words.append(slug(key))
    return f"{rule.kind}/{'--'.join(words)}"
