"""The rows of an answer's table as HTML: thousands of cells, for which a template would take several times as long."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from campuskg.publish.marks import escaped

if TYPE_CHECKING:
    from campuskg.publish.pages_answer import AnswerTable, Cell
    from campuskg.publish.sheet import Proof

_LONG: Final = 24
"""Letters beyond which a cell may break its line."""


def rows(table: "AnswerTable", link: Callable[[str], str], unknown: str) -> Markup:
    """Return the rows of *table*; *link* puts addresses below the root of the site, *unknown* says that a value is not known."""
    nothing = f'<span class="unknown">{escaped(unknown)}</span>'
    kinds = [column.kind for column in table.columns]
    parts = []
    for row in table.rows:
        parts.append("      <tr>\n")
        parts += [_cell(cell, kind, link, nothing) for cell, kind in zip(row.cells, kinds, strict=True)]
        if table.proofs:
            parts.append(_proofs(row.proofs, link))
        parts.append("      </tr>\n")
    return Markup("".join(parts))  # noqa: S704  every part of it is escaped


def _cell(cell: "Cell", kind: str, link: Callable[[str], str], nothing: str) -> str:
    text = escaped(cell.text) if cell.text else nothing
    if cell.href:
        text = f'<a href="{escaped(link(cell.href))}">{escaped(cell.text)}</a>'
    long = " long" if len(cell.text) > _LONG else ""
    return f'        <td class="{kind}{long}" data-value="{escaped(cell.value)}">{text}</td>\n'


def _proofs(proofs: "Sequence[Proof]", link: Callable[[str], str]) -> str:
    """Return the cell of the passages that prove a row."""
    items = "".join([f"            <li>{_proof(proof, link)}</li>\n" for proof in proofs])
    return f'        <td>\n          <ul class="proofs">\n{items}          </ul>\n        </td>\n'


def _proof(proof: "Proof", link: Callable[[str], str]) -> str:
    text = escaped(proof.text)
    if proof.href:
        text = f'<a href="{escaped(link(proof.href))}">{text}</a>'
    return f"{text} <q>{escaped(proof.quotation)}</q>" if proof.quotation else text
