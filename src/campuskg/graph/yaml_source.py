"""Safe YAML with positions: plain mappings, lists and strings, each with its line and column.

Scalars stay text, so that ``01234``, ``NO`` and ``0250011B`` keep their letters and zeros; the JSON-LD context types them.
Refused, each with its place: tags, duplicate keys, keys that are not text, too deep nesting, too many nodes, alias bombs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Union

import yaml

from campuskg.errors import Place, Problem

Path_ = tuple[str | int, ...]
Value = Union[str, "list[Value]", "dict[str, Value]"]

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 24
MAX_NODES: Final = 400_000
MAX_ALIASES: Final = 200

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What libyaml says, and what we say; the first pattern that is found in its words wins.
_SYNTAX: Final = (
    ("found character that cannot start any token", "yaml-bad-character"),
    ("found a tab character", "yaml-bad-character"),
    ("could not find expected ':'", "yaml-missing-colon"),
    ("mapping values are not allowed", "yaml-misplaced-colon"),
    ("did not find expected '-' indicator", "yaml-indent"),
    ("did not find expected key", "yaml-indent"),
    ("did not find expected ',' or", "yaml-unclosed"),
    ("unexpected end of stream", "yaml-unclosed-quote"),
    ("undefined alias", "yaml-unknown-alias"),
)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One YAML file: its value, and where each value and each key stands (path in the value -> place)."""

    file: str
    value: Value
    places: dict[Path_, Place] = field(repr=False)
    key_places: dict[Path_, Place] = field(repr=False)

    def place(self, path: Path_) -> Place:
        """Return the place of the value at *path*, or of its nearest holder."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file))

    def key_place(self, path: Path_) -> Place:
        """Return the place of the key at the end of *path*, or of its value."""
        return self.key_places.get(path) or self.place(path)


class YamlRefused(Exception):
    """A file cannot be read as safe YAML; carries the one problem."""

    def __init__(self, problem: Problem) -> None:
        """Keep the *problem*."""
        super().__init__(problem.code)
        self.problem = problem


def read_yaml(path: Path, shown: str) -> YamlDocument:
    """Read the file at *path*; *shown* is its name in messages.

    Raises YamlRefused with a place for anything that is not plain, bounded YAML in UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise YamlRefused(Problem("file-unreadable", Place(shown), {"reason": error.strerror or ""})) from error
    return parse_yaml(decode(data, shown), shown)


def decode(data: bytes, shown: str) -> str:
    """Decode *data* as UTF-8, or raise YamlRefused at the line and column of the first bad byte."""
    if len(data) > MAX_BYTES:
        raise YamlRefused(Problem("yaml-too-large", Place(shown), {"limit": MAX_BYTES // (1024 * 1024)}))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise YamlRefused(Problem("bad-encoding", Place(shown), {"byte": data[:2].hex(" ")}))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        place = Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise YamlRefused(Problem("bad-encoding", place, {"byte": data[error.start : error.start + 1].hex()})) from error


def parse_yaml(text: str, shown: str) -> YamlDocument:
    """Parse *text*; *shown* is its name in messages. Raises YamlRefused."""
    return _Reader(text, shown).read()


class _Reader:
    """Turns the event stream of libyaml into values, with our limits."""

    def __init__(self, text: str, shown: str) -> None:
        self.shown = shown
        self.text = text
        self.places: dict[Path_, Place] = {}
        self.key_places: dict[Path_, Place] = {}
        self.anchors: dict[str, tuple[Value, Path_]] = {}
        self.nodes = 0
        self.aliases = 0

    def read(self) -> YamlDocument:
        try:
            self.events: Iterator[yaml.Event] = iter(yaml.parse(self.text, Loader=_LOADER))
            value: Value = []
            documents = 0
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self.refused("yaml-two-documents", event)
                elif isinstance(event, yaml.NodeEvent):
                    value = self.node(event, ())
        except yaml.MarkedYAMLError as error:
            raise self.syntax(error) from error
        except yaml.reader.ReaderError as error:
            raise YamlRefused(self.unprintable()) from error
        return YamlDocument(self.shown, value, self.places, self.key_places)

    def node(self, event: yaml.NodeEvent, path: Path_) -> Value:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refused("yaml-too-many-nodes", event, limit=MAX_NODES)
        if len(path) > MAX_DEPTH:
            raise self.refused("yaml-too-deep", event, limit=MAX_DEPTH)
        self.places[path] = self.at(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise self.refused("yaml-tag", event, tag=tag)
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = str(event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(path)
        else:
            value = self.mapping(path)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, path)
        return value

    def sequence(self, path: Path_) -> Value:
        items: list[Value] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            assert isinstance(event, yaml.NodeEvent)  # noqa: S101  the parser yields only nodes inside a sequence
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: Path_) -> Value:
        result: dict[str, Value] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.tag not in (None, "!"):
                raise self.refused("yaml-key-not-text", event)
            key = str(event.value)
            if key in result:
                first = self.key_places[(*path, key)]
                raise self.refused("yaml-duplicate-key", event, key=key, first=first.line)
            self.key_places[(*path, key)] = self.at(event)
            value_event = next(self.events)
            assert isinstance(value_event, yaml.NodeEvent)  # noqa: S101  a key is always followed by a node
            result[key] = self.node(value_event, (*path, key))
        return result

    def alias(self, event: yaml.AliasEvent) -> Value:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.refused("yaml-too-many-aliases", event, limit=MAX_ALIASES)
        if event.anchor not in self.anchors:
            raise self.refused("yaml-unknown-alias", event)
        value, _ = self.anchors[event.anchor]
        self.nodes += _size(value)
        if self.nodes > MAX_NODES:
            raise self.refused("yaml-too-many-nodes", event, limit=MAX_NODES)
        return value

    def at(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.shown, mark.line + 1, mark.column + 1) if mark else Place(self.shown)

    def refused(self, code: str, event: yaml.Event, **params: object) -> YamlRefused:
        return YamlRefused(Problem(code, self.at(event), params))

    def syntax(self, error: yaml.MarkedYAMLError) -> YamlRefused:
        said = f"{error.context or ''} {error.problem or ''}".strip()
        code = next((ours for theirs, ours in _SYNTAX if theirs in said), "yaml-invalid")
        # Say where it was opened, or where the key stands, not where the parser noticed.
        opened = code in ("yaml-unclosed", "yaml-unclosed-quote", "yaml-missing-colon")
        mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
        place = Place(self.shown, mark.line + 1, mark.column + 1) if mark else Place(self.shown)
        return YamlRefused(Problem(code, place, {"said": said}))

    def unprintable(self) -> Problem:
        """Find the place of the character that YAML forbids; libyaml gives no line for it."""
        match = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", self.text)
        at = match.start() if match else 0
        before = self.text[:at]
        place = Place(self.shown, before.count("\n") + 1, at - before.rfind("\n"))
        return Problem("yaml-control-character", place, {"character": f"U+{ord(self.text[at]):04X}" if match else "?"})


def _size(value: Value) -> int:
    """Return the number of nodes in *value*."""
    if isinstance(value, str):
        return 1
    children = value.values() if isinstance(value, dict) else value
    return 1 + sum(_size(child) for child in children)
