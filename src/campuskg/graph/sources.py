"""The registry of sources (``graph/sources.yaml``) and the locators that cite them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from campuskg.content import content
from campuskg.errors import Problem, ProblemsFound, nearest
from campuskg.graph.yaml_source import YamlDocument, YamlRefused, read_yaml

_LINES: Final = re.compile(r"([1-9]\d*)(?:-([1-9]\d*))?")


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
    """Read ``sources.yaml`` and the line tables; raises ProblemsFound."""
    root = folder or content("graph")
    try:
        document = read_yaml(root / "sources.yaml", "graph/sources.yaml")
    except YamlRefused as refused:
        raise ProblemsFound([refused.problem]) from refused
    return {name: _source(document, name, root) for name in document.value if isinstance(document.value, dict)}  # type: ignore[misc]


def _source(document: YamlDocument, name: str, root: Path) -> Source:
    assert isinstance(document.value, dict)  # noqa: S101  checked by the caller
    raw = document.value[name]
    text = {k: v for k, v in raw.items() if isinstance(v, str)} if isinstance(raw, dict) else {}
    keys = raw.get("keys", []) if isinstance(raw, dict) else []
    missing = next((k for k in ("kind", "title", "titleEn") if k not in text), None)
    if missing:
        raise ProblemsFound([Problem("missing-key", document.key_place((name,)), {"key": missing})])
    table = root / "lines" / f"{name}.txt"
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
        keys=tuple(str(k) for k in keys),
        starts=tuple(int(n) for n in table.read_text(encoding="ascii").split()) if table.is_file() else (),
    )


def line_starts(text: str) -> list[int]:
    """Return the offset of the first character of each line of *text*, then its length; lines end with LF.

    >>> line_starts("ab\\nc\\n")
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
