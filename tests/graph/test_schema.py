"""The JSON Schema is generated, in step, and strict."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from campuskg.graph import curated_files, load_curated
from campuskg.graph.schema import build_schema, schema_text
from campuskg.graph.yaml_source import read_yaml
from conftest import Curate


def test_file_is_the_generated_text(root: Path) -> None:
    stored = (root / "graph" / "schema.json").read_text(encoding="utf-8")
    assert stored == schema_text(), "repair with: python -m campuskg.graph schema > graph/schema.json"


def test_text_is_the_schema_and_the_schema_is_one() -> None:
    assert json.loads(schema_text()) == build_schema()
    Draft202012Validator.check_schema(build_schema())


def test_the_command_prints_it(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "campuskg.graph", "schema"], capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout.decode() == schema_text()


def test_no_dangling_reference() -> None:
    schema = build_schema()
    wanted: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                wanted.add(node["$ref"].removeprefix("#/$defs/"))
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(schema)
    assert wanted <= set(schema["$defs"])


def test_real_files_fit_by_another_validator(root: Path) -> None:
    """``jsonschema`` (Python) agrees with ``jsonschema_rs`` on a file of each folder."""
    validator = Draft202012Validator(build_schema())
    folders = {path.parent: path for path in curated_files(root / "graph")}
    for path in folders.values():
        value = read_yaml(path, path.name).value
        assert isinstance(value, list)
        assert [error.message for error in validator.iter_errors(value[:15])] == [], path


@pytest.mark.parametrize("line", ["  stated: []", "  label: ''", "  acronym: [A, '']", "  altLabel: {fr: x}"])
def test_two_validators_refuse_the_same(curated: Curate, line: str) -> None:
    text = f"- id: organisation/a\n  type: Lycee\n  {'' if 'label:' in line else 'label: A'}\n{line}\n  src: gbm-2022:1\n"
    folder = curated({"a.yaml": text})
    assert not Draft202012Validator(build_schema()).is_valid(read_yaml(folder / "a.yaml", "a").value)
    assert load_curated(folder).problems
