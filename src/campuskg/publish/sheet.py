"""The page about one resource as its template draws it: a head, blocks, a foot. Every kind of page is made of these."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Shape = Literal["", "circle", "square", "diamond", "triangle"]


class Proof(NamedTuple):
    """One passage: what it is called, where its page is, its words when the text is at hand."""

    text: str
    href: str = ""
    quotation: str = ""


class Item(NamedTuple):
    """One value, thing or line: its words, its link, a note after it, what proves it, what it contradicts."""

    text: str
    href: str = ""
    note: str = ""
    proofs: Sequence[Proof] = ()
    deprecated: bool = False
    shape: Shape = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and its values."""

    label: str
    items: Sequence[Item]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another statement that contradicts this one, with its own proofs."""

    text: str
    href: str
    proofs: Sequence[Proof]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: cells, the address of the statement, what proves it, what contradicts it."""

    cells: Sequence[Sequence[Item]]
    href: str = ""
    proofs: Sequence[Proof] = ()
    conflicts: Sequence[Conflict] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; *proved* tells whether a last column holds the proofs, *numbers* which columns are numbers."""

    headings: Sequence[str]
    lines: Sequence[Line]
    proved: bool = True
    numbers: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the lines shown stand among all: the sentence, and links to the lines before and after, or to all of them."""

    text: str
    before: str = ""
    after: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A section: what is there of entries, table, list, quotation."""

    id: str
    heading: str
    lead: str = ""
    entries: Sequence[Entry] = ()
    grid: Grid | None = None
    items: Sequence[Item] = ()
    groups: Sequence[Entry] = ()
    """Lists side by side, each under its label."""
    quotation: str = ""
    pager: Pager | None = None
    note: str = ""


@dataclass(slots=True)
class Sheet:
    """The page about one resource, in one language."""

    path: str
    title: str
    kinds: Sequence[Item] = ()
    lead: str = ""
    crumbs: Sequence[Item] = ()
    others: Sequence[str] = ()
    """Other names."""
    keys: Sequence[Entry] = ()
    blocks: list[Block] = field(default_factory=list)
    picture: object = None
    """The network around it (``campuskg.publish.ego``)."""
    around: str = ""
    """The address of the lists of its network, where they are too long for its page."""
    asked: str = ""
    """The address of all questions about it, where they are too many for its page."""
    strip: object = None
    """How much of a document is used (``campuskg.publish.pages_source``)."""
    place: object = None
    """Where it is (``campuskg.publish.locator``)."""
    silent: Sequence[str] = ()
    questions: Sequence[Item] = ()
    actions: Sequence[Item] = ()
    """Where a planner goes on from here: its network, a path, a comparison, its dossier."""
    structured: object = None
    """The thing in schema.org, for a script element of JSON-LD."""
    partial: bool = False
    """Whether one section only is shown, whole."""
    whole: str = ""
    """The address of the whole page, from a page that shows one section."""


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite a resource: ISO 690, BibTeX."""

    reference: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class Foot:
    """The end of a page: permanent address, forms, citation, where to send a correction."""

    iri: str
    forms: tuple[tuple[str, str, str], ...]
    """Label, address, media type."""
    citation: Citation
    correct: str = ""
