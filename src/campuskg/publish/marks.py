"""What stands a hundred times on the pages about things, as HTML: links, proofs, lists and tables of them.

Templates draw what a page has once; a macro of theirs takes as long as ten of these calls, and a site has half a million links.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from campuskg.publish.sheet import Block, Conflict, Entry, Foot, Grid, Item, Line, Pager, Proof

Form = tuple[str, str, str]
"""A form of the data of a page: label, address, media type."""
_REMEMBERED: Final = 256
"""Letters of a text that is not worth remembering: what visitors ask for may be long."""


def escaped(text: str) -> str:
    """Return *text* for HTML, also between the quotation marks of an attribute."""
    return _short(text) if len(text) < _REMEMBERED else str(escape(text))


@lru_cache(maxsize=1 << 14)  # the same names and addresses stand on many pages and in many cells
def _short(text: str) -> str:
    return str(escape(text))


class Marks:
    """Writes parts of one page."""

    def __init__(self, link: Callable[[str], str], words: Mapping[str, str]) -> None:
        """Write for a page whose addresses *link* puts below its root, with its *words*."""
        self._below = link
        self._words = words

    def link(self, item: Item) -> Markup:
        """Return a value or a thing: its shape, its words as a link, what is to be noted of it."""
        return Markup(self._link(item))  # noqa: S704  every part of it is escaped

    def entries(self, rows: Iterable[Entry], kind: str = "facts") -> Markup:
        """Return labels with their values and what proves these, as a list of the class *kind*."""
        return Markup(self._entries(rows, kind))  # noqa: S704

    def listed(self, items: Iterable[Item]) -> Markup:
        """Return *items* as the items of a list."""
        return Markup(self._listed(items))  # noqa: S704

    def alternates(self, forms: Iterable[Form]) -> Markup:
        """Return the links to the data of a page, for its head."""
        links = [
            f'<link rel="alternate" type="{escaped(media)}" href="{escaped(self._below(href))}" title="{escaped(label)}">'
            for label, href, media in forms
        ]
        return Markup("\n".join(links))  # noqa: S704

    def forms(self, forms: Iterable[Form]) -> Markup:
        """Return the links to the data of a page, for its readers."""
        return Markup(self._forms(forms))  # noqa: S704

    def reuse(self, foot: Foot) -> Markup:
        """Return the section that ends the page of a thing: its permanent address, its data, how to cite it, where to mend it."""
        said, iri = self._said, escaped(foot.iri)
        mend = ""
        if foot.correct:
            asked, link = said("mistake"), self._anchor(foot.correct, self._words["correct"])
            mend = f"    <div><dt>{asked}</dt><dd>{link}</dd></div>\n"
        return Markup(  # noqa: S704
            '<section id="reuse" class="reuse" aria-labelledby="h-reuse">\n'
            f'  <h2 id="h-reuse">{said("reuse")}</h2>\n  <dl class="facts">\n'
            f'    <div><dt>{said("permalink")}</dt><dd><a href="{iri}">{iri}</a></dd></div>\n'
            f'    <div><dt>{said("formats")}</dt><dd class="forms">{self._forms(foot.forms)}</dd></div>\n{mend}  </dl>\n'
            f'  <details><summary>{said("cite_this")}</summary><div class="inside cite">\n'
            f'    <h3>{said("cite_iso")}</h3><p class="reference">{escaped(foot.citation.reference)}</p>\n'
            f'    <h3>{said("cite_bibtex")}</h3><pre tabindex="0" role="region" aria-label="{said("cite_bibtex")}">'
            f"<code>{escaped(foot.citation.bibtex)}</code></pre>\n  </div></details>\n</section>\n"
        )

    def block(self, one: Block) -> Markup:
        """Return a section of a page."""
        parts = [f'<section id="{escaped(one.id)}" aria-labelledby="h-{escaped(one.id)}">\n']
        parts.append(f'<h2 id="h-{escaped(one.id)}">{escaped(one.heading)}</h2>\n')
        if one.lead:
            parts.append(f'<p class="muted">{escaped(one.lead)}</p>')
        if one.quotation:
            parts.append(f'<blockquote class="quotation"><p>{escaped(one.quotation)}</p></blockquote>')
        if one.entries:
            parts.append(self._entries(one.entries, "facts"))
        if one.grid:
            parts.append(self._grid(one.grid, one.heading))
        parts += [
            f'<h3>{escaped(group.label)}</h3>\n<ul class="plain-list two">{self._listed(group.items)}</ul>\n'
            for group in one.groups
        ]
        if one.items:
            items = "".join([f"<li>{self._link(item)} {self._mark(item.proofs)}</li>\n" for item in one.items])
            parts.append(f'<ul class="plain-list">\n{items}</ul>\n')
        if one.note:
            parts.append(f'<p class="muted">{escaped(one.note)}</p>')
        if one.pager:
            parts.append(self._pager(one.pager))
        return Markup("".join([*parts, "</section>\n"]))  # noqa: S704

    def _said(self, key: str) -> str:
        return escaped(self._words[key])

    def _forms(self, forms: Iterable[Form]) -> str:
        links = (
            f'<a href="{escaped(self._below(href))}" type="{escaped(media)}">{escaped(label)}</a>' for label, href, media in forms
        )
        return "".join(links)

    def _listed(self, items: Iterable[Item]) -> str:
        return "".join([f"<li>{self._link(item)}</li>" for item in items])

    def _link(self, item: Item) -> str:
        found = self._anchor(item.href, item.text)
        if item.shape:
            mark = f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true"><use href="#shape-{item.shape}"></use></svg>'
            found = f"{mark} {found}"
        if item.deprecated:
            found += f' <small class="muted">({self._said("deprecated")})</small>'
        if item.note:
            found += f' <small class="muted">{escaped(item.note)}</small>'
        return found

    def _mark(self, proofs: Sequence[Proof], conflicts: Sequence[Conflict] = ()) -> str:
        """Return the proofs of a statement, to open; with them the statements that contradict it and their proofs."""
        if not proofs and not conflicts:
            return ""
        if not conflicts:
            said = self._said("proof")
            return f'<details class="proof"><summary>{said}</summary>{self._passages(proofs)}</details>'
        against = "".join(
            f'<p class="against"><strong>{self._said("against")}</strong> {self._anchor(one.href, one.text)}</p>\n'
            f"{self._passages(one.proofs)}\n"
            for one in conflicts
        )
        head = f'<details class="proof disputed"><summary>{self._said("disputed")}</summary>'
        return f'{head}<div class="proof-body">{self._passages(proofs)}{against}</div></details>'

    def _passages(self, proofs: Sequence[Proof]) -> str:
        return f'<ul class="passages">{"".join(map(self._passage, proofs))}</ul>'

    def _passage(self, proof: Proof) -> str:
        quoted = f" <q>{escaped(proof.quotation)}</q>" if proof.quotation else ""
        return f"<li>{self._anchor(proof.href, proof.text)}{quoted}</li>"

    def _anchor(self, href: str, text: str) -> str:
        return f'<a href="{escaped(self._below(href))}">{escaped(text)}</a>' if href else escaped(text)

    def _entries(self, rows: Iterable[Entry], kind: str) -> str:
        parts = [f'<dl class="{kind}">\n']
        for row in rows:
            parts.append(f"<div><dt>{escaped(row.label)}</dt>\n")
            parts += [f"<dd>{self._link(item)} {self._mark(item.proofs)}</dd>\n" for item in row.items]
            parts.append("</div>\n")
        return "".join([*parts, "</dl>\n"])

    def _grid(self, table: Grid, label: str) -> str:
        named = escaped(self._words["table_named"].format(heading=label))
        head = [f'<th scope="col"{_number(table, at)}>{escaped(heading)}</th>' for at, heading in enumerate(table.headings)]
        if table.proved:
            head.append(f'<th scope="col">{self._said("proof_column")}</th>')
        lines = "".join([self._line(table, line) for line in table.lines])
        return (
            f'<div class="table-frame" role="region" aria-label="{named}" tabindex="0">\n<table class="answer statements">\n'
            f"<thead><tr>{''.join(head)}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n</div>\n"
        )

    def _line(self, table: Grid, line: Line) -> str:
        cells = "".join([f"<td{_number(table, at)}>{self._cell(cell)}</td>" for at, cell in enumerate(line.cells)])
        if not table.proved:
            return f"<tr>{cells}</tr>\n"
        page = ""
        if line.href:
            said = self._said("statement_page")
            page = f' <a class="statement" href="{escaped(self._below(line.href))}" aria-label="{said}">¶</a>'
        return f'<tr>{cells}<td class="proved">{self._mark(line.proofs, line.conflicts)}{page}</td></tr>\n'

    def _cell(self, cell: Sequence[Item]) -> str:
        if not cell:
            return f'<span class="unknown" aria-label="{self._said("unknown")}" role="img">—</span>'
        return ", ".join([self._link(item) for item in cell])

    def _pager(self, pager: Pager) -> str:
        ways = (
            (pager.before, ' rel="prev"', "before"),
            (pager.after, ' rel="next"', "after"),
            (pager.whole, "", "see_all"),
        )
        links = [
            f' <a href="{escaped(self._below(href))}"{rel}>{escaped(self._words[said])}</a>' for href, rel, said in ways if href
        ]
        return f'<p class="pager"><span>{escaped(pager.text)}</span>{"".join(links)}</p>\n'


def _number(table: Grid, at: int) -> str:
    return ' class="number"' if table.numbers and table.numbers[at] else ""
