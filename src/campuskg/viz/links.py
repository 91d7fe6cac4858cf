"""From the rows of an answer to links and ends: each row stands in exactly one link, and every link has its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from campuskg.content import BASE_IRI
from campuskg.store import Rows
from campuskg.store.engine import Term
from campuskg.viz.model import View

ENDS = ("source", "target")
_ALONE = "label"
"""Role of the one thing of a row, in views without links."""


@dataclass(slots=True)
class Link:
    """One link to be: its ends, and the rows that it stands for."""

    id: str
    source: str
    target: str
    stage: str
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer read with the roles of a view."""

    roles: Mapping[str, str]
    rows: Rows

    def term(self, row: int, role: str) -> Term | None:
        """Return the term that plays *role* in a row; None where unbound or where no column plays it."""
        column = self.roles.get(role)
        return self.value(row, column) if column in self.rows.variables else None

    def value(self, row: int, column: str | None) -> Term | None:
        """Return the term of a column."""
        return None if column is None else self.rows.rows[row][self.rows.variables.index(column)]

    def text(self, row: int, role: str) -> str:
        """Return the lexical value that plays *role*, empty where there is none."""
        term = self.term(row, role)
        return "" if term is None else term.value

    def texts(self, rows: Sequence[int], role: str) -> list[str]:
        """Return the different values of some rows, in the order of the answer."""
        return list(dict.fromkeys(text for text in (self.text(row, role) for row in rows) if text))

    def ends(self, row: int) -> list[str]:
        """Return the things of a row: its source and target, or the one thing that it is about."""
        roles = ENDS if any(role in self.roles for role in ENDS) else (_ALONE,)
        return [text for text in (self.text(row, role) for role in roles) if text]

    def links(self, apart: Sequence[str]) -> list[Link]:
        """Return the links in the order of the answer; rows of the same ends and the same *apart* values share one."""
        found: dict[str, Link] = {}
        for row in range(len(self.rows.rows)):
            source, target = self.text(row, "source"), self.text(row, "target")
            if source and target:
                others = [term.value if term else "-" for term in (self.value(row, column) for column in apart)]
                key = " ".join(short(text) for text in (source, target, *others))
                link = found.setdefault(key, Link(key, source, target, self.text(row, "stage")))
                link.rows.append(row)
        return list(found.values())

    def total(self, rows: Sequence[int], role: str) -> Decimal | None:
        """Return the sum of the numbers that play *role*; None where no row has one."""
        numbers = [number for number in (decimal(self.text(row, role)) for row in rows) if number is not None]
        return sum(numbers, Decimal(0)) if numbers else None


def roles_of(view: View, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the roles of *view*: those of its query, and its own instead where it states the ends itself."""
    return dict(view.roles) if view.roles else dict(asked)


def short(iri: str) -> str:
    """Return *iri* without the base that all our things share.

    >>> short("https://w3id.org/cmq/id/campus/msi"), short("https://w3id.org/cmq/scheme/sector/wood")
    ('campus/msi', 'sector/wood')
    """
    for part in ("id/", "scheme/"):
        if iri.startswith(BASE_IRI + part):
            return iri.removeprefix(BASE_IRI + part)
    return iri


def decimal(text: str) -> Decimal | None:
    """Return the finite number that *text* writes."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
