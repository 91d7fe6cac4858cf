"""Two editions of one register among the data added to a build: why their things are wrong together, and what to do."""

import gzip
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from campuskg.content import content
from campuskg.errors import Problem, Severity
from campuskg.ontology import expand
from campuskg.release.layers import ID
from campuskg.release.validation import ADDED
from campuskg.store import MemoryStore

_HEAD: Final = re.compile(rb"<" + re.escape(ID.encode()) + rb"document/([^>]+)>")
"""How the triples of an import begin: with the document that was read."""
_LINE: Final = 10_000


def clashing_editions(store: MemoryStore, added: Sequence[Path], problems: Iterable[Problem]) -> list[Problem]:
    """Return a problem for each two of the files *added* that are editions of one register and spoil a thing of *store* together.

    *problems* tell which things are wrong: two parts of a register that share none go well together.
    """
    files = _documents(added)
    if len(files) < 2:  # noqa: PLR2004  two editions
        return []
    wrong = {str(p.params.get("node")) for p in problems if p.place == ADDED and p.severity is Severity.ERROR}
    order = list(files)  # as the build was told
    pairs = {pair for node in wrong for pair in combinations(sorted(_read_in(store, node) & files.keys(), key=order.index), 2)}
    return [
        Problem(
            "added-editions-rows" if _unique(register) else "added-editions",
            ADDED,
            {"register": register, "one": str(files[one]), "other": str(files[other])},
        )
        for one, other in sorted(pairs, key=lambda pair: [order.index(name) for name in pair])
        if (register := _register(one)) and register == _register(other)
    ]


def _documents(added: Sequence[Path]) -> Mapping[str, Path]:
    """Return the imports among the files *added*: the name of the document that was read -> its triples."""
    found = {}
    for path in added:
        with suppress(OSError, EOFError), gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            if head := _HEAD.match(file.readline(_LINE)):
                found[head[1].decode(errors="replace")] = path
    return found


def _read_in(store: MemoryStore, node: str) -> set[str]:
    """Return the names of the documents in which the thing *node* was read."""
    return {
        source.value.removeprefix(f"{ID}document/")
        for passage in _said(store, ID + node, expand("cmq:sourcePassage"))
        for source in _said(store, passage.value, expand("oa:hasSource"))
    }


def _said(store: MemoryStore, node: str, predicate: str) -> Iterator[ox.NamedNode]:
    for quad in store.about(ox.NamedNode(node)):
        if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
            yield quad.object


def _register(document: str) -> str:
    """Return the name of the importer that read *document*; an empty string for none that is known."""
    names = (path.stem for path in _importer("*").parent.glob("*.toml"))
    return max((name for name in names if document.startswith(f"{name}-")), key=len, default="")


def _unique(register: str) -> bool:
    """Tell whether an import of *register* keeps one row a thing: then it can read two editions in one call."""
    return bool(tomllib.loads(_importer(register).read_text(encoding="utf-8")).get("unique"))


def _importer(register: str) -> Path:
    return content("graph") / "importers" / f"{register}.toml"
