"""The registry of sources (``graph/sources.yaml``) and the locators that cite them."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import Place, Problem, ProblemsFound, nearest
from campuskg.graph.dates import is_date
from campuskg.graph.yaml_source import Value, YamlDocument, YamlRefused, read_yaml

_LINES: Final = re.compile(r"([1-9]\d*)(?:-([1-9]\d*))?", re.ASCII)
_KINDS: Final = ("text", "dataset", "editorial")
_REQUIRED: Final = ("kind", "title", "titleEn")
_DATES: Final = ("issued", "curated")
_NOWHERE: Final = Place("graph/sources.yaml")


@dataclass(frozen=True, slots=True)
class Source:
    """One source: a text cited by lines, or a dataset or editorial note cited by row key."""

    id: str
    kind: str
    title: str
    title_en: str
    file: str = ""
    sha256: str = ""
    issued: str = ""
    publisher: str = ""
    license: str = ""
    curated: str = ""
    key: str = ""
    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    """Offset of the first character of each line, then the length of the text; only for texts."""
    place: Place = _NOWHERE
    """Where its digest is written."""
    table: Place = _NOWHERE
    """Where its line table is."""

    @property
    def lines(self) -> int:
        """Return the number of lines of a text."""
        return max(len(self.starts) - 1, 0)

    @property
    def iri(self) -> str:
        """Return the relative IRI of the source document."""
        return f"document/{self.id}"


@dataclass(frozen=True, order=True, slots=True)
class Locator:
    """A place in a source: lines (counted from 1, last one included) or a row key."""

    source: str
    first: int = 0
    last: int = 0
    row: str = ""

    @property
    def iri(self) -> str:
        """Return the relative IRI of the passage."""
        if self.row:
            return f"passage/{self.source}/{slug(self.row)}"
        return f"passage/{self.source}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")

    def __str__(self) -> str:
        """Return the form that curators write."""
        return f"{self.source}:" + (self.row or self.iri.rsplit("/", 1)[1])


class BadLocator(Exception):
    """A locator cannot be read; carries the catalogue code and its parameters."""

    def __init__(self, code: str, **params: object) -> None:
        """Keep the *code* and its *params*."""
        super().__init__(code)
        self.code = code
        self.params = params


def slug(text: str) -> str:
    """Return an ASCII slug of *text*.

    >>> slug("Lycée Édouard Belin (Vesoul)")
    'lycee-edouard-belin-vesoul'
    """
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")


@cache
def load_sources(folder: Path | None = None) -> Mapping[str, Source]:
    """Read ``sources.yaml`` and the line tables; raises ProblemsFound with every problem of the registry."""
    root = folder or content("graph")
    try:
        document = read_yaml(root / "sources.yaml", f"{root.name}/sources.yaml")
    except YamlRefused as refused:
        raise ProblemsFound([refused.problem]) from refused
    if not isinstance(document.value, dict):
        raise ProblemsFound([Problem("not-a-registry", document.place(()))])
    problems = [problem for name, raw in document.value.items() for problem in _entry_problems(document, name, raw)]
    if problems:
        raise ProblemsFound(problems)
    found = {name: _source(document, name, raw, root) for name, raw in document.value.items() if isinstance(raw, dict)}
    problems = [
        Problem("line-table", Place(f"{root.name}/lines/{source.id}.txt"), {"source": source.id})
        for source in found.values()
        if source.kind == "text" and not source.starts
    ]
    if problems:
        raise ProblemsFound(problems)
    return found


def _entry_problems(document: YamlDocument, name: str, raw: Value) -> Iterator[Problem]:
    """Yield what is wrong with the form of one entry of the registry."""
    if not isinstance(raw, dict):
        yield Problem("wrong-structure", document.place((name,)), {"key": name})
        return
    for key in _REQUIRED:
        if key not in raw:
            yield Problem("missing-key", document.key_place((name,)), {"key": key})
    for key, value in raw.items():
        if not isinstance(value, list if key == "keys" else str):
            yield Problem("wrong-structure", document.place((name, key)), {"key": key})
        elif key == "kind" and value not in _KINDS:
            yield Problem("unknown-kind", document.place((name, key)), {"value": value, "known": ", ".join(_KINDS)})
        elif key in _DATES and not is_date(str(value)):
            yield Problem("bad-date", document.place((name, key)), {"value": value, "key": key})


def _source(document: YamlDocument, name: str, raw: Mapping[str, Value], root: Path) -> Source:
    text = {k: v for k, v in raw.items() if isinstance(v, str)}
    return Source(
        id=name,
        kind=text["kind"],
        title=text["title"],
        title_en=text["titleEn"],
        file=text.get("file", ""),
        sha256=text.get("sha256", ""),
        issued=text.get("issued", ""),
        publisher=text.get("publisher", ""),
        license=text.get("license", ""),
        curated=text.get("curated", ""),
        key=text.get("key", ""),
        keys=tuple(str(k) for k in raw.get("keys", [])),
        starts=_line_table(root / "lines" / f"{name}.txt"),
        place=document.place((name, "sha256")),
        table=Place(f"{root.name}/lines/{name}.txt"),
    )


def _line_table(path: Path) -> tuple[int, ...]:
    """Return the offsets in the table at *path*; none when there is no table or it is not one."""
    try:
        numbers = tuple(int(word) for word in path.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return ()
    rising = all(one < other for one, other in itertools.pairwise(numbers))
    return numbers if rising and numbers[:1] == (0,) else ()


def line_starts(text: str) -> list[int]:
    r"""Return the offset of the first character of each line of *text*, then its length; lines end with LF.

    >>> line_starts("ab\nc\n")
    [0, 3, 5]
    """
    starts = [0]
    starts += [i + 1 for i, character in enumerate(text) if character == "\n"]
    return starts if starts[-1] == len(text) else [*starts, len(text)]


def parse_locator(text: str, sources: Mapping[str, Source]) -> Locator:
    """Read a locator such as ``gbm-2022:254-256``; raises BadLocator."""
    name, _, rest = text.partition(":")
    source = sources.get(name)
    if source is None:
        raise BadLocator("unknown-source", source=name, known=nearest(name, sources) or ", ".join(sorted(sources)))
    if source.kind != "text":
        if source.keys and rest not in source.keys:
            raise BadLocator("unknown-row", source=name, row=rest, known=", ".join(source.keys))
        return Locator(name, row=rest)
    match = _LINES.fullmatch(rest)
    if not match:
        raise BadLocator("bad-lines", value=text)
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise BadLocator("lines-reversed", value=text)
    if last > source.lines:
        raise BadLocator("line-outside", value=text, lines=source.lines)
    return Locator(name, first, last)
