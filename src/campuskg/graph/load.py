"""Reading the curated folder: all files, all problems of a run together, then the statements."""

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import MissingInput, Place, Problem, ProblemsFound, nearest
from campuskg.graph.context import load_context
from campuskg.graph.minting import node_rules
from campuskg.graph.records import Collector, RecordWalk, Statement, statements
from campuskg.graph.schema import check_record, definitions, nested_class
from campuskg.graph.sources import Source, load_sources
from campuskg.graph.yaml_source import Path_, Value, YamlDocument, YamlRefused, read_yaml
from campuskg.ontology import load_terms

NOT_RECORDS: Final = frozenset({"sources.yaml", "nodes.yaml", "coverage.yaml", "retired.yaml"})
_ID: Final = re.compile(r"\bid:\s*[\"']?([a-z-]+/[a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Curated:
    """The curated graph as read: statements, places of nodes, and every problem found."""

    statements: Sequence[Statement]
    node_places: Mapping[str, Place]
    """Relative IRI -> where the node is written."""
    sources: Mapping[str, Source]
    problems: Sequence[Problem]
    files: Sequence[Path]
    folder: Path
    records: int


def curated_files(folder: Path) -> list[Path]:
    """Return the record files below *folder*, sorted; MissingInput when there is no such folder."""
    if not folder.is_dir():
        raise MissingInput("folder-missing", folder=str(folder))
    paths = (p for pattern in ("*.yaml", "*.yml") for p in folder.rglob(pattern))
    return sorted(p for p in paths if p.relative_to(folder).as_posix() not in NOT_RECORDS)


def load_curated(folder: Path | None = None, only: Iterable[Path] = ()) -> Curated:
    """Read the curated *folder* (the project's own by default) and return statements and problems.

    With *only*, problems of other files are left out, and files of *only* outside the folder are read too: for quick
    validation while editing.
    """
    root = folder or content("graph")
    chosen = [p.resolve() for p in only]
    paths = curated_files(root)
    known = {p.resolve() for p in paths}
    paths += [p for p in chosen if p not in known]
    names = {p: shown_name(p, root) for p in paths}
    problems: list[Problem] = []
    documents: list[YamlDocument] = []
    unread: set[str] = set()
    for path in paths:
        try:
            documents.append(read_yaml(path, names[path]))
        except YamlRefused as refused:
            problems.append(refused.problem)
            unread |= _ids_of_unread(path)
    try:
        sources = load_sources(root if (root / "sources.yaml").is_file() else None)
    except ProblemsFound as broken:  # the rest is read all the same; only citations cannot be checked
        sources = {}
        problems += broken.problems
    reader = _Reader(documents, sources, unread)
    found = reader.read()
    problems += [p for p in reader.problems if sources or p.code != "unknown-source"]
    if chosen:
        wanted = {names[p] for p in names if p.resolve() in set(chosen)}
        problems = [p for p in problems if p.place.file in wanted]
    return Curated(found, reader.collector.node_places, sources, problems, paths, root, reader.records)


def shown_name(path: Path, root: Path) -> str:
    """Return the name of *path* in messages: from the folder's own name on, or as given."""
    try:
        return f"{root.name}/{path.relative_to(root).as_posix()}"
    except ValueError:
        return path.as_posix()


def _ids_of_unread(path: Path) -> set[str]:
    """Return what look like ids in a file that cannot be read, so that references to them are not faults of other files."""
    try:
        data = path.read_bytes()
    except OSError:
        return set()
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return set(_ID.findall(data.decode(encoding, errors="replace")))


class _Reader:
    """Indexes, checks and walks all documents."""

    def __init__(self, documents: Sequence[YamlDocument], sources: Mapping[str, Source], unread: set[str]) -> None:
        self.documents = documents
        self.unread = unread
        self.index: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.collector = Collector(sources, self.index)
        self.problems = self.collector.problems
        self.records = 0

    def read(self) -> list[Statement]:
        rows = [(d, path, record) for d in self.documents for path, record in self._rows(d)]
        for document, path, record in rows:
            self._enter(document, path, record)
        for document, path, record in rows:
            self.records += 1
            found = self._form(document, path, record)
            if found is None:
                continue
            self.problems += found
            if found:
                self._values(document, path, record, found)
            else:
                RecordWalk(document, self.collector).record(record, path)
        self._references()
        twice = {p.params["id"] for p in self.problems if p.code == "duplicate-id"}
        self.problems[:] = [p for p in self.problems if p.code != "same-iri" or p.params["id"] not in twice]
        return statements(self.collector)

    def _rows(self, document: YamlDocument) -> Iterable[tuple[Path_, Mapping[str, Value]]]:
        value = document.value
        if isinstance(value, str):
            self.problems.append(Problem("not-records", document.place(())))
            return
        items: list[Value] = [value] if isinstance(value, dict) else value
        for number, item in enumerate(items):
            path: Path_ = () if isinstance(value, dict) else (number,)
            if isinstance(item, dict):
                yield path, item
            else:
                self.problems.append(Problem("not-records", document.place(path)))

    def _enter(self, document: YamlDocument, path: Path_, record: Mapping[str, Value]) -> None:
        """Enter the ids of a record and of its nested nodes in the index."""
        for node, node_path, class_name in _ids(record, path):
            place = document.place((*node_path, "id"))
            if node in self.places:
                self.problems.append(Problem("duplicate-id", place, {"id": node, "first": str(self.places[node])}))
            else:
                self.places[node] = place
                self.index[node] = class_name
                rule = node_rules().get(class_name)
                if rule and "/" in node and not node.startswith(rule.kind + "/"):
                    self.problems.append(Problem("wrong-kind", place, {"id": node, "kind": rule.kind, "type": class_name}))

    def _values(self, document: YamlDocument, path: Path_, record: Mapping[str, Value], found: Sequence[Problem]) -> None:
        """Check the values of a record whose form is wrong too, so that all its faults are said at once; make no statements."""
        aside = Collector(self.collector.sources, self.index, node_places=self.collector.node_places)
        RecordWalk(document, aside).record(record, path)
        said = {problem.place for problem in found}
        unproven = any(problem.code == "missing-evidence" for problem in found)
        self.problems += [p for p in aside.problems if p.place not in said and not (unproven and p.code == "missing-evidence")]
        self.collector.references += [reference for reference in aside.references if reference[1] not in said]

    def _form(self, document: YamlDocument, path: Path_, record: Mapping[str, Value]) -> list[Problem] | None:
        """Check the form of a record against the schema of its class; None when no class is known, which is then said."""
        about, class_name = record.get("about"), record.get("type")
        if isinstance(about, str):
            if about in self.unread - self.index.keys():
                return None
            if about not in self.index:
                place = document.place((*path, "about"))
                self.problems.append(
                    Problem("unknown-reference", place, {"id": about, "key": "about", "known": self._near(about)})
                )
                return None
            definition = f"{self.index[about]}.about"
        elif isinstance(class_name, str):
            definition = class_name
        else:
            missing = "type" if "id" in record else "id"
            self.problems.append(Problem("missing-key", document.place(path), {"key": missing}))
            return None
        if definition not in definitions() or definition.removesuffix(".about") not in node_rules():
            if isinstance(class_name, str):
                known = nearest(class_name, node_rules()) or "—"
                self.problems.append(
                    Problem("unknown-class", document.place((*path, "type")), {"value": class_name, "known": known})
                )
            return None
        return check_record(document, path, record, definition)

    def _references(self) -> None:
        known = {*self.index, *self.collector.node_places, *self.unread}
        for target, place, key in self.collector.references:
            if target not in known:
                self.problems.append(Problem("unknown-reference", place, {"id": target, "key": key, "known": self._near(target)}))

    def _near(self, target: str) -> str:
        return nearest(target, self.index) or "—"


def _ids(value: Value | Mapping[str, Value], path: Path_, expected: str = "") -> Iterable[tuple[str, Path_, str]]:
    """Return id, path and class name of every node with an ``id`` in *value*; *expected* is the class its holder sets."""
    if isinstance(value, Mapping):
        node, class_name = value.get("id"), value.get("type", expected)
        if isinstance(node, str) and isinstance(class_name, str):
            yield node, path, class_name
        for name, child in value.items():
            if isinstance(child, (dict, list)):
                key = load_context().keys.get(name)
                inside = nested_class(key, load_context(), load_terms()) if key and key.form == "node" else ""
                yield from _ids(child, (*path, name), inside)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _ids(child, (*path, number), expected)
