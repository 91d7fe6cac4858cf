"""The annex of a dossier: which passages of which documents its tables cite, and in which parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from campuskg.content import BASE_IRI
from campuskg.publish.dossier.asked import Asked
from campuskg.publish.dossier.table import is_evidence, reading_order

if TYPE_CHECKING:
    from campuskg.publish.dossier.compose import Part

_DOCUMENT: Final = BASE_IRI + "id/document/"


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a document, and the numbers of the queries whose answers cite them."""

    lines: str
    locator: str
    queries: Sequence[int]


@dataclass(frozen=True, slots=True)
class Document:
    """A document cited: its key in the tables, the row of the answer that describes it, the passages."""

    key: str
    row: int | None
    passages: Sequence[Passage]


def cited(parts: "Iterable[Part]", library: Asked) -> list[Document]:
    """Return the documents that *parts* cite, by key; *library* is the answer that describes documents."""
    found: dict[str, set[int]] = {}
    for part in parts:
        names = [name for name in part.asked.rows.variables if is_evidence(name)]
        for row in part.asked.kept:
            for name in names:
                term = part.asked.term(row, name)
                if term is not None and "/" in term.value:
                    found.setdefault(term.value, set()).add(part.asked.number)
    described = {getattr(library.term(row, "document"), "value", ""): row for row in library.kept}
    by_document: dict[str, list[Passage]] = {}
    for locator in sorted(found, key=reading_order):
        key, _, lines = locator.partition("/")
        by_document.setdefault(key, []).append(Passage(lines.replace("-", "–"), locator, sorted(found[locator])))
    return [Document(key, described.get(_DOCUMENT + key), passages) for key, passages in by_document.items()]
