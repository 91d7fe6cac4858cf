"""Safe YAML with positions: what is read, where it stands, what is refused."""

from pathlib import Path

import pytest
import yaml

from campuskg.errors import Place
from campuskg.graph import yaml_source
from campuskg.graph.yaml_source import YamlRefused, decode, parse_yaml, read_yaml


def test_scalars_stay_text() -> None:
    words = ["01234", "NO", "0250011B", "1e3", "~", "2021-02-04", "true", "0x1F", "12:30:45", ".5", "null"]
    assert parse_yaml("\n".join(f"- {word}" for word in words), "f").value == words


@pytest.mark.parametrize(
    "text",
    ["a: 1\nb: [x, {c: d}]\n", "- |\n  two\n  lines\n- >-\n  folded\n  text\n", "- &x [a]\n- *x\n", "'it''s': \"\\u00e9\"\n"],
)
def test_values_are_those_of_pyyaml(text: str) -> None:
    assert parse_yaml(text, "f").value == yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader makes text only


def test_places_of_keys_and_values() -> None:
    document = parse_yaml("- label: École\n  src: [a, bé, c]\n", "f.yaml")
    assert document.place((0, "label")) == Place("f.yaml", 1, 10)
    assert document.key_place((0, "src")) == Place("f.yaml", 2, 3)
    assert document.place((0, "src", 2)) == Place("f.yaml", 2, 16)
    assert document.place((0, "src", 9, "x")) == document.place((0, "src"))
    assert document.place(()) == Place("f.yaml", 1, 1)


def test_empty_file_is_an_empty_list() -> None:
    assert parse_yaml("", "f").value == []
    assert parse_yaml("# only a comment\n", "f").value == []


def test_byte_order_mark_and_windows_line_ends() -> None:
    document = parse_yaml(decode("\ufeff- a\r\n- é\r\n".encode(), "f"), "f")
    assert document.value == ["a", "é"]
    assert document.place((1,)) == Place("f", 2, 3)


def test_place_of_a_bad_byte_counts_characters() -> None:
    with pytest.raises(YamlRefused) as refused:
        decode("a: é\nb: éé".encode() + b"\xe9", "f")
    assert refused.value.problem.place == Place("f", 2, 6)
    assert refused.value.problem.params["byte"] == "e9"


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(YamlRefused) as refused:
        read_yaml(tmp_path / "none.yaml", "none.yaml")
    assert refused.value.problem.code == "file-unreadable"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * (yaml_source.MAX_DEPTH + 2) + "]" * (yaml_source.MAX_DEPTH + 2), "yaml-too-deep"),
        ("- &a x\n" + "- *a\n" * (yaml_source.MAX_ALIASES + 1), "yaml-too-many-aliases"),
        ("- &a [" + "x," * 5000 + "]\n" + "- *a\n" * 100, "yaml-too-many-nodes"),
    ],
)
def test_limits(text: str, code: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        parse_yaml(text, "f")
    assert refused.value.problem.code == code


def test_just_within_the_limits() -> None:
    depth = yaml_source.MAX_DEPTH
    parse_yaml("[" * depth + "x" + "]" * depth, "f")
    parse_yaml("- &a x\n" + "- *a\n" * yaml_source.MAX_ALIASES, "f")


def test_a_python_tag_runs_nothing(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    with pytest.raises(YamlRefused) as refused:
        parse_yaml(f'!!python/object/apply:os.system ["touch {marker}"]', "f")
    assert refused.value.problem.code == "yaml-tag"
    assert not marker.exists()
